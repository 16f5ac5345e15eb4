"""What the person is told about."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.i18n import tr, tr_server
from frontend.kit import (
    Screen,
    body,
    card,
    scroll_body,
    section,
    state_of,
    toggle,
    use_action,
    use_mount,
    use_provider,
    use_session,
)


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
            parts.append(_kinds(notifications.kinds, off, change))
        return scroll_body(*parts)

    return Screen(tr("What you are told about"), state_of(preferences, content), back="/notifications")


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
