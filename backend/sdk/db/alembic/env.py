"""The one Alembic environment of all modules; everything arrives through `config.attributes` (no .ini, no URL)."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

given = context.config.attributes


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave the shadow tables of SQLite's full-text indexes alone: they belong to their virtual table."""
    return not (kind == "table" and name and (name.startswith("sqlite_") or "_fts" in name))


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our column types as the plain types beneath, so that a migration never imports application code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def leave_out_empty(context: Any, revision: Any, directives: list[Any]) -> None:
    """Write no revision when the models did not change."""
    if given.get("skip_empty") and directives and directives[0].upgrade_ops.is_empty():
        directives.clear()


context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
    include_name=include_name,
    render_item=render_item,
    process_revision_directives=leave_out_empty,
)
with context.begin_transaction():
    context.run_migrations()
