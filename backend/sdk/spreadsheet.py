"""Write a table as an XLSX file (ECMA-376, transitional), with the standard library alone.

One sheet, its first row bold and kept in sight. Text is text: a cell that begins with "=" is no formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape

Cell = str | int | Decimal | date | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_EPOCH = date(1899, 12, 30)
_LONGEST = 32_767
"""Characters that a cell holds at most."""
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The same table gives the same bytes."""
MIME = f"{_OFFICE}.sheet"

_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_OFFICE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.000"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_BOLD, _AMOUNT, _DATE = 1, 2, 3
"""Places in `cellXfs`."""
_AMOUNTS = {0: 4, -3: 5}
"""Places in `cellXfs` of amounts without decimals (yen) and with three (dinars), by a `Decimal`'s exponent."""


def write_xlsx(title: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return an XLSX file with one sheet called `title`; the first row is its heading.

    A `Decimal` shows none or three decimals where it has so many, else two; a day as the reader's country writes it;
    None leaves a cell empty.
    """
    name = _NO_SHEET_NAME.sub(" ", _ILLEGAL.sub("", title)).strip(" '")[:31] or "Sheet1"
    workbook = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in {**_PARTS, "xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": _sheet(rows)}.items():
            info = zipfile.ZipInfo(path, _FIRST_MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, (_HEAD + text).encode("utf-8"))
    return out.getvalue()


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    widths: dict[int, int] = {}
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, value in enumerate(row):
            widths[column] = max(widths.get(column, 8), min(60, len(str(value or "")) + 2))
            cells.append(_cell(f"{_letters(column)}{number}", value, heading=number == 1))
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    columns = "".join(
        f'<col min="{column + 1}" max="{column + 1}" width="{width}" customWidth="1"/>'
        for column, width in sorted(widths.items())
    )
    view = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
    )
    shown = f"<cols>{columns}</cols>" if columns else ""
    return f'<worksheet xmlns="{_MAIN}">{view}{shown}<sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(place: str, value: Cell, *, heading: bool) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f'<c r="{place}" s="{_DATE}"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, Decimal):
        style = _AMOUNTS.get(int(value.as_tuple().exponent), _AMOUNT)
        return f'<c r="{place}" s="{style}"><v>{value:f}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = escape(_ILLEGAL.sub("", value)[:_LONGEST])
    bold = f' s="{_BOLD}"' if heading else ""
    return f'<c r="{place}"{bold} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(column: int) -> str:
    """Return the name of a column, counted from 0: A, B, ... Z, AA, AB, ..."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
