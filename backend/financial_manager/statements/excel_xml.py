"""Excel's XML of 2003 (SpreadsheetML), which banks still call ".xls": its sheets as rows of cells, within bounds."""

from __future__ import annotations

from backend.financial_manager.statements.errors import StatementError
from backend.financial_manager.statements.limits import SMALLER, check_count
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

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def looks_like_excel_xml(head: str) -> bool:
    """Tell whether XML is a workbook of Excel 2003; a page that Excel wrote names other parts of it."""
    return _NAMESPACE in head and "Workbook" in head and "<html" not in head.casefold()


def read_excel_xml(data: bytes, name: str, choices: Choices, currency: str | None = None) -> StatementFile:
    """Return the statements of a workbook; raises `StatementError` for what is damaged or too large."""
    sheets: list[Sheet] = []
    rows: list[tuple[int, list[Cell]]] = []
    held = number = 0

    def on_end(node: Node, _: list[str]) -> bool:
        nonlocal held, number
        if node.name == "Row":
            number = _index(node, number)
            cells = _cells(node)
            held += len(cells)
            if held > MOST_CELLS:
                raise StatementError(f"The file has more than {MOST_CELLS} cells.", remedy=SMALLER)
            if any(cell != "" for cell in cells):
                rows.append((number, cells))
                check_count(len(rows))
            return True
        if node.name == "Worksheet":
            if len(sheets) == MOST_SHEETS:
                raise StatementError(f"The file has more than {MOST_SHEETS} sheets.", remedy=SMALLER)
            sheets.append(Sheet(_named(node, "Name")[:60], with_days(rows.copy(), EPOCH)))
            rows.clear()
            number = 0
            return True
        return False

    read_xml(data, on_end)
    return read_sheets(sheets or [Sheet("", [])], "xls", name, choices, currency)


def _cells(row: Node) -> list[Cell]:
    """Return the cells of a row at their places; the file leaves empty ones out."""
    cells: list[Cell] = []
    column = 0
    for cell in row.all("Cell"):
        column = _index(cell, column)
        if column > MOST_COLUMNS:
            break
        data = cell.first("Data")
        cells += [""] * (column - 1 - len(cells))
        cells.append(_cell(data) if data is not None else "")
        across = _named(cell, "MergeAcross")
        column += min(int(across), MOST_COLUMNS) if across.isdecimal() and len(across) < 6 else 0
    return cells


def _cell(data: Node) -> Cell:
    kind, text = _named(data, "Type"), _text(data)
    if kind == "Number":
        return number_of(text.strip())
    return text.strip()[:10] if kind == "DateTime" else text.strip()


def _text(node: Node) -> str:
    """Return the text of an element and of the runs of letters inside."""
    return node.text + "".join(_text(one) for one in node.inside)


def _index(node: Node, before: int) -> int:
    """Return the place (from 1) of a row or cell: the one it names, else the next."""
    named = _named(node, "Index")
    return int(named) if named.isdecimal() and len(named) < 8 and int(named) > before else before + 1


def _named(node: Node, name: str) -> str:
    """Return an attribute of the spreadsheet's namespace."""
    return node.attributes.get(f"{_NAMESPACE} {name}", node.attributes.get(name, ""))
