"""Statements of any bank are read exactly, or the reader says what it doubts; it is never silently wrong."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.statements import StatementError, read_statements
from benchmarks.statements import SHARED, judge
from tests.financial_manager.bank_files import FILES, BankFile
from tests.financial_manager.reading import booked, guessed, lines, read_or_refused, truth
from tests.financial_manager.writers import (
    DIALECTS,
    LINES,
    Dialect,
    Line,
    write_camt,
    write_csv,
    write_mt940,
    write_ofx,
    write_qif,
    write_xlsx,
)

TOLD_DATES = ("%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%d %b %Y")


@pytest.mark.parametrize("one", FILES, ids=lambda one: one.name)
def test_a_bank_is_read_exactly(one: BankFile) -> None:
    """Dates, signed amounts and the currency come out as the bank means them."""
    assert sorted(booked(one.data)) == sorted(one.expected)
    assert read_statements(one.data).statements[0].currency == one.currency


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, DIALECTS)
def test_a_csv_of_any_dialect_is_read_back_exactly_or_doubted(given_lines: list[Line], dialect: Dialect) -> None:
    """Whatever the language, the delimiter, the signs: the same bookings, or a doubt that names the guess."""
    if dialect.balance:  # a bank's running balance runs along the days
        given_lines = sorted(given_lines, key=lambda line: line.day)
    data = write_csv(given_lines, dialect)
    file = read_statements(data, "any.csv")
    assert len(file.entries) == len(given_lines)
    if not guessed(file):
        assert lines(file) == truth(given_lines)


@settings(max_examples=150, deadline=None)
@given(LINES, DIALECTS.map(lambda one: replace(one, heading=True, thousands="")), st.sampled_from(TOLD_DATES))
def test_a_csv_that_tells_everything_is_read_without_a_guess(
    given_lines: list[Line], dialect: Dialect, dates: str
) -> None:
    """Days that cannot be turned, two decimals, and signs: no doubt hides a wrong reading."""
    if dialect.balance:
        given_lines = sorted(given_lines, key=lambda line: line.day)
    given_lines[0] = replace(given_lines[0], cents=-abs(given_lines[0].cents))
    file = read_statements(write_csv(given_lines, replace(dialect, dates=dates)))
    assert guessed(file) == set()
    assert lines(file) == truth(given_lines)


@settings(max_examples=60, deadline=None)
@given(LINES, DIALECTS.map(lambda one: replace(one, heading=True, balance=False)), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(given_lines: list[Line], dialect: Dialect, chance: Random) -> None:
    """The same rows in another order are the same bookings, as a multiset: two equal coffees stay two."""
    shuffled = [*given_lines, given_lines[0]]
    first = read_statements(write_csv(shuffled, dialect))
    chance.shuffle(shuffled)
    second = read_statements(write_csv(shuffled, dialect))
    if not guessed(first) | guessed(second):
        assert lines(first) == lines(second) == truth(shuffled)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_mt940_camt_and_ofx_are_read_back_exactly(given_lines: list[Line]) -> None:
    """The standard formats hold nothing to guess, and the balances prove the entries."""
    for data, kind in ((write_mt940(given_lines), "mt940"), (write_camt(given_lines), "camt.053")):
        file = read_statements(data)
        assert file.format == kind
        assert lines(file) == truth(given_lines)
        proof = file.statements[0].proof
        assert proof is not None
        assert proof.holds
    for closed in (False, True):
        file = read_statements(write_ofx(given_lines, closed=closed))
        assert lines(file) == truth(given_lines)
        assert [entry.bank_id for entry in file.entries] == [f"F{n}" for n in range(len(given_lines))]
        assert file.entries[0].counterparty == "Bread & Co"


@settings(max_examples=60, deadline=None)
@given(LINES, st.sampled_from(["%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]), st.sampled_from(".,"))
def test_qif_is_read_back_exactly_or_doubted(given_lines: list[Line], dates: str, decimal: str) -> None:
    file = read_statements(write_qif(given_lines, dates, decimal))
    assert len(file.entries) == len(given_lines)
    if not guessed(file):
        assert lines(file) == truth(given_lines)


_SOUND = [one.data for one in FILES]
_SOUND += [write([Line(date(2024, 3, 15), -1250, "x")]) for write in (write_mt940, write_camt)]
_SOUND += [write_ofx([Line(date(2024, 3, 15), -1250, "x")], closed=False)]
_SOUND += [write_xlsx()]
_SOUND += [write_qif([Line(date(2024, 3, 15), -1250, "x")], "%m/%d/%Y", ".")]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(_SOUND),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 6), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_damaged_files_never_crash_the_reader(data: bytes, damage: list[tuple[int, int, bytes]]) -> None:
    """Bytes taken out and put in anywhere: a reading or a `StatementError` with words, nothing else."""
    for at, length, put in damage:
        at %= len(data) + 1
        data = data[:at] + put + data[at + length :]
    assert read_or_refused(data)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_anything_at_all_is_read_or_refused(data: bytes) -> None:
    assert read_or_refused(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0....", "damaged or locked"),
        (b"Date;Amount\n2024-01-01;1\x00;2", "NUL"),
        (b"<html><body>Log in</body></html>", "web page"),
        (b"<?xml version='1.0'?><Invoice/>", "no bank statement"),
        (b"PK\x03\x04 nonsense", "spreadsheet"),
        (b"hello, world", "no row with a date and an amount"),
        (b"Date,Amount,Text\n2024-02-31,5.00,x\n2024-02-01,5.00,x\n", "does not exist"),
        (b"Date,Amount,Text\n2024-02-01,5.00,x\n2024-02-02,5.0x0,x\n", "amount that cannot be read"),
        (b"Date,Text,Amount\n2024-02-01,x,5.00\n2024-02-02,x", "cut off"),
        (b"<OFX><STMTRS><STMTTRN><TRNAMT>1", "middle of a statement"),
        (b"<OFX><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Wrong password</STATUS></OFX>", "Wrong password"),
        (b"!Type:Bank\nD1/2/2024\nT5.00\n^\nD1/3/2024\n", "middle of a record"),
        (b":20:A\n:25:1\n:60F:C240101EUR1,\n:61:2401990101C1,NTRF\n", "without a date that exists"),
        (b":20:A\n:25:1\n:60F:C240101EUR1,\n:61:240101C\n", ":61: that cannot be read"),
    ],
)
def test_what_is_no_sound_statement_is_refused_with_its_reason(data: bytes, says: str) -> None:
    with pytest.raises(StatementError) as caught:
        read_statements(data)
    assert says in caught.value.message
    assert caught.value.fields[0].problem


def test_xml_with_a_document_type_is_refused_before_it_is_read() -> None:
    """Neither entities that grow nor files from outside: a document type alone is refused."""
    bomb = b'<!DOCTYPE D [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Document>BkToCstmrStmt &b;</Document>'
    outside = b'<!DOCTYPE D SYSTEM "file:///etc/passwd"><Document>BkToCstmrStmt</Document>'
    for data in (bomb, outside):
        with pytest.raises(StatementError, match="document type"):
            read_statements(data)
    with pytest.raises(StatementError, match="nested"):
        read_statements(b"<Document>" + b"<a>" * 5_000)


def test_a_reversed_credit_is_money_that_leaves() -> None:
    """SWIFT: RC takes back a credit, RD takes back a debit; the balances prove it."""
    text = ":20:A\n:25:1\n:60F:C240101EUR100,\n:61:2401020102RC30,NTRF\n:61:2401020102RD5,NTRF\n:62F:C240102EUR75,\n-"
    statement = read_statements(text.encode()).statements[0]
    assert [entry.amount_minor for entry in statement.entries] == [-3000, 500]
    assert statement.proof is not None
    assert statement.proof.holds


def test_the_booking_day_of_mt940_finds_its_year() -> None:
    """A value date on 31 December and a booking day "0102" belong to two years."""
    entry = read_statements(b":20:A\n:60F:C231231EUR1,\n:61:2312310102C1,NTRF\n").entries[0]
    assert (entry.value_date, entry.booking_date) == (date(2023, 12, 31), date(2024, 1, 2))


def test_the_thirtieth_of_february_is_doubted_not_refused() -> None:
    entry = read_statements(b":20:A\n:60F:C240131EUR1,\n:61:2402300229D1,NTRF\n").entries[0]
    assert entry.value_date == date(2024, 2, 29)
    assert [doubt.code for doubt in entry.doubts] == ["no_such_day"]


def test_a_missing_booking_shows_in_the_balance_proof() -> None:
    """The proof says by how much, and the running balance says at which row."""
    text = ":20:A\n:25:1\n:60F:C240101EUR100,\n:61:2401020102D30,NTRF\n:62F:C240102EUR60,\n-"
    proof = read_statements(text.encode()).statements[0].proof
    assert proof is not None
    assert (proof.holds, proof.difference_minor) == (False, -1000)
    rows = "Date,Text,Amount,Balance\n" + "".join(f"2024-01-0{n},x,1.00,{100 + n}.00\n" for n in (1, 2, 3, 5, 6))
    statement = read_statements(rows.encode()).statements[0]
    assert [entry.line for entry in statement.entries if entry.doubts] == [5]
    assert statement.proof is not None
    assert statement.proof.difference_minor == 100


def test_a_balance_before_the_booking_is_understood() -> None:
    """Without a heading: the balance proves which number is the amount, and the days tell before from after."""
    rows = (
        "17-06-2022,A,130.44,223.77\n18-06-2022,B,354.21,-200.00\n"
        "25-06-2022,C,154.21,-2.20\n27-06-2022,D,152.01,503.15\n"
    )
    statement = read_statements(rows.encode()).statements[0]
    assert [entry.amount_minor for entry in statement.entries] == [22377, -20000, -220, 50315]
    assert statement.proof is not None
    assert (statement.proof.holds, statement.proof.opening_minor) == (True, 13044)


def test_amounts_without_dates_below_a_heading_are_not_passed_over() -> None:
    text = "Completed Date;Reference;Paid Out (EUR);Paid In (EUR)\nSeptember 15;Shop;21.97;\n"
    with pytest.raises(StatementError, match="dates below its heading"):
        read_statements(text.encode())
    empty = read_statements(text.partition("\n")[0].encode())
    assert empty.entries == ()


def test_rows_that_are_no_bookings_are_shown_with_their_reason() -> None:
    text = (
        "Date,Status,Text,Amount\n2024-01-01,booked,a,1.00\n2024-01-02,pending,b,2.00\n"
        "2024-01-03,declined,c,3.00\n,,Total,1.00\n"
    )
    statement = read_statements(text.encode()).statements[0]
    assert [(row.line, row.reason) for row in statement.skipped] == [
        (3, "The bank has not booked this yet (pending)."),
        (4, "This was not carried out (declined)."),
        (5, "This has no date."),
    ]
    assert len(statement.entries) == 1


@pytest.mark.parametrize(
    ("currency", "text", "minor"), [("JPY", "1250", 1250), ("KWD", "1.250", 1250), ("EUR", "1.250", 125)]
)
def test_the_smallest_coin_is_the_currency_s_own(currency: str, text: str, minor: int) -> None:
    """Yen have no decimals, dinars three; what is finer is rounded and said."""
    xml = write_camt([Line(date(2024, 1, 1), 1, "x")]).decode().replace("EUR", currency).replace("0.01", text)
    entry = read_statements(xml.encode()).entries[0]
    assert entry.amount_minor == minor
    assert minor_text(minor, currency) == {"JPY": "1250", "KWD": "1.250", "EUR": "1.25"}[currency]


def test_a_spreadsheet_is_read_like_a_table() -> None:
    """Dates by their style, numbers by what counts of their digits, texts shared or in place."""
    file = read_statements(write_xlsx(), "a.bin")
    assert file.format == "xlsx"
    assert [(e.date, e.amount_minor, e.currency) for e in file.entries] == [
        (date(2024, 3, 15), -1234, "EUR"),
        (date(2024, 3, 28), 123400, "EUR"),
    ]
    assert file.entries[0].purpose == "Brot"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_letters_of_several_bytes_are_read_wherever_they_lie(encoding: str) -> None:
    """The format is told from the beginning of a file: where that is cut does not matter."""
    for shift in range(5):
        rows = "".join(f"{day}.03.2024;{'😀ä' * 900};-1,00;EUR\n" for day in (13, 14, 15))
        text = f"Datum;Text{'x' * shift};Betrag;Währung\n{rows}"
        assert len(read_statements(text.encode(encoding)).entries) == 3


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused() -> None:
    data = write_xlsx(padding=70 * 2**20)
    assert len(data) < 2**20
    with pytest.raises(StatementError, match="unpacks to more"):
        read_statements(data)


def test_a_long_statement_is_read_in_seconds() -> None:
    """A guard against work that grows with the square of the rows, not a measurement."""
    day = date(2020, 1, 1)
    rows = "".join(f"{day + timedelta(days=n // 30)};Text {n};{n % 900},{n % 100:02d};EUR\n" for n in range(30_000))
    assert len(read_statements(f"Datum;Text;Betrag;Währung\n{rows}".encode()).entries) == 30_000


def test_the_shared_statements_are_read() -> None:
    """Every file of the shared set is read exactly, or refused if malformed, but for those whose truth is another.

    Five differ: four truths come from a converter that was told to leave rows out, to turn day and month row by row or
    to merge a journal; one has the sign of a reversed credit against the file's own balances.
    """
    if SHARED is None:
        pytest.skip("the shared bank statements (../shared/data/bank) are not on this machine")
    told = [judge(json.loads(line), SHARED.parent) for line in SHARED.read_text("utf-8").splitlines()]
    wrong = {Path(one.name).name for one in told if one.state == "wrong"}
    assert wrong == {"amazon.csv", "ingesp.csv", "mint_extra.csv", "xero.csv", "sepa_mt9401.sta"}
    assert Counter((one.format, one.state) for one in told if one.state != "wrong") == {
        ("camt", "right"): 25,
        ("camt", "refused"): 1,
        ("csv", "right"): 19,
        ("csv", "no truth"): 2,
        ("mt940", "right"): 31,
        ("mt940", "refused"): 1,
        ("ofx", "right"): 39,
        ("ofx", "refused"): 8,
        ("qif", "right"): 11,
    }


def test_the_other_side_is_the_payee_of_what_left_and_the_payer_of_what_came() -> None:
    rows = "15.03.2024;Ich;Bäckerei;-12,50\n28.03.2024;Acme;Ich;1.234,00\n"
    file = read_statements(f"Buchungsdatum;Auftraggeber;Empfänger;Betrag (€)\n{rows}".encode())
    assert [entry.counterparty for entry in file.entries] == ["Bäckerei", "Acme"]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("-12,50", -1250),
        ("12,50-", -1250),
        ("\u221212,50", -1250),
        ("(12.50)", -1250),
        ("-$12.50", -1250),
        ("$ -12.50", -1250),
        ("12,50 DR", -1250),
        ("EUR 12,50", 1250),
        ("1.234,5 €", 123450),
        ("1'234.50", 123450),
        ("1 234,50", 123450),
        ("1\u202f234,50", 123450),
        ("1,23,456.70", 12345670),
        ("12,-", 1200),
        (".5", 50),
    ],
)
def test_amounts_as_banks_write_them(text: str, minor: int) -> None:
    """Decimal comma or point, thousands, signs in front, behind, around or as letters, and the currency beside."""
    decimal = max(",.", key=text.rfind)
    data = f"Datum;Text;Betrag\n15.03.2024;x;{text}\n16.03.2024;x;-0{decimal}10\n"
    assert read_statements(data.encode()).entries[0].amount_minor == minor


@pytest.mark.parametrize(
    "text",
    ["15.03.2024", "15.3.24", "2024-03-15T10:00:00Z", "15 Mar 2024", "15-MAR-24", "15. März 2024", "March 15, 2024"],
)
def test_dates_as_banks_write_them(text: str) -> None:
    assert read_statements(f"Date;Text;Amount\n{text};x;-1.00\n".encode()).entries[0].date == date(2024, 3, 15)
