"""What stands above a table: the account, its currency, opening and closing balance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.financial_manager.currencies import KNOWN, code_of
from backend.financial_manager.statements.dates import WrittenDate, dates_in, written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.numerals import Written, written
from backend.financial_manager.statements.table_layout import IBAN
from backend.financial_manager.statements.vocabulary import cell_words, plain, role_scores

_LINES = 60
_CODE = re.compile(r"\b[A-Z]{3}\b")


@dataclass(slots=True)
class Around:
    """What the lines above a table, and balances between its rows, say."""

    account: str | None = None
    currency: str | None = None
    opening: Written | None = None
    closing: Written | None = None
    days: list[WrittenDate] = field(default_factory=list)
    """The dates that stand there, as of the period."""


def read_around(above: Sequence[Row]) -> Around:
    """Return what the lines above the table say."""
    around = Around()
    for row in above[-_LINES:]:
        cells = [cell.strip() for cell in row.cells[:50] if cell.strip()]
        around.currency = around.currency or _bare_currency(cells)
        for n, cell in enumerate(cells):
            around.days += dates_in(cell)
            label, _, behind = cell[:200].partition(":")
            rest = [behind.strip(), *cells[n + 1 :]]
            _take(around, plain(label), [one for one in rest if one])
            found = IBAN.search(cell[:200])
            if found is not None and around.account is None and not found[0].isalpha():
                around.account = found[0].replace(" ", "")[:34]
    return around


def _bare_currency(cells: Sequence[str]) -> str | None:
    """Return the currency of a line that tells an amount or an account, and the code alone in a cell ("EUR")."""
    codes = {
        cell for cell in cells if cell in KNOWN and len(cell) == 3 and cell != "ALL"
    }  # a word before Albania's lek
    tells = any(written(cell) and not written_date(cell) for cell in cells) or any(map(IBAN.search, cells))
    return codes.pop() if len(codes) == 1 and tells else None


def _take(around: Around, label: str, rest: list[str]) -> None:
    """Take what stands behind a label."""
    if not rest:
        return
    if label in cell_words("account") and around.account is None and any(c.isdigit() for c in rest[0]):
        around.account = rest[0][:60]
        named = {one for one in _CODE.findall(rest[0][:100]) if one in KNOWN}
        around.currency = around.currency or (named.pop() if len(named) == 1 else None)
    elif label in cell_words("currency") and code_of(rest[0]) is not None:
        around.currency = code_of(rest[0])
    elif around.currency is None and "balance" in role_scores(label):
        told = written(rest[0])
        around.currency = told.currency if told is not None else None
    for kind in ("opening", "closing"):
        if any(label == word or label.startswith(f"{word} ") for word in cell_words(kind)):
            amount = next((found for one in rest[:3] if not written_date(one) and (found := written(one))), None)
            if amount is not None:
                setattr(around, kind, amount)
                around.currency = around.currency or amount.currency
