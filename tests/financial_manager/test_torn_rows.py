"""Rows that are torn apart by commas and quotes, or that stand elsewhere than the others: never a wrong amount, and no
row that vanishes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.financial_manager.statements import StatementError, read_statements
from tests.financial_manager.reading import booked, doubts, guessed
from tests.financial_manager.writers import LINES, Line, number

HEAD = "Date,Text,Amount,Currency\n"


def test_cents_behind_a_bare_comma_are_put_back() -> None:
    """The code of the currency must stand in its own column: only one way of reading fits."""
    text = f"{HEAD}2024-03-15,Bread,-12,50,EUR\n2024-03-28,Wages,1.234,00,EUR\n2024-03-29,Rent,-500,25,EUR\n"
    assert booked(text) == ["2024-03-15 -12.50", "2024-03-28 1234.00", "2024-03-29 -500.25"]


def test_one_row_that_can_only_be_cents_tells_for_the_others() -> None:
    """ "05" is no amount of its own."""
    text = "Date,Text,Amount\n2024-03-15,Bread,-12,50\n2024-03-28,Wages,1234,05\n"
    assert booked(text) == ["2024-03-15 -12.50", "2024-03-28 1234.05"]


@pytest.mark.parametrize(
    "text",
    [
        "Date,Text,Amount\n2024-03-15,Bread,-12,50\n",
        "Date,Text,Amount\n2024-03-15,Bread,-12,50\n2024-03-16,Cheese,-3,20\n",
        "Date,Text,Amount\n2024-03-15,Loan,-12,100\n2024-03-16,Cheese,-3,200\n",
        "Date,Text,Amount,Notes\n2024-03-15,Bread,-12,50\n2024-03-16,Cheese,-3,20\n",
        "Date,Text,Amount,\n2024-03-15,Bread,-12,50\n",
        "Date,Text,Amount,Notes\n2024-03-15,Bread,-12,05\n2024-03-16,Cheese,-3,\n",
        "2024-03-15,Bread,-12,50\n2024-03-16,Cheese,-3,20\n",
        f"{HEAD}2024-03-15,Rent,7,999.00,EUR\n",
        "Date,Text,Amount\n2024-03-15,Bread,-3.00\n2024-03-16,Invoice 4,500,-3.00\n",
        "Date,Text,Amount\n2024-03-16,Invoice 4,500,-3.00\n",
        "Date,Text,Amount,Notes\n2024-03-15,Bread,-3.00,\n2024-03-16,Invoice 4,500,-3.00\n",
        "Date,Text,Amount,Balance,Notes\n2024-03-15,Bread,-3.00,97.00,\n2024-03-16,Invoice 4,500,-3.00,94.00\n",
    ],
)
def test_what_can_be_read_in_several_ways_is_refused(text: str) -> None:
    """With the line, and what to do."""
    with pytest.raises(StatementError, match="no quotes") as caught:
        read_statements(text.encode())
    assert caught.value.where.startswith("line ")
    assert "quotes" in caught.value.remedy


def test_a_text_with_a_bare_comma_is_put_back() -> None:
    """Also one with a number, where the code of the currency leaves no other way."""
    assert booked(f"{HEAD}2024-03-16,Invoice 4,500,-3.00,EUR\n") == ["2024-03-16 -3.00"]
    text = "Date,Text,Amount\n2024-03-15,Smith, John,-3.00\n2024-03-16,Bread, butter, jam,-4.00\n2024-03-17,x,-5.00\n"
    assert booked(text) == ["2024-03-15 -3.00", "2024-03-16 -4.00", "2024-03-17 -5.00"]


def test_a_number_behind_the_table_in_some_rows_is_no_amount() -> None:
    """Cents tell: the number of a check has none."""
    text = "Date,Text,Amount\n2024-03-15,Bread,-3.00\n2024-03-16,Check,-4.00,1234\n"
    assert booked(text) == ["2024-03-15 -3.00", "2024-03-16 -4.00"]


def test_more_cells_than_names_are_columns_without_a_name() -> None:
    """As where a bank forgot to name the balance."""
    text = "Date,Text,Amount\n2024-03-15,Bread,-3.00,97.00\n2024-03-16,Cheese,-4.00,93.00\n"
    assert booked(text) == ["2024-03-15 -3.00", "2024-03-16 -4.00"]


@settings(max_examples=120, deadline=None)
@given(LINES, st.sampled_from(["", "EUR"]), st.booleans(), st.sampled_from(["", "group"]))
def test_bare_decimal_commas_never_give_a_wrong_amount(lines: list[Line], unit: str, named: bool, group: str) -> None:
    """Whatever the amounts: they are read as meant, or refused, or doubted."""
    head = ("Date,Text,Amount" + (",Currency" if unit else "")) if named else ""
    rows = [f"{one.day},Text,{number(one.cents, ',', group)}{',' if unit else ''}{unit}" for one in lines]
    try:
        file = read_statements("\n".join([*([head] if head else []), *rows, ""]).encode())
    except StatementError:
        return
    if "amount_column_assumed" not in doubts(file):
        assert [entry.amount_minor for entry in file.entries] == [one.cents for one in lines]


@pytest.mark.parametrize(
    "rows",
    [
        '2024-03-15,"Pipe 5,-12.50\n2024-03-16,Screw 6",-3.00\n',
        '2024-03-15,"Pipe,-12.50\n2024-03-16,Screw,-1.00\n2024-03-17,Nail",-3.00\n',
        '2024-03-15,5" pipe,-12.50\n2024-03-16,6" pipe,-3.00\n',
        '2024-03-15,"5" pipe",-12.50\n2024-03-16,"x",-3.00\n',
    ],
)
def test_a_stray_quote_swallows_no_row(rows: str) -> None:
    """Every line is a booking, or the file is refused."""
    try:
        file = read_statements(f"Date,Text,Amount\n{rows}".encode())
    except StatementError:
        return
    assert len(file.entries) == rows.count("\n")


def test_a_text_of_several_lines_in_quotes_stays_one_cell() -> None:
    file = read_statements(b'Date,Text,Amount\n2024-03-15,"Bread\nand butter, of 1 March",-12.50\n')
    assert [(entry.purpose, entry.amount_minor) for entry in file.entries] == [("Bread and butter, of 1 March", -1250)]


@pytest.mark.parametrize("cell", ['="-12.50"', '"=""-12.50"""', '="2024-03-15"'])
def test_cells_written_for_spreadsheets_are_read(cell: str) -> None:
    """="0123" tells a spreadsheet that this is a text."""
    day, amount = ("2024-03-15", cell) if "12" in cell else (cell, "-12.50")
    assert booked(f"Date,Text,Amount\n{day},Bread,{amount}\n") == ["2024-03-15 -12.50"]
    assert booked(f"Date;Text;Amount\n{day};Bread;{amount}\n") == ["2024-03-15 -12.50"]


