"""Look up exchange rates, and bring them up to date from the ECB when a person asks for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from backend.financial_manager.errors import RateMissing
from backend.financial_manager.events import RatesUpdated
from backend.financial_manager.rates.book import Quote, changed, last_day, quote
from backend.financial_manager.rates.models import FxRate
from backend.financial_manager.rates.shipped import shipped
from backend.financial_manager.rates.wire import DayRates, read_daily, read_history
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.ids import NewId
from backend.sdk.outgoing import AnswerUnusable, Outgoing, ServerUnreachable


class RatesUnreachable(ServerUnreachable):
    """The ECB did not answer, or with something else than rates."""

    code, message = "rates_unreachable", "The European Central Bank does not answer. The rates stay as they are."


@dataclass(frozen=True, slots=True)
class RatesKnown:
    """The rates of a day for one unit of a currency of one's own. `through`: the newest day of which any is known.

    `missing`: currencies that were asked for and have none.
    """

    quotes: tuple[Quote, ...]
    through: dt.date
    missing: tuple[str, ...] = ()


class Rates:
    """Rates for the space that an actor acts in. `address`: where the ECB's files are asked for."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId, outgoing: Outgoing, address: str) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._outgoing = outgoing
        self._address = address.rstrip("/")

    @property
    def address(self) -> str:
        """Return where new rates are asked for."""
        return self._address

    def of_day(self, actor: Actor, source: str, day: dt.date | None = None, only: tuple[str, ...] = ()) -> RatesKnown:
        """Return what one unit of `source` was worth in every currency (or `only` some) on a day, today by default."""
        on = day or local_day(self._clock)
        wanted = only or tuple(sorted({"EUR", *shipped().currencies} - {source}))

        def work(session: OwnedSession) -> RatesKnown:
            found, missing = [], []
            for code in wanted:
                try:
                    found.append(quote(session, source, code, on))
                except RateMissing:
                    missing.append(code)
            return RatesKnown(tuple(found), last_day(session), tuple(missing))

        return self._db.read(actor, work)

    def change(
        self, actor: Actor, amount_minor: int, source: str, target: str, day: dt.date | None = None
    ) -> tuple[int, Quote]:
        """Return an amount in another currency by the rate of a day, and that rate; raises `RateMissing`."""
        on = day or local_day(self._clock)
        found = self._db.read(actor, quote, source, target, on)
        return changed(amount_minor, source, target, found.exact), found

    def update(self, actor: Actor) -> int:
        """Ask the ECB for what is newer than what is known; returns how many days came. Raises `RatesUnreachable`.

        The newest day alone where nothing lies between it and what is known, else the whole history.
        """
        known = self._db.read(actor, last_day)
        try:
            newest, rates = read_daily(self._fetch("eurofxref-daily.xml"))
            if newest <= known:
                return 0
            days = {newest: rates}
            if _working_day_after(known) < newest:
                days |= run_blocking(read_history, self._fetch("eurofxref-hist.zip"), known)
        except (ServerUnreachable, AnswerUnusable):
            raise RatesUnreachable() from None
        today = local_day(self._clock) + dt.timedelta(days=1)
        return self._db.write(actor, self._store, {day: some for day, some in days.items() if day <= today})

    def _fetch(self, name: str) -> bytes:
        answer = self._outgoing.ask("GET", f"{self._address}/{name}")
        if answer.status != 200:
            raise AnswerUnusable()
        return answer.body

    def _store(self, session: OwnedSession, days: dict[dt.date, DayRates]) -> int:
        """Keep days that are not kept yet; two people who ask at once store each day once."""
        owner, now = session.actor.owner_id, self._clock.now()
        there = set(
            session.scalars(select(FxRate.day).where(FxRate.owner_id == owner, FxRate.day.in_(days)).distinct())
        )
        fresh = {day: rates for day, rates in sorted(days.items()) if day not in there}
        rows = [
            {"id": self._new_id(), "currency": code, "day": day, "rate": format(rate, "f"), "fetched_at": now}
            for day, rates in fresh.items()
            for code, rate in rates.items()
        ]
        insert_rows(session, FxRate, rows)
        if fresh:
            session.emit(RatesUpdated(owner_id=owner, through=max(fresh).isoformat(), days=len(fresh)))
        return len(fresh)


def _working_day_after(day: dt.date) -> dt.date:
    """Return the next day that is neither Saturday nor Sunday."""
    after = day + dt.timedelta(days=1)
    while after.weekday() > 4:
        after += dt.timedelta(days=1)
    return after
