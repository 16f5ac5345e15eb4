"""What stands above the columns of a table and in its cells decides what is booked; where it does not, that is said."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.financial_manager.statements import read_statements
from tests.financial_manager.reading import booked, doubts


@pytest.mark.parametrize(
    "heading",
    [
        "Credit/Debit Amount",
        "Debit/Credit Amount",
        "Debit/Credit",
        "Soll/Haben Betrag",
        "Gutschrift/Lastschrift",
        "Withdrawals / Deposits",
        "Paid in/Paid out",
        "Money In / Money Out",
        "Montant débit/crédit",
        "Ein-/Auszahlung",
    ],
)
def test_one_column_for_both_sides_is_one_signed_amount(heading: str) -> None:
    """Money that came is not turned into money that left."""
    rows = "2024-03-15;Bread;-12.50\n2024-03-28;Wages;1234.00\n"
    assert booked(f"Date;Text;{heading}\n{rows}") == ["2024-03-15 -12.50", "2024-03-28 1234.00"]


@pytest.mark.parametrize("heading", ["Debit/Credit", "Soll/Haben"])
def test_letters_under_both_sides_are_signs(heading: str) -> None:
    rows = "2024-03-15;Bread;12.50;D\n2024-03-28;Wages;1234.00;C\n"
    assert booked(f"Date;Text;Amount;{heading}\n{rows}") == ["2024-03-15 -12.50", "2024-03-28 1234.00"]


@pytest.mark.parametrize(
    ("heading", "row", "amount", "currency"),
    [
        ("Amount;Currency;Amount (EUR)", "20.00;USD;18.40", 1840, "EUR"),
        ("Amount (EUR);Amount;Currency", "18.40;20.00;USD", 1840, "EUR"),
        ("Original Amount;Original Currency;Amount (EUR)", "20.00;USD;18.40", 1840, "EUR"),
        ("Amount (USD);Amount (EUR);Balance (EUR)", "20.00;18.40;118.40", 1840, "EUR"),
        ("Amount;Currency", "20.00;USD", 2000, "USD"),
    ],
)
def test_the_amount_in_the_account_s_currency_is_the_amount(heading: str, row: str, amount: int, currency: str) -> None:
    """A currency in brackets is the account's, and the code of what was paid in elsewhere is not its currency."""
    entry = read_statements(f"Date;Text;{heading}\n2024-03-15;Hotel;{row}\n".encode()).entries[0]
    assert (entry.amount_minor, entry.currency) == (amount, currency)


def test_two_amounts_in_two_currencies_without_a_balance_are_doubted() -> None:
    file = read_statements(b"Date;Text;Amount (USD);Amount (EUR)\n2024-03-15;Hotel;20.00;18.40\n")
    assert "amount_column_assumed" in doubts(file)


@pytest.mark.parametrize("names", [("Gross", "Fee", "Net"), ("Brutto", "Entgelt", "Netto")])
def test_the_net_amount_is_what_moved(names: tuple[str, str, str]) -> None:
    rows = "2024-03-15;Shop;100.00;-3.40;96.60\n2024-03-16;Shop;-20.00;0.00;-20.00\n"
    text = f"Date;Name;{';'.join(names)}\n{rows}"
    assert booked(text) == ["2024-03-15 96.60", "2024-03-16 -20.00"]
    assert doubts(read_statements(text.encode())) == {"no_currency"}


FEES = "2024-03-14;Pay;100.00;0.00;100.00\n2024-03-15;Card;-20.00;1.00;79.00\n2024-03-16;Card;-5.00;0.50;73.50\n"


def test_a_fee_that_moves_the_balance_is_part_of_the_amount() -> None:
    """The running balance tells that the fee comes on top of the amount."""
    text = f"Completed Date;Description;Amount;Fee;Balance\n{FEES}"
    assert booked(text) == ["2024-03-14 100.00", "2024-03-15 -21.00", "2024-03-16 -5.50"]
    proof = read_statements(text.encode()).statements[0].proof
    assert proof is not None
    assert proof.holds


def test_a_fee_that_does_not_move_the_balance_is_left_alone() -> None:
    rows = FEES.replace("79.00", "80.00").replace("73.50", "75.00")
    file = read_statements(f"Date;Description;Amount;Fee;Balance\n{rows}".encode())
    assert [entry.amount_minor for entry in file.entries] == [10000, -2000, -500]
    assert "fee_open" not in doubts(file)


def test_a_fee_without_a_balance_is_a_doubt_of_its_row() -> None:
    rows = "".join(line.rpartition(";")[0] + "\n" for line in FEES.splitlines())
    entries = read_statements(f"Date;Description;Amount;Fee\n{rows}".encode()).entries
    assert [entry.amount_minor for entry in entries] == [10000, -2000, -500]
    assert [any(doubt.code == "fee_open" for doubt in entry.doubts) for entry in entries] == [False, True, True]


