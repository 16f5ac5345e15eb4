"""Where the prices of a security come from, and when a price was fetched."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0009"
down_revision = "financial_manager_0008_fints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    with op.batch_alter_table("security_prices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "price_sources",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("security_id", sa.String(length=36), nullable=False),
        sa.Column("preset", sa.String(length=40), nullable=False),
        sa.Column("symbol", sa.String(length=80), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("date_path", sa.String(length=200), nullable=False),
        sa.Column("price_path", sa.String(length=200), nullable=False),
        sa.Column("currency_path", sa.String(length=200), nullable=False),
        sa.Column("date_form", sa.String(length=8), nullable=False),
        sa.Column("decimal", sa.String(length=1), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "security_id"],
            ["securities.owner_id", "securities.id"],
            name=op.f("fk_price_sources_owner_id_security_id"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_price_sources")),
        sa.UniqueConstraint("owner_id", "security_id", name=op.f("uq_price_sources_owner_id_security_id")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("price_sources")
    with op.batch_alter_table("security_prices", schema=None) as batch_op:
        batch_op.drop_column("fetched_at")
