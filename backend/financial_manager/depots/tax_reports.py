"""The tax report of a country and year: facts from depots and bookings, figures by a pack's rules, also as a table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Literal

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.depots.tax_facts import LeftOut, Source, year_facts
from backend.financial_manager.securities import TradeInvalid
from backend.financial_manager.taxes import (
    TaxOptions,
    TaxPack,
    TaxReport,
    Text,
    available_packs,
    compute,
    load_pack,
)
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession

Language = Literal["en", "de"]
_HEADINGS: dict[str, tuple[str, ...]] = {
    "en": ("form", "field", "figure", "amount", "currency", "how it was made", "behind it", "law", "note"),
    "de": ("Formular", "Feld", "Angabe", "Betrag", "Währung", "Rechenweg", "Belege", "Rechtsquelle", "Anmerkung"),
}
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the start of a cell."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with what is behind it. `sources`: by the ids that figures name; `left_out`: to be looked at."""

    currency: str
    report: TaxReport
    sources: dict[str, Source]
    left_out: tuple[LeftOut, ...]


class TaxReports:
    """Make the tax reports of the space that an actor acts in."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def packs(self) -> list[TaxPack]:
        """Return the rules of every country and year."""
        return [load_pack(country, year) for country, year in available_packs()]

    def report(self, actor: Actor, country: str, year: int, options: TaxOptions | None = None) -> Reported:
        """Return every figure of a year, with its facts.

        Raises `TaxPackMissing` for rules that there are not, `TaxFactInvalid` where a depot's country is not known, and
        `TradeInvalid` where trades cannot be counted.
        """
        pack = load_pack(country, year)

        def work(session: OwnedSession) -> Reported:
            found = year_facts(session, pack)
            return Reported(pack.currency, compute(pack, found.facts, options), found.sources, found.left_out)

        try:
            return self._db.read(actor, work)
        except TradeInvalid as error:
            raise TradeInvalid("query.year", error.problem, error.remedy, trade_id=error.trade_id) from None

    def table(
        self, actor: Actor, country: str, year: int, options: TaxOptions | None = None, language: Language = "en"
    ) -> tuple[str, str]:
        """Return name and text of the report as CSV (semicolons): disclaimer and status first, then the figures."""
        found = self.report(actor, country, year, options)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        for line in (found.report.title, found.report.disclaimer):
            writer.writerow([_said(line, language)])
        writer.writerow([found.report.status])
        writer.writerow(_HEADINGS[language])
        for figure in found.report.figures:
            amount = "" if figure.amount_minor is None else minor_text(figure.amount_minor, found.currency)
            behind = " | ".join(_behind(found.sources[one]) for one in figure.source_ids if one in found.sources)
            cells = (_said(figure.label, language), _trail(found, figure.id, language), behind, figure.source)
            label, trail, behind, law = (_harmless(cell) for cell in cells)
            note = "" if figure.note is None else _harmless(_said(figure.note, language))
            writer.writerow([figure.form, figure.field, label, amount, found.currency, trail, behind, law, note])
        return f"tax-{found.report.country}-{year}.csv", out.getvalue()


def _said(text: Text, language: Language) -> str:
    return text.de if language == "de" else text.en


def _behind(source: Source) -> str:
    return f"{source.date.isoformat()} {source.title} ({source.kind} {source.id})"


def _trail(found: Reported, figure_id: str, language: Language) -> str:
    """Return how a figure was made, in one cell."""
    parts = []
    for line in found.report.figure(figure_id).trail:
        value = line.rate if line.amount_minor is None else minor_text(line.amount_minor, found.currency)
        parts.append(f"{line.sign} {_said(line.label, language)} {value}".strip())
    return " ".join(parts)


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
