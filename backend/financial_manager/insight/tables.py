"""Reports as tables: the same rows as CSV, as XLSX and as PDF, with headings in the reader's language."""

from __future__ import annotations

import csv
import datetime as dt
import enum
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from backend.financial_manager.currencies import exponent
from backend.financial_manager.exporting.tables import safe_text
from backend.financial_manager.forecasting.forecasts import Forecast
from backend.financial_manager.goals.goals import GoalStatus
from backend.financial_manager.insight.german import GERMAN_NEWS
from backend.financial_manager.insight.reports import BY_ITSELF, LEFT, UNKNOWN, MonthNews, PartySum, YearSum
from backend.financial_manager.ledger.reports import MonthSum, WorthPoint
from backend.financial_manager.recurring.matching import Recurring
from backend.financial_manager.sentences import Language, Sentence
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.pdf_tables import PdfTable, pdf_document
from backend.sdk.spreadsheet import Cell, write_xlsx

TableFormat = Literal["csv", "xlsx", "pdf"]


class ReportKind(enum.StrEnum):
    """Name a report that can be given as a table."""

    MONTHS = "months"
    PAYEES = "payees"
    PEOPLE = "people"
    YEARS = "years"
    WORTH = "net_worth"
    NEWS = "news"
    RECURRING = "recurring"
    FORECAST = "forecast"
    GOALS = "goals"


_GERMAN = {
    "Month": "Monat", "Category": "Kategorie", "Spent": "Ausgegeben", "Received": "Eingenommen",
    "Currency": "Währung", "Bookings": "Buchungen", "Payee": "Empfänger", "Person": "Person", "Year": "Jahr",
    "Day": "Tag", "Worth": "Vermögen", "What": "Was", "Amount": "Betrag", "Usual": "Üblich", "Name": "Name",
    "How often": "Wie oft", "Next": "Nächste", "Per year": "Im Jahr", "State": "Stand", "Account": "Konto",
    "Balance": "Kontostand", "Target": "Ziel", "Saved": "Gespart", "Until": "Bis", "Per month": "Im Monat",
}  # fmt: skip


_GERMAN_PEOPLE = {LEFT: "Jemand, der gegangen ist", BY_ITSELF: "Homie, von selbst", UNKNOWN: "Niemand bekannt"}
_GERMAN_OFTEN = {
    "weekly": "Jede Woche", "fortnightly": "Alle zwei Wochen", "monthly": "Jeden Monat",
    "quarterly": "Alle drei Monate", "half_yearly": "Alle sechs Monate", "yearly": "Jedes Jahr",
}  # fmt: skip
_GERMAN_STATES = {"found": "Gefunden", "confirmed": "Bestätigt", "dismissed": "Ausgeblendet", "ended": "Beendet"}
_GERMAN_CELLS = {
    ReportKind.PEOPLE: {0: _GERMAN_PEOPLE},
    ReportKind.RECURRING: {2: _GERMAN_OFTEN, 7: _GERMAN_STATES},
}
"""Report -> column -> what its words are called; all others are the household's own, or numbers."""
_TITLES = {
    ReportKind.MONTHS: ("Months and categories", "Monate und Kategorien"),
    ReportKind.YEARS: ("Years", "Jahre"),
    ReportKind.PAYEES: ("By payee", "Nach Empfänger"),
    ReportKind.PEOPLE: ("By person", "Nach Person"),
    ReportKind.WORTH: ("What you own", "Was ihr besitzt"),
    ReportKind.NEWS: ("What changed", "Was sich geändert hat"),
    ReportKind.RECURRING: ("Recurring payments", "Wiederkehrende Zahlungen"),
    ReportKind.FORECAST: ("Forecast", "Vorschau"),
    ReportKind.GOALS: ("Goals", "Sparziele"),
}
MOST_PRINTED = 3000
"""Rows of a report that a PDF takes, some hundred pages."""


@dataclass(frozen=True, slots=True)
class Table:
    """A report as rows; the first one is the heading, in English. Sentences are said in the reader's language."""

    kind: ReportKind
    rows: Sequence[Sequence[Cell | Sentence]]

    def file(self, form: TableFormat, language: Language, day: dt.date) -> tuple[str, bytes]:
        """Return a file name and the bytes of the table."""
        rows = self._said(language)
        name = f"{self.kind.value.replace('_', '-')}-{day.isoformat()}.{form}"
        if form == "pdf":
            return name, self._pdf(rows, language, day)
        if form == "xlsx":
            return name, write_xlsx(self.kind.value.replace("_", " ").capitalize(), rows)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerows([_text(cell, language) for cell in row] for row in rows)
        return name, out.getvalue().encode("utf-8-sig")

    def _said(self, language: Language) -> list[list[Cell]]:
        """Return the rows; headings, and words of Homie's, such as for a missing name, in the reader's language."""
        rows = [
            [one.said(language, GERMAN_NEWS) if isinstance(one, Sentence) else one for one in row] for row in self.rows
        ]
        if language == "en":
            return rows
        columns = _GERMAN_CELLS.get(self.kind, {})
        below = [
            [columns[place].get(str(cell), cell) if place in columns else cell for place, cell in enumerate(row)]
            for row in rows[1:]
        ]
        return [[_GERMAN.get(str(one), str(one)) for one in rows[0]], *below]

    def _pdf(self, rows: Sequence[Sequence[Cell]], language: Language, day: dt.date) -> bytes:
        """Return the table to print; raises `InvalidInput` where it would fill more pages than anybody reads."""
        if len(rows) > MOST_PRINTED:
            told = f"The report has {len(rows)} rows, more than a PDF takes ({MOST_PRINTED})."
            raise InvalidInput(fields=[FieldProblem("query.format", told, "Choose fewer days, or a spreadsheet.")])
        numbers = {n for row in rows[1:] for n, cell in enumerate(row) if isinstance(cell, Decimal | int)}
        shown = [[_text(cell, language) for cell in row] for row in rows]
        title, page = _TITLES[self.kind], "Page {page} of {pages}"
        if language == "de":
            page = "Seite {page} von {pages}"
        table = PdfTable(shown[0], shown[1:], right=numbers)
        title_said = title[1] if language == "de" else title[0]
        return pdf_document(title_said, day.isoformat(), [table], page_words=page, wide=len(shown[0]) > 5)


