"""Statements written in many dialects, for reading them back: the bank's side of the tests."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from xml.sax.saxutils import escape

from hypothesis import strategies as st


@dataclass(frozen=True)
class Line:
    """One booking: day, signed cents, words."""

    day: date
    cents: int
    words: str


WORDS = st.text(alphabet="abcdefgh äöüéß XYZ,;\"'.-/&", min_size=1, max_size=30).map(lambda t: f"x{t}x")
LINES = st.lists(
    st.builds(
        Line,
        st.dates(date(2001, 1, 1), date(2039, 12, 31)),
        st.integers(-99_999_999, 99_999_999).filter(bool),
        WORDS,
    ),
    min_size=1,
    max_size=12,
)

HEADINGS = {
    "de": ("Buchungstag", "Verwendungszweck", "Betrag", "Soll", "Haben", "Saldo", "Währung"),
    "en": ("Date", "Description", "Amount", "Debit", "Credit", "Balance", "Currency"),
    "fr": ("Date", "Libellé", "Montant", "Débit", "Crédit", "Solde", "Devise"),
    "it": ("Data contabile", "Descrizione", "Importo", "Addebiti", "Accrediti", "Saldo", "Divisa"),
    "es": ("Fecha operación", "Concepto", "Importe", "Cargo", "Abono", "Saldo", "Divisa"),
    "nl": ("Boekingsdatum", "Omschrijving", "Bedrag", "Af", "Bij", "Saldo", "Munt"),
    "pl": ("Data operacji", "Opis operacji", "Kwota", "Obciążenia", "Uznania", "Saldo po operacji", "Waluta"),
    "cs": ("Datum zaúčtování", "Popis", "Částka", "Výdaje", "Příjmy", "Zůstatek", "Měna"),
    "sv": ("Bokföringsdag", "Beskrivning", "Belopp", "Uttag", "Insättning", "Saldo", "Valuta"),
}
DATES = ("%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%d-%m-%Y", "%Y/%m/%d", "%d %b %Y")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1")


@dataclass(frozen=True)
class Dialect:
    """How one bank writes its CSV."""

    language: str
    dates: str
    encoding: str
    delimiter: str
    decimal: str
    thousands: str
    columns: str
    """"signed", "pair" (debit and credit columns) or "letters" (an amount and S or H)."""
    balance: bool
    falling: bool
    preamble: bool
    heading: bool
    newline: str


DIALECTS = st.builds(
    Dialect,
    st.sampled_from(sorted(HEADINGS)),
    st.sampled_from(DATES),
    st.sampled_from(ENCODINGS),
    st.sampled_from(";,\t|"),
    st.sampled_from(".,"),
    st.sampled_from(["", "group", "'", " "]),
    st.sampled_from(["signed", "pair", "letters"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


def number(cents: int, decimal: str, thousands: str) -> str:
    """Write cents as an amount."""
    whole, part = divmod(abs(cents), 100)
    group = {"group": "." if decimal == "," else ","}.get(thousands, thousands)
    text = f"{whole:,}".replace(",", group)
    return f"{'-' if cents < 0 else ''}{text}{decimal}{part:02d}"


def write_csv(lines: list[Line], dialect: Dialect, opening: int = 10_000) -> bytes:
    """Write a statement as this bank would."""
    day, words, amount, debit, credit, balance, currency = HEADINGS[dialect.language]
    amounts = {"signed": [amount], "pair": [debit, credit], "letters": [amount, "S/H"]}[dialect.columns]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=dialect.delimiter, lineterminator="\n")
    if dialect.preamble:
        writer.writerows([["Kontonummer:", "DE02120300000000202051"], ["Max Muster"], []])
    if dialect.heading:
        writer.writerow([day, words, *amounts, *([balance] if dialect.balance else []), currency])
    totals = list(accumulate((line.cents for line in lines), initial=opening))[1:]
    rows = [_row(line, total, dialect) for line, total in zip(lines, totals, strict=True)]
    writer.writerows(reversed(rows) if dialect.falling else rows)
    western = dialect.encoding in ("cp1252", "latin-1")
    encoding = "cp1250" if western and dialect.language in ("pl", "cs") else dialect.encoding
    return out.getvalue().replace("\n", dialect.newline).encode(encoding, "replace")


def _row(line: Line, total: int, dialect: Dialect) -> list[str]:
    bare = number(abs(line.cents), dialect.decimal, dialect.thousands)
    cells = {
        "signed": [number(line.cents, dialect.decimal, dialect.thousands)],
        "pair": [bare, ""] if line.cents < 0 else ["", bare],
        "letters": [bare, "S" if line.cents < 0 else "H"],
    }[dialect.columns]
    balance = [number(total, dialect.decimal, dialect.thousands)] if dialect.balance else []
    return [line.day.strftime(dialect.dates), line.words, *cells, *balance, "EUR"]


def write_mt940(lines: list[Line], opening: int = 10_000) -> bytes:
    """Write MT940."""

    def amount(cents: int) -> str:
        return number(abs(cents), ",", "")

    def mark(cents: int) -> str:
        return "D" if cents < 0 else "C"

    closing = opening + sum(line.cents for line in lines)
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    body = "".join(
        f":61:{line.day:%y%m%d}{line.day:%m%d}{mark(line.cents)}{amount(line.cents)}NTRFNONREF//B{n}\r\n"
        f":86:166?00GUTSCHRIFT?20SVWZ+Zweck {n}?32Name {n}\r\n"
        for n, line in enumerate(lines)
    )
    text = (
        f":20:STARTUMSE\r\n:25:DE02120300000000202051\r\n:28C:1/1\r\n:60F:{mark(opening)}{first:%y%m%d}EUR{amount(opening)}"
        f"\r\n{body}:62F:{mark(closing)}{last:%y%m%d}EUR{amount(closing)}\r\n-\r\n"
    )
    return text.encode()


def write_camt(lines: list[Line], opening: int = 10_000) -> bytes:
    """Write CAMT.053."""

    def money(cents: int) -> str:
        sign = "DBIT" if cents < 0 else "CRDT"
        return f'<Amt Ccy="EUR">{number(abs(cents), ".", "")}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'

    def balance(kind: str, cents: int, day: date) -> str:
        return f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{money(cents)}<Dt><Dt>{day}</Dt></Dt></Bal>"

    closing = opening + sum(line.cents for line in lines)
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    entries = "".join(
        f"<Ntry>{money(line.cents)}<Sts>BOOK</Sts><BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>"
        f"<AcctSvcrRef>R{n}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>Zweck {n}</Ustrd></RmtInf></TxDtls>"
        "</NtryDtls></Ntry>"
        for n, line in enumerate(lines)
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        "<BkToCstmrStmt><GrpHdr/><Stmt><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balance('OPBD', opening, first)}{balance('CLBD', closing, last)}{entries}</Stmt></BkToCstmrStmt></Document>"
    )
    return text.encode()


def write_ofx(lines: list[Line], *, closed: bool) -> bytes:
    """Write OFX: with closing tags (version 2) or without (version 1)."""

    def value(tag: str, text: str) -> str:
        return f"<{tag}>{text}" + (f"</{tag}>" if closed else "") + "\n"

    entries = "".join(
        "<STMTTRN>\n"
        + value("TRNTYPE", "OTHER")
        + value("DTPOSTED", f"{line.day:%Y%m%d}120000[-5:EST]")
        + value("TRNAMT", number(line.cents, ".", ""))
        + value("FITID", f"F{n}")
        + value("NAME", "Bread &amp; Co")
        + "</STMTTRN>\n"
        for n, line in enumerate(lines)
    )
    text = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>"
        f"<STMTRS>{value('CURDEF', 'EUR')}<BANKACCTFROM>{value('ACCTID', '123')}</BANKACCTFROM>"
        f"<BANKTRANLIST>{entries}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    return text.encode()


def write_qif(lines: list[Line], dates: str, decimal: str) -> bytes:
    """Write QIF."""
    body = "".join(
        f"D{line.day.strftime(dates)}\nT{number(line.cents, decimal, 'group')}\nPName\nMWords\n^\n" for line in lines
    )
    return f"!Type:Bank\n{body}".encode()


def write_xlsx(padding: int = 0) -> bytes:
    """Write a spreadsheet with two bookings; `padding`: bytes of spaces in its texts."""
    serial = (date(2024, 3, 15) - date(1899, 12, 30)).days
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Buchungstag</t></is></c><c r="B1" t="s"><v>0</v></c>'
        '<c r="C1" t="inlineStr"><is><t>Betrag (EUR)</t></is></c></row>'
        f'<row r="2"><c r="A2" s="1"><v>{serial}</v></c><c r="B2" t="s"><v>1</v></c>'
        '<c r="C2"><v>-12.339999999999999</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>28.03.2024</t></is></c><c r="C3"><v>1.234E3</v></c></row>'
    )
    return _packed(
        {
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
            "xl/sharedStrings.xml": "<sst>"
            + " " * padding
            + "<si><t>Text</t></si><si><r><t>Bro</t></r><r><t>t</t></r></si></sst>",
            "xl/styles.xml": _STYLES,
            "docProps/core.xml": "",
        }
    )


def write_sheets(*sheets: list[list[date | Decimal | str]], epoch: date = date(1899, 12, 30)) -> bytes:
    """Write a spreadsheet: dates as numbers with a style, counted from a day; decimals as numbers; the rest as text."""

    def cell(value: date | Decimal | str) -> str:
        if isinstance(value, date):
            return f'<c s="1"><v>{(value - epoch).days}</v></c>'
        if isinstance(value, Decimal):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    parts = {"xl/styles.xml": _STYLES}
    for n, sheet in enumerate(sheets, start=1):
        rows = "".join(f"<row>{''.join(cell(value) for value in row)}</row>" for row in sheet)
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    if epoch.year == 1904:
        parts["xl/workbook.xml"] = '<workbook><workbookPr date1904="1"/></workbook>'
    return _packed(parts)


_STYLES = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def _packed(parts: dict[str, str]) -> bytes:
    """Pack the parts of a spreadsheet."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()
