"""XLSX as rows of text: every sheet with bookings. Only the parts that are needed are read, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backend.financial_manager.statements.errors import AGAIN, StatementError
from backend.financial_manager.statements.limits import MOST_BYTES, SMALLER, check_count
from backend.financial_manager.statements.other_sheets import read_other_sheets
from backend.financial_manager.statements.sheet_days import EPOCH, Cell, with_days
from backend.financial_manager.statements.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_SHEETS,
    Sheet,
    number_of,
    read_sheets,
)
from backend.financial_manager.statements.statement import StatementFile
from backend.financial_manager.statements.table_choice import Choices
from backend.financial_manager.statements.xml_nodes import Node, read_xml
from backend.sdk.zip_parts import DAMAGED, ZipParts, ZipTooLarge

_SHEET = re.compile(r"xl/worksheets/[^/]{1,60}\.xml")
_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_DATE_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
_EPOCH_1904 = date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class _Look:
    """How numbers are meant: the styles that show a date, and the day from which dates are counted."""

    dated: set[int]
    epoch: date


def read_xlsx(data: bytes, name: str, choices: Choices, currency: str | None = None) -> StatementFile:
    """Return the statements of a packed spreadsheet (XLSX, ODS): of every sheet that holds bookings."""
    try:
        parts = ZipParts(data, MOST_BYTES)
        if _is_ods(parts):
            return read_other_sheets(data, "ods", name, choices, currency)
        sheets = _sheets(parts)
    except ZipTooLarge as error:
        raise StatementError("The file unpacks to more than any statement.", remedy=SMALLER) from error
    except DAMAGED as error:
        raise StatementError("The file is a damaged or locked spreadsheet or archive.", remedy=AGAIN) from error
    return read_sheets(sheets, "xlsx", name, choices, currency)


def _sheets(parts: ZipParts) -> list[Sheet]:
    """Return every sheet of a spreadsheet in its order."""
    names = [one for one in parts.names if _SHEET.fullmatch(one)]
    if not names:
        raise StatementError("The file is packed, but no spreadsheet.", remedy="Unpack it, and import what is inside.")
    if len(names) > MOST_SHEETS:
        raise StatementError(f"The file has more than {MOST_SHEETS} sheets.", remedy=SMALLER)
    shared, look = _shared(parts), _Look(_dated(parts), _epoch(parts))
    return [
        Sheet(one.rpartition("/")[2], with_days(_rows(parts.read(one) or b"", shared, look), look.epoch))
        for one in sorted(names, key=lambda one: (len(one), one))
    ]


def _is_ods(parts: ZipParts) -> bool:
    """Tell whether it is an OpenDocument spreadsheet; refuse the one that is packed as well and not read here."""
    if "xl/workbook.bin" in parts.names:
        problem = "The file is a binary Excel file (XLSB)."
        raise StatementError(problem, remedy="Save it as XLSX or CSV, and import that.")
    return "opendocument.spreadsheet" in (parts.read("mimetype") or b"")[:100].decode("latin-1")


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
    return _EPOCH_1904 if old in ("1", "true") else EPOCH


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
            if held > MOST_CELLS:
                raise StatementError(f"The file has more than {MOST_CELLS} cells.", remedy=SMALLER)
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
        if column >= MOST_COLUMNS:
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
    number = number_of(text)
    if isinstance(number, str):
        return number
    if epoch is not None and 0 <= number < 2_000_000:
        return (epoch + timedelta(days=int(number))).isoformat()
    return number
