"""Delimited text as rows of cells: which delimiter, which quotes, decided by where dates and amounts come apart."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.errors import AGAIN, StatementError, at_line
from backend.financial_manager.statements.limits import MOST_ENTRIES, check_count
from backend.financial_manager.statements.numerals import written

DELIMITERS = (";", ",", "\t", "|", "^", "~")
_SAMPLE_LINES = 400
_SEP = re.compile(r"(?i)\s*\"?sep=(.)\"?\s*")
_MOST_LINES_IN_A_CELL = 20
_LONGEST_LINE = 1_000_000
_FORMULA = re.compile(r"=\"([^\"]{0,200})\"\s?")
_FORMULA_IN_LINE = re.compile(r"(?m)(^|[;,\t|])=\"([^\"\n]{0,200})\"(?=[;,\t|]|$)")
"""How spreadsheets are told that a cell is a text: ="0123"."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it ends on (counted from 1)."""

    line: int
    cells: list[str]


def split_text(text: str) -> tuple[list[Row], str]:
    """Return the rows of a delimited text, and its delimiter."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if len(text) > _LONGEST_LINE:
        _refuse_endless(text)
    if '="' in text:
        text = _FORMULA_IN_LINE.sub(r'\1"\2"', text)
    first, _, rest = text.partition("\n")
    said = _SEP.fullmatch(first[:20])
    if said is not None:
        text = "\n" + rest
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    delimiter, evidence = _delimiter(sample)
    if not evidence:
        unwrapped = _unwrapped(text)
        if unwrapped is not None:
            text = unwrapped
            delimiter, evidence = _delimiter("\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES]))
    if said is not None and not evidence:
        delimiter = said[1]
    return _rows(text, delimiter), delimiter


def _refuse_endless(text: str) -> None:
    """Refuse a line that no statement has, before cells are made of it."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > _LONGEST_LINE:
            raise at_line(number, "The file has a line that is longer than any line of a statement.", AGAIN)


def _delimiter(sample: str) -> tuple[str, int]:
    """Return the delimiter under which the most rows have a date and an amount, and how many those are."""
    best: tuple[tuple[int, int, int], str] = ((-1, -1, -1), ";")
    for delimiter in DELIMITERS:
        rows = list(_lenient(sample, delimiter))
        told = [len(cells) for cells in rows if _has_booking(cells)]
        widths = Counter(told or [len(cells) for cells in rows if len(cells) > 1])
        common, times = widths.most_common(1)[0] if widths else (0, 0)
        score = (len(told), times, common)
        if score > best[0]:
            best = (score, delimiter)
    return best[1], best[0][0]


def _has_booking(cells: list[str]) -> bool:
    """Tell whether one cell is a date and another one an amount."""
    dates = {n for n, cell in enumerate(cells) if written_date(cell)}
    return bool(dates) and any(n not in dates and written(cell) for n, cell in enumerate(cells))


def _lenient(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a sample; what cannot be split ends it."""
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True):
            yield _bare(cells)
    except csv.Error:
        return


def _bare(cells: list[str]) -> list[str]:
    """Return cells without what tells a spreadsheet that they are texts."""
    return [_FORMULA.sub(r"\1", cell) if cell.startswith('="') else cell for cell in cells]


def _unwrapped(text: str) -> str | None:
    """Return the text with the quotes around whole lines taken off, or None where lines are not quoted as a whole."""
    lines = text.split("\n")
    filled = [line.strip() for line in lines if line.strip()]
    if not filled or any(not (line.startswith('"') and line.endswith('"') and len(line) > 1) for line in filled):
        return None
    return "\n".join(line.strip()[1:-1].replace('""', '"') for line in lines)


def _rows(text: str, delimiter: str) -> list[Row]:
    """Return all rows: by the rules of CSV, or, where quotes are broken, with quotes as ordinary characters.

    A quote too many can make one cell of several rows, all by the rules: a cell with a row in it is a broken quote.
    """
    ways: tuple[dict[str, object], ...] = (
        {"strict": True},
        {"strict": True, "escapechar": "\\", "doublequote": False},
        {"strict": False},
    )
    for way in ways:
        try:
            rows = _read(text, delimiter, way)
        except csv.Error:
            continue
        tall = [cell for row in rows for cell in row.cells if "\n" in cell]
        if not any(_swallows(cell, delimiter) for cell in tall) and (
            way["strict"] or all(cell.count("\n") <= _MOST_LINES_IN_A_CELL for cell in tall)
        ):
            return rows
    try:
        rows = _read(text, delimiter, {"quoting": csv.QUOTE_NONE})
    except csv.Error as error:
        raise StatementError(f"The file cannot be split into cells ({error}).", remedy=AGAIN) from error
    return [Row(row.line, [_unquoted(cell) for cell in row.cells]) for row in rows]


def _swallows(cell: str, delimiter: str) -> bool:
    """Tell whether a cell of several lines holds a line with a date between delimiters: a row of its own."""
    lines = [line.split(delimiter) for line in cell.split("\n")[1:]]
    return any(len(parts) > 1 and any(written_date(part.strip(' "')) for part in parts) for parts in lines)


def _read(text: str, delimiter: str, way: dict[str, object]) -> list[Row]:
    """Read all rows in one way; blank rows are left out."""
    reader = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=delimiter != "\t", **way)  # type: ignore[arg-type]
    rows = []
    formulas = '="' in text
    for cells in reader:
        if "".join(cells).strip():
            rows.append(Row(reader.line_num, _bare(cells) if formulas else cells))
            if len(rows) > MOST_ENTRIES:
                check_count(len(rows))
    return rows


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, as a file would: that takes four bytes for each character besides."""
    start = 0
    while end := text.find("\n", start) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _unquoted(cell: str) -> str:
    """Take the quotes off that stand around a cell."""
    cell = cell.strip()
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell.strip('"')
