"""Pairs of bookings that may be transfers between own accounts: yes or no."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import TransactionOut, TransferOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import pair_reason, who
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.transfers_provider import TransfersProvider
from frontend.i18n import short_day, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    body,
    caption,
    card,
    empty_state,
    keyed,
    quiet_button,
    scroll_body,
    state_of,
    title,
    toast,
    tonal_button,
    use_action,
)


@ft.component
def Transfers() -> ft.Control:
    """Show the pairs, the surest first."""
    ledger = use_ledger()
    transfers = use_money(TransfersProvider, lambda one: one.load())

    def content() -> ft.Control:
        return scroll_body(
            body(
                tr("Money that only went from one of your accounts to another was neither spent nor earned."),
                muted=True,
            ),
            *(
                keyed(Pair, f"{one['out']['id']}-{one['into']['id']}", one, ledger, transfers)
                for one in transfers.pairs
            ),
        )

    return Screen(
        tr("Transfers"),
        state_of(AllOf(transfers, ledger), content, is_empty=not transfers.pairs, empty=_none),
        back=f"{ROOT}/accounts",
    )


def _none() -> ft.Control:
    return empty_state(
        ft.Icons.SWAP_HORIZ,
        tr("No pairs wait"),
        tr("Where money left one of your accounts and came to another, Homie asks here."),
    )


@ft.component
def Pair(pair: TransferOut, ledger: LedgerProvider, transfers: TransfersProvider) -> ft.Control:
    """Show the two bookings side by side, and why they may belong together."""

    async def answer(yes: bool) -> None:
        await transfers.answer(pair, yes=yes)
        toast(tr("It is a transfer.") if yes else tr("They stay apart."))

    action = use_action(answer)

    async def yes() -> None:
        await action(None, True)

    async def no() -> None:
        await action(None, False)

    return card(
        ft.ResponsiveRow(
            [
                ft.Container(_side(tr("Went out"), pair["out"], ledger), col={"xs": 12, "sm": 6}),
                ft.Container(_side(tr("Came in"), pair["into"], ledger), col={"xs": 12, "sm": 6}),
            ],
            spacing=GAP,
            run_spacing=8,
        ),
        *([caption(pair_reason(pair["reason"]), max_lines=4)] if pair["reason"] else []),
        ft.Row(
            [
                quiet_button(tr("No, two things"), no, about=who(pair["out"])),
                tonal_button(tr("Yes, one transfer"), yes, about=who(pair["out"])),
            ],
            alignment=ft.MainAxisAlignment.END,
            wrap=True,
        ),
        padding=12,
    )


def _side(name: str, one: TransactionOut, ledger: LedgerProvider) -> ft.Control:
    account = ledger.account(one["account_id"])
    return ft.Column(
        [
            caption(f"{name} · {account['name'] if account is not None else ''}"),
            ft.Row(
                [
                    title(who(one), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS, expand=True),
                    amount(one["amount_minor"], one["currency"]),
                ],
                spacing=8,
            ),
            caption(short_day(one["date"])),
        ],
        spacing=2,
        tight=True,
    )
