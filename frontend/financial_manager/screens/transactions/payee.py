"""One payee: its name, how banks write it, its transactions; renaming, merging, deleting."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import PayeeOut
from frontend.financial_manager.bookings_provider import BookingsProvider
from frontend.financial_manager.names_provider import NamesProvider
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.financial_manager.screens.transactions.bookings import Bookings
from frontend.i18n import tr, trn
from frontend.kit import (
    AllOf,
    Screen,
    Tile,
    ask_text,
    body,
    caption,
    card,
    choose_sheet,
    confirm,
    empty_state,
    icon_action,
    keyed,
    navigate,
    primary_button,
    section,
    state_of,
    toast,
    use_action,
)

ROOT = "/financial_manager"
BACK = f"{ROOT}/payees"


@ft.component
def Payee() -> ft.Control:
    """Show the payee that the address names."""
    payee_id = ft.use_route_params()["payee_id"]
    ledger = use_ledger()
    names = use_money(NamesProvider, lambda one: one.load())
    bookings = use_money(BookingsProvider, lambda one: one.show(payee_id=payee_id), [payee_id])
    payee = names.payee(payee_id)

    def content() -> ft.Control:
        if payee is None:
            return empty_state(
                ft.Icons.BADGE_OUTLINED,
                tr("This payee is not here"),
                tr("It was deleted, or it belongs to another space."),
                primary_button(tr("All payees"), lambda: navigate(BACK)),
            )
        return Bookings(bookings, ledger, [Spellings(payee, names)])

    return Screen(
        payee["name"] if payee is not None else tr("Payee"),
        state_of(AllOf(names, ledger), content, retry=AllOf(names, ledger, bookings.found).load),
        back=BACK,
        actions=[keyed(More, payee["id"], payee, names)] if payee is not None else [],
    )


@ft.component
def Spellings(payee: PayeeOut, names: NamesProvider) -> ft.Control:
    """Show how banks write the payee; each can be taken away."""
    rows: list[ft.Control] = [keyed(Spelling, one, one, payee, names) for one in payee["written"]]
    if not rows:
        rows = [ft.Container(body(tr("No bank writes it otherwise."), muted=True), padding=8)]
    return section(tr("Written as"), card(ft.Column(rows, spacing=0, tight=True), padding=4))


@ft.component
def Spelling(written: str, payee: PayeeOut, names: NamesProvider) -> ft.Control:
    """Show one way of being written."""
    offer = use_undo_offer()

    async def forget() -> None:
        done = await names.forget(payee, written)
        offer(tr("“{written}” is no longer {name}.", written=written, name=payee["name"]), done["change_id"])

    return ft.Row(
        [
            ft.Container(caption(written, max_lines=2), expand=True, padding=ft.Padding.only(left=12)),
            icon_action(ft.Icons.CLOSE, tr("Take {written} away", written=written), use_action(forget)),
        ]
    )


@ft.component
def More(payee: PayeeOut, names: NamesProvider) -> ft.Control:
    """Offer what can be done with a payee."""
    offer = use_undo_offer()

    async def work() -> None:
        choices = [
            ("rename", Tile(tr("Rename"), "", ft.Icons.EDIT_OUTLINED)),
            ("merge", Tile(tr("Merge with another"), tr("Both become one"), ft.Icons.MERGE)),
            ("delete", Tile(tr("Delete"), tr("Its transactions stay"), ft.Icons.DELETE_OUTLINE)),
        ]
        chosen = await choose_sheet(payee["name"], choices)
        if chosen == "rename":
            name = await ask_text(tr("What do you call them?"), tr("Name"), payee["name"], yes=tr("Save"), most=200)
            if name and name != payee["name"]:
                await names.rename(payee, name)
                toast(tr("The name holds also in what is booked."))
        elif chosen == "merge":
            await merge()
        elif chosen == "delete":
            text = tr("Its transactions are called as their bank wrote them again.")
            if await confirm(tr("Delete {name}?", name=payee["name"]), text, tr("Delete"), danger=True):
                done = await names.delete(payee)
                navigate(BACK)
                offer(tr("{name} is deleted.", name=payee["name"]), done["change_id"])

    async def merge() -> None:
        others = {one["id"]: one for one in names.payees if one["id"] != payee["id"]}
        if not others:
            toast(tr("There is no other payee."))
            return
        tiles = [(key, Tile(one["name"], ", ".join(one["written"]))) for key, one in others.items()]
        chosen = await choose_sheet(tr("{name} is a part of …", name=payee["name"]), tiles)
        if chosen is None:
            return
        done = await names.merge(payee, others[chosen])
        navigate(f"{BACK}/{chosen}")
        moved = trn("{n} transaction moved.", "{n} transactions moved.", done["count"])
        offer(f"{tr('Both are {name} now.', name=others[chosen]['name'])} {moved}", done["change_id"])

    return icon_action(ft.Icons.MORE_VERT, tr("More for {name}", name=payee["name"]), use_action(work))
