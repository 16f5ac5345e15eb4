"""Tell people once of what newly comes again and of prices that went up; what was told is kept for that.

The detector reads years of bookings: it is asked by a job after bookings came (or went), and Home reads rows only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.financial_manager.errors import RecurringNoticeMissing
from backend.financial_manager.events import PricesRose, RecurringFound, RecurringSeen
from backend.financial_manager.recurring.matching import Recurring
from backend.financial_manager.recurring.models import NoticeKind, RecurringNotice, RecurringPayment, RecurringState
from backend.financial_manager.recurring.recurring_payments import RecurringPayments
from backend.financial_manager.recurring.words import comes_words, price_words
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession
from backend.sdk.ids import NewId

FRESH = dt.timedelta(days=62)
"""A price that went up longer ago is no news."""


@dataclass(frozen=True, slots=True)
class _News:
    key: str
    kind: NoticeKind
    recurring_id: str
    name: str
    text: str


class Noticing:
    """Notice what is new among the recurring payments of the space that an actor acts in."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId, recurring: RecurringPayments) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._recurring = recurring

    def look(self, actor: Actor) -> int:
        """Keep what was not told yet, and forget what is no longer found; returns how many are new."""
        today = local_day(self._clock)
        wanted = {one.key: one for found in self._recurring.all(actor) for one in _news_of(found, today)}

        def work(session: OwnedSession) -> int:
            rows = {row.key: row for row in session.scalars(_own(session))}
            for key, row in rows.items():
                if key not in wanted and not row.dismissed:
                    session.delete(row)
            fresh = [one for key, one in sorted(wanted.items()) if key not in rows]
            for one in fresh:
                session.add(
                    RecurringNotice(
                        id=self._new_id(), key=one.key, kind=one.kind.value, recurring_id=one.recurring_id,
                        text=one.text, told_at=self._clock.now(),
                    )
                )  # fmt: skip
            _tell(session, fresh)
            return len(fresh)

        return self._db.write(actor, work)

    def open(self, actor: Actor) -> list[RecurringNotice]:
        """Return what nobody has dismissed or decided about, the oldest first."""

        def work(session: OwnedSession) -> list[RecurringNotice]:
            owner = session.actor.owner_id
            return list(session.scalars(open_notices().where(RecurringNotice.owner_id == owner)))

        return self._db.read(actor, work)

    def dismiss(self, actor: Actor, ids: Sequence[str]) -> None:
        """Show some no more; they never come again. Raises `RecurringNoticeMissing` if one of them is not there."""

        def work(session: OwnedSession) -> None:
            rows = {row.id: row for row in session.scalars(_own(session))}
            for notice_id in ids:
                if notice_id not in rows:
                    raise RecurringNoticeMissing()
                rows[notice_id].dismissed = True
            session.emit(RecurringSeen(owner_id=session.actor.owner_id))

        self._db.write(actor, work)


def open_notices() -> Any:
    """Return the query of what waits to be seen, in all spaces that a session sees."""
    decided = select(RecurringPayment.id).where(
        RecurringPayment.owner_id == RecurringNotice.owner_id, RecurringPayment.id == RecurringNotice.recurring_id
    )
    waits = (RecurringNotice.kind == NoticeKind.PRICE.value) | ~decided.exists()
    return select(RecurringNotice).where(RecurringNotice.dismissed.is_(False), waits).order_by(RecurringNotice.id)


def _news_of(found: Recurring, today: dt.date) -> Iterator[_News]:
    """Give what is worth telling of one: that it is found, as long as nobody decided, and that it became dearer."""
    if found.series is None or found.ended or found.transfer or found.state is RecurringState.DISMISSED:
        return
    if found.row is None:
        yield _News(f"found:{found.id}", NoticeKind.FOUND, found.id, found.name, comes_words(found).text)
    for change in found.series.price_changes:
        if change.after_minor < change.before_minor <= 0 and today - change.day <= FRESH:
            text = price_words(found.name, change, found.currency).text
            yield _News(f"price:{found.id}:{change.day.isoformat()}", NoticeKind.PRICE, found.id, found.name, text)


def _tell(session: OwnedSession, fresh: Sequence[_News]) -> None:
    """Tell of each kind in one event, however many there are."""
    for kind, event in ((NoticeKind.FOUND, RecurringFound), (NoticeKind.PRICE, PricesRose)):
        some = [one for one in fresh if one.kind is kind]
        if some:
            first = some[0]
            session.emit(
                event(
                    owner_id=session.actor.owner_id, recurring_id=first.recurring_id, payee=first.name, count=len(some)
                )
            )


def _own(session: OwnedSession) -> Any:
    return select(RecurringNotice).where(RecurringNotice.owner_id == session.actor.owner_id)
