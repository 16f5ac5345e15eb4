"""What the person is told about."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.i18n import tr, tr_server
from frontend.kit import (
    GAP,
    Screen,
    body,
    card,
    choice,
    scroll_body,
    section,
    state_of,
    toggle,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

EVENING, MORNING = 22, 7
"""The quiet hours that are proposed."""


@ft.component
def NotificationSettings() -> ft.Control:
    """Choose kinds of news; every change counts at once."""
    session = use_session()
    preferences = use_provider(session.preferences)
    notifications = use_provider(session.notifications)
    kept: dict[str, Any] = dict(preferences.preferences.get("notifications") or {})

    async def load() -> None:
        await notifications.load_kinds()
        await preferences.load()

    use_mount(load)
    save = use_action(lambda changes: preferences.change(notifications={**kept, **changes}))

    async def change(**changes: Any) -> None:
        await save(None, changes)

    def content() -> ft.Control:
        on = bool(kept.get("enabled", True))
        off = set(kept.get("off") or [])
        parts: list[ft.Control] = [
            card(
                toggle(
                    tr("Tell me what is new"),
                    on,
                    lambda value: change(enabled=value),
                    about=tr("The bell counts what you have not read."),
                ),
                padding=4,
            )
        ]
        if on:
            parts.append(_quiet(kept, change))
            parts.append(_kinds(notifications.kinds, off, change))
        return scroll_body(*parts)

    return Screen(tr("What you are told about"), state_of(preferences, content), back="/notifications")


def _quiet(kept: dict[str, Any], change: Any) -> ft.Control:
    """Let the hours be chosen in which the bell is quiet."""
    begins, ends = kept.get("quiet_from"), kept.get("quiet_until")
    on = begins is not None and ends is not None

    async def switch(value: bool) -> None:
        await change(quiet_from=EVENING if value else None, quiet_until=MORNING if value else None)

    async def begin(value: str) -> None:
        await change(quiet_from=int(value))

    async def end(value: str) -> None:
        await change(quiet_until=int(value))

    hours = [(str(hour), tr("{hour}:00", hour=str(hour))) for hour in range(24)]
    parts: list[ft.Control] = [
        toggle(tr("Quiet hours"), on, switch, about=tr("News wait until they are over, unless something went wrong."))
    ]
    if on:
        menus = [
            ft.Container(choice(tr("From"), str(begins), hours, begin, expand=True), expand=True),
            ft.Container(choice(tr("Until"), str(ends), hours, end, expand=True), expand=True),
        ]
        parts.append(
            ft.Container(
                ft.Row(list(menus), spacing=GAP), padding=ft.Padding.only(left=GAP, right=GAP, bottom=GAP, top=8)
            )
        )
    return card(*parts, padding=4)


def _kinds(kinds: Any, off: set[str], change: Any) -> ft.Control:
    def line(kind: str, text: str) -> ft.Control:
        async def changed(value: bool) -> None:
            now = off - {kind} if value else off | {kind}
            await change(off=sorted(now))

        return toggle(text, kind not in off, changed)

    lines = [line(one["kind"], tr_server(one["title"])) for one in kinds]
    if not lines:
        return body("")
    return section(tr("Tell me when"), card(ft.Column(lines, spacing=0, tight=True), padding=4))
