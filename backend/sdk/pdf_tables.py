"""Reports as PDF: a title, paragraphs and tables on A4 pages with numbers, in the scripts that the machine can write.

table = PdfTable(("what", "EUR"), rows, right={1})
content = pdf_document("Taxes 2025", "Austria", [PdfText("No tax advice."), table])

What draws them is read in with the first document: it takes 10 MB and a tenth of a second of the hub's start.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_ROWS = 20_000
"""Rows of one document: beyond that a spreadsheet is of more use."""
_first = threading.Lock()


@dataclass(frozen=True, slots=True)
class PdfText:
    """A paragraph; `heading` makes it the name of what follows, `strong` something not to be overlooked."""

    text: str
    heading: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table. `right`: columns at the right edge (amounts); `widths`: of the columns, in parts of the whole."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] | set[int] = field(default_factory=frozenset)
    widths: Sequence[float] = ()


def pdf_document(
    title: str,
    subtitle: str,
    blocks: Sequence[PdfText | PdfTable],
    *,
    page_words: str = "Page {page} of {pages}",
    wide: bool = False,
) -> bytes:
    """Return a document. `page_words` is the foot of each page; `wide` lays the paper on its side.

    Raises `ValueError` for a table with another number of cells than headings, or more than `MOST_ROWS` rows.
    """
    _check(blocks)
    with _first:  # one thread at a time reads a package in
        from backend.sdk.pdf_pages import draw

    return draw(title, subtitle, blocks, page_words, wide=wide)


def _check(blocks: Sequence[PdfText | PdfTable]) -> None:
    tables = [one for one in blocks if isinstance(one, PdfTable)]
    if sum(len(one.rows) for one in tables) > MOST_ROWS:
        raise ValueError(f"a document has at most {MOST_ROWS} rows")
    for one in tables:
        if any(len(row) != len(one.headings) for row in one.rows) or len(one.widths) not in (0, len(one.headings)):
            raise ValueError("a row has as many cells as there are headings")
