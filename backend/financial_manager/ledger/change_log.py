"""Write to the ledger so that every step is recorded and can be taken back.

`ChangeLog.write` runs a unit of work; whatever audited row it makes, changes or removes is recorded with its values
before and after, in the same commit. Nobody has to remember it: the session itself is watched while the work runs.
Bulk inserts do not pass the session; an import records its batch instead (`importing/booking.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, func, select

from backend.financial_manager.events import LedgerChanged
from backend.financial_manager.ledger.models import (
    Attachment,
    Category,
    CategoryRule,
    ChangedRow,
    LedgerChange,
    Payee,
    PayeeAlias,
    Posting,
    Transaction,
    TransferLink,
    UserAccount,
)
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, Owned, OwnedSession, UtcDateTime
from backend.sdk.ids import NewId

P = ParamSpec("P")
R = TypeVar("R")

AUDITED: dict[str, type[Owned]] = {
    model.__tablename__: model
    for model in (
        Category, CategoryRule, Payee, PayeeAlias, UserAccount, Transaction, Attachment, Posting, TransferLink,
    )
}  # fmt: skip
"""Tables whose rows are recorded, parents before children; packages above the ledger add theirs with `audit`."""
_OPEN = "financial_manager.change"


def audit(*models: type[Owned]) -> None:
    """Record the rows of more tables, parents before children; called once, where all tables are named."""
    AUDITED.update({str(sa.inspect(model).local_table.name): model for model in models})


class Step:
    """One recorded step while its work runs. `title` may be made more telling by the work itself."""

    def __init__(self, change: LedgerChange) -> None:
        self.change = change
        self.rows: list[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]] = []

    def note(self, session: OwnedSession, *_: Any) -> None:
        """Take down what the session is about to write."""
        for row in session.new:
            if type(row).__table__.name in AUDITED:
                _fill(row)
                self.rows.append((type(row).__table__.name, row.id, None, values_of(row)))
        for row in session.dirty:
            if type(row).__table__.name in AUDITED and (changed := _changed(row)):
                before = {name: old for name, (old, _) in changed.items()}
                after = {name: new for name, (_, new) in changed.items()}
                self.rows.append((type(row).__table__.name, row.id, before, after))
        for row in session.deleted:
            if type(row).__table__.name in AUDITED:
                self.rows.append((type(row).__table__.name, row.id, values_of(row), None))


class ChangeLog:
    """Run units of work on the ledger of the space that an actor writes to, and record them."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def write(
        self,
        actor: Actor,
        kind: str,
        work: Callable[Concatenate[OwnedSession, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run `work(session, ...)` as one recorded step; what it raises leaves no trace. Returns what it returns."""

        def whole(session: OwnedSession) -> R:
            return self.within(session, kind, work, *args, **kwargs)

        return self._db.write(actor, whole)

    def within(
        self,
        session: OwnedSession,
        kind: str,
        work: Callable[Concatenate[OwnedSession, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Do what `write` does inside a write that is going on; inside another step it becomes a part of that one."""
        if _OPEN in session.info:
            return work(session, *args, **kwargs)
        change = LedgerChange(
            id=self._new_id(), seq=_next_seq(session), at=self._clock.now(), user_id=session.actor.user_id, kind=kind,
            title="",
        )  # fmt: skip
        step = Step(change)
        session.info[_OPEN] = step
        event.listen(session, "before_flush", step.note)
        try:
            result = work(session, *args, **kwargs)
            session.flush()
        finally:
            event.remove(session, "before_flush", step.note)
            del session.info[_OPEN]
        if step.rows or change.subject_id:
            _store(session, step)
        return result


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a step did: to how many things, and its id in the record; None where nothing changed."""

    count: int
    change_id: str | None


def recorded(session: OwnedSession, count: int) -> Recorded:
    """Return what the step that is being recorded did so far."""
    session.flush()
    step: Step = session.info[_OPEN]
    return Recorded(count, step.change.id if step.rows or step.change.subject_id else None)


def state_of(session: OwnedSession) -> str | None:
    """Return what names the acting space's ledger as this session sees it: the id of the last step, "" before any.

    The same name, the same ledger, in every process. None within a step, whose changes have no name yet.
    """
    if _OPEN in session.info:
        return None
    return last_step(session)


def last_step(session: OwnedSession) -> str:
    """Return the id of the acting space's last step, "" before any; its number alone comes again after a restore."""
    owned = select(LedgerChange.id).where(LedgerChange.owner_id == session.actor.owner_id)
    return session.scalar(owned.order_by(LedgerChange.seq.desc()).limit(1)) or ""


def step_of(session: OwnedSession) -> LedgerChange:
    """Return the step that is being recorded: its title and subject are for the work to fill."""
    step: Step = session.info[_OPEN]
    return step.change


def _store(session: OwnedSession, step: Step) -> None:
    session.add(step.change)
    session.flush()
    for number, (table, row_id, before, after) in enumerate(step.rows):
        session.add(
            ChangedRow(
                change_id=step.change.id, seq=number, table_name=table, row_id=row_id, before=before, after=after
            )
        )
    session.emit(
        LedgerChanged(
            owner_id=session.actor.owner_id,
            change_id=step.change.id,
            kind=step.change.kind,
            rows=len(step.rows),
            undone=step.change.undoes is not None,
        )
    )


def _next_seq(session: OwnedSession) -> int:
    last = session.scalar(select(func.max(LedgerChange.seq)).where(LedgerChange.owner_id == session.actor.owner_id))
    return int(last or 0) + 1


def values_of(row: Any) -> dict[str, Any]:
    """Return a row's columns as JSON values, without its owner."""
    return {
        column.key: plain(getattr(row, column.key))
        for column in type(row).__table__.columns
        if column.key != "owner_id"
    }


def plain(value: Any) -> Any:
    """Return a column's value as JSON keeps it."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list):
        return list(value)
    return value


def typed(column: sa.Column[Any], value: Any) -> Any:
    """Return a JSON value as its column takes it."""
    if value is None:
        return None
    if isinstance(column.type, sa.Date):
        return dt.date.fromisoformat(value)
    if isinstance(column.type, UtcDateTime):
        return dt.datetime.fromisoformat(value)
    return value


def _fill(row: Any) -> None:
    """Give a new row the defaults that it would get while it is written, so that the record has them."""
    for column in type(row).__table__.columns:
        default: Any = column.default
        if column.key != "owner_id" and default is not None and getattr(row, column.key) is None:
            setattr(row, column.key, default.arg(None) if default.is_callable else default.arg)


def _changed(row: Any) -> dict[str, tuple[Any, Any]]:
    """Return column -> (before, after) of what differs."""
    found = {}
    for attribute in sa.inspect(row).attrs:
        history = attribute.history
        if history.has_changes():
            old = plain(history.deleted[0]) if history.deleted else None
            new = plain(history.added[0]) if history.added else None
            if old != new:
                found[attribute.key] = (old, new)
    return found
