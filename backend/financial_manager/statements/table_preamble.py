"""What stands above a table: the account, its currency, opening and closing balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.numerals import Written, written
from backend.financial_manager.statements.table_layout import IBAN
from backend.financial_manager.statements.vocabulary import cell_words, plain

_LINES = 60


@dataclass(slots=True)
class Around:
    """What the lines above a table, and balances between its rows, say."""

    account: str | None = None
    currency: str | None = None
    opening: Written | None = None
    closing: Written | None = None


def read_around(above: Sequence[Row]) -> Around:
    """Return what the lines above the table say."""
    around = Around()
    for row in above[-_LINES:]:
        cells = [cell.strip() for cell in row.cells[:50] if cell.strip()]
        for n, cell in enumerate(cells):
            label, _, behind = cell[:200].partition(":")
            rest = [behind.strip(), *cells[n + 1 :]]
            _take(around, plain(label), [one for one in rest if one])
            found = IBAN.search(cell[:200])
            if found is not None and around.account is None and not found[0].isalpha():
                around.account = found[0].replace(" ", "")[:34]
    return around


def _take(around: Around, label: str, rest: list[str]) -> None:
    """Take what stands behind a label."""
    if not rest:
        return
    if label in cell_words("account") and around.account is None and any(c.isdigit() for c in rest[0]):
        around.account = rest[0][:60]
    elif label in cell_words("currency") and rest[0].upper() in KNOWN:
        around.currency = rest[0].upper()
    for kind in ("opening", "closing"):
        if any(label == word or label.startswith(f"{word} ") for word in cell_words(kind)):
            amount = next((found for one in rest[:3] if not written_date(one) and (found := written(one))), None)
            if amount is not None:
                setattr(around, kind, amount)
                around.currency = around.currency or amount.currency
