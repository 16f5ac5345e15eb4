"""Keep rules of the household, and say for each item of a plan what is done with it: moved, copied, trashed."""

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0006"
down_revision = "file_organizer_0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_rules")),
    )
    op.create_index("ix_rules_owner_id_position", "rules", ["owner_id", "position"])
    op.add_column("plan_items", sa.Column("op", sa.String(length=16), server_default="move", nullable=False))
