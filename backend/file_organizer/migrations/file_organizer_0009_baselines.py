"""Keep what is known of the content of files that were read again (`homie verify`)."""

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0009"
down_revision = "file_organizer_0008"
branch_labels = None
depends_on = None


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "content_baselines",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("place_key", sa.String(length=40), nullable=False),
        sa.Column("action_id", sa.String(length=36), nullable=False),
        sa.Column("volume_id", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        _number("size"),
        _number("mtime_ns"),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("condition", sa.String(length=16), nullable=False),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_content_baselines")),
        sa.UniqueConstraint("owner_id", "place_key", name=op.f("uq_content_baselines_owner_id_place_key")),
    )
    op.create_index(
        "ix_content_baselines_owner_id_action_id_checked_at",
        "content_baselines",
        ["owner_id", "action_id", "checked_at"],
    )
