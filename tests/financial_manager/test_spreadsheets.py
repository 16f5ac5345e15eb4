"""Spreadsheets that are no XLSX: Excel's old files, OpenDocument, and what banks only call ".xls"."""

from __future__ import annotations

import base64
import io
import random
import threading
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest

from backend.financial_manager.statements import (
    StatementError,
    StatementFile,
    limits,
    other_sheets,
    read_statements,
    sheet_process,
    sheets,
)
from tests.hub import Answer, Hub

OLD_EXCEL = zlib.decompress(base64.b85decode(
    'c-rk)O>7%Q6n?Yb^{&&{ancmjB2}x3w)97l?SxVe#f{Y_MaWU<Uka*J*6}o1*<MHMbt7_sLdg*ci4%xRQK>`^1ug{y2)J=TN(Bd`'
    'R#lUdTTe(W>Y>f{&D&YaNsZJ<v{EWRYu?WLnfYet&Ab`!mD%pObKh*3hh_8%L}1a6L9|K7u*5<k3266yQ4OC47Qaoaied%^GOEE3'
    '@!xe3LlN(JP~dCzSL6UUv7CTO7^ynke1eptF<4BDVGmPr?J4jXmISP)arF=%BfggSSLFL6@x7$^koX?-onvppY<6V(Zn=(+E1Src'
    'K+fP>YIBt|X;=rpiFN$$M=bEwV9>R#^3!72sCL46z*rA+hr2@Vf-j&0VBfyJe7^4uq&eutb#NZ;_$I*ZaKry%w)Ia|&j9szm+JNZ'
    '&>I-UR{9vI59vQvRDd(!zs1DrpMf}xYQmzyYgNaq&OjI3qP(xe(MoN>o96dm8+#TNy;wRSaI>8WtH51MA468fF5BG9al1BY^D_4S'
    'YHn}@od=KXN~d2=4fLl{nf`$nU+T}K(wiad)jVBw%v8EBmFdf*GP}%zT{APgLop7JtB+08o$*@H^6C{F(J`xB_bfbu_E#oPEjZ(Z'
    'evG?Q+$jpb=_x)|LcbjMTx%TH_~^ofi-rWM7RE~4<+eHO{(Ga0ro+5a;bkX+ogF>21|VOrdE7OJD}@6Iu{kEJvS$wQf?Ky-R2;DC'
    'wbO`%TI>*~D{pg;<F+~MSw(M(yCtp(!L3$0#4$-}HMu0M#wpo!A}`_$i+VSuoFoSC-k1OUkuMy~o+Ql~I!c2Bce4l<`0$=+fsGSn'
    'Q5t+Z@g2n9r(U0<`Uc{?7*u?2Ik-+%hR%}D2V~uXIQ>L_X16xgU%>jzt=GTXIP-UQ8`duk&rkPW`YU@5HsOLQVtesB3p?3P_UR{r'
    'zR!kFCR6iu;_Dwu(}t3iWB28)q6_Ye{Dag@JdnifFzL@)_%rfXq(3A7h`6{YJ#d+(XK&Nh<#ESEkyj%oGV7|0iPB<@gZWUUhe{b?'
    'sfS7)nv8;qExKu511W-%-jGz3jE1D46l+LPlsY7iwhZSd9K8nO9X_8`Bv+`NMhI(UFB&0WdV+TpA!+z_C$IT_U=s*&i4bjp5G8~Q'
    'gmAHe5G90!M2HeXmqdsX!iDEUTQh>*0zoH)i^~vnLP$ykoe;!6h~TQy31J{u0Y3-!W)!0Zia{vK6-Dv@#UPX(iDD4STKOIZp+u(c'
    '`hhJ(pq&J*c2b+#)TTDIY1I>x*GO@7Qt3Yc$m22iu5%yDV*4}6Q%i@Sia!tkA?^nUpDw(;qV@9(Xe{iDJz|^id!e9FM0cSC1sX?b'
    '#p@R@Ijs489=T!i|Jy<<#a~>>I3F|q14D(1;{'
))  # fmt: skip
"""A workbook of Excel 97 with two sheets: the account's holder, and below two lines a table that begins in column B."""
WEB = "<html><head><title>x</title>{head}</head><body>{body}</body></html>"


