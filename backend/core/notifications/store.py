"""Keep news, show them to a person, note what that person read or put away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, delete, exists, func, or_, select

from backend.core.notifications.events import NotificationsChanged
from backend.core.notifications.models import Notification, NotificationMark
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession, UnscopedSession
from backend.sdk.errors import NotFound
from backend.sdk.ids import NewId
from backend.sdk.overview import render

KEPT = timedelta(days=60)
MOST_PER_SPACE = 500


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news that is to be kept; fields as in `Notification`."""

    kind: str
    subject: str
    module: str
    severity: str
    template: str
    params: dict[str, Any]
    route: str
    event_id: str


@dataclass(frozen=True, slots=True)
class NewsView:
    """One piece of news as one person sees it."""

    id: str
    space_id: str
    module: str
    kind: str
    severity: str
    text: str
    template: str
    params: dict[str, Any]
    route: str
    count: int
    unread: bool
    created_at: datetime
    changed_at: datetime


class NotificationStore:
    """Keep news in core's database. `muted` tells which kinds a person does not want.

    `quiet` tells when the person's quiet hours began, while they last: news since then do not count as unread until
    they are over, unless something went wrong. Whoever looks at the list sees them all the same.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        new_id: NewId,
        *,
        muted: Callable[[Actor], frozenset[str] | None],
        private: Callable[[Actor], str],
        quiet: Callable[[Actor], datetime | None] = lambda _: None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._muted = muted
        self._private = private
        self._quiet = quiet

    def keep(self, owner_id: str, news: News) -> None:
        """Store news of a space: a new row, or the one of the same kind and subject renewed."""
        self._db.write(Actor.of(owner_id), self._keep, news)

    def page(
        self, actor: Actor, *, limit: int, before: tuple[datetime, str] | None = None, unread: bool = False
    ) -> list[NewsView]:
        """Return news of the actor's spaces, newest first, `limit + 1` of them for paging."""
        muted = self._muted(actor)
        if muted is None:
            return []

        since = self._quiet(actor) if unread else None

        def work(session: OwnedSession) -> list[NewsView]:
            query = select(Notification).where(*_wanted(actor.user_id, muted))
            if unread:
                query = query.where(_unread(actor.user_id), *_told(since))
            if before is not None:
                at, last = before
                older = and_(Notification.changed_at == at, Notification.id < last)
                query = query.where(or_(Notification.changed_at < at, older))
            order = (Notification.changed_at.desc(), Notification.id.desc())
            rows = session.scalars(query.order_by(*order).limit(limit + 1)).all()
            read = _read(session, actor.user_id, [row.id for row in rows])
            return [_view(row, (row.owner_id, row.id) not in read) for row in rows]

        return self._db.read(actor, work)

    def unread(self, actor: Actor) -> int:
        """Return how many pieces of news the person has not read."""
        muted = self._muted(actor)
        if muted is None:
            return 0

        since = self._quiet(actor)

        def work(session: OwnedSession) -> int:
            wanted = (*_wanted(actor.user_id, muted), _unread(actor.user_id), *_told(since))
            query = select(func.count(Notification.id)).where(*wanted)
            return int(session.scalar(query) or 0)

        return self._db.read(actor, work)

    def mark(self, actor: Actor, notification_id: str, *, hide: bool = False) -> None:
        """Note that the person read a piece of news, or put it away; raises `NotFound`."""

        def where(session: OwnedSession) -> str:
            found = select(Notification.owner_id).where(
                Notification.id == notification_id, *_wanted(actor.user_id, frozenset())
            )
            owner = session.scalars(found).first()
            if owner is None:
                raise NotFound("This notification does not exist.")
            return owner

        owner = self._db.read(actor, where)
        self._mark(actor, owner, [notification_id], hide)

    def mark_all(self, actor: Actor, *, hide: bool = False) -> None:
        """Note that the person read everything, or put it away."""
        me = actor.user_id
        wanted = (*_wanted(me, frozenset()), *(() if hide else (_unread(me),)))
        for owner in sorted(actor.owners):
            space = actor.only_in(owner)
            ids = self._db.read(space, lambda session: list(session.scalars(select(Notification.id).where(*wanted))))
            if ids:
                self._mark(actor, owner, ids, hide)

    def sweep(self) -> int:
        """Delete news past their time, and what a space has too many of; returns how many."""
        return self._db.unscoped("old notifications", self._sweep, write=True)

    # ------------------------------------------------------------------ inside

    def _keep(self, session: OwnedSession, news: News) -> None:
        now = self._clock.now()
        same = select(Notification).where(Notification.kind == news.kind, Notification.subject == news.subject)
        row = session.scalars(same).first()
        if row is not None and row.event_id == news.event_id:
            return  # another server process heard the same event
        if row is None:
            row = Notification(id=self._new_id(), kind=news.kind, subject=news.subject, count=0, created_at=now)
            session.add(row)
        else:
            # It is news again for everybody, also for who had read it or put it away.
            session.execute(delete(NotificationMark).where(NotificationMark.notification_id == row.id))
        row.module, row.severity, row.template, row.route = news.module, news.severity, news.template, news.route
        row.params, row.event_id, row.changed_at = news.params, news.event_id, now
        row.count += 1
        session.flush()
        session.emit(NotificationsChanged(owner_id=row.owner_id, notification_id=row.id, kind=row.kind))

    def _mark(self, actor: Actor, owner: str, ids: Sequence[str], hide: bool) -> None:
        now, private = self._clock.now(), self._private(actor)

        def work(session: OwnedSession) -> None:
            for start in range(0, len(ids), 400):
                chunk = ids[start : start + 400]
                mine = (NotificationMark.user_id == actor.user_id, NotificationMark.notification_id.in_(chunk))
                known = {row.notification_id: row for row in session.scalars(select(NotificationMark).where(*mine))}
                for notification_id in chunk:
                    mark = known.get(notification_id)
                    if mark is None:
                        mark = NotificationMark(
                            id=self._new_id(), notification_id=notification_id, user_id=actor.user_id
                        )
                        session.add(mark)
                    mark.read_at = now
                    mark.hidden_at = now if hide else mark.hidden_at
            session.emit(NotificationsChanged(owner_id=private))

        self._db.write(actor.only_in(owner), work)

    def _sweep(self, session: UnscopedSession) -> int:
        old = delete(Notification).where(Notification.changed_at < self._clock.now() - KEPT)
        gone = cast(CursorResult[Any], session.execute(old)).rowcount
        crowded = select(Notification.owner_id).group_by(Notification.owner_id)
        for owner in list(session.scalars(crowded.having(func.count() > MOST_PER_SPACE))):
            mine = Notification.owner_id == owner
            kept = select(Notification.id).where(mine).order_by(Notification.changed_at.desc()).limit(MOST_PER_SPACE)
            surplus = delete(Notification).where(mine, Notification.id.not_in(list(session.scalars(kept))))
            gone += cast(CursorResult[Any], session.execute(surplus)).rowcount
        return gone


