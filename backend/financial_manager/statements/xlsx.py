"""XLSX as rows of text: every sheet with bookings. Only the parts that are needed are read, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation

from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.errors import AGAIN, StatementError
from backend.financial_manager.statements.limits import MOST_BYTES, SMALLER, check_count
from backend.financial_manager.statements.numerals import decimal_sign, written
from backend.financial_manager.statements.statement import Doubt, StatementFile
from backend.financial_manager.statements.table import read_table
from backend.financial_manager.statements.table_choice import Choices
from backend.financial_manager.statements.table_columns import heading_score
from backend.financial_manager.statements.table_rows import has_booking
from backend.financial_manager.statements.xlsx_days import Cell, with_days
from backend.financial_manager.statements.xml_nodes import Node, read_xml
from backend.sdk.zip_parts import DAMAGED, ZipParts, ZipTooLarge

_SHEET = re.compile(r"xl/worksheets/[^/]{1,60}\.xml")
_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_DATE_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_MOST_COLUMNS = 200
_MOST_SHEETS = 50
_MOST_CELLS = 10_000_000
_DIGITS = Context(prec=15)
"""A spreadsheet keeps numbers in binary with 15 digits that count: -12.339999999999999 is -12.34."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How numbers are meant: the styles that show a date, and the day from which dates are counted."""

    dated: set[int]
    epoch: date


@dataclass(slots=True)
class _Sheet:
    """One sheet: its file in the archive, and its rows with their numbers. A `Decimal` was a number, a `str` a text."""

    name: str
    rows: list[tuple[int, list[Cell]]]

    def table(self) -> tuple[list[Row], str]:
        """Return the rows as text, with the decimal sign of their amounts ("" where only the columns can tell).

        Amounts that somebody keeps as text have a sign of their own: the numbers are written like them.
        """
        texts = [cell for _, cells in self.rows for cell in cells if isinstance(cell, str)]
        told = [found.numeral for one in texts if not written_date(one) and (found := written(one)) is not None]
        sign, matters = decimal_sign(told)
        shown = sign or "."
        rows = [Row(line, [_text_of(cell, shown) for cell in cells]) for line, cells in self.rows]
        return rows, "" if sign is None and matters else shown


def read_xlsx(data: bytes, name: str, choices: Choices, currency: str | None = None) -> StatementFile:
    """Return the statements of a spreadsheet: of every sheet that holds a table of bookings."""
    try:
        sheets = _sheets(ZipParts(data, MOST_BYTES))
    except ZipTooLarge as error:
        raise StatementError("The file unpacks to more than any statement.", remedy=SMALLER) from error
    except DAMAGED as error:
        raise StatementError("The file is a damaged or locked spreadsheet or archive.", remedy=AGAIN) from error
    return _read_sheets(sheets, name, choices, currency)


def _sheets(parts: ZipParts) -> list[_Sheet]:
    """Return every sheet of a spreadsheet in its order."""
    names = [one for one in parts.names if _SHEET.fullmatch(one)]
    _refuse_others(parts)
    if not names:
        raise StatementError("The file is packed, but no spreadsheet.", remedy="Unpack it, and import what is inside.")
    if len(names) > _MOST_SHEETS:
        raise StatementError(f"The file has more than {_MOST_SHEETS} sheets.", remedy=SMALLER)
    shared, look = _shared(parts), _Look(_dated(parts), _epoch(parts))
    return [
        _Sheet(one.rpartition("/")[2], with_days(_rows(parts.read(one) or b"", shared, look), look.epoch))
        for one in sorted(names, key=lambda one: (len(one), one))
    ]


def _refuse_others(parts: ZipParts) -> None:
    """Refuse the spreadsheets that are packed as well and hold no sheet that is read here."""
    kind = ""
    if "opendocument.spreadsheet" in (parts.read("mimetype") or b"")[:100].decode("latin-1"):
        kind = "The file is an OpenDocument spreadsheet (ODS)."
    elif "xl/workbook.bin" in parts.names:
        kind = "The file is a binary Excel file (XLSB)."
    if kind:
        raise StatementError(kind, remedy="Save it as XLSX or CSV, and import that.")


def _read_sheets(sheets: list[_Sheet], name: str, choices: Choices, currency: str | None) -> StatementFile:
    """Return the statements of all sheets with bookings below a heading, or of the first one with bookings at all."""
    tables = [(sheet, *sheet.table()) for sheet in sheets]
    booked = [one for one in tables if any(has_booking(row.cells) for row in one[1])]
    headed = [one for one in booked if any(heading_score(row.cells) >= 2 for row in one[1])]
    chosen = headed or booked[:1] or [one for one in tables if one[1]][:1] or tables[:1]
    files = [
        read_table(rows, name, "xlsx", {"sheet": sheet.name}, choices, decimal=sign, currency=currency)
        for sheet, rows, sign in chosen
    ]
    doubts = []
    if len(files) > 1:
        words = f"{len(files)} sheets hold bookings, and all are read: one may repeat another."
        doubts.append(Doubt("several_sheets", words))
    for sheet, *_ in booked:
        if all(sheet is not one for one, *_ in chosen):
            doubts.append(Doubt("sheet_left_out", f"The sheet {sheet.name} has no heading and is not read."))
    statements = tuple(statement for file in files for statement in file.statements)
    dialect = files[0].dialect | {"sheet": ", ".join(sheet.name for sheet, *_ in chosen)}
    return StatementFile("xlsx", name, statements, dialect, tuple(doubts), files[0].table)


