"""The one way in: bytes of a file, of any bank, in any format that is read here. The name is only for messages."""

from __future__ import annotations

from backend.financial_manager.statements.camt import looks_like_camt, read_camt
from backend.financial_manager.statements.encodings import decode_head
from backend.financial_manager.statements.errors import StatementError
from backend.financial_manager.statements.excel_xml import looks_like_excel_xml, read_excel_xml
from backend.financial_manager.statements.json_table import looks_like_json, read_json
from backend.financial_manager.statements.limits import check_size
from backend.financial_manager.statements.mt940 import looks_like_mt940, read_mt940
from backend.financial_manager.statements.ofx import looks_like_ofx, read_ofx
from backend.financial_manager.statements.other_sheets import looks_like_page, page_for, read_other_sheets
from backend.financial_manager.statements.packed import ZIP, holds_statements, read_packed
from backend.financial_manager.statements.qif import looks_like_qif, read_qif
from backend.financial_manager.statements.remembering import forget
from backend.financial_manager.statements.statement import StatementFile
from backend.financial_manager.statements.table import read_csv
from backend.financial_manager.statements.table_choice import Choices
from backend.financial_manager.statements.xlsx import read_xlsx

_HEAD = 20_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_REFUSED = (
    (b"%PDF", "The file is a PDF."),
    (b"\x1f\x8b", "The file is packed."),
    (b"\x89PNG", "The file is a picture."),
    (b"\xff\xd8\xff", "The file is a picture."),
)


def read_statements(
    data: bytes, name: str = "", choices: Choices | None = None, *, currency: str | None = None
) -> StatementFile:
    """Return what a statement says; the format is told by its content. `choices`: how a person said to read tables.

    `currency`: the account's, for the amounts of tables and QIF that tell none; a yen has no hundredths.

    Raises `StatementError` for what is no statement, is damaged, or contradicts itself where it matters.
    """
    check_size(data)
    for mark, problem in _REFUSED:
        if data.startswith(mark):
            raise StatementError(problem, remedy="Download CSV, XLSX, CAMT, MT940, OFX, QIF or JSON from the bank.")
    try:
        return _read(data, name, choices, currency)
    finally:
        forget()


def _read(data: bytes, name: str, choices: Choices | None, currency: str | None) -> StatementFile:
    """Read a file by what its beginning looks like."""
    if holds_statements(data):
        return read_packed(
            data, name, lambda inner, of: read_statements(inner, of, choices, currency=currency), dict(_REFUSED)
        )
    if data.startswith(ZIP):
        return read_xlsx(data, name, choices or {}, currency)
    if data.startswith(_OLD_OFFICE):
        return read_other_sheets(data, "xls", name, choices or {}, currency)
    head = decode_head(data[:_HEAD])
    if looks_like_ofx(head):
        return read_ofx(data, name)
    if head.lstrip("\ufeff \r\n\t").startswith("<"):
        return _marked_up(data, head, name, choices or {}, currency)
    if looks_like_json(head):
        return read_json(data, name, choices or {}, currency)
    if looks_like_qif(head):
        return read_qif(data, name, currency)
    if looks_like_mt940(head):
        return read_mt940(data, name)
    return read_csv(data, name, choices or {}, currency)


def _marked_up(data: bytes, head: str, name: str, choices: Choices, currency: str | None) -> StatementFile:
    """Read XML as CAMT, and what banks call a spreadsheet: XML of Excel, or a page with a table."""
    if looks_like_camt(head):
        return read_camt(data, name)
    if looks_like_excel_xml(head):
        return read_excel_xml(data, name, choices, currency)
    if looks_like_page(head):
        return read_other_sheets(page_for(data), "html", name, choices, currency)
    return read_camt(data, name)
