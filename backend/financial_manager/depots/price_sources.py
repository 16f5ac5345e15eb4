"""Where the prices of each security come from, and asking there when a person wants it.

Nothing is asked by itself. Each security is opted in by choosing its source; what would be asked is shown first. What a
household entered, or took from a file, is never replaced by what a server says.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from backend.financial_manager.currencies import check_currency
from backend.financial_manager.days import check_day
from backend.financial_manager.depots.keeping import find_security
from backend.financial_manager.depots.models import PriceSource, Security, SecurityPrice, SecurityTrade
from backend.financial_manager.errors import PriceSourceMissing, RateMissing, RowChanged
from backend.financial_manager.ledger.change_log import ChangeLog, recorded, step_of
from backend.financial_manager.price_feeds.feed import Asked, Feed, FeedUnusable, check_feed, filled
from backend.financial_manager.price_feeds.presets import presets
from backend.financial_manager.price_feeds.reading import Answered, Quoted, Refused, read_answer
from backend.financial_manager.rates.book import quote
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.outgoing import Outgoing

FIRST_DAYS = 366
"""How far back is asked for a security that was never traded and of which no price was fetched."""
MOST_SECONDS = 120.0
"""After so long no further server is asked; the rest is told, and asked when the button is pressed again."""
MOST_AT_ONCE = 200
_OWN = ("format", "address", "date_path", "price_path", "currency_path", "date_form", "decimal", "currency")
NOT_ASKED = "There was no time left to ask. Ask once more."


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source with what it would be asked now. `address`: "" where it cannot be asked, and `problem` says why."""

    row: PriceSource
    security: Security
    title: str
    host: str
    address: str
    problem: str


