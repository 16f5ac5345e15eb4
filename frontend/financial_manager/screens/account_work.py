"""What can be done with an account besides changing its fields: reconcile, unlock, close, open again, delete."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.day_field import day_error, day_field
from frontend.i18n import calendar_day, money, parse_day, today, tr, typed_day
from frontend.kit import (
    Action,
    Form,
    Tile,
    body,
    choose_sheet,
    confirm,
    dialog,
    navigate,
    toast,
    use_action,
)
from frontend.kit.standalone import standalone


def use_account_work(ledger: LedgerProvider, account: AccountOut | None) -> Action:
    """Return the action that offers what can be done, and does it."""

    async def work() -> None:
        if account is None:
            return
        chosen = await choose_sheet(account["name"], _choices(account))
        if chosen == "reconcile":
            await _reconcile(ledger, account)
        elif chosen == "unlock":
            await ledger.change_account(account, reconciled_through=None)
            toast(tr("The account is unlocked."))
        elif chosen == "close":
            await _close(ledger, account)
        elif chosen == "open":
            await ledger.change_account(account, closed_on=None)
            toast(tr("The account is open again."))
        elif chosen == "delete":
            await _delete(ledger, account)

    return use_action(work)


def _choices(account: AccountOut) -> list[tuple[str, Tile]]:
    found = [
        (
            "reconcile",
            Tile(tr("Reconcile with the bank"), tr("Lock everything up to a day"), ft.Icons.FACT_CHECK_OUTLINED),
        )
    ]
    if account["reconciled_through"]:
        found.append(("unlock", Tile(tr("Unlock"), tr("Bookings can be changed again"), ft.Icons.LOCK_OPEN)))
    if account["closed_on"]:
        found.append(("open", Tile(tr("Open again"), "", ft.Icons.REPLAY)))
    else:
        found.append(
            ("close", Tile(tr("Close account"), tr("It stays with its history"), ft.Icons.INVENTORY_2_OUTLINED))
        )
    if not account["bookings"]:
        found.append(("delete", Tile(tr("Delete"), tr("Nothing stands on it"), ft.Icons.DELETE_OUTLINE)))
    return found


async def _reconcile(ledger: LedgerProvider, account: AccountOut) -> None:
    form = Form({"day": typed_day(account["last"] or today())})
    name = tr("Reconcile {account}", account=account["name"])
    said = await dialog(
        name, lambda close: standalone(_Reconcile, form, account), actions=[(tr("Lock up to this day"), "typed")]
    )
    day = parse_day(form["day"])
    if said != "typed":
        return
    if day is None:
        toast(day_error(form["day"]), error=True)
        return
    await ledger.change_account(account, reconciled_through=day.isoformat())
    toast(tr("Everything up to {day} is locked.", day=calendar_day(day)))


@ft.component
def _Reconcile(form: Form, account: AccountOut) -> ft.Control:
    shown = money(account["balance_minor"], account["currency"])
    return ft.Column(
        [
            body(tr("Homie says that the account holds {amount}.", amount=shown)),
            body(
                tr("If the bank says the same, lock the time up to that day. You can unlock it whenever you want."),
                muted=True,
            ),
            day_field(form, "day", tr("Up to the end of this day")),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


async def _close(ledger: LedgerProvider, account: AccountOut) -> None:
    text = tr("It stays with its history, and is not offered for new bookings. You can open it again.")
    if await confirm(tr("Close {account}?", account=account["name"]), text, tr("Close account")):
        await ledger.change_account(account, closed_on=today().isoformat())
        toast(tr("{account} is closed.", account=account["name"]))


async def _delete(ledger: LedgerProvider, account: AccountOut) -> None:
    text = tr("Nothing stands on it. The list of changes brings it back.")
    if await confirm(tr("Delete {account}?", account=account["name"]), text, tr("Delete"), danger=True):
        await ledger.delete_account(account)
        navigate(f"{ROOT}/accounts")
