"""Where the tables of a file are: each heading with the rows below it, and what stands above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.numerals import written
from backend.financial_manager.statements.table_columns import heading_score
from backend.financial_manager.statements.table_rows import has_booking, is_unbooked_title, title_of
from backend.financial_manager.statements.vocabulary import balance_starts, heading, plain, role_scores

_SEARCHED = 200
_WIDEST = 500
_NEAR = 5
_SURE_HEADING = 3
_FORMS_SEEN = 50
_BY_NAME = 1000
_MONEY = {"amount", "debit", "credit", "balance"}


@dataclass(slots=True)
class Section:
    """One table: the lines above it, its heading if it has one, and its rows."""

    above: list[Row]
    header: Row | None
    body: list[Row]

    @property
    def unbooked(self) -> str:
        """Return the title above the table that says that nothing in it is booked yet, or ""."""
        nearest = next((title for row in reversed(self.above[-_NEAR:]) if (title := title_of(row))), "")
        return nearest if is_unbooked_title(nearest) else ""


def find_sections(rows: list[Row]) -> list[Section]:
    """Return the tables of a file, at least one. The first may have no heading; each further one begins with one."""
    first, header = _find_header(rows)
    starts = [first]
    names = _names(header)
    headings: list[tuple[int, Row]] = []
    for n in range(first, len(rows)):
        told = heading_score(rows[n].cells)
        if told < _SURE_HEADING - 1 or _names(rows[n]) == names:
            continue
        start, heading_row = n + 1, rows[n]
        if n + 2 < len(rows) and not has_booking(rows[n + 1].cells) and has_booking(rows[n + 2].cells):
            both = _joined(rows, n)
            if heading_score(both.cells) > told and _fills(both, rows[n + 2]):
                told, start, heading_row = heading_score(both.cells), n + 2, both
        if told < _SURE_HEADING or _names(heading_row) == names:
            continue
        if any(has_booking(row.cells) for row in rows[start : start + _NEAR]):
            starts.append(start)
            headings.append((n, heading_row))
            names = _names(heading_row)
    ends = [n for n, _ in headings] + [len(rows)]
    found = [Section(rows[: max(first - (header is not None), 0)], header, rows[first : ends[0]])]
    if header is None:
        _set_apart(found[0])
    for (n, heading_row), start, end in zip(headings, starts[1:], ends[1:], strict=True):
        found.append(Section(_above(rows, n), heading_row, rows[start:end]))
    return found


def _set_apart(section: Section) -> None:
    """Take the first or last row of a table without heading out of it where it tells a balance by its form alone.

    The last one has fewer cells than all others; the first one a date of another form than all others.
    """
    rows = section.body
    if len(rows) < 3:
        return
    counts = {len(row.cells) for row in rows[:-1]}
    if has_booking(rows[-1].cells) and len(counts) == 1 and len(rows[-1].cells) <= counts.pop() - 2:
        section.above.append(rows.pop())
    forms = [{(day.order, day.separator) for day in map(written_date, row.cells) if day} for row in rows[:_FORMS_SEEN]]
    if has_booking(rows[0].cells) and not forms[0] <= set().union(*forms[1:]):
        section.above.append(rows.pop(0))


def _names(row: Row | None) -> list[str]:
    """Return the cells of a heading."""
    return [cell.strip() for cell in row.cells] if row is not None else []


def _above(rows: list[Row], at: int) -> list[Row]:
    """Return the lines without a booking directly above a heading."""
    start = at
    while start > 0 and at - start < _NEAR and not has_booking(rows[start - 1].cells):
        start -= 1
    return rows[start:at]


def _find_header(rows: list[Row]) -> tuple[int, Row | None]:
    """Return where the body begins, and the heading above it if there is one."""
    start = next((n for n, row in enumerate(rows) if has_booking(row.cells) and not _is_preamble(rows, n)), None)
    above = range(
        max(0, (start if start is not None else len(rows)) - _SEARCHED),
        start if start is not None else min(len(rows), _SEARCHED),
    )
    best = max(above, key=lambda n: (heading_score(rows[n].cells), n), default=None)
    told = heading_score(rows[best].cells) if best is not None else 0
    if start is not None and start > 1:
        both = _joined(rows, start - 2)
        if heading_score(both.cells) > told and _fills(both, rows[start]):
            return start, both
    if best is not None and told >= 2:
        return best + 1, rows[best]
    if start and _names_amounts(rows[start - 1], rows[start]):
        return start, rows[start - 1]
    return (start if start is not None else 0), None


def _joined(rows: list[Row], at: int) -> Row:
    """Return a line and the one below it as one heading: "Amount" above "Debit" and "Credit" tells the lower words."""
    upper, lower = rows[at], rows[at + 1]
    cells = []
    for above, below in zip_longest(map(str.strip, upper.cells), map(str.strip, lower.cells), fillvalue=""):
        if above.endswith("-") and below[:1].islower():
            cells.append(above[:-1] + below)
        else:
            cells.append(below if below and _says(below) >= _BY_NAME else f"{above} {below}".strip())
    return Row(lower.line, cells)


def _says(cell: str) -> int:
    """Return how well a cell names any column."""
    return max(role_scores(heading(cell)[0]).values(), default=0)


def _fills(header: Row, booking: Row) -> bool:
    """Tell whether two lines are the heading of the row below them: no numbers in them, and as many cells."""
    return width(header.cells) <= len(booking.cells) and not any(map(written, header.cells))


def _names_amounts(row: Row, booking: Row) -> bool:
    """Tell whether the line above the first booking is its heading, although it names its date by no known word."""
    if not _fills(row, booking) or any(map(written_date, row.cells)) or len(row.cells) != len(booking.cells):
        return False
    sure = [
        scores for cell in row.cells if max((scores := role_scores(heading(cell)[0])).values(), default=0) >= _BY_NAME
    ]
    money = [scores for scores in sure if max(scores, key=lambda role: scores[role]) in _MONEY]
    return len(sure) > 1 and bool(money) and 2 * sum(bool(cell.strip()) for cell in row.cells) > len(row.cells)


def _is_preamble(rows: list[Row], at: int) -> bool:
    """Tell whether a row with a date and an amount still stands above a heading ("Balance on 1.3.2024;1.234,56").

    One below a heading, or several of a shape, are a table of their own, unless they speak of balances.
    """
    if any(heading_score(row.cells) >= 2 for row in rows[max(0, at - _NEAR) : at]):
        return False
    filled = width(rows[at].cells)
    beside = [rows[n] for n in (at - 1, at + 1) if 0 <= n < len(rows)]
    alike = any(width(row.cells) == filled and has_booking(row.cells) for row in beside)
    if filled >= 3 and alike and not _tells_balance(rows[at]):
        return False
    alone = True
    for n in range(at + 1, min(at + 15, len(rows) - 1)):
        if heading_score(rows[n].cells) >= _SURE_HEADING and (alone or width(rows[n].cells) > len(rows[at].cells)):
            return any(has_booking(row.cells) for row in rows[n + 1 : n + 5])
        alone = alone and not has_booking(rows[n].cells)
    return False


def _tells_balance(row: Row) -> bool:
    """Tell whether a row names a balance ("Saldo per;31.03.2024;1.000,00")."""
    return any("balance" in role_scores(name) or name.startswith(balance_starts()) for name in map(plain, row.cells))


def width(cells: Sequence[str]) -> int:
    """Return how many cells a row has, without the empty ones at its end."""
    found = len(cells)
    while found and not cells[found - 1].strip():
        found -= 1
    return max(found, 1)


def columns(sample: list[Row]) -> int:
    """Return how many columns the table has: as most rows, or more where some rows fill more."""
    if not sample:
        return 0
    usual = Counter(len(row.cells) for row in sample).most_common(1)[0][0]
    filled = sorted((width(row.cells) for row in sample), reverse=True)
    return min(max(usual, filled[len(filled) // 50]), _WIDEST)
