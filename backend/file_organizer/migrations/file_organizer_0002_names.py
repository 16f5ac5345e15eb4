"""Find files by name, and show plans by the folders that files come from.

Adds the folded names (also of what is there already) and the source folder; counts of a plan are read from an index.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0002"
down_revision = "file_organizer_0001"
branch_labels = None
depends_on = None

BATCH = 5000


def upgrade() -> None:
    _add("plan_items", "source_folder")
    _add("plan_items", "name_key")
    _add("file_actions", "name_key")
    _fill_items()
    _fill_actions()
    op.drop_index("ix_plan_items_owner_id_state", "plan_items")
    op.create_index(
        "ix_plan_items_owner_id_plan_id_state_confidence", "plan_items", ["owner_id", "plan_id", "state", "confidence"]
    )
    op.create_index("ix_plan_items_owner_id_name_key", "plan_items", ["owner_id", "name_key"])
    op.create_index("ix_file_actions_owner_id_name_key", "file_actions", ["owner_id", "name_key"])


def _add(table: str, column: str) -> None:
    op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))


def _fill_items() -> None:
    items = sa.table("plan_items", *map(sa.column, ("owner_id", "id", "source_path", "source_folder", "name_key")))
    for rows in _batches(items, items.c.source_path, items.c.source_path):
        values = []
        for owner, row_id, path, _ in rows:
            folder, _, name = path.rpartition("/")
            values.append({"o": owner, "i": row_id, "folder": folder, "name": _folded(name)})
        _update(items, values, source_folder=sa.bindparam("folder"), name_key=sa.bindparam("name"))


def _fill_actions() -> None:
    actions = sa.table("file_actions", *map(sa.column, ("owner_id", "id", "source_path", "target_path", "name_key")))
    for rows in _batches(actions, actions.c.source_path, actions.c.target_path):
        values = [
            {"o": owner, "i": row_id, "name": _folded((target or source or "").rpartition("/")[2])}
            for owner, row_id, source, target in rows
        ]
        _update(actions, values, name_key=sa.bindparam("name"))


def _batches(table: sa.TableClause, *columns: sa.ColumnElement[Any]) -> Iterator[Sequence[Any]]:
    """Yield the rows by their key, some thousands at a time."""
    key = sa.tuple_(table.c.owner_id, table.c.id)
    last = None
    while True:
        query = sa.select(table.c.owner_id, table.c.id, *(c.label(f"c{n}") for n, c in enumerate(columns)))
        query = query.order_by(table.c.owner_id, table.c.id).limit(BATCH)
        if last is not None:
            query = query.where(key > sa.tuple_(sa.literal(last[0]), sa.literal(last[1])))
        rows = op.get_bind().execute(query).all()
        if not rows:
            return
        last = rows[-1][:2]
        yield rows


def _update(table: sa.TableClause, values: list[dict[str, Any]], **columns: sa.BindParameter[Any]) -> None:
    here = sa.and_(table.c.owner_id == sa.bindparam("o"), table.c.id == sa.bindparam("i"))
    op.get_bind().execute(sa.update(table).where(here).values(**columns), values)


def _folded(name: str) -> str:
    """Fold as `backend/sdk/finding.py` does; a revision imports nothing of the program."""
    if name.isascii():
        return name.lower()[:255]
    parts = unicodedata.normalize("NFKD", name)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()[:255]
