"""Which columns of each table people know, and what they are called; everything else is the ledger's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from frontend.i18n import tr

Said = Callable[[], str]


def _name() -> str:
    return tr("Name")


def _kind() -> str:
    return tr("Kind")


def _day() -> str:
    return tr("Day")


def _amount() -> str:
    return tr("Amount")


def _account() -> str:
    return tr("Account")


def _category() -> str:
    return tr("Category")


def _note() -> str:
    return tr("Note")


def _written() -> str:
    return tr("Written as")


def _currency() -> str:
    return tr("Currency")


def _security() -> str:
    return tr("Security")


def _rate() -> str:
    return tr("Exchange rate")


def _net() -> str:
    return tr("Net")


def _contract() -> str:
    return tr("Contract")


_LEDGER: Mapping[str, Mapping[str, Said]] = {
    "user_accounts": {
        "name": _name,
        "kind": _kind,
        "currency": _currency,
        "iban": lambda: tr("IBAN"),
        "institution": lambda: tr("Bank"),
        "country": lambda: tr("Country"),
        "opening_minor": lambda: tr("Held then"),
        "opening_date": lambda: tr("Held on"),
        "reconciled_through": lambda: tr("Reconciled up to"),
        "closed_on": lambda: tr("Closed on"),
        "note": _note,
    },
    "categories": {
        "title": _name,
        "parent_id": lambda: tr("Group"),
        "direction": _kind,
        "hidden": lambda: tr("Hidden"),
    },
    "transactions": {
        "date": _day,
        "value_date": lambda: tr("Value date"),
        "state": _kind,
        "counterparty": _written,
        "purpose": lambda: tr("What for"),
        "iban": lambda: tr("IBAN"),
        "note": _note,
        "tags": lambda: tr("Tags"),
    },
    "postings": {"amount_minor": _amount, "account_id": _account, "category_id": _category, "memo": _note},
    "payees": {"name": _name},
    "payee_aliases": {"value": _written, "payee_id": _name},
    "transfer_links": {"state": _kind},
    "category_rules": {
        "name": _name,
        "enabled": lambda: tr("Switched on"),
        "position": lambda: tr("Place in the order"),
        "body": lambda: tr("What it looks for"),
    },
    "budgets": {
        "category_id": _category,
        "person_name": lambda: tr("Whose"),
        "since": lambda: tr("From this month on"),
        "amount_minor": _amount,
        "rollover": lambda: tr("What is left stays"),
        "ended": lambda: tr("Ended"),
    },
}

_PLANNING: Mapping[str, Mapping[str, Said]] = {
    "recurring_payments": {
        "name": _name,
        "state": lambda: tr("State"),
        "account_id": _account,
        "category_id": _category,
        "cadence": lambda: tr("How often"),
        "amount_minor": _amount,
        "seen_minor": lambda: tr("Amount as found"),
        "due_on": lambda: tr("Due on"),
        "ends_on": lambda: tr("Until"),
        "note": _note,
    },
    "goals": {
        "name": _name,
        "account_id": _account,
        "target_minor": lambda: tr("To be saved"),
        "until": lambda: tr("Until"),
        "start_minor": lambda: tr("There at the start"),
        "started_on": lambda: tr("Counted from"),
        "note": _note,
    },
    "goal_amounts": {"date": _day, "amount_minor": _amount, "note": _note},
    "attachments": {"name": _name},
    "raw_rows": {"amount_minor": _amount, "fate": lambda: tr("What became of it")},
    "statement_inboxes": {"path": lambda: tr("Folder")},
    "module_data": {"value": lambda: tr("Settings")},
}

_DEPOT: Mapping[str, Mapping[str, Said]] = {
    "securities": {
        "name": _name,
        "kind": _kind,
        "isin": lambda: tr("ISIN"),
        "symbol": lambda: tr("Symbol"),
        "currency": _currency,
        "country": lambda: tr("Country"),
    },
    "security_trades": {
        "kind": _kind,
        "depot_id": lambda: tr("Securities account"),
        "security_id": _security,
        "date": _day,
        "quantity": lambda: tr("Number of shares"),
        "amount_minor": _amount,
        "fees_minor": lambda: tr("Fees"),
        "withheld_minor": lambda: tr("Tax withheld"),
        "surcharge_minor": lambda: tr("Solidarity surcharge withheld"),
        "foreign_withheld_minor": lambda: tr("Foreign tax withheld"),
        "income_minor": lambda: tr("Taxable income"),
        "fx_rate": _rate,
        "acquired": lambda: tr("Bought on"),
        "split_new": lambda: tr("New shares"),
        "split_old": lambda: tr("for so many old ones"),
        "note": _note,
    },
    "price_sources": {
        "security_id": _security,
        "preset": lambda: tr("Source"),
        "symbol": lambda: tr("Symbol"),
        "address": lambda: tr("Address"),
        "currency": _currency,
    },
    "security_prices": {"security_id": _security, "date": _day, "price": lambda: tr("Price"), "fx_rate": _rate},
}

_BUILDING: Mapping[str, Mapping[str, Said]] = {
    "con_projects": {
        "name": _name,
        "scheme": lambda: tr("Cost groups"),
        "currency": _currency,
        "finish_on": lambda: tr("To be done by"),
        "note": _note,
    },
    "construction_budget": {
        "title": _name,
        "cost_group": lambda: tr("Cost group"),
        "estimate_minor": lambda: tr("Estimate"),
        "quote_minor": lambda: tr("Quote"),
        "awarded": lambda: tr("All under contract"),
        "contingency": lambda: tr("Reserve"),
        "documents": lambda: tr("Documents"),
        "note": _note,
    },
    "con_contracts": {
        "vendor": lambda: tr("Company"),
        "title": _name,
        "signed_on": lambda: tr("Signed on"),
        "net_minor": _net,
        "vat_bp": lambda: tr("Value added tax"),
        "skonto_bp": lambda: tr("Discount for paying early"),
        "skonto_days": lambda: tr("Days for the discount"),
        "due_days": lambda: tr("Days to pay"),
        "cover_bp": lambda: tr("Held back of part invoices"),
        "liability_bp": lambda: tr("Held back for the warranty"),
        "liability_until": lambda: tr("Warranty until"),
        "note": _note,
    },
    "con_change_orders": {
        "title": _name,
        "contract_id": _contract,
        "net_minor": _net,
        "approved_on": lambda: tr("Approved on"),
    },
    "con_invoices": {
        "number": lambda: tr("Number of the invoice"),
        "contract_id": _contract,
        "date": _day,
        "net_to_date_minor": lambda: tr("Net, all done so far"),
        "kind": _kind,
    },
    "con_releases": {"contract_id": _contract, "date": _day, "amount_minor": _amount, "kind": _kind},
    "con_financing": {
        "title": _name,
        "kind": _kind,
        "amount_minor": _amount,
        "available_on": lambda: tr("There from"),
        "note": _note,
    },
    "con_payments": {
        "contract_id": _contract,
        "invoice_id": lambda: tr("Invoice"),
        "financing_id": lambda: tr("Paid from"),
        "date": _day,
        "amount_minor": _amount,
        "skonto_minor": lambda: tr("Discount for paying early"),
    },
}

FIELDS: Mapping[str, Mapping[str, Said]] = {**_LEDGER, **_PLANNING, **_DEPOT, **_BUILDING}
"""Table -> column -> what it is called, in the order in which it is shown."""
