"""Reports as PDF: their words can be read and found, in any script; pages are numbered; nothing is lost silently."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from backend.sdk.pdf_fonts import text_font
from backend.sdk.pdf_tables import MOST_ROWS, PdfTable, PdfText, pdf_document


def read(content: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_every_word_is_there_and_pages_are_numbered() -> None:
    """A long table repeats its headings; markup in a cell is only text."""
    rows = [(f"{number:03}", "Überschüsse <b>& mehr</b>", "1.234,50 €") for number in range(120)]
    blocks = [PdfText("Das ist keine Steuerberatung.", strong=True), PdfText("Kapital", heading=True)]
    table = PdfTable(("Feld", "Angabe", "Betrag"), rows, right={2}, widths=(1, 5, 2))
    pages = read(pdf_document("Übersicht 2025", "Österreich", [*blocks, table], page_words="Seite {page} von {pages}"))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"Seite {number} von {len(pages)}" in page
        assert "Angabe" in page
    whole = "\n".join(pages)
    assert "Das ist keine Steuerberatung." in whole
    assert all(f"{number:03}" in whole for number in range(120))
    assert whole.count("<b>& mehr</b>") == 120


@pytest.mark.skipif(text_font() == "Helvetica", reason="this machine has no fonts")
@pytest.mark.parametrize("text", ["Привет", "Ελλάδα", "ไทย", "≥ 5"])
def test_other_scripts_can_be_read(text: str) -> None:
    """The fonts of the machine are taken by script."""
    assert text in "".join(read(pdf_document("Report", "", [PdfTable(("what",), [(text,)])])))


def test_what_no_font_has_is_marked() -> None:
    """A character that cannot be drawn is a question mark, not a gap."""
    assert "a?b" in "".join(read(pdf_document("Report", "", [PdfText("a\U0010ffffb")])))


@given(st.lists(st.tuples(st.text(max_size=300), st.text(max_size=40)), max_size=8), st.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_makes_a_document(rows: list[tuple[str, str]], title: str) -> None:
    assert pdf_document(title, title, [PdfTable(("a", title), rows, right={1}), PdfText(title)]).startswith(b"%PDF-")


def test_a_long_cell_and_no_rows_fit() -> None:
    """A cell is cut where it would be higher than a page, and says so."""
    tables = [PdfTable(("a", "b"), [("word " * 2000, "1")]), PdfTable(("a",), [])]
    told = "".join(read(pdf_document("Report", "", tables)))
    assert "…" in told


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ValueError, match="as many cells"):
        pdf_document("Report", "", [PdfTable(("a", "b"), [("1",)])])
    with pytest.raises(ValueError, match="at most"):
        pdf_document("Report", "", [PdfTable(("a",), [("1",)] * (MOST_ROWS + 1))])
