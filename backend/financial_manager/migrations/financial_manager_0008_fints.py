"""Dialogues of FinTS that wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0008_fints"
down_revision = "financial_manager_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a dialogue is kept in."""
    with op.batch_alter_table("bank_connections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dialog", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("dialog_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("bank_connections", schema=None) as batch_op:
        batch_op.drop_column("dialog_until")
        batch_op.drop_column("dialog")
