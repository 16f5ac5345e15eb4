"""Rows with more cells than their table has columns: a text or an amount with the delimiter in it, without quotes.

Such a row is put together only where one way of doing so fits every column; where several do, it is refused: the amount
of "Rent,-12,50" may be 50, -12 or -12.50.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.errors import StatementError, at_line
from backend.financial_manager.statements.numerals import written
from backend.financial_manager.statements.table_layout import SAMPLE, profile
from backend.financial_manager.statements.table_rows import has_booking
from backend.financial_manager.statements.vocabulary import heading, role_scores

_NUMBERS = {"amount", "debit", "credit", "balance", "not_amount", "fee"}
_WORDS = {"purpose", "counterparty"}
_KINDS = {"date": {"booking_date", "date", "value_date"}, "number": _NUMBERS, "code": {"currency"}}
_BEHIND_A_COMMA = re.compile(r"[0-9]{1,2}|[0-9]{3}(?:[.,][0-9]{1,2})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{3}){0,4}[+-]?")
_END_OF_A_NUMBER = re.compile(r"0[0-9]{1,2}(?:[.,][0-9]{1,2})?")
_SIGNED = re.compile(r"\s?[+-]\s?[0-9.,]|[0-9.,]+-\s?$")
_DECIMALS = re.compile(r"[.,][0-9]{1,2}\D{0,6}$")
_CENTS = re.compile(r"[0-9]{2}")
_MOST_JOINED = 12
_MOST_WORK = 5_000_000
"""Cells times surplus cells of all rows that are too long: a bound on the ways that are tried."""
_SURELY_NAMED = 1000
_JOINED_TEXT = "text"
_JOINED_NUMBER = "text with a number"
_UNLIKELY = "unlikely text"
_BEYOND = "beyond"
_NUMBER_BEYOND = "number beyond"
_NUMBER_IN_TEXT = "number in a text"
QUOTES = "Export with quotes around each cell, or as XLSX."
Way = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Mended:
    """A row that is too long, with the ways it can be read."""

    row: Row
    ways: dict[Way, list[str]]
    kinds: list[str]

    def money(self, way: Way) -> tuple[str, ...]:
        """Return what a way puts into the columns of dates, numbers and codes: only there a difference matters."""
        return tuple(cell for cell, kind in zip(self.ways[way], self.kinds, strict=False) if kind != "text")

    def decimals(self) -> tuple[bool, bool]:
        """Tell whether the numbers inside of the table have decimals, and whether those behind it have any."""
        made = self.ways[Way([_NUMBER_BEYOND])]
        inside = [cell for cell, kind in zip(made, self.kinds, strict=False) if kind == "number" and written(cell)]
        behind = made[len(self.kinds) :]
        return all(map(_DECIMALS.search, inside)), any(map(_DECIMALS.search, behind))


def mend_rows(header: Row | None, body: list[Row], width: int, delimiter: str) -> list[Row]:
    """Return the rows of a table of `width` columns with cells put together where a row has too many.

    Raises `StatementError` with the line where that can be done in several ways, or in none.
    """
    exact = any(len(row.cells) == width for row in body[:SAMPLE] if has_booking(row.cells))
    size = _size if exact else partial(_filled, width=width)
    long = {n: row for n, row in enumerate(body) if size(row) > width and has_booking(row.cells)}
    if not long:
        return body
    if sum(len(row.cells) * (len(row.cells) - width) for row in long.values()) > _MOST_WORK:
        raise _too_long(next(iter(long.values())))
    kinds = _kinds(header, [row for n, row in enumerate(body) if n not in long], width)
    mended = {n: _Mended(row, _ways(row.cells, kinds, delimiter), kinds) for n, row in long.items()}
    if _same_surplus(mended, body, width):
        return body
    sure = {way for one in mended.values() if len(found := _likely(one.ways)) == 1 for way in found}
    return [Row(row.line, _chosen(mended[n], sure)) if n in mended else row for n, row in enumerate(body)]


def refuse_split_amounts(body: Sequence[Row], amounts: Sequence[int], named: Sequence[str]) -> None:
    """Refuse amounts whose cents stand in the cell behind them. `named`: the headings."""
    before = [at - 1 for at in amounts if at > 0 and not named]
    for at in (*amounts, *before):
        name = named[at + 1] if at + 1 < len(named) else ""
        if _names(name, _NUMBERS):
            continue
        rows = [row for row in body[:SAMPLE] if at + 1 < len(row.cells) and has_booking(row.cells)]
        rows = [row for row in rows if row.cells[at].strip() and row.cells[at + 1].strip()]
        cents = [row.cells[at + 1].strip() for row in rows]
        split = all(_CENTS.fullmatch(cell) for cell in cents)
        whole = all(_WHOLE.fullmatch(row.cells[at].strip()) for row in rows)
        sure = len(rows) > 1 or not name.strip() or any(map(_bare_cents, cents))
        if rows and split and whole and sure:
            raise _too_long(rows[0])


def refuse_shifted_rows(
    body: Sequence[Row], amounts: Sequence[int], numbers: Sequence[int], named: Sequence[str]
) -> None:
    """Refuse rows whose amount has no cents while one with cents stands behind it, in a column of texts.

    "Invoice 4,500,-3.00" moves the amount one column on. `numbers`: the columns that hold numbers in most rows.
    `named`: the headings.
    """
    texts = {n for n, name in enumerate(named) if _names(name, _WORDS)}
    others = {n for n, name in enumerate(named) if name.strip()} - texts
    known = {*numbers} - texts | others
    last = max(amounts)
    for row in body:
        behind = [cell for n, cell in enumerate(row.cells) if n > last and n not in known and written(cell)]
        if not any(map(_DECIMALS.search, behind)) or not has_booking(row.cells):
            continue
        told = [row.cells[at].strip() for at in amounts if at < len(row.cells) and row.cells[at].strip()]
        if told and all(map(_WHOLE.fullmatch, told)):
            raise _too_long(row)


def _names(name: str, roles: set[str]) -> bool:
    """Tell whether a heading is surely one of these roles."""
    scores = role_scores(heading(name)[0])
    return max(scores.get(role, 0) for role in roles) >= _SURELY_NAMED


def _size(row: Row) -> int:
    """Return how many cells a row has. Where rows fill the table exactly, an empty one too many counts, too."""
    return len(row.cells)


def _filled(row: Row, width: int) -> int:
    """Return how many cells a row has without empty ones beyond the table, as where each row ends with a delimiter."""
    size = len(row.cells)
    while size > width and not row.cells[size - 1].strip():
        size -= 1
    return size


def _kinds(header: Row | None, sound: list[Row], width: int) -> list[str]:
    """Return what each column holds: "date", "number", "code" or "text", by a sure heading, its cells, any heading."""
    kinds = []
    for column in profile(list(islice((row for row in sound if has_booking(row.cells)), SAMPLE)), width):
        name = header.cells[column.index] if header is not None and column.index < len(header.cells) else ""
        scores = role_scores(heading(name)[0])
        role = max(scores, key=lambda one: scores[one], default="")
        named = next((kind for kind, roles in _KINDS.items() if role in roles), "text")
        by_cells = (("date", column.is_date), ("number", column.is_amount), ("code", column.is_currency))
        told = next((kind for kind, fits in by_cells if fits), "text")
        kinds.append(named if not column.filled or scores.get(role, 0) >= _SURELY_NAMED else told)
    return kinds


def _ways(cells: list[str], kinds: list[str], delimiter: str) -> dict[Way, list[str]]:
    """Return each way to make the columns of the cells, with the cells it makes."""
    surplus = len(cells) - len(kinds)
    starts = range(len(kinds), len(cells) + 1)
    behind = {at: {_beyond(cells[at:]): cells[at:]} for at in starts if not any(map(_bare_cents, cells[at:]))}
    for column in range(len(kinds) - 1, -1, -1):
        here: dict[int, dict[Way, list[str]]] = {}
        for at in range(column, column + surplus + 1):
            for taken in range(1, min(surplus + column - at + 1, _MOST_JOINED) + 1):
                parts = cells[at : at + taken]
                step = _step(parts, kinds[column], column, delimiter) if at + taken in behind else None
                if step is None:
                    continue
                for way, rest in behind[at + taken].items():
                    here.setdefault(at, {}).setdefault(way | step, [delimiter.join(parts), *rest])
        behind = here
    return behind.get(0, {})


def _step(parts: list[str], kind: str, column: int, delimiter: str) -> Way | None:
    """Return what it means to put these cells into one column, None where they do not fit it."""
    cell = delimiter.join(parts).strip()
    if kind == "text":
        if len(parts) == 1:
            return Way([_NUMBER_IN_TEXT]) if _is_money(cell) else Way()
        unlikely = _is_money(parts[0]) or any(_SIGNED.match(part) or _is_money(part) for part in parts[1:])
        if unlikely or any(map(written_date, parts[1:])):
            return Way([_UNLIKELY])
        return Way([_JOINED_NUMBER if any(map(written, parts[1:])) else _JOINED_TEXT])
    if not cell:
        return Way()
    if kind == "code":
        return Way() if cell.upper() in KNOWN else None
    if kind == "date":
        return (Way() if len(parts) == 1 else Way(["date"])) if written_date(cell) else None
    if len(parts) == 1:
        return Way() if (written(cell) or cell.upper() in KNOWN) and not _bare_cents(cell) else None
    fits = delimiter == "," and all(_BEHIND_A_COMMA.fullmatch(part.strip()) for part in parts[1:])
    return Way([f"number {column}"]) if fits and written(cell) else None


def _beyond(rest: list[str]) -> Way:
    """Return what it means that cells are left behind the table."""
    if any(written(cell) for cell in rest):
        return Way([_NUMBER_BEYOND])
    return Way([_BEYOND]) if any(cell.strip() for cell in rest) else Way()


def _is_money(cell: str) -> bool:
    """Tell whether a cell is a number with decimals."""
    return _DECIMALS.search(cell) is not None and written(cell) is not None


def _bare_cents(cell: str) -> bool:
    """Tell whether a cell can only be the end of a number: "05", "000.00"."""
    return _END_OF_A_NUMBER.fullmatch(cell.strip()) is not None


def _likely(ways: dict[Way, list[str]]) -> list[Way]:
    """Return the ways that swallow no amount, and lose no cell if that can be."""
    found = [way for way in ways if _UNLIKELY not in way]
    return [way for way in found if not way & {_BEYOND, _NUMBER_IN_TEXT}] or found


def _same_surplus(mended: dict[int, _Mended], body: list[Row], width: int) -> bool:
    """Tell whether all bookings have the same number of cells more, which fit behind the table as columns.

    Those in it must be written like money: "Invoice 4,500,-3.00" is no booking of 500.
    """
    booked = sum(has_booking(row.cells) for row in body)
    sizes = {_filled(one.row, width) for one in mended.values()}
    beyond = [Way([_NUMBER_BEYOND])]
    if booked != len(mended) or len(sizes) != 1 or any(_likely(one.ways) != beyond for one in mended.values()):
        return False
    return all(inside or not behind for inside, behind in (one.decimals() for one in mended.values()))


def _chosen(one: _Mended, sure: set[Way]) -> list[str]:
    """Return the cells of a row that was too long, or refuse it."""
    likely = _likely(one.ways)
    if likely and len({one.money(way) for way in one.ways}) == 1:
        return one.ways[min(likely, key=len)]
    if len(likely) > 1:
        likely = [way for way in likely if way in sure] or likely
    if len({one.money(way) for way in likely}) == 1:
        likely = [min(likely, key=len)]
    if len(likely) == 1 and likely[0] == {_NUMBER_BEYOND} and one.decimals() == (True, False):
        return one.ways[likely[0]]
    if len(likely) != 1 or likely[0] & {_NUMBER_BEYOND, _NUMBER_IN_TEXT}:
        raise _too_long(one.row)
    return one.ways[likely[0]]


def _too_long(row: Row) -> StatementError:
    """Return the error about a row whose cells cannot be told apart."""
    return at_line(
        row.line, "The file has an amount or a text with a delimiter in it, and no quotes around it.", QUOTES
    )
