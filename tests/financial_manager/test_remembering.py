"""What was remembered while a statement was read is forgotten with it: no process keeps what somebody paid."""

from __future__ import annotations

import gc

import pytest

from backend.financial_manager.statements import StatementError, read_statements
from backend.financial_manager.statements.dates import written_date
from backend.financial_manager.statements.numerals import written
from backend.financial_manager.statements.vocabulary import plain

ROWS = "".join(f"{day:02}.03.2024;Kept nowhere {day};-{day},50\n" for day in range(1, 29))
TEXTS = (written_date, written, plain)


def remembered() -> int:
    """Return how many answers about texts are kept now."""
    return sum(one.cache_info().currsize for one in TEXTS)  # type: ignore[attr-defined]


def test_nothing_of_a_file_is_kept_when_it_is_read() -> None:
    assert len(read_statements(f"Datum;Text;Betrag\n{ROWS}".encode()).entries) == 28
    gc.collect()
    assert remembered() == 0
    assert not [one for one in gc.get_objects() if isinstance(one, tuple) and "Kept nowhere 7" in map(str, one)]


def test_nor_when_it_is_refused() -> None:
    with pytest.raises(StatementError):
        read_statements(f"Datum;Text;Betrag\n{ROWS}31.02.2024;Kept nowhere;-1,00\n".encode())
    assert remembered() == 0


def test_within_a_file_answers_are_kept() -> None:
    """The same text twice is looked at once."""
    written_date("01.03.2024")
    written_date("01.03.2024")
    assert written_date.cache_info().hits >= 1  # type: ignore[attr-defined]
