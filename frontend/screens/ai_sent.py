"""Exactly what was sent to an AI service for the person's spaces, and erasing it."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import flet as ft

from frontend.api.generated.schemas import PayloadOut
from frontend.i18n import date_and_time, size, tr
from frontend.kit import (
    PagedList,
    Screen,
    body,
    caption,
    card,
    confirm,
    danger_button,
    empty_state,
    icon_badge,
    quiet_button,
    state_of,
    title,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

LONGEST_SHOWN = 20_000


@ft.component
def AiSent() -> ft.Control:
    """List the requests, the newest first."""
    ai = use_session().ai
    payloads = use_provider(ai.payloads)
    use_mount(payloads.load)

    async def erase_all() -> None:
        if await confirm(
            tr("Erase what was sent?"),
            tr(
                "The requests of this space and the remembered answers are erased here. What the service keeps is "
                "governed by its own terms. The figures of calls and cost stay."
            ),
            tr("Erase"),
            danger=True,
        ):
            await ai.erase_payloads()

    erase = use_action(erase_all)
    content = state_of(
        payloads,
        lambda: PagedList(
            payloads.items,
            Sent,
            key_of=lambda one: one["id"],
            more=payloads.load_more,
            has_more=payloads.has_more,
            before=[
                body(
                    tr("Each request as it left the house, byte for byte. Only you and your space see this."),
                    muted=True,
                ),
                ft.Row([danger_button(tr("Erase everything here"), erase, icon=ft.Icons.DELETE_OUTLINE)]),
            ],
        ),
        is_empty=not payloads.items,
        empty=lambda: empty_state(
            ft.Icons.RECEIPT_LONG_OUTLINED, tr("Nothing was sent"), tr("Not one request has left the house.")
        ),
    )
    return Screen(tr("Exactly what was sent"), content, back="/settings/ai")


@ft.component
def Sent(of: PayloadOut) -> ft.Control:
    """Show one request; its text on demand."""
    opened, show = ft.use_state(False)
    host = urlsplit(of["url"]).hostname or ""
    about = tr("to {server}, {size}", server=host, size=size(len(of["body"].encode("utf-8", "replace"))))
    text = tr("Hide the text") if opened else tr("Show the text")
    when = date_and_time(of["sent_at"])
    parts: list[ft.Control] = [
        ft.Row(
            [
                icon_badge(ft.Icons.NORTH_EAST, "neutral"),
                ft.Column([title(when), caption(about)], spacing=2, tight=True, expand=True),
            ],
            spacing=12,
        ),
        ft.Row([quiet_button(text, lambda: show(not opened), about=when)]),
    ]
    if opened:
        parts.append(
            ft.Container(
                ft.Text(_pretty(of["body"]), font_family="monospace", size=12),
                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
                border_radius=8,
                padding=12,
            )
        )
    return card(*parts)


def _pretty(text: str) -> str:
    try:
        shown = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        shown = text
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"
