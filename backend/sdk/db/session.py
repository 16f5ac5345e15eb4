"""Sessions: the only way to rows. An owned session filters and stamps; an unscoped one says why it does not."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import (
    ORMExecuteState,
    QueryContext,
    Session,
    SessionTransaction,
    UOWTransaction,
    with_loader_criteria,
)

from backend.sdk.actor import Actor
from backend.sdk.db.base import Owned
from backend.sdk.db.errors import NoActor, OwnerMismatch, UnscopedStatement, WrongSpace
from backend.sdk.db.guard import COLUMN_LOAD, MARK, SCOPED
from backend.sdk.db.lint import check_insert, check_statement, check_update
from backend.sdk.db.scope import Scope, slot_of
from backend.sdk.errors import NotFound
from backend.sdk.events import Event

M = TypeVar("M", bound=Owned)
Enter = Callable[[sa.Connection, Scope], None]
"""What an engine does when a transaction begins for a scope (PostgreSQL: tell the server who acts)."""


class HomieSession(Session):
    """Work under a stated scope, and collect events that are published after commit."""

    def __init__(self, engine: sa.Engine, scope: Scope, enter: Enter) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.scope = scope
        self.enter = enter
        self.savepoints: weakref.WeakKeyDictionary[SessionTransaction, int] = weakref.WeakKeyDictionary()
        self.collected: list[Event] = []
        self.committed: list[Event] = []

    def emit(self, event: Event) -> None:
        """Publish the event once this work is committed; a rollback drops it."""
        if not event.owner_id:
            raise ValueError("an event must name its owner")
        self.collected.append(event)

    def take_committed(self) -> list[Event]:
        """Return the events of committed transactions, once."""
        events, self.committed = self.committed, []
        return events

    def flush(self, objects: Any = None) -> None:
        """Write what changed, telling the engine's guard that these statements are the session's own."""
        if not (self.new or self.dirty or self.deleted):
            return
        slot = slot_of(self.connection())
        slot.flushing = True
        try:
            super().flush(objects)
        finally:
            slot.flushing = False


class UnscopedSession(HomieSession):
    """See and write every owner's rows; for system work only. `owner_id` must be given on each inserted row."""


class OwnedSession(HomieSession):
    """See the rows of the actor's owners, write rows of the owner it acts in."""

    @functools.cached_property
    def may_read(self) -> Any:
        """Hold the filter of reads: every space of the actor."""
        return _owner_filter(sorted(self.actor.owners))

    @functools.cached_property
    def may_write(self) -> Any:
        """Hold the filter of updates and deletes: the space that the actor acts in."""
        return _owner_filter([self.actor.owner_id])

    @property
    def actor(self) -> Actor:
        """Return who acts."""
        assert self.scope.actor is not None
        return self.scope.actor

    def find(self, model: type[M], id: str) -> M:
        """Return the row with that id in any of the actor's spaces; raises `NotFound` for all others alike."""
        row = self.scalars(sa.select(model).where(model.id == id)).first()
        if row is None:
            raise NotFound()
        return row

    def find_own(self, model: type[M], id: str) -> M:
        """Return the row for changing it: raises `NotFound`, or `WrongSpace` if it is in another space of the actor."""
        row = self.find(model, id)
        if row.owner_id != self.actor.owner_id:
            raise WrongSpace()
        return row

    def _refuse_bulk(self, *args: Any, **kw: Any) -> NoReturn:
        raise UnscopedStatement("the legacy bulk_* methods bypass the session; use execute(insert(Model), rows)")

    bulk_save_objects = _refuse_bulk
    bulk_insert_mappings = _refuse_bulk
    bulk_update_mappings = _refuse_bulk


def _owner_filter(owners: list[str]) -> Any:
    return with_loader_criteria(Owned, lambda cls: cls.owner_id.in_(owners), include_aliases=True)


@event.listens_for(HomieSession, "after_begin")
def _enter_scope(session: HomieSession, transaction: SessionTransaction, connection: sa.Connection) -> None:
    slot = slot_of(connection)
    if slot.scope is not session.scope:
        session.enter(connection, session.scope)
        slot.scope = session.scope


