"""Days that are no whole dates: numbers of a spreadsheet, and days without a year below the dates of a period.

Looked for only where a table with a heading holds no date at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from backend.financial_manager.statements.dates import WrittenDate, as_date, dates_in
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.sheet_days import EPOCH, FIRST, LAST, is_date_heading

_DAY = re.compile(r"'?([0-9]{1,2})[-./]([0-9]{1,2})\.?")
_NUMBER = re.compile(r"[0-9]{5}(?:[.,][0-9]{1,12})?")
_ORDERS = ("dmy", "mdy")
_LONGEST_PERIOD = 366
Reader = Callable[[str], date | None]


def whole_days(header: Row, above: Sequence[Row], body: Sequence[Row]) -> list[Row] | None:
    """Return the rows with whole dates, or None where that is not surely possible.

    `above`: the lines that may tell the period. All cells below the heading of a date must be such days.
    """
    columns = [n for n, name in enumerate(header.cells) if is_date_heading(name)]
    ways: list[list[Row]] = []
    for reader in (_of_a_spreadsheet, *_of_a_period(above)):
        found = [n for n in columns if _all(reader, body, n)]
        if found:
            made = [
                Row(row.line, [_told(reader, cell, n in found) for n, cell in enumerate(row.cells)]) for row in body
            ]
            ways += [made] if made not in ways else []
    return ways[0] if len(ways) == 1 else None


def _all(reader: Reader, body: Sequence[Row], column: int) -> bool:
    """Tell whether all cells of a column that begin like a day are days, and whether there are any."""
    cells = [row.cells[column].strip() for row in body if column < len(row.cells)]
    like = [cell for cell in cells if _DAY.fullmatch(cell) or _NUMBER.fullmatch(cell)]
    return bool(like) and all(reader(cell) is not None for cell in like)


def _told(reader: Reader, cell: str, known: bool) -> str:
    """Return a cell, as a whole date where it is one."""
    day = reader(cell.strip()) if known else None
    return cell if day is None else day.isoformat()


def _of_a_spreadsheet(cell: str) -> date | None:
    """Return the day that a spreadsheet counts from 1900, a part of a day behind it left out."""
    number = int(cell[:5]) if _NUMBER.fullmatch(cell) else 0
    return EPOCH + timedelta(days=number) if FIRST <= number <= LAST else None


def _of_a_period(above: Sequence[Row]) -> list[Reader]:
    """Return how to read days without a year inside of the period that the lines above name, one reader or none.

    The order of day and month is that of the period, which must not be turnable, and it is no longer than a year.
    """
    named = [day for row in above for cell in row.cells for day in dates_in(cell)]
    periods = {}
    for order in _ORDERS:
        days = [as_date(one, order) for one in named]
        told = [day for day in days if day is not None]
        if len(told) == len(named) > 1 and 0 < (max(told) - min(told)).days < _LONGEST_PERIOD:
            periods[order] = (min(told), max(told))
    if len(periods) != 1 and len(set(periods.values())) != 1:
        return []
    order, (first, last) = next(iter(periods.items()))
    orders = _ORDERS if all(one.order for one in named) else (order,)
    return [_reader(one, first, last) for one in orders]


def _reader(order: str, first: date, last: date) -> Reader:
    """Return what reads "03/02" in one order, with the year under which it lies in a period."""

    def read(cell: str) -> date | None:
        match = _DAY.fullmatch(cell)
        if match is None:
            return None
        for year in {first.year, last.year}:
            day = as_date(WrittenDate((int(match[1]), int(match[2]), year), order, ""), order)
            if day is not None and first <= day <= last:
                return day
        return None

    return read
