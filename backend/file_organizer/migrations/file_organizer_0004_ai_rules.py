"""Keep what an AI may be told about single folders, and which folders a person refused for an item."""

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0004"
down_revision = "file_organizer_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ai_folder_rules",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("volume_id", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_ai_folder_rules")),
        sa.UniqueConstraint("owner_id", "volume_id", "path", name=op.f("uq_ai_folder_rules_owner_id_volume_id_path")),
    )
    op.add_column("plan_items", sa.Column("refused", sa.JSON(), nullable=False, server_default="[]"))
