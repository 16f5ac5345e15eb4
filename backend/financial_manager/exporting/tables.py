"""The ledger as a table for spreadsheets: one row per part of a transaction."""

from __future__ import annotations

import csv
import io

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.exporting.rows import ExportLedger, all_names, unique_names

COLUMNS = ("date", "account", "payee", "purpose", "category", "amount", "currency", "memo", "note", "tags")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes text for a formula (OWASP, CSV injection): an apostrophe keeps it text."""


def csv_table(ledger: ExportLedger) -> str:
    """Return every part as a row of CSV (RFC 4180); amounts are seen from the account: what was spent is negative."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    names = all_names(ledger)
    plain = unique_names(names, [":".join((name.root, *name.parts)) for name in names])
    spelled = {name: text.partition(":")[2] for name, text in plain.items()}
    for one in ledger.transactions:
        own, *rest = one.sides
        for side in rest:
            writer.writerow(
                [
                    one.day.isoformat(),
                    safe_text(spelled[own.name]),
                    safe_text(one.payee),
                    safe_text(one.purpose),
                    safe_text(spelled[side.name]),
                    minor_text(-side.amount_minor, side.currency),
                    side.currency,
                    safe_text(side.memo),
                    safe_text(one.note),
                    safe_text(" ".join(one.tags)),
                ]
            )
    return out.getvalue()


def safe_text(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
