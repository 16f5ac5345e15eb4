"""Banks that are asked every morning: when, how often of late, who asks now; what was told of recurring payments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0011"
down_revision = "financial_manager_0009"
branch_labels = None
depends_on = None

_COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("clock", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("tries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0"),
    sa.Column("asked", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("busy_by", sa.String(length=36), nullable=False, server_default=""),
    sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
)


def upgrade() -> None:
    """Add columns and table; no bank is asked by the clock before somebody wants it."""
    for column in _COLUMNS:
        op.add_column("bank_connections", column._copy())
    op.create_table(
        "recurring_notices",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("recurring_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_recurring_notices")),
        sa.UniqueConstraint("owner_id", "key", name=op.f("uq_recurring_notices_owner_id_key")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("recurring_notices")
    with op.batch_alter_table("bank_connections", schema=None) as batch_op:
        for column in reversed(_COLUMNS):
            batch_op.drop_column(column.name)
