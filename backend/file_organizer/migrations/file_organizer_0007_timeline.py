"""Find steps of the history by any word of their paths, by day, and by where a file came from."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0007"
down_revision = "file_organizer_0006"
branch_labels = None
depends_on = None

BATCH = 5000


def upgrade() -> None:
    op.add_column("file_actions", sa.Column("search_key", sa.Text(), server_default="", nullable=False))
    _fill()
    op.create_index(
        "ix_file_actions_owner_id_source_volume_source_path",
        "file_actions",
        ["owner_id", "source_volume", "source_path"],
    )
    op.create_index("ix_file_actions_owner_id_created_at", "file_actions", ["owner_id", "created_at"])


def _fill() -> None:
    actions = sa.table("file_actions", *map(sa.column, ("owner_id", "id", "source_path", "target_path", "search_key")))
    here = sa.and_(actions.c.owner_id == sa.bindparam("o"), actions.c.id == sa.bindparam("i"))
    change = sa.update(actions).where(here).values(search_key=sa.bindparam("found"))
    key, last = sa.tuple_(actions.c.owner_id, actions.c.id), None
    while True:
        query = sa.select(actions.c.owner_id, actions.c.id, actions.c.source_path, actions.c.target_path)
        query = query.order_by(actions.c.owner_id, actions.c.id).limit(BATCH)
        if last is not None:
            query = query.where(key > sa.tuple_(sa.literal(last[0]), sa.literal(last[1])))
        rows = op.get_bind().execute(query).all()
        if not rows:
            return
        last = rows[-1][:2]
        values = [
            {"o": owner, "i": row_id, "found": _folded("\n".join(path for path in (source, target) if path))}
            for owner, row_id, source, target in rows
        ]
        op.get_bind().execute(change, values)


def _folded(text: str) -> str:
    """Fold as `backend/sdk/finding.py` does; a revision imports nothing of the program."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
