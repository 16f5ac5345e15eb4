"""MT940, MT942, OFX, QIF and CAMT: what banks write beside the standard is read, what is cut off is said."""

from __future__ import annotations

from datetime import date

import pytest

from backend.financial_manager.statements import StatementError, read_statements
from tests.financial_manager.reading import booked, doubts
from tests.financial_manager.writers import Line, write_camt

LINE = ":61:2401020102D30,NTRF\n"


def mt940(line: str = LINE, closing: str = ":62F:C240102EUR70,\n", account: str = "123") -> str:
    return f":20:A\n:25:{account}\n:28C:1\n:60F:C240101EUR100,\n{line}{closing}-\n"


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        ("50,00", 5000),
        ("50,", 5000),
        (",50", 50),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1234.5", 123450),
        ("1.234.567,", 123456700),
        ("000000000147,64", 14764),
    ],
)
def test_amounts_of_mt940_beside_the_standard(amount: str, minor: int) -> None:
    """In lines and in balances."""
    text = mt940(f":61:2401020102C{amount}NTRF\n", f":62F:C240102EUR{amount}\n")
    statement = read_statements(text.encode()).statements[0]
    assert statement.entries[0].amount_minor == minor
    assert statement.closing is not None
    assert statement.closing.amount_minor == minor


@pytest.mark.parametrize("amount", [",", "1,2,3", "1.23.4"])
def test_an_amount_of_mt940_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(StatementError, match="amount"):
        read_statements(mt940(f":61:2401020102C{amount}NTRF\n").encode())


@pytest.mark.parametrize(
    ("account", "bare", "currency"),
    [
        ("51210600/9223382012EUR", "51210600/9223382012", "EUR"),
        ("NL47INGB9999999999 EUR", "NL47INGB9999999999", "EUR"),
        ("NL47INGB9999999999", "NL47INGB9999999999", None),
        ("12345678/ABCXYZ", "12345678/ABCXYZ", None),
    ],
)
def test_a_currency_behind_the_account_is_not_part_of_it(account: str, bare: str, currency: str | None) -> None:
    statement = read_statements(f":20:A\n:25:{account}\n{LINE}".encode()).statements[0]
    assert (statement.account, statement.currency) == (bare, currency)


def test_the_sums_of_mt942_are_no_statements() -> None:
    """:90D: and :90C: count bookings; they begin no message."""
    text = f":20:A\n:25:123\n:28C:1\n:34F:EUR0,\n:13D:2401021200+0100\n{LINE}:90D:1EUR30,\n:90C:0EUR0,\n-\n"
    file = read_statements(text.encode())
    assert (file.format, len(file.statements), file.statements[0].currency) == ("mt942", 1, "EUR")
    assert booked(text) == ["2024-01-02 -30.00"]


def test_the_other_side_in_one_field_is_taken_apart() -> None:
    details = ":86:/EREF/NOTPROVIDED//CNTP/NL32INGB0000012345/INGBNL2A/A. Smith/Delft//REMI/USTD//Rent of May/\n"
    entry = read_statements(mt940(LINE + details).encode()).entries[0]
    assert (entry.iban, entry.counterparty, entry.purpose) == ("NL32INGB0000012345", "A. Smith", "Rent of May")


def test_a_statement_without_its_closing_balance_says_that_it_may_be_cut_off() -> None:
    assert "cut_off" in doubts(read_statements(mt940(closing="").encode()))
    assert "cut_off" not in doubts(read_statements(mt940().encode()))


def test_what_is_expected_or_pending_is_no_part_of_the_proof() -> None:
    """MT940 and CAMT list it; the balances do not hold it, so neither does the sum."""
    statement = read_statements(mt940(LINE + ":61:2401020102ED5,NTRF\n").encode()).statements[0]
    assert statement.proof is not None
    assert statement.proof.holds
    lines = [Line(date(2024, 1, 2), -3000, "a"), Line(date(2024, 1, 3), -500, "b")]
    xml = write_camt(lines).decode().replace("<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>").replace("PDNG", "BOOK", 1)
    statement = read_statements(xml.replace(">65.00<", ">70.00<").encode()).statements[0]
    assert [entry.booked for entry in statement.entries] == [True, False]
    assert statement.proof is not None
    assert statement.proof.holds
    assert {"The bank has not booked this yet (PDNG)."} == {d.reason for e in statement.entries for d in e.doubts}


