"""An index of the postings of which nobody has said what they were for."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0007"
down_revision = "financial_manager_0006"
branch_labels = None
depends_on = None

_COLUMNS = ["owner_id", "account_id", "category_id", "date", "booked", "currency", "amount_minor"]
_UNSAID = sa.text("account_id IS NULL AND category_id IS NULL")


def upgrade() -> None:
    """Make it."""
    op.create_index("ix_postings_inbox", "postings", _COLUMNS, sqlite_where=_UNSAID, postgresql_where=_UNSAID)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_postings_inbox", "postings")