@dataclass(slots=True)
class Fetched:
    """What became of asking for one security's prices. `kept`: days with a price by hand or from a file."""

    security_id: str
    security: str
    address: str
    since: dt.date
    until: dt.date
    added: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    refused: tuple[Refused, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FetchDone:
    """What became of asking. `change_id`: the step that undoing takes back; None where nothing changed."""

    items: tuple[Fetched, ...]
    change_id: str | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one security's source is asked, with what is needed to keep the answer."""

    security: Security
    feed: Feed
    asked: Asked
    address: str
    problem: str


class PriceSources:
    """Keep and ask the sources of prices of the space that an actor writes to."""

    def __init__(
        self,
        db: Database,
        log: ChangeLog,
        clock: Clock,
        new_id: NewId,
        outgoing: Outgoing,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._outgoing = outgoing
        self._tick = tick

    def all(self, actor: Actor, since: dt.date | None = None) -> list[SourceShown]:
        """Return all sources by the security's name, with the address that would be asked now."""
        return self._db.read(actor, self._shown, None, since)

    def of(self, actor: Actor, security_id: str) -> SourceShown:
        """Return a security's source; raises `SecurityMissing`, `PriceSourceMissing`."""

        def work(session: OwnedSession) -> SourceShown:
            find_security(session, security_id)
            found = self._shown(session, [security_id], None)
            if not found:
                raise PriceSourceMissing()
            return found[0]

        return self._db.read(actor, work)

    def set(self, actor: Actor, security_id: str, values: Mapping[str, Any], version: int | None = None) -> SourceShown:
        """Say where a security's prices come from; `values` are columns of `PriceSource`.

        `version`: what was seen, 0 where there was no source; None sets it whatever there is.
        Raises `SecurityMissing`, `RowChanged`, and `InvalidInput` for a source that cannot be asked.
        """

        def work(session: OwnedSession) -> SourceShown:
            security = find_security(session, security_id)
            row = _source_of(session, security_id)
            if version is not None and version != (0 if row is None else row.version):
                raise RowChanged()
            if row is None:
                row = PriceSource(id=self._new_id(), security_id=security_id, version=0)
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
            self._check(row, security)
            session.add(row)
            session.flush()
            step_of(session).title = security.name
            return self._shown(session, [security_id], None)[0]

        return self._log.write(actor, "price_source.set", work)

    def remove(self, actor: Actor, security_id: str) -> None:
        """Ask for a security's prices no more; raises `SecurityMissing`, `PriceSourceMissing`."""

        def work(session: OwnedSession) -> None:
            security = find_security(session, security_id)
            row = _source_of(session, security_id)
            if row is None:
                raise PriceSourceMissing()
            step_of(session).title = security.name
            session.delete(row)

        self._log.write(actor, "price_source.delete", work)

    def fetch(self, actor: Actor, security_ids: Sequence[str] | None = None, since: dt.date | None = None) -> FetchDone:
        """Ask the sources of some securities (or of all) for prices, one after the other, and keep what is new.

        `since`: from that day; else from the last one fetched. One server's failure is told, and stops no other. Raises
        `SecurityMissing`, and `PriceSourceMissing` for a named security without a source.
        """
        if since is not None:
            check_day(since, "body.since")
        plans = self._db.read(actor, self._plans, security_ids, since)
        end = self._tick() + MOST_SECONDS
        told: list[tuple[_Plan, Answered | None, str]] = []
        for plan in plans:
            if self._tick() > end:
                told.append((plan, None, NOT_ASKED))
            elif plan.problem:
                told.append((plan, None, plan.problem))
            else:
                told.append((plan, *self._ask(plan)))
        return self._log.write(actor, "price.fetch", self._keep, told)

    def _ask(self, plan: _Plan) -> tuple[Answered | None, str]:
        """Return the answer, or what went wrong."""
        try:
            answer = self._outgoing.ask("GET", plan.address)
            if answer.status == 404:
                raise FeedUnusable("The server knows nothing of this security, or of these days.")
            if answer.status == 429:
                raise FeedUnusable("The server was asked too often. Ask again later.")
            if answer.status != 200:
                raise FeedUnusable(f"The server answered with the status {answer.status}, not with prices.")
            return run_blocking(read_answer, plan.feed, answer.body, plan.asked), ""
        except HomieError as error:
            return None, _problem(error)

    def _keep(self, session: OwnedSession, told: Sequence[tuple[_Plan, Answered | None, str]]) -> FetchDone:
        items, now = [], self._clock.now()
        for plan, answer, problem in told:
            one = Fetched(
                plan.security.id, plan.security.name, plan.address, plan.asked.since, plan.asked.until, problem=problem
            )
            items.append(one)
            if answer is not None and _source_of(session, plan.security.id) is not None:
                self._take(session, plan, answer, one, now)
        step = step_of(session)
        step.title = ", ".join(one.security for one in items if one.added or one.changed)[:300]
        return FetchDone(tuple(items), recorded(session, 0).change_id)

    def _take(self, session: OwnedSession, plan: _Plan, answer: Answered, told: Fetched, now: dt.datetime) -> None:
        """Keep the prices of one answer; what a person said of a day stays."""
        query = select(SecurityPrice).where(
            SecurityPrice.owner_id == session.actor.owner_id,
            SecurityPrice.security_id == plan.security.id,
            SecurityPrice.date.between(plan.asked.since, plan.asked.until),
        )
        known = {row.date: row for row in session.scalars(query)}
        refused = list(answer.refused)
        security = find_security(session, plan.security.id)
        for price in answer.prices:
            row = known.get(price.day)
            if row is not None and row.fetched_at is None:
                told.kept += 1
                continue
            rate, problem = _rate(session, price, security.currency)
            if problem:
                refused.append(Refused(f"{price.day} {price.price:f} {price.currency}", problem))
            elif row is not None and Decimal(row.price) == price.price and row.currency == price.currency:
                told.same += 1
            else:
                told.added, told.changed = told.added + (row is None), told.changed + (row is not None)
                row = row or SecurityPrice(id=self._new_id(), security_id=security.id, date=price.day)
                row.price, row.currency, row.fx_rate = f"{price.price:f}", price.currency, rate
                row.fx_currency = "" if rate is None else security.currency
                row.source, row.fetched_at = plan.feed.host[:255], now
                session.add(row)
        told.refused = tuple(refused)

    def _shown(
        self, session: OwnedSession, security_ids: Sequence[str] | None, since: dt.date | None
    ) -> list[SourceShown]:
        found = []
        for row, security in _rows(session, security_ids):
            plan = self._plan(session, row, security, since)
            title = presets()[row.preset].title if row.preset in presets() else plan.feed.host
            found.append(SourceShown(row, security, title, plan.feed.host, plan.address, plan.problem))
        return found

    def _plans(self, session: OwnedSession, security_ids: Sequence[str] | None, since: dt.date | None) -> list[_Plan]:
        for security_id in security_ids or ():
            find_security(session, security_id, "body.security_ids")
        rows = _rows(session, security_ids)
        if security_ids is not None and len(rows) != len(set(security_ids)):
            told = "A chosen security has no source of prices."
            raise PriceSourceMissing(fields=[FieldProblem("body.security_ids", told, "Choose its source first.")])
        return [self._plan(session, row, security, since) for row, security in rows]

    def _plan(self, session: OwnedSession, row: PriceSource, security: Security, since: dt.date | None) -> _Plan:
        """Return what a source would be asked now: from the last price that it told, or a chosen day."""
        feed = _feed_of(row)
        today = local_day(self._clock)
        first = min(since, today) if since is not None else _first_day(session, security.id, today)
        until = today if since is None else min(today, first + dt.timedelta(days=feed.most_days - 1))
        first = max(first, until - dt.timedelta(days=feed.most_days - 1))
        asked = Asked(security.isin, row.symbol or security.symbol, security.currency, first, until, today)
        try:
            if not feed.address:
                raise FeedUnusable("This source came with another version of Homie. Choose another one.")
            address = filled(feed, asked)
            self._outgoing.checked(address)
        except HomieError as error:
            return _Plan(security, feed, asked, "", _problem(error))
        return _Plan(security, feed, asked, address, "")

    def _check(self, row: PriceSource, security: Security) -> None:
        """Refuse a source that cannot be asked."""
        if row.preset and row.preset not in presets():
            told = FieldProblem("body.preset", "There is no such source.", "Choose one of the list.")
            raise InvalidInput(fields=[told])
        if row.preset:
            for name, value in zip(_OWN, ("json", "", "", "", "", "iso", ".", ""), strict=True):
                setattr(row, name, value)
        feed = _feed_of(row)
        if row.currency:
            check_currency(row.currency)
        check_feed(feed)
        today = local_day(self._clock)
        asked = Asked(security.isin, row.symbol or security.symbol, security.currency, today, today, today)
        self._outgoing.checked(filled(feed, asked))


def _feed_of(row: PriceSource) -> Feed:
    """Return the feed of a source; one without an address where its preset is gone."""
    if row.preset:
        known = presets().get(row.preset)
        return known.feed if known is not None else Feed("json", "", "", "")
    return Feed(**{name: getattr(row, name) for name in _OWN})


def _source_of(session: OwnedSession, security_id: str) -> PriceSource | None:
    query = select(PriceSource).where(
        PriceSource.owner_id == session.actor.owner_id, PriceSource.security_id == security_id
    )
    return session.scalars(query).first()


def _rows(session: OwnedSession, security_ids: Sequence[str] | None) -> list[tuple[PriceSource, Security]]:
    """Return sources with their securities, by name."""
    query = (
        select(PriceSource, Security)
        .join(Security, (Security.owner_id == PriceSource.owner_id) & (Security.id == PriceSource.security_id))
        .where(PriceSource.owner_id == session.actor.owner_id)
        .order_by(Security.name, Security.id)
    )
    if security_ids is not None:
        query = query.where(PriceSource.security_id.in_(security_ids))
    return [(row, security) for row, security in session.execute(query)]


def _first_day(session: OwnedSession, security_id: str, today: dt.date) -> dt.date:
    """Return from when prices are lacking: the last fetched day (its price may not have been the last one), else the
    day of the first trade, else a year ago.
    """
    owner = session.actor.owner_id
    fetched = session.scalar(
        select(func.max(SecurityPrice.date)).where(
            SecurityPrice.owner_id == owner, SecurityPrice.security_id == security_id,
            SecurityPrice.fetched_at.is_not(None),
        )
    )  # fmt: skip
    traded = select(func.min(SecurityTrade.date)).where(
        SecurityTrade.owner_id == owner, SecurityTrade.security_id == security_id
    )
    first = fetched or session.scalar(traded) or today - dt.timedelta(days=FIRST_DAYS)
    return min(first, today)


def _rate(session: OwnedSession, price: Quoted, into: str) -> tuple[str | None, str]:
    """Return the ECB's rate of the price's day into the security's currency (None where it is the same), or why not."""
    if price.currency == into:
        return None, ""
    try:
        found = quote(session, price.currency, into, price.day)
    except RateMissing:
        return None, f"It is quoted in {price.currency}, and there is no rate of that day."
    if found.stale:
        return None, f"It is quoted in {price.currency}, and the newest rate is of {found.as_of.isoformat()}."
    return found.rate, ""


def _problem(error: HomieError) -> str:
    """Return what went wrong in a sentence."""
    return error.fields[0].problem if error.fields else error.message
