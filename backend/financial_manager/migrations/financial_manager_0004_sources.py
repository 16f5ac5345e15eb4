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
    op.create_table(
        "bank_keys",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("owner_id", "provider", name=op.f("uq_bank_keys_owner_id_provider")),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_bank_keys")),
    )
    op.create_table(
        "bank_connections",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("bank", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("consent_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("redirect", sa.String(length=500), nullable=False),
        sa.Column("pending", sa.String(length=64), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_bank_connections")),
    )
    op.create_table(
        "bank_accounts",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("stable_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("balance_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("balance_on", sa.Date(), nullable=True),
        sa.Column("fetched_through", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id", "connection_id"],
            ["bank_connections.owner_id", "bank_connections.id"],
            name=op.f("fk_bank_accounts_owner_id_connection_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "account_id"],
            ["user_accounts.owner_id", "user_accounts.id"],
            name=op.f("fk_bank_accounts_owner_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "owner_id", "connection_id", "stable_id", name=op.f("uq_bank_accounts_owner_id_connection_id_stable_id")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_bank_accounts")),
    )