@event.listens_for(HomieSession, "after_transaction_create")
def _remember_savepoint(session: HomieSession, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.savepoints[transaction] = len(session.collected)


@event.listens_for(HomieSession, "after_commit")
def _release_events(session: HomieSession) -> None:
    savepoint = session.get_nested_transaction()
    if savepoint is not None:
        session.savepoints.pop(savepoint, None)
        return
    session.committed += session.collected
    session.collected = []


@event.listens_for(HomieSession, "after_transaction_end")
def _drop_events(session: HomieSession, transaction: SessionTransaction) -> None:
    """Drop what was emitted in a savepoint that ended without a commit, or in the whole transaction."""
    if transaction.nested:
        del session.collected[session.savepoints.pop(transaction, len(session.collected)) :]
    elif transaction.parent is None:
        session.collected = []


@event.listens_for(OwnedSession, "do_orm_execute")
def _filter(state: ORMExecuteState) -> Any:
    """Give the statement its owner filters and the pass that the engine's guard asks for."""
    session = cast(OwnedSession, state.session)
    if not state.is_orm_statement:
        raise UnscopedStatement("Core and text statements have no owner filter")
    if state.is_column_load:
        state.update_execution_options(**{MARK: COLUMN_LOAD})
        return None
    if not state.is_relationship_load:
        check_statement(state.statement)
    state.update_execution_options(**{MARK: SCOPED})
    owner = session.actor.owner_id
    if state.is_insert:
        check_insert(cast(sa.Insert, state.statement), owner)
        state.parameters = _stamped(state.parameters, owner)
    elif state.is_select:
        _add_option(state, session.may_read)
    elif state.is_update or state.is_delete:
        check_update(state.statement)
        if state.is_update and isinstance(state.parameters, list):
            return _bulk_update(session, state, owner)
        _add_option(state, session.may_write)
    return None


def _bulk_update(session: OwnedSession, state: ORMExecuteState, owner: str) -> Any:
    """Update many rows by key, as a flush does; SQLAlchemy does not hand our pass on to these statements."""
    state.parameters = _stamped(state.parameters, owner)
    slot = slot_of(session.connection())
    slot.flushing = True
    try:
        return state.invoke_statement()
    finally:
        slot.flushing = False


def _add_option(state: ORMExecuteState, option: Any) -> None:
    statement: Any = state.statement
    if not any(known is option for known in statement._with_options):
        state.statement = statement.options(option)


def _stamped(parameters: Any, owner: str) -> Any:
    """Return bulk parameters with the owner set; raises `OwnerMismatch` if one names another."""
    if not parameters:
        return parameters
    if isinstance(parameters, Mapping):
        if parameters.get("owner_id", owner) != owner:
            raise OwnerMismatch("a row names another owner")
        return parameters
    rows = [{**row, "owner_id": owner} if "owner_id" not in row else row for row in parameters]
    if any(row["owner_id"] != owner for row in rows):
        raise OwnerMismatch("a bulk row names another owner")
    return rows


@event.listens_for(OwnedSession, "before_flush")
def _stamp(session: OwnedSession, context: UOWTransaction, instances: Any) -> None:
    owner = session.actor.owner_id
    for row in session.new:
        if isinstance(row, Owned):
            named = row.__dict__.get("owner_id")
            if named is None:
                row.owner_id = owner
            elif named != owner:
                raise OwnerMismatch(f"a new {type(row).__name__} names another owner")
    for row in session.dirty:
        if isinstance(row, Owned) and session.is_modified(row):
            _check_written(session, row)
    for row in session.deleted:
        if isinstance(row, Owned):
            _check_written(session, row)


def _check_written(session: OwnedSession, row: Owned) -> None:
    owners = {_key_owner(row), row.__dict__.get("owner_id")} - {None}
    if owners == {session.actor.owner_id}:
        return
    if owners <= session.actor.owners:
        raise WrongSpace()
    raise OwnerMismatch(f"a changed {type(row).__name__} belongs to another owner")


def _key_owner(row: Owned) -> str | None:
    """Return the owner in the row's identity, which an assignment to `owner_id` does not change."""
    state = sa.inspect(row)
    if state.key is None:
        return None
    key_of = {column.key: value for column, value in zip(state.mapper.primary_key, state.key[1], strict=True)}
    return cast(str, key_of["owner_id"])


@event.listens_for(OwnedSession, "before_attach")
def _check_attached(session: OwnedSession, row: object) -> None:
    """Refuse an object that claims to be stored with another owner: loader filters do not see it."""
    if isinstance(row, Owned):
        owner = _key_owner(row)
        if owner is not None and owner not in session.actor.owners:
            raise OwnerMismatch(f"a {type(row).__name__} of another owner was attached")


@event.listens_for(Owned, "load", propagate=True)
def _check_loaded(row: Owned, context: QueryContext) -> None:
    """Refuse to build an object from another owner's row, whatever query brought it."""
    _check_seen(row, context)


@event.listens_for(Owned, "refresh", propagate=True)
def _check_refreshed(row: Owned, context: QueryContext | None, attributes: Any) -> None:
    """Refuse to refresh an object from another owner's row.

    Without a context nothing was read: an UPDATE of many rows told its objects what it had set.
    """
    if context is not None:
        _check_seen(row, context)


def _check_seen(row: Owned, context: QueryContext) -> None:
    session = context.session
    if isinstance(session, OwnedSession):
        owner = row.__dict__.get("owner_id")
        if owner not in session.actor.owners and (owner is not None or _key_owner(row) not in session.actor.owners):
            raise OwnerMismatch(f"a {type(row).__name__} of another owner was read")
    elif not isinstance(session, UnscopedSession):
        raise NoActor("owned rows are read through Database.session only")
