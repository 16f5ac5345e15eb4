"""Declarative bases whose every table either belongs to owners or says why it does not."""

from __future__ import annotations

import types
from datetime import datetime
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from backend.sdk.db.scope import acting_owner
from backend.sdk.db.types import BIG_INT, JsonDict, JsonList, UtcDateTime
from backend.sdk.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, because a migration can only change what it can name."""


TYPES: dict[Any, Any] = {
    datetime: UtcDateTime(),
    dict[str, Any]: JsonDict(),
    list[str]: JsonList(),
    int: BIG_INT,
}
"""What `Mapped[datetime]`, `Mapped[int]` and friends become."""


class Owned:
    """Give a table its owner: `owner_id` leads the primary key `(owner_id, id)`, `id` is a UUIDv7.

    Both are filled when a row is inserted; code never names `owner_id` in a query, the session does.
    """

    @declared_attr
    def owner_id(cls) -> Mapped[str]:
        """Hold the space that the row belongs to."""
        return mapped_column(sa.String(36), primary_key=True, default=acting_owner, sort_order=-20)

    @declared_attr
    def id(cls) -> Mapped[str]:
        """Hold the row's UUIDv7."""
        return mapped_column(sa.String(36), primary_key=True, default=new_id, sort_order=-19)


class ModuleBase(DeclarativeBase):
    """Be the parent of each module's declarative base: `class NotesBase(ModuleBase, module="notes"): ...`.

    A table that does not inherit `Owned` must set `__unowned__ = "why"`; owned sessions then cannot touch it, unless it
    also sets `__shared__ = True` (everybody may read it, nobody but an unscoped session may write it).
    """

    __abstract__ = True
    __unowned__: ClassVar[str] = ""
    __shared__: ClassVar[bool] = False

    def __init_subclass__(cls, *, module: str = "", **kw: Any) -> None:
        if module:
            cls.__abstract__ = True
            cls.metadata = sa.MetaData(naming_convention=NAMING, info={"module_id": module})
            cls.registry = registry(metadata=cls.metadata, type_annotation_map=TYPES)
            cls._sa_registry = cls.registry
            return
        super().__init_subclass__(**kw)
        if "__table__" in cls.__dict__ and not issubclass(cls, Owned) and not cls.__unowned__:
            raise TypeError(f"{cls.__name__} must inherit Owned, or say in __unowned__ why its rows have no owner")


def make_base(module_id: str) -> type[ModuleBase]:
    """Return a fresh base for one module (what `class X(ModuleBase, module=...)` does, for tests and tools)."""
    return cast(type[ModuleBase], types.new_class("Base", (ModuleBase,), {"module": module_id}))


def owned_fk(column: str, table: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """Return the composite foreign key `(owner_id, column) -> table(owner_id, id)`, which cannot cross owners.

    With `ondelete="CASCADE"` children go with their parent. "SET NULL" is refused: it would also clear `owner_id`.
    """
    if ondelete == "SET NULL":
        raise ValueError("SET NULL would clear owner_id too; use CASCADE or clear the column yourself")
    return sa.ForeignKeyConstraint(["owner_id", column], [f"{table}.owner_id", f"{table}.id"], ondelete=ondelete)


def owned_tables(base: type[DeclarativeBase]) -> dict[str, sa.Table]:
    """Return the tables of a base whose rows belong to an owner, by name."""
    unowned = unowned_tables(base)
    owned = {name: table for name, table in base.metadata.tables.items() if name not in unowned}
    for name, table in owned.items():
        if "owner_id" not in table.primary_key.columns:
            raise TypeError(f"the table {name} has no owner; map it by a class that says why")
    return owned


def unowned_tables(base: type[DeclarativeBase]) -> dict[str, str]:
    """Return name -> stated reason of each table without owner, for the tests that keep this list short."""
    found: dict[str, str] = {}
    for mapper in base.registry.mappers:
        if not issubclass(mapper.class_, Owned):
            for table in mapper.tables:
                found[cast(sa.Table, table).name] = mapper.class_.__unowned__
    return found


def shared_tables(base: type[DeclarativeBase]) -> frozenset[str]:
    """Return the names of the unowned tables that owned sessions may read."""
    return frozenset(
        cast(sa.Table, table).name
        for mapper in base.registry.mappers
        if not issubclass(mapper.class_, Owned) and mapper.class_.__shared__
        for table in mapper.tables
    )
