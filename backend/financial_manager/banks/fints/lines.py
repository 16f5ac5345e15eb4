"""Read what a bank sent by FinTS with the readers of statement files: MT940, or CAMT."""

from __future__ import annotations

import datetime as dt

from backend.financial_manager.banks.provider import MOST_LINES, TOO_MANY, BankUnusable
from backend.financial_manager.statements import Entry
from backend.financial_manager.statements.camt import read_camt
from backend.financial_manager.statements.errors import StatementError
from backend.financial_manager.statements.mt940 import read_mt940


def entries_of(
    mt940: bytes, camt: tuple[bytes, ...], currency: str, since: dt.date, until: dt.date
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the booked lines of some days in the currency of the account where they name none, and what is doubtful.

    `mt940`: the pieces that the bank cut the text into, joined. Raises `BankUnusable` for what cannot be read.
    """
    try:
        files = [read_mt940(mt940.replace(b"@@", b"\r\n"), "FinTS")] if mt940.strip() else []
        files += [read_camt(one, "FinTS") for one in camt]
    except StatementError:
        raise BankUnusable() from None
    statements = [one for file in files for one in file.statements]
    found = [entry for one in statements for entry in one.entries if entry.booked]
    unread = sum(len(one.skipped) for one in statements) + sum(entry.date is None for entry in found)
    kept = [
        entry._replace(currency=entry.currency or currency)
        for entry in found
        if entry.date is not None and since <= entry.date <= until
    ]
    doubts = (f"{unread} lines of the bank could not be read.",) if unread else ()
    many = (TOO_MANY,) if len(kept) > MOST_LINES else ()
    return tuple(kept[:MOST_LINES]), (*doubts, *many)
