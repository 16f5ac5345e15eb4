"""A tax report as a PDF in English or German: that it is no advice first, then every figure with what is behind it."""

from __future__ import annotations

from itertools import groupby

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.depots.tax_reports import Reported
from backend.financial_manager.depots.tax_tables import (
    NEEDS,
    law_text,
    note_text,
    said_in,
    source_text,
    sources_of,
    status_text,
    trail_text,
)
from backend.financial_manager.sentences import Language
from backend.financial_manager.taxes import Figure, Text
from backend.sdk.pdf_tables import PdfTable, PdfText, pdf_document

_SECTIONS = {
    "capital": Text("Capital", "Kapital"),
    "employee": Text("Employment", "Arbeit"),
    "business": Text("Self-employed", "Selbstständig"),
    "special": Text("Special expenses", "Sonderausgaben"),
    "extraordinary": Text("Extraordinary expenses", "Außergewöhnliche Belastungen"),
    "household": Text("Household", "Haushalt"),
    "deductible": Text("Deductible", "Absetzbar"),
}
_HEADINGS = {
    "en": ("Form, field", "Figure, and how it was made", "Amount"),
    "de": ("Formular, Feld", "Angabe und Rechenweg", "Betrag"),
}
_TITLE = Text("Tax figures", "Steuerangaben")
_BEHIND = Text("What is behind the figures", "Was hinter den Angaben steht")
_PAPERS = {"en": ("Figure", "Trade or booking"), "de": ("Angabe", "Depotbuchung oder Buchung")}
_PAGE = Text("Page {page} of {pages}", "Seite {page} von {pages}")
_ZEROES = Text("Figures that are zero are left out.", "Angaben, die null sind, stehen nicht da.")


def document_of(found: Reported, language: Language) -> tuple[str, bytes]:
    """Return name and content of a report as a PDF; figures that are zero are left out, and that is said."""
    report = found.report
    shown = [one for one in report.figures if one.amount_minor != 0]
    blocks: list[PdfText | PdfTable] = [
        PdfText(said_in(report.disclaimer, language), strong=True),
        PdfText(status_text(report.status, language)),
        PdfText(said_in(_ZEROES, language)),
    ]
    for section, figures in groupby(shown, lambda one: one.section):
        blocks.append(PdfText(said_in(_SECTIONS.get(section, _SECTIONS["deductible"]), language), heading=True))
        rows = [_row(found, one, language) for one in figures]
        blocks.append(PdfTable(_HEADINGS[language], rows, right={2}, widths=(2, 8, 2)))
    papers = [
        (said_in(one.label, language), source_text(source, language))
        for one in shown
        for source in (sources_of(found, one) if one.trail and len(one.trail) == 1 else ())
    ]
    if papers:
        blocks += [
            PdfText(said_in(_BEHIND, language), heading=True),
            PdfTable(_PAPERS[language], papers, widths=(4, 6)),
        ]
    title = f"{said_in(_TITLE, language)}: {said_in(report.title, language)}"
    content = pdf_document(title, found.currency, blocks, page_words=said_in(_PAGE, language))
    return f"tax-{report.country}-{report.year}.pdf", content


def _row(found: Reported, figure: Figure, language: Language) -> tuple[str, str, str]:
    lines = [
        said_in(figure.label, language), trail_text(found, figure, language),
        law_text(found, figure, language), note_text(figure, language),
    ]  # fmt: skip
    amount = "?" if figure.amount_minor is None else minor_text(figure.amount_minor, found.currency)
    lacks = said_in(NEEDS[figure.needs], language) if figure.needs in NEEDS else amount
    place = " ".join(word for word in (figure.form, figure.field) if word)
    return place, "\n".join(line for line in lines if line), lacks if figure.amount_minor is None else amount
