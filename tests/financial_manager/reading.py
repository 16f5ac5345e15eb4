"""What was read from a statement, in a shape to compare; used by all tests of reading."""

from __future__ import annotations

from collections import Counter
from datetime import date

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.statements import StatementError, StatementFile, read_statements
from tests.financial_manager.writers import Line

GUESSES = {"date_order_assumed", "decimal_assumed", "sign_assumed", "amount_column_assumed"}
"""Doubts under which a reading may differ from what the bank meant: the file does not tell."""


def lines(file: StatementFile) -> Counter[tuple[date | None, int]]:
    return Counter((entry.date, entry.amount_minor) for entry in file.entries)


def truth(given_lines: list[Line]) -> Counter[tuple[date | None, int]]:
    return Counter((line.day, line.cents) for line in given_lines)


def guessed(file: StatementFile) -> set[str]:
    return doubts(file) & GUESSES


def read_or_refused(data: bytes) -> str:
    """Return the format, or the words of the refusal; anything else that is raised comes through."""
    try:
        return read_statements(data).format
    except StatementError as error:
        return error.problem


def booked(text: str | bytes) -> list[str]:
    """Return the entries of a text as "2024-03-15 -12.50", in the file's order."""
    file = read_statements(text.encode() if isinstance(text, str) else text)
    return [f"{entry.date} {minor_text(entry.amount_minor, entry.currency)}" for entry in file.entries]


def doubts(file: StatementFile) -> set[str]:
    """Return the codes of all doubts: of the file, of its statements and of their entries."""
    found = [*file.doubts, *(doubt for one in file.statements for doubt in one.doubts)]
    return {doubt.code for doubt in (*found, *(doubt for entry in file.entries for doubt in entry.doubts))}
