"""MT940, CAMT, OFX, QIF and spreadsheets in the dialects of many banks are read exactly; hostile files are refused."""

from __future__ import annotations

import io
import json
import time
import zipfile

import pytest

from backend.financial_manager.statements import StatementError, read_statements
from tests.financial_manager.bank_files import FILES
from tests.financial_manager.reading import booked, doubts

_OPEN, _CLOSED = ":60F:C240304EUR1000,00\n", ":62F:C240305EUR951,10\n"
_HEAD = ":20:X\n:25:NL91ABNA0417164300\n:28C:1/1\n"


def mt940(*lines: str, opening: str = _OPEN, closing: str = _CLOSED, head: str = _HEAD) -> str:
    """Return one message."""
    return head + opening + "".join(f"{line}\n" for line in lines) + closing


ONE = "2024-03-05 -48.90"
MT940 = {
    "plain": (mt940(":61:2403050305DR48,90NDDTNONREF//POS 12", ":86:105?00LASTSCHRIFT?20SVWZ+Brot"), [ONE]),
    "booked in the year before its value date": (
        mt940(":61:2401021229CR1321,37NTRFNONREF", closing=":62F:C240102EUR2321,37\n"),
        ["2023-12-29 1321.37"],
    ),
    "booked in the year after its value date": (
        mt940(":61:2312290102D48,90NTRFNONREF"),
        ["2024-01-02 -48.90"],
    ),
    "RC leaves and RD comes": (
        mt940(":61:240305RC48,9NMSCNONREF", ":61:240305RD10,NMSCNONREF", ":61:240305RCR1,NMSCNONREF"),
        [ONE, "2024-03-05 10.00", "2024-03-05 -1.00"],
    ),
    "amounts without decimals, with a point, with zeros": (
        mt940(":61:240305D48NMSCNONREF", ":61:240305D0.90NMSCNONREF", ":61:240305C000000000010,00NMSCNONREF"),
        ["2024-03-05 -48.00", "2024-03-05 -0.90", "2024-03-05 10.00"],
    ),
    "spaces between the parts": (mt940(":61: 240305 D 48,90 NMSC NONREF", ":86: Bakker"), [ONE]),
    "a type that ends with a space": (mt940(":61:240305D000000000048,90NET NONREF"), [ONE]),
    "years with their century": (
        mt940(
            ":61:20240305D48,90NMSCNONREF", opening=":60F:C20240304EUR1000,00\n", closing=":62F:C20240305EUR951,10\n"
        ),
        [ONE],
    ),
    "without :62F: and :64:": (mt940(":61:240305D48,90NMSCNONREF", closing=""), [ONE]),
    "a message in SWIFT's blocks, and another one": (
        "{1:F01BANKATWWAXXX0000000000}{2:I940BANKATWWXXXXN}{3:{108:MT940}}{4:\n"
        + mt940(":61:2403050305D48,90S202REF//B1", "/OCMT/EUR48,90/", ":86:/EREF/E1/ORDP//NAME/ACME/REMI/Rent")
        + "-}{5:{CHK:1234}}\n{1:F01BANKATWWAXXX0000000000}{2:I940BANKATWWXXXXN}{4:\n"
        + mt940(":61:2403050305C1,00NCHK123//B2", closing=":62F:C240305EUR1001,00\n")
        + "-}\n",
        [ONE, "2024-03-05 1.00"],
    ),
    "ABN AMRO's first lines": ("ABNANL2A\n940\nABNANL2A\n" + mt940(":61:2403050305D48,9N192NONREF") + "-\n", [ONE]),
    "lines joined by @@, as terminals send them": (
        "@@" + mt940(":61:2403050305D48,90NMSCNONREF", ":86:x").strip().replace("\n", "@@") + "@@-",
        [ONE],
    ),
    "two :86: of one line": (
        mt940(":61:2403050305DN48,90S073NONREF//1", ":86:073", ":86:073~00VE02", "~20Zakup~32SKLEP"),
        [ONE],
    ),
    "fields of the bank's own between": (
        _HEAD + ":NS:22ABC\n" + _OPEN + ":61:2403050305D48,90N641NONREF\n:86:641 ZAKUP\n" + _CLOSED,
        [ONE],
    ),
    "MT942": (
        _HEAD + ":34F:EURD0,\n:13D:2403051200+0100\n:61:2403050305D48,90NMSCNONREF\n:86:x\n:90D:1EUR48,90\n-\n",
        [ONE],
    ),
}


