"""Quantities and rates are written and read as the language does, without ever being a float."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.i18n import decimal_text, parse_decimal, plain_decimal, rate_text


def speak(patch: pytest.MonkeyPatch, language: str) -> None:
    patch.setattr(sys.modules["frontend.i18n.decimals"], "current_language", lambda: language)


def test_numbers_are_written_as_the_language_does(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "en")
    assert (decimal_text("1234.5000000001"), rate_text("-0.0123"), rate_text("0.1", signed=True)) == (
        "1,234.5000000001", "−1.23%", "+10.00%",
    )  # fmt: skip
    speak(monkeypatch, "de")
    assert (decimal_text("1234.5"), rate_text("0.35"), plain_decimal("1234.5")) == ("1.234,5", "35,00 %", "1234,5")


@pytest.mark.parametrize(
    ("text", "read"),
    [("12,5", "12.5"), ("12.50", "12.5"), ("1 000", "1000"), ("007", "7"), ("0", None), ("-1", None), ("1,2,3", None),
     ("", None), ("abc", None), ("1e5", None), ("9" * 16, None)],
)  # fmt: skip
def test_what_is_typed_is_read_or_refused(text: str, read: str | None) -> None:
    assert parse_decimal(text) == read


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_written_to_be_typed_is_read_as_it_was(language: str) -> None:
    """Every decimal comes back, in both languages."""
    with pytest.MonkeyPatch.context() as patch:
        speak(patch, language)

        @given(st.decimals(min_value="0.0000000001", max_value="99999999999", places=10))
        def check(number: Decimal) -> None:
            text = format(number, "f")
            plain = text.rstrip("0").rstrip(".") if "." in text else text
            assert parse_decimal(plain_decimal(plain)) == plain

        check()
