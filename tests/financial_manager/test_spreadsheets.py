"""Spreadsheets: numbers and dates however they are kept, and every sheet that holds bookings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.financial_manager.statements import read_statements
from tests.financial_manager.reading import booked, doubts, guessed, lines, truth
from tests.financial_manager.writers import LINES, Line, number, write_sheets

HEAD: list[date | Decimal | str] = ["Date", "Text", "Amount"]
DAY = date(2024, 3, 15)


@pytest.mark.parametrize("epoch", [date(1899, 12, 30), date(1904, 1, 1)])
def test_dates_are_counted_from_the_day_the_workbook_says(epoch: date) -> None:
    """Workbooks that began on a Mac count from 1904: four years and a day later."""
    assert booked(write_sheets([HEAD, [DAY, "x", Decimal("-1.5")]], epoch=epoch)) == ["2024-03-15 -1.50"]


@settings(max_examples=60, deadline=None)
@given(LINES, st.sampled_from(".,"), st.sampled_from(["", "group"]), st.lists(st.booleans(), min_size=12, max_size=12))
def test_amounts_kept_as_text_and_as_numbers_are_the_same(
    given_lines: list[Line], decimal: str, thousands: str, as_text: list[bool]
) -> None:
    """Each cell may be kept either way, the texts with a comma or a point: the same bookings, or a doubt."""
    rows: list[list[date | Decimal | str]] = [
        [one.day, "x", number(one.cents, decimal, thousands) if text else Decimal(one.cents) / 100]
        for one, text in zip(given_lines, as_text, strict=False)
    ]
    file = read_statements(write_sheets([HEAD, *rows]))
    if not guessed(file):
        assert lines(file) == truth(given_lines)


def test_texts_with_a_comma_beside_numbers_are_read() -> None:
    data = write_sheets([HEAD, [DAY, "a", "-12,50"], [DAY, "b", "1.234,00"], [DAY, "c", Decimal("3.25")]])
    assert booked(data) == ["2024-03-15 -12.50", "2024-03-15 1234.00", "2024-03-15 3.25"]
    assert doubts(read_statements(data)) == {"no_currency"}


def test_the_sheet_with_the_table_is_read() -> None:
    """Not the one before it with a date and a number, and not an empty one."""
    cover: list[list[date | Decimal | str]] = [["Report of", DAY, Decimal(7)]]
    data = write_sheets(cover, [["nothing"]], [HEAD, [DAY, "x", Decimal("-1.5")]])
    file = read_statements(data)
    assert booked(data) == ["2024-03-15 -1.50"]
    assert "sheet_left_out" in doubts(file)


def test_all_sheets_with_tables_are_read_and_that_is_said() -> None:
    data = write_sheets([HEAD, [DAY, "x", Decimal("-1.5")]], [HEAD, [DAY, "y", Decimal(4)]])
    file = read_statements(data)
    assert [[entry.amount_minor for entry in one.entries] for one in file.statements] == [[-150], [400]]
    assert "several_sheets" in doubts(file)
