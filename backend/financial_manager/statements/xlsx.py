"""XLSX as rows of text: the first sheet with bookings. Only the parts that are needed are read, within bounds."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation

from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.errors import AGAIN, StatementError
from backend.financial_manager.statements.limits import MOST_BYTES, SMALLER, check_count
from backend.financial_manager.statements.statement import StatementFile
from backend.financial_manager.statements.table import read_table
from backend.financial_manager.statements.table_rows import has_booking
from backend.financial_manager.statements.xml_nodes import Node, read_xml

_SHEET = re.compile(r"xl/worksheets/[^/]{1,60}\.xml")
_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_DATE_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
_EPOCH = date(1899, 12, 30)
_MOST_COLUMNS = 200
_DAMAGED: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, RuntimeError, OSError, ValueError, OverflowError),
)
_DIGITS = Context(prec=15)
"""A spreadsheet keeps numbers in binary with 15 digits that count: -12.339999999999999 is -12.34."""


def read_xlsx(data: bytes, name: str) -> StatementFile:
    """Return the statement of a spreadsheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _Parts(archive)
            names = [one for one in parts.names if _SHEET.fullmatch(one)]
            if not names:
                raise StatementError(
                    "The file is packed, but no spreadsheet.", remedy="Unpack it, and import what is inside."
                )
            shared, dated = _shared(parts), _dated(parts)
            best: list[Row] = []
            for sheet in sorted(names, key=lambda one: (len(one), one))[:20]:
                rows = _rows(parts.read(sheet) or b"", shared, dated)
                if any(has_booking(row.cells) for row in rows):
                    return read_table(rows, name, "xlsx", {"sheet": sheet.rpartition("/")[2]}, decimal=".")
                best = best or rows
    except _DAMAGED as error:
        raise StatementError("The file is a damaged or locked spreadsheet.", remedy=AGAIN) from error
    return read_table(best, name, "xlsx", {}, decimal=".")


class _Parts:
    """The parts of a spreadsheet: together never more than the bound, whatever the archive says of their sizes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MOST_BYTES
        self.names = archive.namelist()

    def read(self, name: str) -> bytes | None:
        """Return one part, None where there is none."""
        if name not in self.names:
            return None
        with self._archive.open(name) as part:
            data = part.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise StatementError("The file unpacks to more than any statement.", remedy=SMALLER)
        return data


def _shared(parts: _Parts) -> list[str]:
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


def _dated(parts: _Parts) -> set[int]:
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


def _rows(data: bytes, shared: list[str], dated: set[int]) -> list[Row]:
    """Return the rows of a sheet."""
    rows: list[Row] = []

    def on_end(node: Node, _: list[str]) -> bool:
        if node.name != "row":
            return False
        cells: list[str] = []
        for column, text in _cells(node, shared, dated):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text
        if any(cells):
            number = node.attributes.get("r", "")
            rows.append(Row(int(number) if number.isdigit() and len(number) < 9 else len(rows) + 1, cells))
            check_count(len(rows))
        return True

    read_xml(data, on_end)
    return rows


def _cells(row: Node, shared: list[str], dated: set[int]) -> Iterator[tuple[int, str]]:
    """Yield column and text of each cell; dates as "2024-03-01"."""
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
            yield column, _number(value, dated=style.isdigit() and int(style) in dated)
        else:
            yield column, value[:10] if kind == "d" else value


def _column(letters: str) -> int:
    """Return 0 for "A", 26 for "AA"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _number(text: str, *, dated: bool) -> str:
    """Return a number as plain text, or as a date where its style shows one."""
    try:
        number = _DIGITS.create_decimal(text[:40])
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return text[:40]
    if dated and 1 <= number < 2_000_000:
        return (_EPOCH + timedelta(days=int(number))).isoformat()
    return f"{number.normalize(_DIGITS):f}"
