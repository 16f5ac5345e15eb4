"""Remember how the episodes of each series are named, and what a person said about projects."""

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0011"
down_revision = "file_organizer_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series_mappings", sa.Column("naming", sa.String(12), nullable=False, server_default=""))
    op.add_column("series_mappings", sa.Column("pattern", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "project_folders",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("volume_id", sa.String(length=64), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_project_folders")),
        sa.UniqueConstraint(
            "owner_id", "volume_id", "folder", name=op.f("uq_project_folders_owner_id_volume_id_folder")
        ),
    )
