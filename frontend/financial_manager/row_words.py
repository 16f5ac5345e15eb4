"""Say of a changed row what it is, and what of it was before and is after; by the table that it lies in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from frontend.api.generated.schemas import ChangedRowOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.depot_words import security_kind_name, trade_name
from frontend.financial_manager.insight_words import how_often
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import fate_words, kind_name
from frontend.financial_manager.row_fields import FIELDS
from frontend.i18n import basis_points, calendar_day, exact, money, month_name, tr

_DAYS = (
    "date", "value_date", "opening_date", "reconciled_through", "closed_on", "finish_on", "signed_on",
    "liability_until", "approved_on", "available_on", "acquired", "due_on", "ends_on", "until", "started_on",
)  # fmt: skip
_EXACT = ("quantity", "fx_rate", "split_new", "split_old")


def row_title(row: ChangedRowOut) -> str:
    """Say what kind of thing a row is, and whether it was made, changed or removed."""
    made, gone = row["before"] is None, row["after"] is None
    thing = _thing(row["table_name"])
    return tr("{thing}: new", thing=thing) if made else tr("{thing}: removed", thing=thing) if gone else thing


def row_subject(row: ChangedRowOut, ledger: LedgerProvider) -> str:
    """Return what a row, or what it belongs to, is called; "" where its own lines say it."""
    if row["table_name"] == "budgets":
        category = (row["after"] or {}).get("category_id") or (row["before"] or {}).get("category_id")
        return "" if category else _category(None, row["subject"], ledger)
    own = {**(row["before"] or {}), **(row["after"] or {})}.values()
    return "" if row["subject"] in own else row["subject"]


def row_lines(row: ChangedRowOut, ledger: LedgerProvider) -> list[tuple[str, str, str]]:
    """Return (what, before, after) of what people know of a row and what differs."""
    before, after = row["before"] or {}, row["after"] or {}
    lines = []
    for name, said in FIELDS.get(row["table_name"], {}).items():
        if name not in before and name not in after:
            continue
        was, now = _value(row, name, before.get(name), ledger), _value(row, name, after.get(name), ledger)
        if name == "body" and before and after:
            lines.append((said(), "", tr("changed")))
        elif was != now:
            lines.append((said(), was, now))
    return lines


def _thing(table: str) -> str:
    return {
        "user_accounts": tr("Account"),
        "categories": tr("Category"),
        "transactions": tr("Transaction"),
        "postings": tr("Amount of a transaction"),
        "payees": tr("Name of a payee"),
        "payee_aliases": tr("Way in which a payee is written"),
        "transfer_links": tr("Pair of bookings"),
        "category_rules": tr("Rule"),
        "budgets": tr("Budget"),
        "recurring_payments": tr("Recurring payment"),
        "goals": tr("Goal"),
        "goal_amounts": tr("Amount put aside"),
        "attachments": tr("File"),
        "statement_inboxes": tr("Statement inbox"),
        "raw_rows": tr("Line of a statement"),
        "module_data": tr("Settings"),
        "securities": tr("Security"),
        "security_trades": tr("Trade"),
        "security_prices": tr("Price"),
        "price_sources": tr("Source of prices"),
        "con_projects": tr("Building project"),
        "construction_budget": tr("Line of the building budget"),
        "con_contracts": tr("Contract"),
        "con_change_orders": tr("Change of a contract"),
        "con_invoices": tr("Invoice"),
        "con_releases": tr("Release of money held back"),
        "con_financing": tr("Money for building"),
        "con_payments": tr("Payment"),
    }.get(table, tr("Part of the ledger"))


def _value(row: ChangedRowOut, name: str, value: Any, ledger: LedgerProvider) -> str:
    """Write one value for people; "" where there is none."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if name.endswith("_minor"):
        # A posting of a category has the other sign than what people see: money that left the account.
        reversed_ = row["table_name"] == "postings" and not row["of_account"]
        return money(-int(value) if reversed_ else int(value), row["currency"] or "EUR")
    if name.endswith("_bp"):
        return basis_points(int(value))
    if name in _DAYS:
        return calendar_day(str(value))
    if name in _EXACT:
        return exact(str(value))
    if name.endswith("_id"):
        return _named(row, name, str(value), ledger)
    special = _SPECIAL.get((row["table_name"], name))
    return special(row, value) if special is not None else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return _plain(list(value.values()))
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _named(row: ChangedRowOut, name: str, row_id: str, ledger: LedgerProvider) -> str:
    """Return what the row is called that an id names."""
    known = row["names"].get(row_id, "")
    if name in ("category_id", "parent_id"):
        return _category(row_id, known, ledger) or tr("another category")
    if name in ("account_id", "depot_id"):
        account = ledger.account(row_id)
        return account["name"] if account is not None else known or tr("another account")
    return known or tr("something that is gone")


def _category(row_id: str | None, known: str, ledger: LedgerProvider) -> str:
    """Return a category's name in the person's language; `known`: as the hub calls it."""
    found = ledger.category(row_id) or next((one for one in ledger.categories if one["title"] == known), None)
    return category_title(found) if found is not None else known


def _building_kind(_: ChangedRowOut, kind: Any) -> str:
    return {
        "partial": tr("Part invoice"),
        "final": tr("Final invoice"),
        "cover": tr("Of part invoices"),
        "liability": tr("For the time of warranty"),
        "own": tr("Own money"),
        "loan": tr("Loan"),
        "subsidy": tr("Subsidy"),
    }.get(str(kind), str(kind))


def _direction(_: ChangedRowOut, direction: Any) -> str:
    return {"expense": tr("Spent"), "income": tr("Received"), "transfer": tr("Transfer")}.get(str(direction), "")


def _state(_: ChangedRowOut, state: Any) -> str:
    return {
        "planned": tr("Planned"),
        "booked": tr("Booked"),
        "linked": tr("One transfer"),
        "suggested": tr("Perhaps a transfer"),
        "rejected": tr("No transfer"),
        "confirmed": tr("Confirmed"),
        "dismissed": tr("Dismissed"),
    }.get(str(state), str(state))


def _scheme(_: ChangedRowOut, scheme: Any) -> str:
    return {"oenorm": "ÖNORM B 1801-1", "din276": "DIN 276"}.get(str(scheme), tr("Own cost groups"))


_SPECIAL: Mapping[tuple[str, str], Callable[[ChangedRowOut, Any], str]] = {
    ("user_accounts", "kind"): lambda _, kind: kind_name(str(kind)),
    ("securities", "kind"): lambda _, kind: security_kind_name(str(kind)),
    ("security_trades", "kind"): lambda _, kind: trade_name(str(kind)),
    ("con_invoices", "kind"): _building_kind,
    ("con_releases", "kind"): _building_kind,
    ("con_financing", "kind"): _building_kind,
    ("con_projects", "scheme"): _scheme,
    ("categories", "direction"): _direction,
    ("transactions", "state"): _state,
    ("transfer_links", "state"): _state,
    ("raw_rows", "fate"): lambda _, fate: fate_words(str(fate)),
    ("recurring_payments", "state"): _state,
    ("recurring_payments", "cadence"): lambda _, cadence: how_often(str(cadence)),
    ("budgets", "since"): lambda _, month: month_name(str(month)),
    ("security_prices", "price"): lambda row, price: f"{exact(str(price))} {row['currency']}",
    ("category_rules", "body"): lambda _, body: "",
}