@pytest.mark.parametrize("name", MT940)
def test_mt940_of_any_bank_is_read_exactly(name: str) -> None:
    text, expected = MT940[name]
    assert sorted(booked(text)) == sorted(expected)
    assert sorted(booked(text.replace("\n", "\r\n"))) == sorted(expected)


def test_what_the_fields_of_mt940_say_is_kept() -> None:
    (entry,) = read_statements(MT940["two :86: of one line"][0].encode()).entries
    assert (entry.purpose, entry.counterparty, entry.bank_id) == ("Zakup", "SKLEP", "1")
    file = read_statements(mt940(":61:240305D48,90NMSCNONREF").replace(":25:", ":25:/").encode())
    assert file.statements[0].account == "NL91ABNA0417164300"


@pytest.mark.parametrize(
    "line",
    [
        ":61:240230",
        ":61:240305DNMSCNONREF",
        ":61:240305X48,90NMSC",
        ":61:24030503D48,90NMSCNONREF",
        ":61:241305D1,NMSC",
    ],
)
def test_a_damaged_line_of_mt940_is_refused(line: str) -> None:
    with pytest.raises(StatementError, match=r"^The file has a "):
        read_statements(mt940(line).encode())


_NTRY = (
    '<Ntry><Amt Ccy="EUR">48.90</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
    "<BookgDt><Dt>2024-03-05</Dt></BookgDt>{}</Ntry>"
)


def camt(inner: str = _NTRY, message: str = "BkToCstmrStmt", part: str = "Stmt", root: str = "<Document>") -> str:
    """Return one document."""
    inner = inner.replace("{}", "")
    end = "</Document>" if root else ""
    acct = "<Acct><Id><IBAN>AT611904300234573201</IBAN></Id></Acct>"
    return f"{root}<{message}><GrpHdr/><{part}>{acct}{inner}</{part}></{message}>{end}"


