"""Which column is the amount where no heading tells it: the one by which another column, the balance, moves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

from backend.financial_manager.statements.dates import as_date, possible_orders, written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.numerals import decimal_sign, value, written
from backend.financial_manager.statements.table_balance import newest_first
from backend.financial_manager.statements.table_layout import Layout

_MOST_COLUMNS = 5
_USEFUL = 0.6
Numbers = list[Decimal | None]


def settle_columns(rows: Sequence[Row], layout: Layout) -> None:
    """Set amount and balance by proof, where the layout guessed among columns of numbers.

    A balance before the booking (as some Dutch banks write) looks like one after it in a file turned over with its
    signs turned: the order of days tells them apart.
    """
    if not layout.guessed or len(layout.numbers) < 2 or layout.amount < 0:
        return
    told = {index: _numbers(rows, index) for index in layout.numbers[:_MOST_COLUMNS]}
    rising = _rising(rows, layout.booking_date)
    best: tuple[float, int, int, bool] | None = None
    for amount, balance in permutations(told, 2):
        after = max(_share(told[amount], told[balance], newest_first=turned) for turned in _orders(rising))
        before = 0.0
        if rising is not None:
            before = _share_before(told[amount], told[balance], newest_first=not rising)
        for share, is_before in ((after, False), (before, True)):
            if share >= _USEFUL and (best is None or share > best[0]):
                best = (share, amount, balance, is_before)
    if best is not None:
        _, layout.amount, layout.balance, layout.balance_before = best
        layout.other_amounts = []
        layout.unproven = False


def _orders(rising: bool | None) -> tuple[bool, ...]:
    """Return the orders of rows to try: newest first or not."""
    return (False, True) if rising is None else (not rising,)


def _numbers(rows: Sequence[Row], index: int) -> Numbers:
    """Return the numbers of one column."""
    cells = [written(row.cells[index]) if index < len(row.cells) else None for row in rows]
    sign, _ = decimal_sign([cell.numeral for cell in cells if cell is not None])
    numbers: Numbers = []
    for cell in cells:
        number = value(cell.numeral, sign or ".") if cell is not None else None
        numbers.append(-number if number is not None and cell is not None and cell.negative else number)
    return numbers


def _rising(rows: Sequence[Row], index: int) -> bool | None:
    """Tell whether the days rise, None where they do not tell."""
    dates = [one for row in rows if index < len(row.cells) and (one := written_date(row.cells[index])) is not None]
    order = possible_orders(dates)[0]
    days = [day for one in dates if (day := as_date(one, order)) is not None]
    falling = newest_first(days)
    return None if falling is None else not falling


def _share(amounts: Numbers, balances: Numbers, *, newest_first: bool) -> float:
    """Return for how many rows the balance is the one before plus the amount."""
    if newest_first:
        amounts, balances = amounts[::-1], balances[::-1]
    return _fits(amounts[1:], balances)


def _share_before(amounts: Numbers, balances: Numbers, *, newest_first: bool) -> float:
    """Return for how many rows the next balance is this one plus this amount."""
    if newest_first:
        amounts, balances = amounts[::-1], balances[::-1]
    return _fits(amounts[:-1], balances)


def _fits(amounts: Numbers, balances: Numbers) -> float:
    """Return the share of steps between balances that are the amounts; a row without an amount moves nothing."""
    steps = [(a or Decimal(0), x, y) for a, x, y in zip(amounts, balances, balances[1:], strict=False)]
    known = [(a, x, y) for a, x, y in steps if x is not None and y is not None]
    moved = [one for one in known if one[0]]
    return sum(y - x == a for a, x, y in known if x is not None and y is not None) / len(known) if moved else 0.0
