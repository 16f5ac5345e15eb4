"""Who acts on a database connection: kept on the connection itself, so that sessions may interleave freely.

A contextvar would belong to the thread or greenlet; two sessions of two actors in one thread would then see each
other's actor. The scope is set when a session begins a transaction on a connection and cleared when the connection
goes back to the pool: a connection that nobody acts on refuses every statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext

from backend.sdk.actor import Actor
from backend.sdk.db.errors import NoActor

_KEY = "homie_scope"


@dataclass(frozen=True, slots=True)
class Scope:
    """Say on whose behalf a connection works. `actor` None means system work with the stated reason."""

    actor: Actor | None
    reason: str
    writing: bool

    @property
    def owner(self) -> str | None:
        """Return the owner that rows are written for; None for system work."""
        return self.actor.owner_id if self.actor else None


class ScopeSlot:
    """Hold the scope of one DBAPI connection, and whether a flush is running on it."""

    __slots__ = ("flushing", "scope")

    def __init__(self) -> None:
        self.scope: Scope | None = None
        self.flushing = False

    def clear(self) -> None:
        """Forget who acts."""
        self.scope = None
        self.flushing = False


def slot_of_info(info: dict[Any, Any]) -> ScopeSlot:
    """Return the slot kept in a connection's (or connection record's) info dictionary, making it on first use."""
    slot = info.get(_KEY)
    if slot is None:
        slot = info[_KEY] = ScopeSlot()
    assert isinstance(slot, ScopeSlot)
    return slot


def slot_of(connection: sa.Connection) -> ScopeSlot:
    """Return the slot of a SQLAlchemy connection."""
    return slot_of_info(connection.info)


def scope_of(connection: sa.Connection) -> Scope:
    """Return who acts on the connection; raises `NoActor` when nobody does."""
    scope = slot_of(connection).scope
    if scope is None:
        raise NoActor("a statement ran on a connection that no session acts on")
    return scope


def acting_owner(context: DefaultExecutionContext) -> str:
    """Return the owner for a row that is being inserted (column default); system work must name the owner itself."""
    owner = scope_of(context.root_connection).owner
    if owner is None:
        raise NoActor("system work must set owner_id on the rows that it inserts")
    return owner