def read_or_refused(data: bytes) -> bool:
    """Return whether a file is read, or refused with a remedy."""
    try:
        return bool(read_statements(data).statements)
    except StatementError as error:
        return bool(error.fields[0].remedy)


def entries(file: StatementFile) -> list[tuple[date | None, int, str]]:
    """Return day, signed amount in minor units and text of each booking."""
    return [(one.date, one.amount_minor, f"{one.counterparty} {one.purpose}".strip()) for one in file.entries]


def ods(rows: str, *, mimetype: str = "application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    """Return an OpenDocument spreadsheet with these rows, as LibreOffice packs it."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Umsätze">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("mimetype", mimetype)
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", "<manifest/>")
    return made.getvalue()


def ods_row(day: str, text: str, amount: str) -> str:
    return (
        f'<table:table-row><table:table-cell office:value-type="date" office:date-value="{day}"><text:p>x</text:p>'
        f'</table:table-cell><table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="currency" office:currency="EUR" office:value="{amount}"><text:p>y'
        '</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
    )


ODS_HEAD = "<table:table-row>" + "".join(
    f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
    for name in ("Buchungsdatum", "Text", "Betrag")
) + "</table:table-row>"  # fmt: skip
ODS_REST = (
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def excel_xml(rows: str, *, encoding: str = "UTF-8") -> bytes:
    """Return a workbook in Excel's XML of 2003."""
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles/>'
        f'<Worksheet ss:Name="Hareketler"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode(encoding)


def xml_row(*cells: tuple[str, str], more: str = "") -> str:
    return f"<Row{more}>" + "".join(
        f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>' for kind, text in cells
    ) + "</Row>"  # fmt: skip


def page(*rows: str, head: str = "") -> str:
    return WEB.format(head=head, body=f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")


def cells(*texts: str, tag: str = "td") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


# ------------------------------------------------------------------ Excel 97 to 2003


def test_an_old_excel_file_is_read_to_the_cent() -> None:
    """Days by their style, 15 digits of a number, letters beyond ASCII, a table that begins anywhere."""
    file = read_statements(OLD_EXCEL, "umsatz.xls")
    assert (file.format, file.dialect["sheet"]) == ("xls", "Umsätze")
    assert entries(file) == [
        (date(2026, 2, 3), -23_45, "Bäckerei Größl Semmeln"),
        (date(2026, 2, 4), 2345_00, "Muster GmbH Gehalt Februar"),
        (date(2026, 2, 5), -30, "Hausverwaltung Miete"),
        (date(2026, 2, 27), -1234_56, "Stadtwerke Strom"),
    ]
    assert [one.value_date for one in file.entries][1] == date(2026, 2, 5)
    assert {one.currency for one in file.entries} == {"EUR"}
    assert [one.line for one in file.entries] == [6, 7, 8, 9]


def test_an_old_excel_file_in_an_archive_is_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("umsatz.xls", OLD_EXCEL)
    assert entries(read_statements(made.getvalue())) == entries(read_statements(OLD_EXCEL))


@pytest.mark.parametrize("length", [9, 600, 3000, len(OLD_EXCEL) - 600])
def test_what_is_left_of_an_old_excel_file_is_read_or_refused_with_its_remedy(length: int) -> None:
    assert read_or_refused(OLD_EXCEL[:length])


def test_a_file_of_another_old_program_is_refused() -> None:
    """A locked XLSX, a letter and a mail begin like an old Excel file."""
    with pytest.raises(StatementError, match="damaged or locked"):
        read_statements(OLD_EXCEL.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")))


def test_hostile_bytes_are_read_or_refused() -> None:
    """Whatever stands in them: the process that reads ends, nothing else does."""
    rolled = random.Random(5)
    for _ in range(12):
        data = bytearray(OLD_EXCEL)
        for _ in range(rolled.choice((1, 20, 400))):
            data[rolled.randrange(8, len(data))] = rolled.randrange(256)
        assert read_or_refused(bytes(data))


@pytest.mark.parametrize("program", ["", "import os; os._exit(1)", "raise MemoryError", "while True: pass"])
def test_a_process_that_ends_or_hangs_is_an_error_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(program)
    monkeypatch.setattr(other_sheets, "_PROGRAM", broken)
    monkeypatch.setattr(other_sheets, "_WAIT_SECONDS", 0.5)
    with pytest.raises(StatementError, match="cannot be opened safely") as told:
        read_statements(OLD_EXCEL)
    assert "XLSX or CSV" in told.value.fields[0].remedy


def test_the_process_has_the_bounds_of_all_spreadsheets() -> None:
    """It imports nothing of the platform, so it has them a second time."""
    for name in ("MOST_SHEETS", "MOST_COLUMNS", "MOST_CELLS"):
        assert getattr(sheet_process, name) == getattr(sheets, name)
    assert sheet_process.MOST_ROWS == limits.MOST_ENTRIES


# ------------------------------------------------------------------ OpenDocument


def test_an_opendocument_spreadsheet_is_read_whatever_it_repeats() -> None:
    """LibreOffice fills each sheet up to its last row and column with one repeated empty cell."""
    rows = ODS_HEAD + ods_row("2026-03-01", "Bäcker", "-3.2") + ods_row("2026-03-02", "Lohn", "1800") + ODS_REST
    file = read_statements(ods(rows), "x.ods")
    assert file.format == "ods"
    assert entries(file) == [(date(2026, 3, 1), -3_20, "Bäcker"), (date(2026, 3, 2), 1800_00, "Lohn")]


def test_an_opendocument_sheet_that_repeats_a_booking_without_end_is_refused() -> None:
    """A million times the same booking is no statement: it ends as an error, within the bounds."""
    row = ods_row("2026-03-01", "x", "-3.2").replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1048570">'
    )
    with pytest.raises(StatementError, match="more than 500000 lines"):
        read_statements(ods(ODS_HEAD + row))


def test_an_opendocument_text_is_no_spreadsheet() -> None:
    with pytest.raises(StatementError, match="packed, but no spreadsheet"):
        read_statements(ods("", mimetype="application/vnd.oasis.opendocument.text"))


# ------------------------------------------------------------------ XML of Excel 2003


def test_excels_xml_is_read_with_the_places_that_its_cells_name() -> None:
    """Empty cells and rows are left out of the file; the next ones say where they stand."""
    rows = (
        xml_row(("String", "Tarih"), ("String", "Açıklama"), ("String", "Borç"), ("String", "Alacak"))
        + '<Row ss:Index="4"><Cell><Data ss:Type="DateTime">2026-03-01T00:00:00.000</Data></Cell><Cell><Data '
        'ss:Type="String">Kira</Data></Cell><Cell><Data ss:Type="Number">-1500.5</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="DateTime">2026-03-02T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">'
        'Maaş <B>Mart</B></Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">2.5E4</Data></Cell></Row>'
    )
    file = read_statements(excel_xml(rows))
    assert (file.format, file.dialect["sheet"]) == ("xls", "Hareketler")
    assert entries(file) == [(date(2026, 3, 1), -1500_50, "Kira"), (date(2026, 3, 2), 25000_00, "Maaş Mart")]
    assert [one.line for one in file.entries] == [4, 5]


def test_excels_xml_says_its_code_page_itself() -> None:
    rows = xml_row(("String", "Datum"), ("String", "Text"), ("String", "Betrag"))
    rows += xml_row(("String", "31.03.2026"), ("String", "Müller"), ("String", "-1.234,50"))
    file = read_statements(excel_xml(rows, encoding="ISO-8859-1"))
    assert entries(file) == [(date(2026, 3, 31), -1234_50, "Müller")]


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + excel_xml("").decode().partition("?>\n")[2],
        excel_xml("<Row><Cell>").decode().replace("</Table>", ""),
        excel_xml('<Row ss:Index="99999999"><Cell ss:Index="99999999"/></Row>').decode(),
        excel_xml("").decode(),
    ],
)
def test_hostile_or_empty_xml_of_excel_is_refused(text: str) -> None:
    with pytest.raises(StatementError) as told:
        read_statements(text.encode())
    assert told.value.fields[0].remedy


# ------------------------------------------------------------------ pages that are called .xls


@pytest.mark.parametrize("code", ["utf-8", "windows-1254", "iso-8859-9"])
def test_a_page_is_read_in_the_code_page_that_it_names(code: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={code}">'
    rows = (
        cells("Tarih", "Açıklama", "Tutar", "Bakiye", tag="th"),
        cells("03.02.2026", "ŞOK MARKET<br>İstanbul", "-1.023,45", "8.976,55"),
        cells("04.02.2026", "Maaş", "25.000,00", "33.976,55"),
    )
    file = read_statements(page(*rows, head=head).encode(code))
    assert file.format == "html"
    assert entries(file) == [
        (date(2026, 2, 3), -1023_45, "ŞOK MARKET İstanbul"),
        (date(2026, 2, 4), 25000_00, "Maaş"),
    ]


def test_a_page_that_names_no_code_page_is_understood_as_other_tables_are() -> None:
    rows = (cells("Datum", "Text", "Betrag"), cells("03.02.2026", "Bäckerei Größl", "-3,20"))
    for code in ("utf-8", "cp1252", "utf-16"):
        assert entries(read_statements(page(*rows).encode(code))) == [(date(2026, 2, 3), -3_20, "Bäckerei Größl")]


def test_a_piece_of_a_page_with_heading_and_rows_in_tables_of_their_own() -> None:
    """As some banks build it: frames of tables, a heading in one and the bookings in another, wide cells, no body."""
    text = (
        "<style>td{mso-number-format:'\\@'}</style><table><tr><td><table><tr><td colspan='4'>Konto AT61 1904 3002"
        " 3457 3201</td></tr></table></td></tr></table><table><tr><th>Datum</th><th colspan=2>Text</th><th>Betrag"
        "</th></tr></table><div><table><tr><td>28.02.2026<td colspan=2>Miete &amp; Strom<td>-750,00&nbsp;EUR"
        "<tr><td>27.02.2026<td colspan=2>Lohn<td>1.800,00&nbsp;EUR</table>"
    )
    assert entries(read_statements(text.encode())) == [
        (date(2026, 2, 28), -750_00, "Miete & Strom"),
        (date(2026, 2, 27), 1800_00, "Lohn"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        WEB.format(head="", body="<form><input name=user></form>"),
        WEB.format(head="<meta charset=utf-99>", body="<table><tr><td>Log in</td><td>Help</td></tr></table>"),
        page(cells("Opening hours", "Monday"), cells("08:00", "17:00")),
        "<html>" + "<table><tr><td>" * 20_000,
    ],
)
def test_a_page_without_bookings_is_said_to_be_one(text: str) -> None:
    """The log-in page that a browser saved under the statement's name, for example."""
    with pytest.raises(StatementError, match="web page, no statement"):
        read_statements(text.encode())


# ------------------------------------------------------------------ in a hub


def test_a_hub_reads_them_too(tmp_path: Path) -> None:
    """Where greenlets and native threads meet, and for several at once."""
    where = "/api/v1/financial_manager"
    with Hub(tmp_path / "data", {"HOMIE_WORKERS": "1"}) as hub:
        token = hub.set_up()
        account = hub.post(f"{where}/accounts", {"name": "Giro", "kind": "bank", "currency": "EUR"}, token=token)
        assert account.status == 201, account.body
        content = base64.b64encode(OLD_EXCEL).decode()
        asked = {"account_id": account.json["id"], "name": "umsatz.xls", "content": content}
        answers: list[Answer] = []

        def look() -> None:
            answers.append(hub.post(f"{where}/imports/preview", asked, token=token))

        looking = [threading.Thread(target=look) for _ in range(6)]
        for thread in looking:
            thread.start()
        for thread in looking:
            thread.join()
        assert [one.status for one in answers] == [200] * 6, [one.body for one in answers]
        assert all(len(one.json["rows"]) == 4 for one in answers)