def _named(version: str) -> str:
    return camt(root=f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">')


_BATCH = "<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>" + 2 * (
    '<TxDtls><Amt Ccy="EUR">24.45</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>'
)
CAMT = {
    **{f"version {version}": (_named(version), [ONE]) for version in ("02", "04", "06", "08", "10", "13")},
    "without a namespace": (camt(), [ONE]),
    "without Document": (camt(root=""), [ONE]),
    "with a prefix": (
        camt(root='<n:Document xmlns:n="x">').replace("</Document>", "</n:Document>").replace("<Ntry>", "<Ntry >"),
        [ONE],
    ),
    "in an envelope": (f'<s:Envelope xmlns:s="x"><s:Body>{camt()}</s:Body></s:Envelope>', [ONE]),
    "blank lines first": ("\n\n" + '<?xml version="1.0"?>' + camt(), [ONE]),
    "camt.052": (camt(message="BkToCstmrAcctRpt", part="Rpt"), [ONE]),
    "camt.054": (camt(message="BkToCstmrDbtCdtNtfctn", part="Ntfctn"), [ONE]),
    "a batch is one booking": (camt(_NTRY.replace("{}", _BATCH + "</NtryDtls>")), [ONE]),
    "a time with a zone": (camt(_NTRY.replace("<Dt>2024-03-05</Dt>", "<DtTm>2024-03-05T23:30:00+01:00</DtTm>")), [ONE]),
    "charges are part of the amount": (
        camt(_NTRY.replace("{}", '<Chrgs><Rcrd><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>')),
        [ONE],
    ),
    "another currency was asked for": (
        camt(_NTRY.replace("{}", '<AmtDtls><InstdAmt><Amt Ccy="USD">51.00</Amt></InstdAmt></AmtDtls>')),
        [ONE],
    ),
    "a reversal is as it was booked": (camt(_NTRY.replace("{}", "<RvslInd>1</RvslInd>")), [ONE]),
    "two statements": (camt(_NTRY + "</Stmt><Stmt>" + _NTRY), [ONE, ONE]),
}


@pytest.mark.parametrize("name", CAMT)
def test_camt_of_any_version_is_read_exactly(name: str) -> None:
    text, expected = CAMT[name]
    assert booked(text) == expected
    assert ("reversal" in doubts(read_statements(text.encode()))) == ("reversal" in name)


def ofx(*transactions: str, end: str = "</OFX>") -> str:
    """Return one statement as SGML."""
    account = "<CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>123<ACCTTYPE>CHECKING</BANKACCTFROM>"
    listed = f"<BANKTRANLIST>{''.join(transactions)}</BANKTRANLIST>"
    told = f"<STMTTRNRS><STMTRS>{account}{listed}</STMTRS></STMTTRNRS>"
    return f"OFXHEADER:100\n\n<OFX><BANKMSGSRSV1>{told}</BANKMSGSRSV1>{end}"


def trn(day: str = "20240305", amount: str = "-48.90", end: str = "</STMTTRN>") -> str:
    """Return one transaction."""
    return f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>1<NAME>Shop{end}"


OFX = {
    "a zone does not move the day": (ofx(trn("20240305230000.000[-5:EST]"), trn("20240305000000[+1:CET]")), [ONE, ONE]),
    "days with dashes": (ofx(trn("2024-03-05")), [ONE]),
    "commas": (ofx(trn(amount="-48,90"), trn(amount="1321,37")), [ONE, "2024-03-05 1321.37"]),
    "thousands": (ofx(trn(amount="-1,048.90"), trn(amount="+1,321.37")), ["2024-03-05 -1048.90", "2024-03-05 1321.37"]),
    "no transaction is closed": (ofx(trn(end=""), trn(end="")), [ONE, ONE]),
    "lower case": (ofx(trn()).lower(), [ONE]),
    "what is pending is left out": (
        ofx("</BANKTRANLIST><BANKTRANLISTP><STMTTRNP><DTTRAN>20240306<TRNAMT>-60.00</STMTTRNP></BANKTRANLISTP>"
            "<BANKTRANLIST>" + trn()), [ONE],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OFX)
def test_ofx_of_any_bank_is_read_exactly(name: str) -> None:
    text, expected = OFX[name]
    assert booked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        ofx(trn(), end=""),
        ofx(trn(end=""), trn()),
        ofx(trn(day="20240231")),
        ofx(trn(day="")),
        ofx(trn(amount="abc")),
        ofx(trn()).split("<FITID>")[0],
        ofx(trn(end="")).split("</BANKTRANLIST>")[0],
        '<!DOCTYPE l [<!ENTITY a "x">]>' + ofx(trn()),
        ofx(trn()).replace("<OFX>", '<OFX><!ENTITY a "x">'),
    ],
)
def test_damaged_ofx_is_refused(text: str) -> None:
    with pytest.raises(StatementError, match=r"^The file ") as refused:
        read_statements(text.encode())
    assert refused.value.remedy


QIF = {
    "an apostrophe": ("!Type:Bank\nD3/5'24\nT-48.90\n^\nD3/17'24\nT1,321.37\n^\n", [ONE, "2024-03-17 1321.37"]),
    "splits": ("!Type:CCard\nD03/15/2024\nT-48.90\nSA\n$-40.00\nSB\n$-8.90\n^\n", ["2024-03-15 -48.90"]),
    "two accounts": (
        "!Account\nNGiro\nTBank\n^\n!Type:Bank \nD15.03.2024\nT-48,90\n^\n"
        "!Account\nNVisa\nTCCard\n^\n!Type:CCard\nD16.03.2024\nT-1.048,90\n^\n",
        ["2024-03-15 -48.90", "2024-03-16 -1048.90"],
    ),
    "a list first": ("!Type:Cat\nNFood\nE\n^\n!type:bank\nD15/03/24\nT5.00\nCX\n^\n", ["2024-03-15 5.00"]),
    "thousands with a space, no last ^": ("!Type:Oth A\nD15/03/24\nT-1 048,90\n", ["2024-03-15 -1048.90"]),
}  # fmt: skip


