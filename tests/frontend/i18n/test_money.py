"""Amounts and days as people write them: what is written can be read again, and nothing else is guessed."""

from __future__ import annotations

import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.i18n import basis_points, calendar_days, exact, money, parse_amount, parse_day, plain_amount, typed_day
from frontend.i18n.money import LARGEST

CURRENCIES = ("EUR", "USD", "CHF", "JPY", "KWD", "HUF", "CLF")


class Speaking:
    """Speak a language for one block."""

    def __init__(self, patch: pytest.MonkeyPatch, language: str) -> None:
        for name in ("frontend.i18n.money", "frontend.i18n.calendar_days"):
            patch.setattr(sys.modules[name], "current_language", lambda: language)


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_written_can_be_read_again(language: str) -> None:
    """parse(format(x)) = x, for every amount, sign and number of decimals."""
    with pytest.MonkeyPatch.context() as patch:
        Speaking(patch, language)

        @given(st.integers(-LARGEST, LARGEST), st.sampled_from(CURRENCIES), st.booleans())
        def check(minor: int, currency: str, signed: bool) -> None:
            assert parse_amount(money(minor, currency, signed=signed), currency) == minor
            assert parse_amount(plain_amount(minor, currency), currency) == minor

        check()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12,34", 1234), ("12.34", 1234), ("1.234,50", 123450), ("1,234.50", 123450), ("1 234,5", 123450),
        ("1'234.50", 123450), ("7", 700), ("7,-", 700), ("-5", -500), ("−5,00 €", -500), ("5-", -500),
        ("(3,20)", -320), ("1.234", 123400), ("1,234", 123400), ("1.234.567", 123456700), (",5", 50), ("+ 8", 800),
        ("12,345", 1234500), ("12,3456", None), ("0,123", None), ("€ -5", -500), ("-€5.00", -500), ("--5", None),
        ("1.23.45", None), ("12.34.567,1", None), ("", None),
        ("EUR", None), ("4e3", None), ("1,2,3", None), ("9" * 30, None), ("12,3400", 1234),
    ],
)  # fmt: skip
def test_amounts_are_read_however_they_are_typed(
    monkeypatch: pytest.MonkeyPatch, language: str, typed: str, minor: int | None
) -> None:
    """Comma or point, thousands or none, a sign before or after; what could mean two things is refused."""
    Speaking(monkeypatch, language)
    assert parse_amount(typed, "EUR") == minor


def test_a_yen_has_no_decimals_and_a_dinar_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decimals are the currency's; with three of them the language says what a single sign means."""
    Speaking(monkeypatch, "en")
    assert money(1234, "JPY").endswith("1,234")
    assert parse_amount("1,234", "JPY") == 1234
    assert parse_amount("12.34", "JPY") is None
    assert parse_amount("1.234", "KWD") == 1234
    Speaking(monkeypatch, "de")
    assert parse_amount("1.234", "KWD") == 1_234_000
    assert (money(-123450, "EUR"), money(5, "EUR", signed=True)) == ("−1.234,50 €", "+0,05 €")


@pytest.mark.parametrize("language", ["en", "de"])
def test_days_are_read_as_they_are_written(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """A day survives writing and reading; short forms mean this year and this century."""
    Speaking(monkeypatch, language)
    monkeypatch.setattr(calendar_days, "today", lambda: date(2026, 11, 30))
    for day in (date(2026, 1, 2), date(1999, 12, 31), date(2024, 2, 29)):
        assert parse_day(typed_day(day)) == parse_day(day.isoformat()) == day
    assert parse_day("3.4.") == date(2026, 4, 3)
    assert parse_day("3/4/25") == date(2025, 4, 3)
    for wrong in ("", "31.2.2026", "13/13/2026", "soon", "2026-02-30", "1.1.0001"):
        assert parse_day(wrong) is None


def test_exact_numbers_lose_no_digit() -> None:
    """Numbers of shares and rates as they are; hundredths of a percent as people say them."""
    assert exact("1234.000000000001") == "1,234.000000000001"
    assert [basis_points(n) for n in (0, 1, 250, 2000, -50)] == ["0%", "0.01%", "2.5%", "20%", "-0.5%"]
