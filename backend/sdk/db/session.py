"""Sessions: the only way to rows. An owned session filters and stamps, an unscoped one says why it does not."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from backend.sdk.actor import Actor
from backend.sdk.db.base import Owned
from backend.sdk.db.errors import OwnerMismatch, UnscopedStatement
from backend.sdk.db.scope import Scope, slot_of
from backend.sdk.errors import NotFound
from backend.sdk.events import Event

M = TypeVar("M", bound=Owned)


class HomieSession(Session):
    """Work under a stated scope, and collect events that are published after commit."""

    def __init__(self, engine: sa.Engine, scope: Scope) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.scope = scope
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


class UnscopedSession(HomieSession):
    """See and write every owner's rows; for system work only. `owner_id` must be given on each inserted row."""


class OwnedSession(HomieSession):
    """See the rows of the actor's owners, write rows of the owner it acts in."""

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

    def _refuse_bulk(self, *args: Any, **kw: Any) -> NoReturn:
        raise UnscopedStatement("the legacy bulk_* methods bypass the session; use execute(insert(Model), rows)")

    bulk_save_objects = _refuse_bulk
    bulk_insert_mappings = _refuse_bulk
    bulk_update_mappings = _refuse_bulk


@event.listens_for(HomieSession, "after_begin")
def _enter_scope(session: HomieSession, transaction: SessionTransaction, connection: sa.Connection) -> None:
    slot_of(connection).scope = session.scope


@event.listens_for(HomieSession, "after_commit")
def _release_events(session: HomieSession) -> None:
    if not session.in_nested_transaction():
        session.committed += session.collected
        session.collected = []


@event.listens_for(HomieSession, "after_rollback")
def _drop_events(session: HomieSession) -> None:
    session.collected = []


@event.listens_for(OwnedSession, "do_orm_execute")
def _filter(state: ORMExecuteState) -> None:
    session = cast(OwnedSession, state.session)
    actor = session.actor
    if not state.is_orm_statement:
        raise UnscopedStatement("Core and text statements have no owner filter")
    if state.is_insert:
        state.parameters = _stamped(state.parameters, actor.owner_id)
        return
    if state.is_select:
        owners = tuple(sorted(actor.owners))
        state.statement = state.statement.options(
            with_loader_criteria(Owned, lambda cls: cls.owner_id.in_(owners), include_aliases=True)
        )
    elif state.is_update or state.is_delete:
        owner = actor.owner_id
        if state.is_update and isinstance(state.parameters, list):
            state.parameters = _stamped(state.parameters, owner)
        state.statement = state.statement.options(
            with_loader_criteria(Owned, lambda cls: cls.owner_id == owner, include_aliases=True)
        )


def _stamped(parameters: Any, owner: str) -> Any:
    """Return bulk parameters with the owner set; raises `OwnerMismatch` if one names another."""
    if isinstance(parameters, list):
        for row in parameters:
            if row.setdefault("owner_id", owner) != owner:
                raise OwnerMismatch("a bulk row names another owner")
    elif parameters and parameters.get("owner_id", owner) != owner:
        raise OwnerMismatch("a row names another owner")
    return parameters


@event.listens_for(OwnedSession, "before_flush")
def _stamp(session: OwnedSession, context: Any, instances: Any) -> None:
    owner = session.actor.owner_id
    for row in session.new:
        if isinstance(row, Owned):
            if row.owner_id is None:
                row.owner_id = owner
            elif row.owner_id != owner:
                raise OwnerMismatch(f"a new {type(row).__name__} names another owner")
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, Owned) and row.owner_id != owner and session.is_modified(row):
            raise OwnerMismatch(f"a changed {type(row).__name__} belongs to another owner")


__all__ = ["HomieSession", "OwnedSession", "UnscopedSession", "orm"]