CARD = "2024-03-15,Shop,20.00,\n2024-03-16,Payment,,-50.00\n2024-03-17,Refund,,-5.00\n"


def test_credits_with_a_minus_are_money_that_came_in() -> None:
    """As Citi writes them: the heading says which side it is. Without a balance that is a doubt."""
    text = f"Date,Description,Debit,Credit\n{CARD}"
    assert booked(text) == ["2024-03-15 -20.00", "2024-03-16 50.00", "2024-03-17 5.00"]
    assert "sign_assumed" in doubts(read_statements(text.encode()))


@pytest.mark.parametrize(
    ("balances", "amounts"),
    [(("80.00", "130.00", "135.00"), [-2000, 5000, 500]), (("80.00", "30.00", "25.00"), [-2000, -5000, -500])],
)
def test_the_balance_tells_what_a_minus_among_credits_means(balances: tuple[str, ...], amounts: list[int]) -> None:
    rows = "".join(f"{line},{one}\n" for line, one in zip(CARD.splitlines(), balances, strict=True))
    file = read_statements(f"Date,Description,Debit,Credit,Balance\n{rows}".encode())
    assert [entry.amount_minor for entry in file.entries] == amounts
    assert "sign_assumed" not in doubts(file)


def test_a_rare_minus_among_credits_takes_one_back() -> None:
    rows = "2024-03-15,Pay,,20.00\n2024-03-16,Pay,,50.00\n2024-03-17,Taken back,,-5.00\n2024-03-18,Shop,1.00,\n"
    file = read_statements(f"Date,Description,Debit,Credit\n{rows}".encode())
    assert [entry.amount_minor for entry in file.entries] == [2000, 5000, -500, -100]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Operation Date", "Accounting Date"),
        ("Transaction Date", "Booking Date"),
        ("Datum der Operation", "Buchungsdatum"),
        ("Date opération", "Date de comptabilisation"),
        ("Fecha operación", "Fecha contable"),
        ("Data operazione", "Data contabile"),
        ("Transactiedatum", "Boekdatum"),
        ("Data operacji", "Data księgowania"),
        ("Datum des Beginns", "Datum des Abschlusses"),
        ("Started Date", "Completed Date"),
        ("Date de début", "Date de fin"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_booking_date_wins_over_the_day_of_the_purchase(first: str, second: str, turned: bool) -> None:
    names, days = [first, second], ["2024-03-14", "2024-03-16"]
    if turned:
        names, days = names[::-1], days[::-1]
    text = f"{';'.join(names)};Text;Amount\n{';'.join(days)};x;-1.00\n"
    assert read_statements(text.encode()).entries[0].date == date(2024, 3, 16)


@pytest.mark.parametrize("heading", ["Datum der Operation", "Operation Date", "Date opération", "Transaction Date"])
def test_the_day_of_the_purchase_counts_where_there_is_no_other(heading: str) -> None:
    text = f"Text;{heading};Amount\nx;2024-03-14;-1.00\n"
    assert read_statements(text.encode()).entries[0].date == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mo 03.02.2025", date(2025, 2, 3)),
        ("Mo. 03.02.2025", date(2025, 2, 3)),
        ("Tue, 4 Feb 2025", date(2025, 2, 4)),
        ("Dienstag, 4. Februar 2025", date(2025, 2, 4)),
        ("Tuesday, February 4, 2025", date(2025, 2, 4)),
        ("mar. 4 févr. 2025", date(2025, 2, 4)),
        ("Mar 4, 2025", date(2025, 3, 4)),
        ("4 februarie 2025", date(2025, 2, 4)),
        ("4 iun. 2025", date(2025, 6, 4)),
        ("15 noiembrie 2025", date(2025, 11, 15)),
        ("1 ianuarie 2025", date(2025, 1, 1)),
    ],
)
def test_days_of_the_week_and_months_are_understood(text: str, day: date) -> None:
    assert read_statements(f"Date;Text;Amount\n{text};x;-1.00\n".encode()).entries[0].date == day


def test_a_word_before_a_date_is_no_day_of_the_week() -> None:
    """ "Miete 01.03.2024" is a purpose, no date."""
    file = read_statements(b"Datum;Text;Betrag\n04.03.2024;Miete 01.03.2024;-1,00\n")
    assert (file.entries[0].date, file.entries[0].purpose) == (date(2024, 3, 4), "Miete 01.03.2024")


