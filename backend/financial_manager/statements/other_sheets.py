"""Spreadsheets of other programs and pages that banks call ".xls": a process of its own opens them.

What reads them is native code and meets files of strangers, so it works within the limits of `backend/sdk/confined`.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import AGAIN, StatementError
from backend.financial_manager.statements.limits import MOST_ENTRIES, SMALLER, check_count
from backend.financial_manager.statements.sheet_days import EPOCH, with_days
from backend.financial_manager.statements.sheets import MOST_CELLS, MOST_SHEETS, Sheet, number_of, read_sheets
from backend.financial_manager.statements.statement import StatementFile
from backend.financial_manager.statements.table_choice import Choices
from backend.financial_manager.statements.table_rows import has_booking
from backend.sdk.confined.process import ConfinedProcess

_PROGRAM = Path(__file__).with_name("sheet_process.py")
_WAIT_SECONDS = 90.0
_MOST_ANSWER = 128 << 20
_OTHERWISE = "Save it as XLSX or CSV, and import that."
_CHARSET = re.compile(rb"charset\s{0,3}=\s{0,3}[\"']?([\w-]{2,30})", re.IGNORECASE)
_PROBLEMS = {
    "sheets": (f"The file has more than {MOST_SHEETS} sheets.", SMALLER),
    "rows": (f"The file has more than {MOST_ENTRIES} lines.", SMALLER),
    "cells": (f"The file has more than {MOST_CELLS} cells.", SMALLER),
}


def looks_like_page(head: str) -> bool:
    """Tell whether a file is a page, or the piece of one that banks call ".xls"."""
    found = head.casefold()
    return "<html" in found or "<table" in found


def page_for(data: bytes) -> bytes:
    """Return a page in UTF-8, as `read_other_sheets` takes it."""
    told = _CHARSET.search(data[:4096])
    return decode(data, told[1].decode("ascii") if told else None)[0].encode("utf-8", "replace")


def read_other_sheets(
    data: bytes, kind: str, name: str, choices: Choices, currency: str | None = None
) -> StatementFile:
    """Return the statements of a spreadsheet. `kind`: xls, ods, or html for a page (`page_for`).

    Raises `StatementError` for what is damaged, locked, too large, or a page without bookings.
    """
    sheets = [
        Sheet(str(one["name"]), with_days([(int(line), cells) for line, cells in one["rows"]], EPOCH))
        for one in _opened(data, kind)
    ]
    check_count(sum(len(one.rows) for one in sheets))
    if kind == "html" and not any(has_booking(row.cells) for one in sheets for row in one.table()[0]):
        raise StatementError(
            "The file is a web page, no statement.", remedy="Download the statement as a file from the bank."
        )
    return read_sheets(sheets, kind, name, choices, currency)


def _opened(data: bytes, kind: str) -> list[dict[str, Any]]:
    """Return `{"name", "rows": [[line, cells], ...]}` of each sheet; numbers are `Decimal`, all else text."""
    with tempfile.TemporaryFile() if not hasattr(os, "memfd_create") else _in_memory() as file:
        file.write(data)
        file.flush()
        with closing(ConfinedProcess(_PROGRAM, wait=_WAIT_SECONDS, most=_MOST_ANSWER)) as process:
            try:
                process.send(kind.encode(), file.fileno())
                length, begun = process.line()
                told = process.take(int(length), begun)
            except (OSError, ValueError) as error:
                raise StatementError(
                    "The file is a spreadsheet that cannot be opened safely.", remedy=_OTHERWISE
                ) from error
    found = json.loads(told, parse_float=number_of, parse_int=number_of)
    if "problem" in found:
        problem, remedy = _PROBLEMS.get(
            found["problem"], ("The file is a damaged or locked spreadsheet or archive.", AGAIN)
        )
        raise StatementError(problem, remedy=remedy)
    sheets: list[dict[str, Any]] = found["sheets"]
    if not sheets:
        raise StatementError("The file holds no row with a date and an amount.", remedy=_OTHERWISE)
    return sheets


def _in_memory() -> Any:
    """Return a file that never lies on a disk: what it holds is nobody's business but its reader's."""
    return os.fdopen(os.memfd_create("statement", os.MFD_CLOEXEC), "w+b")
