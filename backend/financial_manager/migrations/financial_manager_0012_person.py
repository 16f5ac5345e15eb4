"""Budgets of one person in a space that several share: whose a budget is, and how that person was shown."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0012"
down_revision = "financial_manager_0011"
branch_labels = None
depends_on = None

_BEFORE = ["owner_id", "category_id", "currency", "since"]
_NOW = ["owner_id", "category_id", "currency", "person_id", "since"]


def upgrade() -> None:
    """Add the columns; every budget that is there is everybody's."""
    with op.batch_alter_table("budgets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.String(length=36), server_default="", nullable=False))
        batch_op.add_column(sa.Column("person_name", sa.String(length=200), server_default="", nullable=False))
        batch_op.drop_constraint(op.f(f"uq_budgets_{'_'.join(_BEFORE)}"), type_="unique")
        batch_op.create_unique_constraint(op.f(f"uq_budgets_{'_'.join(_NOW)}"), _NOW)


def downgrade() -> None:
    """Take them away, and with them the budgets of single persons: they would count everybody."""
    op.execute("DELETE FROM budgets WHERE person_id <> ''")
    with op.batch_alter_table("budgets", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"uq_budgets_{'_'.join(_NOW)}"), type_="unique")
        batch_op.create_unique_constraint(op.f(f"uq_budgets_{'_'.join(_BEFORE)}"), _BEFORE)
        batch_op.drop_column("person_name")
        batch_op.drop_column("person_id")
