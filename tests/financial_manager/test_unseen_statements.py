"""What statements of banks that were not known before taught: each of these was read wrongly, or refused, once."""

from __future__ import annotations

import io
import zipfile

import pytest

from backend.financial_manager.statements import StatementError, read_statements, xlsx, xml_nodes
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.reading import booked, doubts
from tests.financial_manager.test_dialects import mt940

YEN = "日付,摘要,出金,入金,残高\n2026/2/3,セブン,4890,,95110\n2026/2/13,給与,,132137,227247\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (YEN, [-4890, 132137]),
        ("Date,Text,Amount\n2026-02-03,Shop,-4890\n2026-02-13,Pay,132137\n", [-4890, 132137]),
        ('Date,Text,Amount\n2026-02-03,Shop,"-4,890"\n2026-02-13,Pay,"132,137"\n', [-4890, 132137]),
        ("!Type:Bank\nD2026-02-03\nT-4,890\nPShop\n^\nD2026-02-13\nT132,137\nPPay\n^\n", [-4890, 132137]),
        ('[{"date":"2026-02-03","amount":-4890},{"date":"2026-02-13","amount":132137}]', [-4890, 132137]),
    ],
)
def test_amounts_without_a_currency_are_of_the_account(
    household: Household, anna: Actor, text: str, expected: list[int]
) -> None:
    """A yen has no hundredths: a file that tells no currency was booked into such an account a hundredfold."""
    yen = household.account(anna, "Yen", currency="JPY")
    seen = household.look(anna, yen["id"], text.encode())
    assert seen.status_code == 200, seen.text
    assert [row["amount_minor"] for row in seen.json["rows"]] == expected
    assert household.book(anna, yen["id"], text.encode()).json["added"] == 2
    assert sorted(one["amount_minor"] for one in household.lines(anna)) == sorted(expected)


def test_thousandths_of_a_dinar_are_kept(household: Household, anna: Actor) -> None:
    """Where the account's coin is a thousandth, three decimals are no thousands and are not rounded."""
    dinar = household.account(anna, "Dinar", currency="KWD")
    text = b"Date,Text,Amount\n2026-02-03,Shop,-4.895\n2026-02-13,Pay,1132.137\n"
    assert [row["amount_minor"] for row in household.look(anna, dinar["id"], text).json["rows"]] == [-4895, 1132137]


def test_a_guess_of_both_sides_is_doubted_where_the_balance_shows_one_only() -> None:
    """Two columns without a heading, and a balance that moves only by what left: the other one may be anything."""
    text = "2026-02-13;a;;48,90;2271,47\n2026-02-13;b;;1,00;2320,37\n2026-02-03;c;1321,37;;2321,37\n"
    assert "sign_assumed" in doubts(read_statements(text.encode()))


def test_three_digits_behind_the_only_sign_are_thousands() -> None:
    """Nobody writes thousandths of a coin that has hundredths: also where dates are written with points."""
    assert booked('거래일시,내용,거래금액\n2026.02.13,회사,"132,137"\n2026.02.03,편의점,"-4,890"\n') == [
        "2026-02-13 132137.00",
        "2026-02-03 -4890.00",
    ]


def test_a_heading_in_two_lines_is_one() -> None:
    """Also where its words are broken by a hyphen, and where the lower line repeats on no page."""
    text = "Buchungs-;Verwendungs-;Bewegung;;Konto-\ntag;zweck;Soll;Haben;stand\n3.2.26;Rewe;48,90;;951,10\n"
    file = read_statements((text + "13.2.26;Lohn;;1.321,37;2.272,47\n").encode())
    assert [entry.amount_minor for entry in file.entries] == [-4890, 132137]
    assert [entry.purpose for entry in file.entries] == ["Rewe", "Lohn"]
    proof = file.statements[0].proof
    assert proof is not None
    assert proof.holds


