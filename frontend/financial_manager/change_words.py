"""Say of a step of the ledger what it did, and of its rows what they were before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ChangedRowOut, ChangeOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.house_words import house_kind, house_step, house_thing
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import KINDS, kind_name, with_days
from frontend.i18n import calendar_day, money, tr

_SHOWN = (
    "name", "title", "kind", "date", "amount_minor", "account_id", "category_id", "counterparty", "purpose", "note",
    "memo", "iban", "institution", "opening_minor", "opening_date", "reconciled_through", "closed_on", "parent_id",
    "hidden", "value",
)  # fmt: skip
"""What people know of a row; everything else is the ledger's own."""


def change_title(change: ChangeOut) -> str:
    """Say what a step did, in a sentence."""
    name = with_days(change["title"])
    if change["undoes"] is not None:
        return tr("Taken back: {what}", what=name) if name else tr("A change was taken back")
    named = {
        "account.create": lambda: tr("Account added: {name}", name=name),
        "account.change": lambda: tr("Account changed: {name}", name=name),
        "account.reconcile": lambda: tr("Account reconciled or unlocked: {name}", name=name),
        "account.delete": lambda: tr("Account deleted: {name}", name=name),
        "category.create": lambda: tr("Category added: {name}", name=name),
        "category.change": lambda: tr("Category changed: {name}", name=name),
        "category.delete": lambda: tr("Category deleted: {name}", name=name),
        "payee.name": lambda: tr("Named: {name}", name=name),
        "payee.rename": lambda: tr("Renamed: {name}", name=name),
        "transaction.create": lambda: tr("Entered: {name}", name=name),
        "transaction.change": lambda: tr("Transaction changed: {name}", name=name),
        "transaction.delete": lambda: tr("Transactions deleted: {name}", name=name),
        "transaction.categorise": lambda: tr("Filed: {name}", name=name),
        "transfer.confirm": lambda: tr("Taken for a transfer: {name}", name=name),
        "transfer.reject": lambda: tr("Taken for no transfer: {name}", name=name),
        "import": lambda: tr("Statement imported: {name}", name=name),
        "statement.import": lambda: tr("Statement imported: {name}", name=name),
    }
    plain = {
        "transfer.confirm": tr("Two bookings are one transfer"),
        "transfer.reject": tr("Two bookings are no transfer"),
    }
    if not name:
        return plain.get(change["kind"], tr("The ledger was changed"))
    if change["kind"].startswith("building."):
        return house_step(change["kind"], name)
    said = named.get(change["kind"])
    return said() if said is not None else tr("Changed: {name}", name=name)


def change_icon(change: ChangeOut) -> Any:
    """Return the picture of a step."""
    if change["undoes"] is not None:
        return ft.Icons.UNDO
    return {
        "account": ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        "category": ft.Icons.SELL_OUTLINED,
        "payee": ft.Icons.BADGE_OUTLINED,
        "transaction": ft.Icons.RECEIPT_LONG_OUTLINED,
        "transfer": ft.Icons.SWAP_HORIZ,
        "import": ft.Icons.UPLOAD_FILE_OUTLINED,
        "building": ft.Icons.HOME_WORK_OUTLINED,
    }.get(change["kind"].partition(".")[0], ft.Icons.HISTORY)


def row_title(row: ChangedRowOut) -> str:
    """Say what kind of thing a row is, and whether it was made, changed or removed."""
    made, gone = row["before"] is None, row["after"] is None
    thing = {
        "user_accounts": tr("Account"),
        "categories": tr("Category"),
        "transactions": tr("Transaction"),
        "postings": tr("Amount of a transaction"),
        "payees": tr("Name of a payee"),
        "payee_aliases": tr("Way in which a payee is written"),
        "transfer_links": tr("Pair of bookings"),
    }.get(row["table_name"]) or house_thing(row["table_name"])
    return tr("{thing}: new", thing=thing) if made else tr("{thing}: removed", thing=thing) if gone else thing


def row_lines(row: ChangedRowOut, ledger: LedgerProvider) -> list[tuple[str, str, str]]:
    """Return (what, before, after) of what people know of a row and what differs."""
    before, after = row["before"] or {}, row["after"] or {}
    lines = []
    for name in _SHOWN:
        if name not in before and name not in after:
            continue
        was = _value(name, before.get(name), before | after, ledger)
        now = _value(name, after.get(name), before | after, ledger)
        if was != now:
            lines.append((_field(name), was, now))
    return lines


def _field(name: str) -> str:
    return {
        "name": tr("Name"),
        "title": tr("Name"),
        "kind": tr("Kind"),
        "date": tr("Day"),
        "amount_minor": tr("Amount"),
        "account_id": tr("Account"),
        "category_id": tr("Category"),
        "counterparty": tr("Written as"),
        "purpose": tr("What for"),
        "note": tr("Note"),
        "memo": tr("Note"),
        "iban": tr("IBAN"),
        "institution": tr("Bank"),
        "opening_minor": tr("Held then"),
        "opening_date": tr("Held on"),
        "reconciled_through": tr("Reconciled up to"),
        "closed_on": tr("Closed on"),
        "parent_id": tr("Group"),
        "hidden": tr("Hidden"),
        "value": tr("Written as"),
    }[name]


def _value(name: str, value: Any, row: Mapping[str, Any], ledger: LedgerProvider) -> str:
    """Write one value for people; "" where there is none."""
    if value is None or value == "":
        return ""
    if name == "hidden":
        return tr("Yes") if value else tr("No")
    if name.endswith("_minor"):
        # A posting of a category has the other sign than what people see: money that left the account.
        minor = -int(value) if row.get("account_id") is None and _of_posting(row) else int(value)
        return money(minor, str(row.get("currency") or "EUR"))
    if name in ("date", "opening_date", "reconciled_through", "closed_on"):
        return calendar_day(str(value))
    if name == "account_id":
        account = ledger.account(str(value))
        return account["name"] if account is not None else tr("another account")
    if name in ("category_id", "parent_id"):
        category = ledger.category(str(value))
        return category_title(category) if category is not None else tr("another category")
    if name == "kind":
        return kind_name(str(value)) if value in KINDS else house_kind(str(value))
    return str(value)


def _of_posting(row: Mapping[str, Any]) -> bool:
    """Tell whether values are those of a posting; a payment of a house names a transaction too."""
    return "transaction_id" in row and "contract_id" not in row