def _wanted(user_id: str, muted: frozenset[str]) -> tuple[Any, ...]:
    """Return the conditions on news that the person wants to see: not put away, not of a kind that is off."""
    mark = NotificationMark
    hidden = exists().where(
        mark.owner_id == Notification.owner_id,
        mark.notification_id == Notification.id,
        mark.user_id == user_id,
        mark.hidden_at.is_not(None),
    )
    return (~hidden, Notification.kind.not_in(sorted(muted))) if muted else (~hidden,)


def _told(quiet_since: datetime | None) -> tuple[Any, ...]:
    """Return the condition that a piece of news may be told now: during quiet hours only what went wrong."""
    if quiet_since is None:
        return ()
    return (or_(Notification.changed_at < quiet_since, Notification.severity == "error"),)


def _unread(user_id: str) -> Any:
    mark = NotificationMark
    return ~exists().where(
        mark.owner_id == Notification.owner_id,
        mark.notification_id == Notification.id,
        mark.user_id == user_id,
    )


def _read(session: OwnedSession, user_id: str, ids: list[str]) -> set[tuple[str, str]]:
    marks = session.scalars(
        select(NotificationMark).where(NotificationMark.user_id == user_id, NotificationMark.notification_id.in_(ids))
    )
    return {(mark.owner_id, mark.notification_id) for mark in marks}


def _view(row: Notification, unread: bool) -> NewsView:
    return NewsView(
        id=row.id,
        space_id=row.owner_id,
        module=row.module,
        kind=row.kind,
        severity=row.severity,
        text=render(row.template, row.params),
        template=row.template,
        params=dict(row.params),
        route=row.route,
        count=row.count,
        unread=unread,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
