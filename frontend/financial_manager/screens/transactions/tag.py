"""One tag: its transactions; renaming it, and taking it away everywhere."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import flet as ft

from frontend.financial_manager.bookings_provider import BookingsProvider
from frontend.financial_manager.names_provider import NamesProvider
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.financial_manager.screens.transactions.bookings import Bookings
from frontend.i18n import tr, trn
from frontend.kit import Screen, Tile, ask_text, choose_sheet, confirm, icon_action, keyed, navigate, use_action

ROOT = "/financial_manager"
BACK = f"{ROOT}/payees"


@ft.component
def Tag() -> ft.Control:
    """Show the tag that the address asks for (`?tag=`)."""
    tag = parse_qs(urlsplit(ft.context.page.route or "").query).get("tag", [""])[0]
    ledger = use_ledger()
    names = use_money(NamesProvider, lambda one: one.load())
    bookings = use_money(BookingsProvider, lambda one: one.show(tag=tag), [tag])
    return Screen(
        tag or tr("Tag"),
        Bookings(bookings, ledger, []),
        back=BACK,
        actions=[keyed(More, tag, tag, names)] if tag else [],
    )


@ft.component
def More(tag: str, names: NamesProvider) -> ft.Control:
    """Offer what can be done with a tag."""
    offer = use_undo_offer()

    async def work() -> None:
        choices = [
            ("rename", Tile(tr("Rename"), tr("The name of another tag makes one of both"), ft.Icons.EDIT_OUTLINED)),
            ("remove", Tile(tr("Take it away everywhere"), "", ft.Icons.DELETE_OUTLINE)),
        ]
        chosen = await choose_sheet(tag, choices)
        if chosen == "rename":
            name = await ask_text(tr("Rename {name}", name=tag), tr("Name"), tag, yes=tr("Save"), most=60)
            if name and name != tag:
                done = await names.rename_tag(tag, name)
                navigate(f"{ROOT}/tags?tag={quote(name, safe='')}")
                changed = trn("{n} booking changed.", "{n} bookings changed.", done["count"])
                offer(changed, done["change_id"])
        elif chosen == "remove":
            text = tr("The transactions stay; only the tag goes, also from rules.")
            if await confirm(tr("Take {name} away?", name=tag), text, tr("Take it away"), danger=True):
                done = await names.remove_tag(tag)
                navigate(BACK)
                offer(tr("{name} is taken away.", name=tag), done["change_id"])

    return icon_action(ft.Icons.MORE_VERT, tr("More for {name}", name=tag), use_action(work))
