"""Bookings of the ledger as the engines of categories see them."""

from __future__ import annotations

from backend.financial_manager.categories import Line
from backend.financial_manager.ledger.transactions import Entered

RULE = "rule"
"""The source of what a rule of the household said."""
LOOKED_AT = 5000
"""Bookings among which similar ones, and those that a rule fits, are looked for: the newest."""


def line_of(entered: Entered) -> Line:
    """Return a booking as the engines see it."""
    row, own = entered.transaction, entered.postings[0]
    return Line(row.counterparty, row.purpose, own.amount_minor, own.currency, row.iban, own.account_id or "", row.date)