@pytest.mark.parametrize("name", QIF)
def test_qif_of_any_program_is_read_exactly(name: str) -> None:
    text, expected = QIF[name]
    assert booked(text) == expected


def packed(**parts: str | bytes) -> bytes:
    """Return an archive of these parts, whose names have a slash for each "__"."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ("" if name == "mimetype" else ".xml"), data)
    return made.getvalue()


def sheet(*rows: tuple[str | float, ...]) -> bytes:
    """Return a spreadsheet without any style."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    told = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    return packed(xl__worksheets__sheet1=f"<worksheet><sheetData>{told}</sheetData></worksheet>")


def test_days_without_their_style_are_days() -> None:
    """A number below the heading of a date is a day; in a column of another kind it stays a number."""
    made = sheet(("Datum", "Nr", "Betrag", "Saldo"), (45356, 45000, -48.9, 951.1), (45358.5, 45001, 1321.37, 2272.47))
    file = read_statements(made)
    assert booked(made) == [ONE, "2024-03-07 1321.37"]
    assert (proof := file.statements[0].proof) is not None
    assert proof.holds


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packed(**{"xl__workbook": "x"}).replace(b"workbook.xml", b"workbook.bin"), "XLSB"),
        (packed(**{"[Content_Types]": "x"}), "no spreadsheet"),
    ],
)
def test_other_spreadsheets_are_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(StatementError, match=said) as refused:
        read_statements(data)
    assert "CSV" in refused.value.remedy or "Unpack" in refused.value.remedy


