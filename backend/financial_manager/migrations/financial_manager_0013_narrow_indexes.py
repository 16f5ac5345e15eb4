"""The index of postings by category holds those that have one, that by payee too: nobody looks the others up by it."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0013"
down_revision = "financial_manager_0012"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_transactions_owner_id_payee_id", "transactions", ["owner_id", "payee_id"], "payee_id IS NOT NULL"),
    (
        "ix_postings_category",
        "postings",
        ["owner_id", "category_id", "date", "booked", "currency", "amount_minor"],
        "category_id IS NOT NULL",
    ),
)


def upgrade() -> None:
    """Make each anew, with its condition."""
    for name, table, columns, where in _INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Make each anew, over all rows."""
    for name, table, columns, _ in _INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, columns)