def test_qif_with_a_decimal_comma_writes_the_day_first() -> None:
    """Nobody who writes a decimal comma writes the month first."""
    text = "!Type:Bank\nD01/02/2026\nT-48,90\nPShop\n^\nD03/02/2026\nT1.321,37\nPPay\n^\n"
    assert booked(text) == ["2026-02-01 -48.90", "2026-02-03 1321.37"]


def test_a_number_of_json_with_an_exponent_is_an_amount() -> None:
    """Programs write -48.9 as -4.89e1; what is beyond any amount is refused, not counted out."""
    text = '[{"date":"2026-02-03","amount":-4.89e1},{"date":"2026-02-13","amount":1.5E+3}]'
    assert booked(text) == ["2026-02-03 -48.90", "2026-02-13 1500.00"]
    with pytest.raises(StatementError):
        read_statements(b'[{"date":"2026-02-03","amount":1e999999999}]')


def test_national_fields_of_mt940_are_told_apart() -> None:
    """`:NS:` was taken for the end of the purpose; its numbered lines say purpose and name."""
    lines = (":61:240305D48,90NMSCNONREF", ":86:Bonifico", ":NS:01Affitto", "02febbraio", "15MARIO ROSSI", "17BON")
    (entry,) = read_statements(mt940(*lines).encode()).entries
    assert (entry.purpose, entry.counterparty) == ("Bonifico Affitto febbraio", "MARIO ROSSI")


def test_a_reference_that_says_there_is_none_is_none() -> None:
    """`/EREF/NOTPROVIDED` is no reference."""
    (entry,) = read_statements(
        mt940(":61:240305D48,90NTRFNONREF", ":86:/NAME/J JANSEN/REMI/Huur/EREF/NOTPROVIDED").encode()
    ).entries
    assert (entry.reference, entry.purpose) == ("", "Huur")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "交易时间,交易对方,收/支,金额\n2026-02-13,肯德基,支出,48.90\n2026-02-03,李四,收入,100.00\n"),
        ("cp932", "日付,摘要,出金,入金\n2026/2/13,カード,48.90,\n2026/2/3,給与,,100.00\n"),
        ("cp949", "거래일시,적요,출금액,입금액\n2026.02.13,체크카드,48.90,0\n2026.02.03,급여,0,100.00\n"),
        ("big5", "日期,摘要,支出金額,存入金額\n2026/02/13,超商,48.90,\n2026/02/03,薪資,,100.00\n"),
        ("cp1253", "Ημερομηνία;Περιγραφή;Χρέωση;Πίστωση\n13/02/2026;ΑΓΟΡΑ;48,90;\n03/02/2026;ΜΙΣΘΟΣ;;100,00\n"),
        ("cp1253", "ΗΜΕΡΟΜΗΝΙΑ;ΑΙΤΙΟΛΟΓΙΑ;ΠΟΣΟ;ΠΡΟΣΗΜΟ\n13/02/2026;Σκλαβενίτης;48,90;Χ\n03/02/2026;Ενοίκιο;100,00;Π\n"),
        ("cp1255", "תאריך,פרטים,חובה,זכות\n13/02/2026,שופרסל,48.90,\n03/02/2026,משכורת,,100.00\n"),
        ("cp1256", "التاريخ,الوصف,مدين,دائن\n13/02/2026,شراء,48.90,\n03/02/2026,راتب,,100.00\n"),
        ("cp874", "วันที่,รายการ,ถอน,ฝาก\n13/02/2026,ซื้อ,48.90,\n03/02/2026,เงินเดือน,,100.00\n"),
    ],
)
def test_code_pages_of_other_scripts_are_read(encoding: str, text: str) -> None:
    """Their bytes were read as Cyrillic or box drawing: texts were lost, and signs with them."""
    file = read_statements(text.encode(encoding))
    assert file.dialect["encoding"] == encoding
    assert [entry.amount_minor for entry in file.entries] == [-4890, 10000]
    first = file.entries[0]
    assert encoding in ("gb18030", "cp949") or (first.purpose or first.counterparty or "?") in text