_ROW = b"Date;Text;Amount\n2024-03-05;x;1.00"
HOSTILE = {
    "too large": lambda: b"a" * (65 * 2**20),
    "nothing but NULs": lambda: bytes(10**6),
    "NULs inside": lambda: _ROW + b"\n" + bytes(10**5) + b"\n2024-03-06;x;1.00\n",
    "a line without end": lambda: _ROW + b"\n" + b"x" * (30 * 2**20),
    "cells without end": lambda: _ROW + b";" * (30 * 2**20),
    "an archive that unpacks to half a gigabyte": lambda: packed(xl__worksheets__sheet1=b"<a>" + b" " * (500 * 2**20)),
    "texts that unpack to more than is read": lambda: packed(
        xl__worksheets__sheet1="<worksheet/>", xl__sharedStrings=b"<sst>" + b"<si><t>a</t></si>" * (5 * 10**6)
    ),
    "a document without bottom": lambda: b"<BkToCstmrStmt>" + b"<a>" * 10**6,
    "entities in CAMT": lambda: b'<!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>' + camt().encode(),
    "digits without end": lambda: b"!Type:Bank\nD1/1/24\nT" + b"1" * (30 * 2**20),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(name: str) -> None:
    """With words and a remedy, in a few seconds at worst."""
    data = HOSTILE[name]()
    began = time.monotonic()
    with pytest.raises(StatementError, match=r"^The file ") as refused:
        read_statements(data)
    assert refused.value.remedy or refused.value.where
    assert time.monotonic() - began < 20


_GOOD = "Date;Text;Amount\n2024-03-05;a;-48.90\n2024-03-07;b;1321.37\n"


@pytest.mark.parametrize(
    "row",
    [
        "2024-13-45;c;-3.50",
        "2024-3x-05;c;-3.50",
        "2024-03-08;c;abc",
        "2024-03-08;c;1.2.3",
        "2024-03-08;c;-3.",
        "2024-03-08;c;13,37",
        "2024-03-08;c",
        '2024-03-08;"c;-3.50',
    ],
)
def test_a_damaged_row_of_a_table_is_refused_with_its_line(row: str) -> None:
    """A day or an amount that cannot be read, or a row that is cut off, is never left out in silence."""
    with pytest.raises(StatementError, match=r"^The file has ") as refused:
        read_statements(f"{_GOOD}{row}\n".encode())
    assert refused.value.where == "line 4"


@pytest.mark.parametrize("cell", ["", "-", "n/a", "EUR", "null"])
def test_a_cell_that_says_none_is_no_damage(cell: str) -> None:
    assert len(booked(f"{_GOOD}2024-03-08;c;{cell}\n")) == 2


@pytest.mark.parametrize("name", ["LCL, no heading", "Santander PL, no heading in the first line"])
def test_a_balance_without_a_label_is_shown_as_left_out(name: str) -> None:
    """It has another form than all rows; it is not booked, and not dropped in silence."""
    one = next(file for file in FILES if file.name == name)
    (skipped,) = read_statements(one.data).statements[0].skipped
    assert skipped.reason == "This has another form than all rows of the table."


def test_days_that_may_be_turned_are_told_by_the_period_or_doubted() -> None:
    """The period above the table holds all days under one order only; without it the order is a doubt."""
    rows = "Date;Text;Amount\n07/03/2024;a;-48.90\n05/03/2024;b;-1.00\n12/02/2024;b;-2.00\n"
    told = f"From;01/02/2024\nTo;08/03/2024\n;\n{rows}"
    assert "date_order_assumed" not in doubts(read_statements(told.encode()))
    assert booked(told)[0] == "2024-03-07 -48.90"
    assert "date_order_assumed" in doubts(read_statements(rows.replace("12/02/2024", "06/03/2024").encode()))


_GEORGE = [
    {
        "transactionId": "1",
        "booking": "2024-03-05T00:00:00.000+0100",
        "valuation": "2024-03-05T00:00:00.000+0100",
        "partnerName": "Bakery",
        "partnerAccount": {"iban": "AT611904300234573201", "bic": None},
        "amount": {"value": -4890, "precision": 2, "currency": "EUR"},
        "categories": [],
        "favorite": False,
    },
]
_OPEN_BANKING = {
    "account": {"iban": "DE89370400440532013000"},
    "transactions": {
        "booked": [
            {"bookingDate": "2024-03-05", "transactionAmount": {"amount": "-48.90", "currency": "EUR"}},
            {"bookingDate": "2024-03-07", "transactionAmount": {"amount": "1321.37", "currency": "EUR"}},
        ],
        "pending": [{"valueDate": "2024-03-08", "transactionAmount": {"amount": "-60.00", "currency": "EUR"}}],
    },
}


def test_json_of_george_and_of_open_banking_is_read_exactly() -> None:
    """Amounts keep their precision and currency; what is pending is left out, and said to be."""
    file = read_statements(json.dumps(_GEORGE).encode())
    (entry,) = file.entries
    assert (file.format, booked(json.dumps(_GEORGE))) == ("json", [ONE])
    assert (entry.currency, entry.counterparty, entry.iban) == ("EUR", "Bakery", "AT611904300234573201")
    told = json.dumps(_OPEN_BANKING, indent=2)
    assert booked(told) == [ONE, "2024-03-07 1321.37"]
    skipped = [row for statement in read_statements(told.encode()).statements for row in statement.skipped]
    assert "not booked" in skipped[0].reason
    cents = [{"date": "2024-03-05", "description": "x", "amount": -48.9}]
    assert booked(json.dumps(cents)) == [ONE]


@pytest.mark.parametrize("text", [json.dumps(_GEORGE)[:-40], '{"a": 1}', "[[" * 10**5, '[{"a":' * 10**5])
def test_json_that_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(StatementError, match=r"^The file ") as refused:
        read_statements(text.encode())
    assert refused.value.remedy


BANKS = {
    "Erste George": "Erste Bank und Sparkasse (George)",
    "bank99": "bank99",
    "Oberbank": "Oberbank",
    "Dadat, flatex cash account": "flatex, DADAT",
    "Consorsbank": "Consorsbank",
    "HypoVereinsbank": "HypoVereinsbank",
    "1822direkt": "1822direkt",
    "C24": "C24",
    "Barclays card DE": "Barclays",
    "Miles & More": "Miles & More",
    "Trade Republic": "Trade Republic",
    "N26, the old form": "N26",
    "DKB card, new": "DKB, card",
    "UBS, many texts": "UBS",
    "Amex DE, purchases without a minus": "American Express",
}


@pytest.mark.parametrize("name", BANKS)
def test_a_bank_is_known_by_its_heading(name: str) -> None:
    one = next(file for file in FILES if file.name == name)
    assert read_statements(one.data).dialect["bank"] == BANKS[name]