def test_a_second_table_with_other_columns_is_a_second_statement() -> None:
    text = (
        "Account 1\nDate,Description,Amount\n2024-03-15,Bread,-12.50\n2024-03-16,Milk,-1.00\n\n"
        "Account 2\nBooking date,Text,Debit,Credit,Balance\n"
        "2024-03-15,Rent,500.00,,100.00\n2024-03-16,Pay,,50.00,150.00\n"
    )
    statements = read_statements(text.encode()).statements
    assert [[entry.amount_minor for entry in one.entries] for one in statements] == [[-1250, -100], [-50000, 5000]]
    assert statements[1].proof is not None


def test_a_table_without_a_heading_above_another_one_is_read_too() -> None:
    text = (
        "2024-03-15;Bread;-12.50\n2024-03-16;Milk;-1.00\n\n"
        "Booking date;Value date;Text;Amount;Currency\n2024-04-15;2024-04-15;Rent;-500.00;EUR\n"
    )
    assert booked(text) == ["2024-03-15 -12.50", "2024-03-16 -1.00", "2024-04-15 -500.00"]


def test_a_heading_that_is_repeated_begins_no_new_statement() -> None:
    text = "Date,Text,Amount\n2024-03-15,Bread,-12.50\nDate,Text,Amount\n2024-03-16,Milk,-1.00\n"
    file = read_statements(text.encode())
    assert (len(file.statements), len(file.entries)) == (1, 2)


def test_a_table_of_what_is_pending_is_left_out_with_its_reason() -> None:
    text = (
        "Umsätze\nBuchungstag;Text;Betrag\n15.03.2024;Brot;-12,50\n\n"
        "Vorgemerkte Umsätze\nDatum;Text;Betrag;Währung\n16.03.2024;Benzin;-50,00;EUR\n"
    )
    first, second = read_statements(text.encode()).statements
    assert [entry.amount_minor for entry in first.entries] == [-1250]
    assert second.entries == ()
    assert ["not booked this yet (Vorgemerkte Umsätze)" in row.reason for row in second.skipped] == [True]


