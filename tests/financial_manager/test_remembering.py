"""What was remembered while a statement was read is forgotten with it: no process keeps what somebody paid."""

from __future__ import annotations

import pytest

from backend.financial_manager.statements import StatementError, read_statements, remembering
from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.numerals import written
from backend.financial_manager.statements.vocabulary import plain

ROWS = "".join(f"{day:02}.03.2024;Kept nowhere {day};-{day},50\n" for day in range(1, 29))


def remembered() -> int:
    """Return how many answers about texts are kept now, in all functions that remember any."""
    return sum(forget.__self__.cache_info().currsize for forget in remembering._forgetters)  # type: ignore[attr-defined]


def test_nothing_of_a_file_is_kept_when_it_is_read() -> None:
    assert len(read_statements(f"Datum;Text;Betrag\n{ROWS}".encode()).entries) == 28
    assert remembered() == 0


def test_nor_when_it_is_refused() -> None:
    with pytest.raises(StatementError):
        read_statements(f"Datum;Text;Betrag\n{ROWS}31.02.2024;Kept nowhere;-1,00\n".encode())
    assert remembered() == 0


def test_within_a_file_answers_are_kept() -> None:
    """The same text twice is looked at once; so the count above would see what is not forgotten."""
    remembering.forget()
    for read in (written_date, written, plain):
        read("01.03.2024")
        read("01.03.2024")
        assert read.cache_info().hits >= 1  # type: ignore[attr-defined]
    assert remembered() >= 3
    remembering.forget()