@pytest.mark.parametrize("sign", ["^", "~", "|"])
def test_rare_signs_between_cells_are_read(sign: str) -> None:
    text = sign.join(("Date", "Narration", "Amount")) + "\n" + sign.join(("13/02/2026", "Shop; a, b", "-48.90")) + "\n"
    (entry,) = read_statements(text.encode()).entries
    assert (entry.amount_minor, entry.purpose) == (-4890, "Shop; a, b")


def test_greek_of_the_iso_page_is_read() -> None:
    text = "Ημερομηνία;Περιγραφή;Ποσό\n13/02/2026;ΑΓΟΡΑ ΚΑΦΕ;-48,90\n"
    assert read_statements(text.encode("iso8859_7")).entries[0].purpose == "ΑΓΟΡΑ ΚΑΦΕ"


OFX_DAY = """<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><DTPOSTED>{0}<TRNAMT>-1.00<FITID>1</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""
CAMT_DAY = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Ntry>
<Amt Ccy="EUR">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>{0}</Dt></BookgDt></Ntry></Stmt>
</BkToCstmrStmt></Document>"""


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("text", [OFX_DAY, CAMT_DAY], ids=["ofx", "camt"])
def test_days_beyond_our_time_are_no_days(household: Household, anna: Actor, text: str, day: str) -> None:
    """Programs write them for "none"; a preview counted a month on from there, and ended in an error."""
    giro = household.account(anna)
    seen = household.look(anna, giro["id"], text.format(day).encode(), "bank.xml")
    if seen.status_code == 200:
        assert [row["fate"] for row in seen.json["rows"]] == ["unread"]
    else:
        assert seen.status_code == 422, seen.text
        assert "without a date that exists" in seen.text


def test_what_is_not_booked_covers_no_days(household: Household, anna: Actor) -> None:
    """A payment that is only expected, months ahead, hid the gap until then."""
    giro = household.account(anna)
    lines = (":61:240305D48,90NMSCNONREF", ":61:240601ED1,00NMSCNONREF")
    household.book(anna, giro["id"], mt940(*lines).encode(), "bank.sta")
    june = "Date,Text,Amount\n2024-06-20,Shop,-1.00\n2024-06-21,Shop,-2.00\n"
    household.book(anna, giro["id"], june.encode())
    told = household.client(anna).get(f"/accounts/{giro['id']}/coverage").json
    assert [(one["first"], one["last"]) for one in told["spans"]] == [
        ("2024-03-05", "2024-03-05"),
        ("2024-06-20", "2024-06-21"),
    ]
    assert len(told["gaps"]) == 1


def test_a_spreadsheet_cannot_blow_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive that unpacks to millions of cells is refused; empty cells are let go as they are read."""
    monkeypatch.setattr(xlsx, "MOST_CELLS", 10_000)
    with pytest.raises(StatementError, match="10000 cells"):
        read_statements(_spreadsheet("<row><c r='GR1'><v>1</v></c></row>" * 60))
    monkeypatch.setattr(xml_nodes, "_MOST_HELD", 1_000)
    with pytest.raises(StatementError, match="no row with a date"):
        read_statements(_spreadsheet("<row>" + "<c r='A1'/>" * 5_000 + "</row>"))
    with pytest.raises(StatementError, match="deeper or longer"):
        read_statements(_spreadsheet("<row>" + "<c><v>1</v></c>" * 5_000 + "</row>"))


def _spreadsheet(rows: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        # DKB, Consorsbank: the number behind the name is the other side's
        "Buchungstag;Auftraggeber / Begünstigter;Verwendungszweck;Kontonummer;BLZ;Betrag (EUR)\n"
        "03.02.2026;REWE;Einkauf;DE89370400440532013000;37040044;-48,90\n"
        "13.02.2026;Arbeitgeber;Lohn;DE02120300000000202051;12030000;1.321,37\n",
        # Keytrade: a dash where a card paid
        "Extract;Date;Account;Description;Amount;Currency\n"
        "6;03.02.2026;-;COLRUYT;-48,90;EUR\n5;13.02.2026;BE68 5390 0754 7034;SALARY;1.321,37;EUR\n",
        # both sides are named, each with its account
        "Data;Nazwa nadawcy;Nazwa odbiorcy;Kwota;Numer rachunku nadawcy;Numer rachunku odbiorcy\n"
        "03.02.2026;JAN;SKLEP;-48,90;1111;DE89370400440532013000\n13.02.2026;FIRMA;JAN;1.321,37;2222;1111\n",
        # the own account stands above the table
        "IBAN;AT611904300234573201\n\nDatum;Text;Konto;Betrag\n"
        "03.02.2026;REWE;DE89370400440532013000;-48,90\n13.02.2026;Lohn;DE89370400440532013000;1.321,37\n",
    ],
    ids=["behind the name", "with empty ones", "of both sides", "another one above"],
)
def test_accounts_of_the_other_side_are_not_ones_own(household: Household, anna: Actor, text: str) -> None:
    """Such a file was refused as one of several accounts, or lines to one's own savings went into those."""
    giro = household.account(anna, iban="AT611904300234573201")
    household.account(anna, "Savings", iban="DE02120300000000202051")
    assert household.look(anna, giro["id"], text.encode()).status_code == 200
    assert household.book(anna, giro["id"], text.encode()).json["added"] == 2
    entries = read_statements(text.encode()).entries
    assert not any(entry.account for entry in entries)
    assert all(entry.iban for entry in entries if entry.amount_minor > 0)