def ofx(*transactions: str, end: str = "</OFX>") -> bytes:
    body = "".join(f"<STMTTRN>{one}</STMTTRN>\n" for one in transactions)
    return f"<OFX>\n<STMTRS><CURDEF>EUR\n<BANKTRANLIST>\n{body}</BANKTRANLIST></STMTRS>{end}".encode()


def transaction(amount: str, rest: str = "") -> str:
    return f"<DTPOSTED>20240102<TRNAMT>{amount}{rest}"


@pytest.mark.parametrize(
    ("amounts", "minor"),
    [
        (["-12.50", "1234.00"], [-1250, 123400]),
        (["-12,50", "1234,00"], [-1250, 123400]),
        (["-12,50", "1.234,00"], [-1250, 123400]),
        (["-12.50", "1,234.00"], [-1250, 123400]),
        (["-12.50", "1,234"], [-1250, 123400]),
        (["-.50", "+5.", "7"], [-50, 500, 700]),
    ],
)
def test_amounts_of_ofx_with_point_or_comma(amounts: list[str], minor: list[int]) -> None:
    file = read_statements(ofx(*(transaction(one) for one in amounts)))
    assert [entry.amount_minor for entry in file.entries] == minor
    assert doubts(file) == set()


def test_a_single_comma_before_three_digits_is_doubted() -> None:
    """By the standard it is the decimal sign; many mean thousands."""
    assert "decimal_assumed" in doubts(read_statements(ofx(transaction("1,234"))))


@pytest.mark.parametrize("amount", ["", "1.2.3,4", "12 50", "abc", "--5", "."])
def test_an_amount_of_ofx_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(StatementError, match="readable amount"):
        read_statements(ofx(transaction(amount)))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("M<M SHOP", "M<M SHOP"),
        ("A < B > C", "A < B > C"),
        ("Bread &amp; Co", "Bread & Co"),
        ("M&#38;M", "M&M"),
        ("R&D &copy Sons", "R&D &copy Sons"),
    ],
)
@pytest.mark.parametrize("closing", ["", "</NAME>", "\n"])
def test_signs_in_names_swallow_nothing(written: str, name: str, closing: str) -> None:
    """The text goes to the next tag, and what follows is still read."""
    entry = read_statements(ofx(transaction("-1.00", f"<NAME>{written}{closing}<MEMO>Bread"))).entries[0]
    assert (entry.counterparty, entry.purpose) == (name, "Bread")


@pytest.mark.parametrize("end", ["", "</STMTTRNRS></BANKMSGSRSV1>"])
def test_ofx_that_ends_too_early_is_refused(end: str) -> None:
    """Another account may have stood behind."""
    with pytest.raises(StatementError, match="cut off"):
        read_statements(ofx(transaction("-1.00"), end=end))


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("D1/2/2024\nT5.00\nD1/3/2024\nT6.00\n^\n", "second D"),
        ("D1/2/2024\nT5.00\nPx\nT6.00\n^\n", "second T"),
    ],
)
def test_a_lost_separator_of_qif_is_refused(record: str, says: str) -> None:
    """Two records that ran together would be one booking less."""
    with pytest.raises(StatementError, match=says) as caught:
        read_statements(f"!Type:Bank\n{record}".encode())
    assert caught.value.where.startswith("line ")


def test_a_section_of_qif_of_an_unknown_kind_is_refused() -> None:
    """It may hold money; lists of categories and the like are known and passed over."""
    for section in ("!Type:Loans", "!Type:", "!Typ:Bank"):
        with pytest.raises(StatementError, match="unknown kind"):
            read_statements(f"!Type:Bank\nD1/22/2024\nT5.00\n^\n{section}\nD1/2/2024\nT5.00\n^\n".encode())
    assert booked("!Type:Cat\nNFood\nE\n^\n!Type:Bank\nD1/22/2024\nT5.00\n^\n") == ["2024-01-22 5.00"]


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y"])
def test_the_records_of_qif_are_of_the_shorter_span(form: str) -> None:
    days = [date(2024, 2, day) for day in (1, 1, 3, 5, 9)]
    text = "!Type:Bank\n" + "".join(f"D{day.strftime(form)}\nT-1.00\n^\n" for day in days)
    file = read_statements(text.encode())
    assert [entry.date for entry in file.entries] == days
    assert "date_order_assumed" not in doubts(file)