def test_an_amount_in_another_column_is_reported_with_its_line() -> None:
    """It is neither booked nor dropped in silence."""
    rows = "".join(f"2024-03-{n};x;-{n}.00;\n" for n in range(10, 20))
    statement = read_statements(f"Date;Text;Amount;Notes\n{rows}2024-03-20;y;;-7.00\n".encode()).statements[0]
    assert len(statement.entries) == 10
    assert [(row.line, "column" in row.reason) for row in statement.skipped] == [(12, True)]
    assert "rows_left_out" in {doubt.code for doubt in statement.doubts}


def test_rows_of_which_none_can_be_read_are_an_error() -> None:
    """A heading with rows below it is no empty statement."""
    for rows in ("yesterday;x;much\ntoday;y;little\n", "2024-03-15;x;much\n", "yesterday;x;-3.00\n"):
        with pytest.raises(StatementError, match="below its heading"):
            read_statements(f"Date;Text;Amount\n{rows}".encode())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["2024-03-15", "16.03.2024", "-12.50", "3,00", "Bread", "", "EUR", "Balance", "7"]),
            min_size=1,
            max_size=6,
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["Date;Text;Amount", "Booking date;Value date;Text;Debit;Credit", ""]),
)
def test_no_row_with_a_date_and_an_amount_vanishes(rows: list[list[str]], head: str) -> None:
    """Each is booked, or left out with a reason, or the file is refused."""
    text = "\n".join([head, *(";".join(cells) for cells in rows), ""])
    try:
        file = read_statements(text.encode())
    except StatementError:
        return
    told = {entry.line for entry in file.entries} | {row.line for one in file.statements for row in one.skipped}
    days, amounts = {"2024-03-15", "16.03.2024"}, {"-12.50", "3,00"}
    meant = {n for n, cells in enumerate(rows, start=2) if days & set(cells) and amounts & set(cells)}
    assert meant <= told


def test_a_whole_file_written_for_spreadsheets_is_read() -> None:
    rows = '"=""2024-03-15""","=""Bread""","=""-1,234.50"""\n'
    assert booked(f'"Date","Text","Amount"\n{rows}') == ["2024-03-15 -1234.50"]


def test_balances_below_a_table_are_told_apart_from_rows_that_do_not_fit() -> None:
    """They make the proof, and leave no doubt."""
    text = (
        "Anfangssaldo;01.03.2024;1.000,00 EUR\nBuchungstag;Valuta;Text;Betrag;Währung\n"
        "02.03.2024;02.03.2024;a;-5,00;EUR\n03.03.2024;03.03.2024;b;10,00;EUR\nEndsaldo;31.03.2024;1.005,00 EUR\n"
    )
    file = read_statements(text.encode())
    assert doubts(file) == set()
    assert file.statements[0].proof is not None
    assert file.statements[0].proof.holds


def test_a_named_column_of_numbers_holds_no_cents() -> None:
    text = "Date,Text,Amount,Points\n2024-03-01,a,-50,10\n2024-03-02,b,-20,15\n"
    assert booked(text) == ["2024-03-01 -50.00", "2024-03-02 -20.00"]


def test_a_currency_without_decimals_has_only_thousands() -> None:
    """No yen is split, so a comma before three digits cannot be a decimal sign."""
    file = read_statements(b'Date,Text,Amount,Currency\n2024/03/01,a,"-1,500",JPY\n2024/03/02,b,"2,000",JPY\n')
    assert [entry.amount_minor for entry in file.entries] == [-1500, 2000]
    assert doubts(file) == set()


def test_very_wide_rows_are_read_or_refused() -> None:
    """However many columns: no depth of calls, and no time that grows with every way to join them."""
    head = "Date,Text,Amount" + "".join(f",Note {n}" for n in range(450))
    text = f"{head}\n2024-03-15,Bread,-1.00{',x' * 460}\n2024-03-16,Milk,-2.00{',y, z' * 225}\n"
    assert booked(text) == ["2024-03-15 -1.00", "2024-03-16 -2.00"]


