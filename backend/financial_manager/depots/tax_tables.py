"""A tax report as a table in English or German: title, disclaimer and status first, then every figure."""

from __future__ import annotations

import csv
import datetime as dt
import io

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.depots.tax_facts import Source
from backend.financial_manager.depots.tax_rates import RateUsed
from backend.financial_manager.depots.tax_reports import Reported
from backend.financial_manager.sentences import Language
from backend.financial_manager.taxes import Figure, Text, TrailLine

HEADINGS: dict[str, tuple[str, ...]] = {
    "en": ("form", "field", "figure", "amount", "currency", "how it was made", "behind it", "law", "note"),
    "de": ("Formular", "Feld", "Angabe", "Betrag", "Währung", "Rechenweg", "Belege", "Rechtsquelle", "Anmerkung"),
}
NEEDS = {"income_minor": Text("needs the income of the year", "braucht das Einkommen des Jahres")}
"""What a figure without an amount lacks."""
_TRADES = {
    "opening": Text("opening", "Anfangsbestand"),
    "buy": Text("buy", "Kauf"),
    "sell": Text("sell", "Verkauf"),
    "dividend": Text("dividend", "Ausschüttung"),
    "cost_adjustment": Text("cost adjustment", "Änderung der Anschaffungskosten"),
    "fee": Text("fee", "Gebühr"),
    "split": Text("split", "Split"),
    "transfer_out": Text("transfer out", "Übertrag hinaus"),
    "transfer_in": Text("transfer in", "Übertrag herein"),
}
_KINDS = {"trade": Text("trade", "Depotbuchung"), "transaction": Text("booking", "Buchung")}
_SIGNS = {"+": "+", "-": "−", "x": "×", "=": "="}
_RATES = {
    "booking": Text("1 {currency} at {rate}, the rate of the booking", "1 {currency} zu {rate}, Kurs der Buchung"),
    "ecb": Text("1 {currency} at {rate}, the ECB's rate of {day}", "1 {currency} zu {rate}, Kurs der EZB vom {day}"),
    "both": Text(
        "1 {currency} at {rate}, the booking's rate and the ECB's of {day}",
        "1 {currency} zu {rate}, Kurs der Buchung und der EZB vom {day}",
    ),
}
_OLD = Text("the rate is more than a week old", "der Kurs ist mehr als eine Woche alt")
_CHECKED = Text("rule checked against {text}, text of {day}", "Regel geprüft nach {text}, Fassung vom {day}")
_SECONDARY = Text("secondary sources only", "nur Sekundärquellen")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALLEST = Text("the smallest of", "das Kleinste von")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the start of a cell."""


def said_in(text: Text, language: Language) -> str:
    """Return a text in a language."""
    return text.de if language == "de" else text.en


def status_text(text: Text, language: Language) -> str:
    """Return how far rules were checked as a sentence; packs say it in a few words."""
    words = said_in(text, language)
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "."


def table_of(found: Reported, language: Language) -> tuple[str, str]:
    """Return name and text of a report as CSV (semicolons): disclaimer and status first, then the figures."""
    report = found.report
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in (report.title, report.disclaimer):
        writer.writerow([said_in(line, language)])
    writer.writerow([status_text(report.status, language)])
    writer.writerow(HEADINGS[language])
    for figure in report.figures:
        amount = "" if figure.amount_minor is None else minor_text(figure.amount_minor, found.currency)
        behind = " | ".join(source_text(one, language) for one in sources_of(found, figure))
        cells = (
            said_in(figure.label, language), trail_text(found, figure, language), behind,
            law_text(found, figure, language), note_text(figure, language),
        )  # fmt: skip
        label, trail, papers, law, note = (_harmless(cell) for cell in cells)
        writer.writerow([figure.form, figure.field, label, amount, found.currency, trail, papers, law, note])
    return f"tax-{report.country}-{report.year}.csv", out.getvalue()


def sources_of(found: Reported, figure: Figure) -> list[Source]:
    """Return the trades and transactions behind a figure."""
    return [found.sources[one] for one in figure.source_ids if one in found.sources]


def source_text(source: Source, language: Language) -> str:
    """Return a trade or booking in one line, with the id that leads to it."""
    title = source.title
    if source.trade_kind:
        title = f"{said_in(_TRADES[source.trade_kind], language)} {source.security}".strip()
    line = f"{source.date.isoformat()} {title} ({said_in(_KINDS[source.kind], language)} {source.id})"
    return line if source.rate is None else f"{line}, {rate_text(source.rate, language)}"


def rate_text(rate: RateUsed, language: Language) -> str:
    """Return by which rate something was counted: "1 USD at 0.9, the ECB's rate of 2025-01-10"."""
    told = said_in(_RATES[rate.of], language).format(currency=rate.currency, rate=rate.rate, day=rate.day.isoformat())
    return f"{told} ({said_in(_OLD, language)})" if rate.stale else told


def law_text(found: Reported, figure: Figure, language: Language) -> str:
    """Return the law behind a figure, and against which text its rule was checked: "§ 3 (secondary sources only)".

    Of rules of which none was checked the status alone says so.
    """
    law = said_in(figure.source, language)
    if all(one.checked is None for one in found.report.figures):
        return law
    if figure.checked is None:
        return f"{law} ({said_in(_SECONDARY, language)})"
    return f"{law} ({checked_text(figure.checked.text, figure.checked.version, language)})"


def checked_text(text: Text, version: dt.date, language: Language) -> str:
    """Return against which text of the law a rule was checked, and of which day that text is."""
    english = f"{version.day} {_MONTHS[version.month - 1]} {version.year}"
    written = f"{version:%d.%m.%Y}" if language == "de" else english
    return said_in(_CHECKED, language).format(text=said_in(text, language), day=written)


def note_text(figure: Figure, language: Language) -> str:
    """Return the note of a figure; what it lacks comes first."""
    needs = NEEDS.get(figure.needs)
    parts = [said_in(one, language) for one in (needs, figure.note) if one is not None]
    return ". ".join(part.rstrip(".") for part in parts) + ("." if len(parts) > 1 else "")


def trail_text(found: Reported, figure: Figure, language: Language) -> str:
    """Return how a figure was made, in one line: "Gains 450.00 − losses 20.00"."""
    lines = figure.trail
    if len(lines) > 1 and all(line.sign == "min" for line in lines):
        parts = (_amount(line, found.currency, language) for line in lines)
        return f"{said_in(_SMALLEST, language)}: {'; '.join(parts)}"
    words = [_step(line, found.currency, language) for line in lines]
    return " ".join(words).removeprefix("+ ").removeprefix("= ")


def _step(line: TrailLine, currency: str, language: Language) -> str:
    if line.sign == "x":
        return f"× {line.rate}"
    told = _amount(line, currency, language)
    return f"{_SIGNS[line.sign]} {told}" if line.sign in _SIGNS else f"({told})"


def _amount(line: TrailLine, currency: str, language: Language) -> str:
    value = line.rate if line.amount_minor is None else minor_text(line.amount_minor, currency)
    return f"{said_in(line.label, language)} {value}".strip()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
