"""Days that a spreadsheet keeps as bare numbers: a column under the heading of a date, in cells without its style."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from backend.financial_manager.statements.table_columns import heading_score
from backend.financial_manager.statements.vocabulary import heading, role_scores

Cell = str | Decimal
EPOCH = date(1899, 12, 30)
"""The day that is number 0 in a spreadsheet."""
_DATES = {"booking_date", "date", "value_date"}
FIRST, LAST = 20_000, 80_000
"""The days from 1954 to 2119, counted from 1900."""
_SEARCHED = 200


def with_days(rows: list[tuple[int, list[Cell]]], epoch: date) -> list[tuple[int, list[Cell]]]:
    """Return the rows with such numbers as days ("2024-03-01"); `epoch`: the day that is number 0."""
    at = next((n for n, (_, cells) in enumerate(rows[:_SEARCHED]) if heading_score(_texts(cells)) >= 2), None)
    if at is None:
        return rows
    columns = {
        n for n, name in enumerate(_texts(rows[at][1])) if is_date_heading(name) and _all_days(rows[at + 1 :], n)
    }
    if not columns:
        return rows
    return [
        (line, [_day(cell, epoch) if n in columns else cell for n, cell in enumerate(cells)]) for line, cells in rows
    ]


def _texts(cells: list[Cell]) -> list[str]:
    """Return the cells of a row that are text, with "" for numbers."""
    return [cell if isinstance(cell, str) else "" for cell in cells]


def is_date_heading(name: str) -> bool:
    """Tell whether a heading is that of a date before anything else."""
    scores = role_scores(heading(name)[0])
    return bool(scores) and max(scores, key=lambda role: scores[role]) in _DATES


def _all_days(rows: list[tuple[int, list[Cell]]], column: int) -> bool:
    """Tell whether all numbers of a column may be days, and whether there are any."""
    found = [cell for _, cells in rows for cell in cells[column : column + 1] if isinstance(cell, Decimal)]
    return bool(found) and all(FIRST <= cell <= LAST for cell in found)


def _day(cell: Cell, epoch: date) -> Cell:
    """Return a number as the day that it is."""
    return (epoch + timedelta(days=int(cell))).isoformat() if isinstance(cell, Decimal) else cell