def _text(cell: Cell, language: Language) -> str:
    """Write a cell of CSV; a German spreadsheet reads decimal commas only."""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",") if language == "de" else f"{cell:f}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None else safe_text(cell) if isinstance(cell, str) else str(cell)


def money(minor: int | None, currency: str) -> Decimal | None:
    """Return an amount as a number with the decimals of its currency."""
    return None if minor is None else Decimal(minor).scaleb(-exponent(currency))


def months_table(found: Sequence[MonthSum], titles: dict[str, str]) -> Table:
    """Return month x category."""
    head = ("Month", "Category", "Spent", "Currency", "Bookings")
    rows = [
        (one.month.isoformat()[:7], titles.get(one.category_id or "", ""), money(one.spent_minor, one.currency),
         one.currency, one.bookings)
        for one in found
    ]  # fmt: skip
    return Table(ReportKind.MONTHS, [head, *rows])


def years_table(found: Sequence[YearSum], titles: dict[str, str]) -> Table:
    """Return category x year, a column for each year."""
    years = sorted({one.year for one in found})
    sums = {(one.category_id or "", one.currency, one.year): one.spent_minor for one in found}
    keys = sorted({key[:2] for key in sums}, key=lambda key: (titles.get(key[0], ""), key))
    rows = [
        (
            titles.get(category, ""),
            currency,
            *(money(sums.get((category, currency, year), 0), currency) for year in years),
        )
        for category, currency in keys
    ]
    return Table(ReportKind.YEARS, [("Category", "Currency", *map(str, years)), *rows])


def parties_table(kind: ReportKind, found: Sequence[PartySum]) -> Table:
    """Return the sums by payee or by person."""
    rows = [
        (one.name, money(one.spent_minor, one.currency), money(one.received_minor, one.currency),
         one.currency, one.bookings)
        for one in found
    ]  # fmt: skip
    title = "Payee" if kind is ReportKind.PAYEES else "Person"
    return Table(kind, [(title, "Spent", "Received", "Currency", "Bookings"), *rows])


def worth_table(found: Sequence[WorthPoint]) -> Table:
    """Return what was owned at the end of each day that is asked for."""
    rows = [(one.day, money(one.worth_minor, one.currency), one.currency) for one in found]
    return Table(ReportKind.WORTH, [("Day", "Worth", "Currency"), *rows])


def news_table(found: MonthNews) -> Table:
    """Return what is told of a month."""
    rows = [
        (one.sentence, money(one.amount_minor, one.currency), money(one.usual_minor, one.currency), one.currency)
        for one in found.told
    ]
    return Table(ReportKind.NEWS, [("What", "Amount", "Usual", "Currency"), *rows])


def recurring_table(found: Sequence[Recurring], accounts: dict[str, str]) -> Table:
    """Return what comes again."""
    rows = [
        (one.name, accounts.get(one.account_id, ""), one.cadence.value, one.next_on,
         money(one.amount_minor, one.currency), money(one.cadence.per_year(one.amount_minor), one.currency),
         one.currency, "ended" if one.ended else one.state.value)
        for one in found
    ]  # fmt: skip
    head = ("Name", "Account", "How often", "Next", "Amount", "Per year", "Currency", "State")
    return Table(ReportKind.RECURRING, [head, *rows])


def forecast_table(found: Forecast) -> Table:
    """Return the household's and each account's balance, day by day."""
    rows = [
        (one.day, outlook.name, money(one.balance_minor, outlook.currency), outlook.currency)
        for outlook in found.outlooks
        for one in outlook.projection.days
    ]
    return Table(ReportKind.FORECAST, [("Day", "Account", "Balance", "Currency"), *rows])


def goals_table(found: Sequence[GoalStatus]) -> Table:
    """Return the goals with how they stand."""
    rows = [
        (one.goal.name, money(one.goal.target_minor, one.goal.currency),
         money(one.progress.saved_minor, one.goal.currency), one.goal.until,
         money(one.progress.per_month_minor, one.goal.currency), one.goal.currency)
        for one in found
    ]  # fmt: skip
    return Table(ReportKind.GOALS, [("Name", "Target", "Saved", "Until", "Per month", "Currency"), *rows])
