"""Files of prices are read whatever their dialect; what is open is said, what is damaged is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.securities import PricesUnreadable, read_prices
from backend.financial_manager.securities.isin import valid_isin
from tests.financial_manager.patience import PATIENT


@pytest.mark.parametrize(
    "text",
    [
        "date,isin,price,currency\n2024-02-01,AT0000652011,34.56,EUR\n2024-02-13,AT0000652011,35,EUR\n",
        "Datum;ISIN;Schlusskurs;Währung\n01.02.2024;AT0000652011;34,56;EUR\n13.02.2024;AT0000652011;35,00;EUR\n",
        "Kurs in EUR\tWertpapier\tTag\n34,56 EUR\tAT0000652011\t1.2.2024\n35,00 EUR\tAT0000652011\t13.2.2024\n",
        "2024-02-01|34.56|at0000652011|EUR\n2024-02-13|35|at0000652011|EUR\n",
        "Date,Symbol,Open,High,Low,Close,Currency\n02/01/2024,AT0000652011,1,2,3,34.56,EUR\n"
        "02/13/2024,AT0000652011,1,2,3,35,EUR\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_dialects_say_the_same(text: str, encoding: str) -> None:
    """Delimiter, order of columns, decimal sign, dates and code page are found out."""
    file = read_prices(text.encode(encoding), "prices.csv")
    assert [(one.isin, one.date, one.price, one.currency) for one in file.prices] == [
        ("AT0000652011", date(2024, 2, 1), Decimal("34.56"), "EUR"),
        ("AT0000652011", date(2024, 2, 13), Decimal(35), "EUR"),
    ]
    assert {one.source for one in file.prices} == {"prices.csv"}
    assert file.skipped == ()
    assert file.doubts == ()


def test_what_the_file_does_not_say_may_be_handed_in() -> None:
    """A download of one security's history names neither it nor its currency."""
    file = read_prices(b"Date,Open,Close\n2024-02-01,1.5,1.7\n", "x.csv", isin="US0378331005", currency="USD")
    assert [(one.isin, one.price, one.currency) for one in file.prices] == [("US0378331005", Decimal("1.7"), "USD")]


def test_rows_that_are_no_price_are_left_out_with_a_reason() -> None:
    """One damaged row does not spoil the file."""
    rows = [
        "2024-02-01;AT0000652011;10;EUR",
        "2024-02-31;AT0000652011;10;EUR",
        "2024-02-02;AT0000652012;10;EUR",
        "2024-02-03;AT0000652011;-10;EUR",
        "2024-02-04;AT0000652011;n/a;EUR",
        "2024-02-05;AT0000652011;10;GBX",
        "2024-02-06;;10;EUR",
    ]
    file = read_prices("\n".join(["date;isin;price;currency", *rows]).encode(), "x.csv")
    assert len(file.prices) == 1
    assert [(one.line, one.reason) for one in file.skipped] == [
        (3, "There is no such day."),
        (4, "The check digit of the ISIN is wrong."),
        (5, "The price cannot be read."),
        (6, "The price cannot be read."),
        (7, "The currency is not known."),
        (8, "The security is missing."),
    ]


def test_pence_are_never_read_as_pounds() -> None:
    """London's shares are quoted in GBp: in capitals that would be a hundred times the price."""
    rows = ["2024-02-01;GB0002634946;1250,5;GBp", "2024-02-02;GB0002634946;12,55;GBP"]
    file = read_prices("\n".join(["date;isin;price;currency", *rows]).encode(), "x.csv")
    assert [(one.date.day, one.price, one.currency) for one in file.prices] == [(2, Decimal("12.55"), "GBP")]
    assert [(one.line, one.reason) for one in file.skipped] == [(2, "The currency is not known.")]


def test_what_is_open_is_a_doubt() -> None:
    """1.234 may be a thousand, 1.2.2024 may be January."""
    text = "date;isin;price;currency\n01/02/2024;AT0000652011;1.234;EUR\n03/04/2024;AT0000652011;1.235;EUR\n"
    file = read_prices(text.encode(), "x.csv")
    assert [doubt.code for doubt in file.doubts] == ["date_order_assumed", "decimal_assumed"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x00\x01\x02\x03binary",
        b"date;isin;price;currency\n",
        b"2024-02-01;10;11;AT0000652011;EUR\n",
        b"date;price;currency\n2024-02-01;10;EUR\n",
        b"date;isin;price\n2024-02-01;AT0000652011;10\n",
    ],
)
def test_what_is_no_file_of_prices_is_refused_with_a_remedy(data: bytes) -> None:
    """Empty, binary, without rows, without a clear price, security or currency."""
    with pytest.raises(PricesUnreadable) as refused:
        read_prices(data, "x.csv")
    assert refused.value.problem
    assert refused.value.remedy


@PATIENT
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Never anything but prices or an error for people."""
    try:
        file = read_prices(data, "x.csv", isin="X", currency="EUR")
    except PricesUnreadable:
        return
    assert file.prices


@pytest.mark.parametrize(
    ("isin", "good"),
    [("US0378331005", True), ("AT0000652011", True), ("US0378331006", False), ("us0378331005", False), ("", False)],
)
def test_the_check_digit_of_an_isin_counts(isin: str, good: bool) -> None:
    assert valid_isin(isin) is good
