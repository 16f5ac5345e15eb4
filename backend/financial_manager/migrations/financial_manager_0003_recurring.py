"""recurring payments and goals."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0003"
down_revision = "financial_manager_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recurring_payments",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payee_key", sa.String(length=200), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("found_cadence", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cadence", sa.String(length=12), nullable=False),
        sa.Column("amount_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("category_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "account_id"],
            ["user_accounts.owner_id", "user_accounts.id"],
            name=op.f("fk_recurring_payments_owner_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "category_id"],
            ["categories.owner_id", "categories.id"],
            name=op.f("fk_recurring_payments_owner_id_category_id"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_recurring_payments")),
    )
    op.create_index(
        "ix_recurring_payments_owner_id_account_id", "recurring_payments", ["owner_id", "account_id"], unique=False
    )
    op.create_table(
        "goals",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("target_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("start_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "account_id"],
            ["user_accounts.owner_id", "user_accounts.id"],
            name=op.f("fk_goals_owner_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_goals")),
    )
    op.create_index("ix_goals_owner_id_account_id", "goals", ["owner_id", "account_id"], unique=False)
    op.create_table(
        "goal_amounts",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("goal_id", sa.String(length=36), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "goal_id"],
            ["goals.owner_id", "goals.id"],
            name=op.f("fk_goal_amounts_owner_id_goal_id"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_goal_amounts")),
    )
    op.create_index("ix_goal_amounts_owner_id_goal_id", "goal_amounts", ["owner_id", "goal_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_goal_amounts_owner_id_goal_id", table_name="goal_amounts")
    op.drop_table("goal_amounts")
    op.drop_index("ix_goals_owner_id_account_id", table_name="goals")
    op.drop_table("goals")
    op.drop_index("ix_recurring_payments_owner_id_account_id", table_name="recurring_payments")
    op.drop_table("recurring_payments")
