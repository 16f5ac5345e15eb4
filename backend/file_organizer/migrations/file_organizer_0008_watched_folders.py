"""Watched folders: what is tended, how, and how far it got."""

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0008"
down_revision = "file_organizer_0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "watched_folders",
        sa.Column("owner_id", sa.String(36), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("volume_id", sa.String(64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("settle_seconds", NUMBER, nullable=False),
        sa.Column("daily_limit", NUMBER, nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("sight", sa.String(16), nullable=False),
        sa.Column("settling", NUMBER, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("plan_id", sa.String(36), nullable=True),
        sa.Column("auto_plan_id", sa.String(36), nullable=True),
        sa.Column("filed_day", sa.String(10), nullable=False),
        sa.Column("filed_today", NUMBER, nullable=False),
        sa.Column("filed_since", NUMBER, nullable=False),
        sa.Column("held_back", NUMBER, nullable=False),
        sa.Column("tended_at", MOMENT, nullable=True),
        sa.Column("active_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name="pk_watched_folders"),
        sa.UniqueConstraint("owner_id", "volume_id", "path", name="uq_watched_folders_owner_id_volume_id_path"),
    )
