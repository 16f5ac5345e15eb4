"""The tax report of a country and year: facts from depots and bookings, figures by a pack's rules."""

from __future__ import annotations

from dataclasses import dataclass

from backend.financial_manager.depots.tax_facts import LeftOut, Source, year_facts
from backend.financial_manager.securities import TradeInvalid
from backend.financial_manager.taxes import (
    TaxOptions,
    TaxPack,
    TaxReport,
    available_packs,
    compute,
    load_pack,
)
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession


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
