"""Exactly what was sent to an AI service for the person's spaces, and erasing it."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import flet as ft

from frontend.api.generated.schemas import PayloadOut
from frontend.i18n import count, date_and_time, tr, trn
from frontend.kit import (
    PagedList,
    Screen,
    Tile,
    body,
    card,
    confirm,
    danger_button,
    empty_state,
    navigate,
    state_of,
    tile,
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
    """Show one request in the list; a touch opens it closely."""
    host = urlsplit(of["url"]).hostname or ""
    parts = [
        tr("to {server}", server=host),
        trn("{n} file", "{n} files", of["item_count"]),
        tr("{tokens} tokens", tokens=count(of["input_tokens"] + of["output_tokens"])),
    ]
    return card(
        tile(
            Tile(
                date_and_time(of["sent_at"]),
                " · ".join(parts),
                ft.Icons.NORTH_EAST,
                lambda: navigate(f"/settings/ai/sent/{of['id']}"),
            )
        ),
        padding=4,
    )


def pretty(text: str) -> str:
    """Return a request's text with its lines broken, cut where it is too long for a screen."""
    try:
        shown = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        shown = text
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"
