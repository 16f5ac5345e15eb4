"""The frame of every screen: a bar with title and actions, and one readable column, or two panes when there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit.buttons import icon_action
from frontend.kit.context import navigate, use_session, use_viewport
from frontend.kit.live import Live
from frontend.kit.texts import caption, headline
from frontend.kit.theme import GAP, READABLE


@ft.component
def Screen(
    name: str,
    content: ft.Control,
    *,
    back: str | None = None,
    subtitle: str = "",
    actions: Sequence[ft.Control] = (),
    footer: ft.Control | None = None,
    wide: bool = False,
) -> ft.Control:
    """Frame `content`. `back` is the place that the arrow leads to; screens without it show search and notifications.

    `footer` stays at the bottom (the main action of a flow). `wide` lets the content use the whole width.
    """
    viewport = use_viewport()
    page = ft.context.page

    def call_it() -> None:
        # Drawing a component does not send what changed on the page itself.
        page.title = f"{name} · Homie"
        page.update()

    ft.use_effect(call_it, [name])
    side = 12 if viewport.is_phone else GAP * 1.5
    bar: list[ft.Control] = []
    if back is not None:
        bar.append(icon_action(ft.Icons.ARROW_BACK, tr("Back"), lambda: navigate(back)))
    names: list[ft.Control] = [headline(name, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS)]
    if subtitle:
        names.append(caption(subtitle, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS))
    bar.append(ft.Column(names, spacing=0, tight=True, expand=True))
    bar.extend(actions)
    if back is None:
        bar.extend([icon_action(ft.Icons.SEARCH, tr("Search"), lambda: navigate("/search")), NotificationsButton()])
    parts: list[ft.Control] = [
        ft.Container(
            ft.Row(bar, spacing=4, vertical_alignment=ft.CrossAxisAlignment.CENTER),
            padding=ft.Padding.only(left=4 if back is not None else side, right=12, top=12, bottom=12),
        ),
        ft.Container(content, expand=True, padding=ft.Padding.symmetric(horizontal=side)),
    ]
    if footer is not None:
        parts.append(ft.Container(footer, padding=ft.Padding.symmetric(horizontal=side, vertical=12)))
    column = ft.Column(parts, spacing=0, expand=True)
    if wide or viewport.is_phone:
        return column
    return ft.Container(
        ft.Container(column, width=min(READABLE + 2 * side, viewport.width - 80)),
        alignment=ft.Alignment.TOP_CENTER,
        expand=True,
    )


@ft.component
def NotificationsButton() -> ft.Control:
    """Show the bell with the number of unread notifications."""
    session = use_session()
    return Live(session.notifications, _bell)


def _bell(notifications: Any) -> ft.Control:
    unread = int(notifications.unread)
    name = tr("Notifications") if not unread else tr("Notifications, {n} unread", n=unread)
    badge = ft.Badge(label=str(min(unread, 99))) if unread else None
    return icon_action(ft.Icons.NOTIFICATIONS_OUTLINED, name, lambda: navigate("/notifications"), badge=badge)


def scroll_body(*content: ft.Control, spacing: float = GAP) -> ft.Control:
    """Stack blocks in one column that scrolls."""
    return ft.Column(
        [*content, ft.Container(height=GAP * 2)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        spacing=spacing,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def two_panes(first: ft.Control, second: ft.Control | None, *, share: int = 5) -> ft.Control:
    """Put list and detail side by side, `share` twelfths for the list."""
    if second is None:
        return first
    return ft.Row(
        [ft.Container(first, expand=share), ft.VerticalDivider(width=GAP), ft.Container(second, expand=12 - share)],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
