"""Draw the pages of a PDF with ReportLab: what `pdf_tables` describes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from backend.sdk.pdf_fonts import marked_up, text_font
from backend.sdk.pdf_tables import PdfTable, PdfText

MOST_CELL = 1_500
"""Characters of one cell: a row never grows higher than a page."""
_MARGIN = 18 * mm
_GREY, _LINE = colors.HexColor("#5f6368"), colors.HexColor("#d0d4d9")


def draw(title: str, subtitle: str, blocks: Sequence[PdfText | PdfTable], page_words: str, *, wide: bool) -> bytes:
    """Return a document; what is said of `pdf_document` holds."""
    size = landscape(A4) if wide else A4
    out = io.BytesIO()
    made = SimpleDocTemplate(
        out, pagesize=size, title=title, author="Homie", subject=subtitle, leftMargin=_MARGIN, rightMargin=_MARGIN,
        topMargin=_MARGIN, bottomMargin=_MARGIN + 6 * mm,
    )  # fmt: skip
    story: list[Flowable] = [_paragraph(title, 18, bold=True)]
    if subtitle:
        story.append(_paragraph(subtitle, 11, grey=True))
    story.append(Spacer(1, 4 * mm))
    for one in blocks:
        if isinstance(one, PdfText) and one.heading:
            story.append(CondPageBreak(30 * mm))  # a heading never stands alone at the end of a page
        story.append(_text(one) if isinstance(one, PdfText) else _table(one, made.width))
    made.build(story, canvasmaker=_numbered(page_words))
    return out.getvalue()


def _text(block: PdfText) -> Paragraph:
    if block.heading:
        return _paragraph(block.text, 12, bold=True, before=4 * mm, after=1 * mm)
    return _paragraph(block.text, 9.5, bold=block.strong, after=2 * mm)


def _table(block: PdfTable, width: float) -> Table:
    parts = list(block.widths) or [1.0] * len(block.headings)
    head = [_cell(text, at in block.right, bold=True) for at, text in enumerate(block.headings)]
    rows = [[_cell(text, at in block.right) for at, text in enumerate(row)] for row in block.rows]
    look: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, _GREY),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, _LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    widths = [width * part / sum(parts) for part in parts]
    return Table([head, *rows], colWidths=widths, repeatRows=1, style=TableStyle(look), spaceAfter=3 * mm)


def _cell(text: str, right: bool, *, bold: bool = False) -> Paragraph:
    short = text if len(text) <= MOST_CELL else f"{text[:MOST_CELL]} …"
    return _paragraph(short, 8, bold=bold, right=right)


def _paragraph(
    text: str,
    size: float,
    *,
    bold: bool = False,
    grey: bool = False,
    right: bool = False,
    before: float = 0,
    after: float = 0,
) -> Paragraph:
    look = ParagraphStyle(
        "text",
        fontName=text_font(bold=bold),
        fontSize=size,
        leading=size * 1.32,
        spaceBefore=before,
        spaceAfter=after,
        textColor=_GREY if grey else colors.black,
        alignment=TA_RIGHT if right else TA_LEFT,
        splitLongWords=1,
    )
    return Paragraph(marked_up(text, bold=bold), look)


def _numbered(words: str) -> type[Canvas]:
    """Return a canvas that writes "Page 1 of 3" below each page, when it is known how many there are."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(text_font(), 8)
                self.setFillColor(_GREY)
                told = words.format(page=number, pages=len(self._pages))
                self.drawRightString(self._pagesize[0] - _MARGIN, _MARGIN - 2 * mm, told)
                super().showPage()
            super().save()

    return Numbered