@pytest.mark.parametrize(("start", "end"), [("Opening balance", "Closing balance"), ("Saldo am", "Saldo am")])
def test_balances_above_a_table_are_no_table(start: str, end: str) -> None:
    """Two lines of a shape, with a date and an amount each, and yet no bookings: they are shown, not booked."""
    text = (
        f"{start};01.03.2024;1.000,00\n{end};31.03.2024;1.005,00\n"
        "Buchungstag;Valuta;Text;Betrag;Währung\n02.03.2024;02.03.2024;a;-5,00;EUR\n"
    )
    file = read_statements(text.encode())
    assert [entry.amount_minor for entry in file.entries] == [-500]
    assert [row.line for row in file.statements[0].skipped] == [1, 2]


def test_a_file_of_rows_that_are_far_too_long_is_refused_at_once() -> None:
    """The ways to join cells are not tried without end."""
    rows = f"2024-03-15,Bread,-1.00{',1' * 400}\n" * 200
    with pytest.raises(StatementError, match="no quotes"):
        read_statements(f"Date,Text,Amount\n{rows}2024-03-15,Milk,-1.00\n".encode())


def test_a_single_row_with_a_balance_is_no_torn_row() -> None:
    assert booked("Date,Text,Amount,Balance\n2024-03-15,Bread,-1,99.00\n") == ["2024-03-15 -1.00"]


@settings(max_examples=250, deadline=None)
@given(
    LINES,
    st.lists(st.text("ab 7,05", min_size=1, max_size=14), min_size=12, max_size=12),
    st.sampled_from(["", ",EUR", ",", ",note"]),
    st.booleans(),
)
def test_texts_with_bare_commas_never_give_a_wrong_amount(
    lines: list[Line], texts: list[str], tail: str, balance: bool
) -> None:
    """Whatever the texts hold, numbers too: each row is read as meant or left out, or the file is refused."""
    total, rows = 0, []
    for one, text in zip(lines, texts, strict=False):
        total += one.cents
        held = f",{number(total, '.', '')}" if balance else ""
        rows.append(f"{one.day},x{text},{number(one.cents, '.', '')}{held}{tail}")
    unit = {"": "", ",EUR": ",Currency"}.get(tail, ",Notes")
    text = "\n".join([f"Date,Text,Amount{',Balance' if balance else ''}{unit}", *rows, ""])
    try:
        file = read_statements(text.encode())
    except StatementError:
        return
    if not guessed(file):
        meant = dict(enumerate((one.cents for one in lines), start=2))
        read = {entry.line: entry.amount_minor for entry in file.entries}
        left_out = {row.line for one in file.statements for row in one.skipped}
        assert read == {line: cents for line, cents in meant.items() if line not in left_out}


def test_a_torn_text_behind_the_amount_changes_nothing() -> None:
    """However it is put together: the same date, the same amount."""
    rows = "2024-03-15,-5.00,Pay,12.50\n2024-03-16,-1.00,Smith, John\n2024-03-17,-2.00,x\n"
    assert booked(f"Date,Amount,Description\n{rows}") == ["2024-03-15 -5.00", "2024-03-16 -1.00", "2024-03-17 -2.00"]


def test_a_sparse_column_of_numbers_makes_no_torn_row() -> None:
    rows = "2024-03-15,Bread,-12,\n2024-03-16,Hotel,-50,54.30\n" + "2024-03-17,Milk,-1,\n" * 9
    assert len(booked(f"Date,Text,Amount,Paid abroad\n{rows}")) == 11


@pytest.mark.parametrize("heading", ["", "Date,Description,Amount\n"])
def test_rows_below_a_title_that_says_pending_are_left_out(heading: str) -> None:
    """Until the next title, with the heading repeated or not."""
    text = (
        f"Date,Description,Amount\nPending transactions\n{heading}2024-03-16,y,-2.00\n"
        f"\nBooked transactions\n{heading}2024-03-15,x,-1.00\n"
    )
    file = read_statements(text.encode())
    assert [entry.amount_minor for entry in file.entries] == [-100]
    assert any("Pending transactions" in row.reason and "-2.00" in row.text for row in file.statements[0].skipped)


def test_the_nearest_title_above_a_table_counts() -> None:
    """No pending ones, and the booked ones below their own title."""
    text = "Pending transactions\n\nBooked transactions\nDate,Description,Amount\n2024-03-15,x,-1.00\n"
    assert booked(text) == ["2024-03-15 -1.00"]
