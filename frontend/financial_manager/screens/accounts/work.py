"""What can be done with an account besides changing its fields: reconcile, unlock, close, open again, delete."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.accounts.reconcile import reconcile
from frontend.i18n import today, tr
from frontend.kit import (
    Action,
    Tile,
    choose_sheet,
    confirm,
    navigate,
    toast,
    use_action,
)


def use_account_work(ledger: LedgerProvider, account: AccountOut | None) -> Action:
    """Return the action that offers what can be done, and does it."""

    async def work() -> None:
        if account is None:
            return
        chosen = await choose_sheet(account["name"], _choices(account))
        if chosen == "reconcile":
            await reconcile(ledger, account)
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
