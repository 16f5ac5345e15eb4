"""Banks that are asked every morning: when next, how often of late, and who asks now."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0011"
down_revision = "financial_manager_0007"
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
    """Add the columns; no bank is asked by the clock before somebody wants it."""
    for column in _COLUMNS:
        op.add_column("bank_connections", column._copy())


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("bank_connections", schema=None) as batch_op:
        for column in reversed(_COLUMNS):
            batch_op.drop_column(column.name)