def _shared(parts: ZipParts) -> list[str]:
    """Return the texts that cells refer to."""
    data = parts.read("xl/sharedStrings.xml")
    if data is None:
        return []
    found: list[str] = []

    def on_end(node: Node, _: list[str]) -> bool:
        if node.name == "si":
            found.append(_text(node))
            return True
        return False

    read_xml(data, on_end)
    return found


def _text(node: Node) -> str:
    """Return the text of an element with its runs; phonetic hints are no text."""
    return (
        node.text.strip("\n") if node.name == "t" else "".join(_text(one) for one in node.inside if one.name != "rPh")
    )


def _dated(parts: ZipParts) -> set[int]:
    """Return the numbers of the styles that show a date."""
    data = parts.read("xl/styles.xml")
    if data is None:
        return set()
    root = read_xml(data, lambda _node, _above: False)
    formats = set(_DATE_FORMATS)
    for node in root.all("numFmts"):
        for one in node.all("numFmt"):
            code = _LITERAL.sub("", one.attributes.get("formatCode", "")[:200]).casefold()
            number = one.attributes.get("numFmtId", "")
            if number.isdigit() and ("d" in code or "y" in code) and "general" not in code:
                formats.add(int(number))
    styles = root.first("cellXfs")
    cells = list(styles.all("xf")) if styles is not None else []
    return {n for n, xf in enumerate(cells) if int(xf.attributes.get("numFmtId") or 0) in formats}


def _epoch(parts: ZipParts) -> date:
    """Return the day that is number 0: some spreadsheets, first those of Macs, count from 1904."""
    data = parts.read("xl/workbook.xml")
    settings = read_xml(data, lambda _node, _above: False).first("workbookPr") if data else None
    old = settings.attributes.get("date1904", "") if settings is not None else ""
    return _EPOCH_1904 if old in ("1", "true") else _EPOCH


def _rows(data: bytes, shared: list[str], look: _Look) -> list[tuple[int, list[Cell]]]:
    """Return the rows of a sheet with their numbers."""
    rows: list[tuple[int, list[Cell]]] = []

    held = 0

    def on_end(node: Node, _: list[str]) -> bool:
        nonlocal held
        if node.name == "c":
            return not node.inside and "r" in node.attributes  # an empty cell tells its place to no other one
        if node.name != "row":
            return False
        cells: list[Cell] = []
        for column, cell in _cells(node, shared, look):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cell
        if any(cell != "" for cell in cells):
            number = node.attributes.get("r", "")
            held += len(cells)
            if held > _MOST_CELLS:
                raise StatementError(f"The file has more than {_MOST_CELLS} cells.", remedy=SMALLER)
            rows.append((int(number) if number.isdigit() and len(number) < 9 else len(rows) + 1, cells))
            check_count(len(rows))
        return True

    read_xml(data, on_end)
    return rows


def _cells(row: Node, shared: list[str], look: _Look) -> Iterator[tuple[int, Cell]]:
    """Yield column and content of each cell; dates as "2024-03-01"."""
    following = 0
    for cell in row.all("c"):
        match = _CELL.fullmatch(cell.attributes.get("r", ""))
        column = _column(match[1]) if match else following
        following = column + 1
        if column >= _MOST_COLUMNS:
            continue
        kind, value = cell.attributes.get("t", "n"), cell.words("v")
        if kind == "s":
            at = int(value) if value.isdigit() and len(value) < 9 else -1
            yield column, shared[at] if 0 <= at < len(shared) else ""
        elif kind == "inlineStr":
            inline = cell.first("is")
            yield column, _text(inline) if inline is not None else ""
        elif kind == "n" and value:
            style = cell.attributes.get("s", "")
            yield column, _number(value, look.epoch if style.isdigit() and int(style) in look.dated else None)
        else:
            yield column, value[:10] if kind == "d" else value


def _column(letters: str) -> int:
    """Return 0 for "A", 26 for "AA"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _number(text: str, epoch: date | None) -> Cell:
    """Return a number, or the text of a date where its style shows one (`epoch`: the day that is number 0)."""
    try:
        number = _DIGITS.create_decimal(text[:40])
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return text[:40]
    if epoch is not None and 0 <= number < 2_000_000:
        return (epoch + timedelta(days=int(number))).isoformat()
    return number


def _text_of(cell: Cell, decimal: str) -> str:
    """Return a cell as text, a number with this decimal sign."""
    if isinstance(cell, str):
        return cell
    return f"{cell.normalize(_DIGITS):f}".replace(".", decimal)
