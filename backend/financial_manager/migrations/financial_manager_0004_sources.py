"""Exchange rates, statement inboxes, connected banks, layouts that were learned."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0004"
down_revision = "financial_manager_0003"
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
    op.create_table(
        "statement_inboxes",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("volume_id", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_statement_inboxes")),
        sa.UniqueConstraint("owner_id", "volume_id", "path", name=op.f("uq_statement_inboxes_owner_id_volume_id_path")),
    )
    op.create_table(
        "statements_seen",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("volume_id", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("batch_id", sa.String(length=36), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "account_id"],
            ["user_accounts.owner_id", "user_accounts.id"],
            name=op.f("fk_statements_seen_owner_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "batch_id"],
            ["import_batches.owner_id", "import_batches.id"],
            name=op.f("fk_statements_seen_owner_id_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_statements_seen")),
        sa.UniqueConstraint("owner_id", "file_hash", name=op.f("uq_statements_seen_owner_id_file_hash")),
    )
    with op.batch_alter_table("statements_seen", schema=None) as batch_op:
        batch_op.create_index("ix_statements_seen_owner_id_state", ["owner_id", "state"], unique=False)
