"""Sheets of a spreadsheet, whatever file they came in: which of them hold bookings, and their cells as text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation

from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.delimited import Row
from backend.financial_manager.statements.numerals import decimal_sign, written
from backend.financial_manager.statements.sheet_days import Cell
from backend.financial_manager.statements.statement import Doubt, StatementFile
from backend.financial_manager.statements.table import read_table
from backend.financial_manager.statements.table_choice import Choices
from backend.financial_manager.statements.table_columns import heading_score
from backend.financial_manager.statements.table_rows import has_booking

MOST_SHEETS = 50
MOST_COLUMNS = 200
MOST_CELLS = 10_000_000
DIGITS = Context(prec=15)
"""A spreadsheet keeps numbers in binary with 15 digits that count: -12.339999999999999 is -12.34."""


@dataclass(slots=True)
class Sheet:
    """One sheet: its name (in XLSX its file), and its rows with their numbers. `Decimal` was a number, `str` a text."""

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


def read_sheets(sheets: list[Sheet], kind: str, name: str, choices: Choices, currency: str | None) -> StatementFile:
    """Return the statements of all sheets with bookings below a heading, or of the first one with bookings at all."""
    tables = [(sheet, *sheet.table()) for sheet in sheets]
    booked = [one for one in tables if any(has_booking(row.cells) for row in one[1])]
    headed = [one for one in booked if any(heading_score(row.cells) >= 2 for row in one[1])]
    chosen = headed or booked[:1] or [one for one in tables if one[1]][:1] or tables[:1]
    files = [
        read_table(rows, name, kind, {"sheet": sheet.name}, choices, decimal=sign, currency=currency)
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
    return StatementFile(kind, name, statements, dialect, tuple(doubts), files[0].table)


def number_of(text: str) -> Cell:
    """Return a spreadsheet's number, or the text where it is none that money could be."""
    try:
        number = DIGITS.create_decimal(text[:40])
    except InvalidOperation:
        return text
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else text[:40]


def _text_of(cell: Cell, decimal: str) -> str:
    """Return a cell as text, a number with this decimal sign."""
    if isinstance(cell, str):
        return cell
    return f"{cell.normalize(DIGITS):f}".replace(".", decimal)