def test_several_accounts_of_ones_own_stay_apart() -> None:
    """A column before the date, or of names, or always filled and away from the payee, tells the own accounts."""
    for text in (
        "Account,Date,Text,Amount\n1111,2026-02-03,a,-1.00\n2222,2026-02-04,b,-2.00\n",
        "Date,Text,Amount,Account\n2026-02-03,a,-1.00,Giro\n2026-02-04,b,-2.00,Card\n",
        "Date,Text,Amount,Account\n2026-02-03,a,-1.00,11112222\n2026-02-04,b,-2.00,33334444\n",
    ):
        assert len({entry.account for entry in read_statements(text.encode()).entries}) == 2, text


@pytest.mark.parametrize(
    ("period", "rows"),
    [
        ("01/02/2026 - 02/03/2026", "03/02;a;-1,00\n12/02;b;-2,00\n"),  # which is the month?
        ("1.1.2024 - 31.12.2026", "3.2.;a;-1,00\n12.2.;b;-2,00\n"),  # which year?
        ("01.02.2026 - 28.02.2026", "03.02.;a;-1,00\n12.03.;b;-2,00\n"),  # not all inside
        ("", "03.02.;a;-1,00\n12.02.;b;-2,00\n"),
    ],
)
def test_days_without_a_year_are_read_only_where_the_period_tells_all(period: str, rows: str) -> None:
    with pytest.raises(StatementError, match="dates below its heading"):
        read_statements(f"Zeitraum;{period}\nDatum;Text;Betrag\n{rows}".encode())


def test_what_is_held_is_left_out_and_listed() -> None:
    """A word for "not booked" instead of a reference, among references; a reference that is a word stays."""
    text = "Date,Text,Reference,Amount\n2026-02-03,a,HOLD,-1.00\n2026-02-04,b,RENT,-2.00\n2026-02-05,c,X1,-3.00\n"
    (statement,) = read_statements(text.encode()).statements
    assert [entry.amount_minor for entry in statement.entries] == [-200, -300]
    assert [one.reason for one in statement.skipped] == ["The bank has not booked this yet (HOLD)."]


def test_letters_mean_what_their_heading_says() -> None:
    """Below "Cargo/Abono" a C is a charge; below "Credit/Debit" it is a credit."""
    rows = "2026-02-03;a;1,00;C\n2026-02-04;b;2,00;{}\n"
    assert booked("Fecha;Texto;Importe;Cargo/Abono\n" + rows.format("A")) == ["2026-02-03 -1.00", "2026-02-04 2.00"]
    assert booked("Date;Text;Amount;Credit/Debit\n" + rows.format("D")) == ["2026-02-03 1.00", "2026-02-04 -2.00"]
