"""Exchange rates, statement inboxes, connected banks, layouts that were learned."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0004"
down_revision = "financial_manager_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fx_rates",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=24), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_fx_rates")),
        sa.UniqueConstraint("owner_id", "currency", "day", name=op.f("uq_fx_rates_owner_id_currency_day")),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fx_rate", sa.String(length=24), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fx_day", sa.Date(), nullable=True))