@pytest.mark.parametrize("heading", ["Status", "State", "Statut", "État", "Estado", "Stato", "Buchungsstatus"])
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("Refused", "carried out"),
        ("Returned", "carried out"),
        ("DECLINED", "carried out"),
        ("Declined: no funds", "carried out"),
        ("Cancelled", "carried out"),
        ("Refusé", "carried out"),
        ("Annulée", "carried out"),
        ("Rechazada", "carried out"),
        ("Abgelehnt", "carried out"),
        ("Pending", "booked"),
        ("Pending authorisation", "booked"),
        ("En attente", "booked"),
        ("Pendiente", "booked"),
        ("Vorgemerkt", "booked"),
    ],
)
def test_what_is_refused_or_pending_is_never_booked(heading: str, status: str, said: str) -> None:
    """It is left out, and the reason names its status."""
    rows = f"2024-03-15;Completed;a;-1.00\n2024-03-16;{status};b;-2.00\n"
    statement = read_statements(f"Date;{heading};Text;Amount\n{rows}".encode()).statements[0]
    assert [entry.amount_minor for entry in statement.entries] == [-100]
    assert [row.line for row in statement.skipped] == [3]
    assert said in statement.skipped[0].reason


def test_a_single_row_with_a_balance_proves_nothing() -> None:
    """Its opening balance would be made of the row itself; the closing one is told."""
    statement = read_statements(b"Date;Text;Amount;Balance\n2024-03-15;x;-1.00;99.00\n").statements[0]
    assert statement.proof is None
    assert statement.opening is None
    assert statement.closing is not None
    assert statement.closing.amount_minor == 9900


def _dates(days: list[date], form: str) -> str:
    return "Date;Text;Amount;Currency\n" + "".join(f"{day.strftime(form)};x;-1,00;EUR\n" for day in days)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 12), min_size=4, max_size=20).filter(lambda days: len(set(days)) > 3),
    st.integers(1, 12),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
)
def test_bookings_of_some_days_are_not_spread_over_a_year(days: list[int], month: int, form: str) -> None:
    """The shorter span is read, also where it is not what the currency suggests, unless each day has as many rows."""
    meant = [date(2024, month, day) for day in sorted(days)]
    file = read_statements(_dates(meant, form).encode())
    if len(set(Counter(meant).values())) > 1:
        assert [entry.date for entry in file.entries] == meant
        assert "date_order_assumed" not in doubts(file)


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y"])
def test_as_many_rows_each_day_may_be_as_many_each_month(form: str) -> None:
    """Interest on the first of each month, or the first twelve days of January: that stays a doubt."""
    file = read_statements(_dates([date(2024, 1, day) for day in range(1, 13)], form).encode())
    assert "date_order_assumed" in doubts(file)


def test_days_in_no_order_are_read_in_the_shorter_span_and_doubted() -> None:
    days = [date(2024, 2, day) for day in (3, 9, 1, 1, 12, 5)]
    file = read_statements(_dates(days, "%m/%d/%Y").encode())
    assert [entry.date for entry in file.entries] == days
    assert "date_order_assumed" in doubts(file)


def test_kinds_of_bookings_do_not_turn_amounts_that_have_signs() -> None:
    """ "Payment" may come or go, and a "deposit" may be taken back: the minus tells."""
    rows = "15.03.2024;Withdrawal;-5.00\n16.03.2024;Deposit;20.00\n17.03.2024;Deposit;-1.00\n18.03.2024;Withdrawal;-2\n"
    assert [line.split()[1] for line in booked(f"Date;Type;Amount\n{rows}")] == ["-5.00", "20.00", "-1.00", "-2.00"]
    rows = "2024-03-15;Payment;96.60;96.60\n2024-03-16;Payment;-20.00;76.60\n"
    assert [line.split()[1] for line in booked(f"Date;Type;Net;Balance\n{rows}")] == ["96.60", "-20.00"]


def test_a_rare_minus_beside_letters_is_doubted() -> None:
    """It may take a booking back, or be there for good measure."""
    rows = "15.03.2024;S;5,00\n16.03.2024;H;20,00\n17.03.2024;S;-1,00\n18.03.2024;S;2,00\n"
    file = read_statements(f"Buchungstag;Soll/Haben;Betrag\n{rows}".encode())
    assert [entry.amount_minor for entry in file.entries] == [-500, 2000, -100, -200]
    assert [bool(entry.doubts) for entry in file.entries] == [False, False, True, False]


def test_a_single_row_is_proven_by_the_balances_the_bank_tells() -> None:
    text = "Opening balance;100.00\nDate;Text;Amount;Balance\n2024-03-15;x;-1.00;99.00\n"
    proof = read_statements(text.encode()).statements[0].proof
    assert proof is not None
    assert (proof.holds, proof.opening_minor) == (True, 10000)


def test_one_side_alone_keeps_its_signs() -> None:
    """A column of both directions under "Credit" is not turned because most of it left."""
    rows = "2024-03-15;a;-5.00\n2024-03-16;b;-6.00\n2024-03-17;c;100.00\n"
    assert booked(f"Date;Text;Credit\n{rows}") == ["2024-03-15 -5.00", "2024-03-16 -6.00", "2024-03-17 100.00"]
