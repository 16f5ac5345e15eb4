"""Keep the surcharge that a bank kept apart from the tax, and say into which currency a price's rate leads."""

import sqlalchemy as sa
from alembic import op

revision = "financial_manager_0002"
down_revision = "financial_manager_0001"
branch_labels = None
depends_on = None

_ONE_CURRENCY = """
UPDATE security_prices SET fx_currency = COALESCE((
    SELECT MIN(accounts.currency) FROM user_accounts AS accounts
    WHERE accounts.owner_id = security_prices.owner_id AND accounts.kind = 'depot'
    HAVING COUNT(DISTINCT accounts.currency) = 1
), '')
WHERE fx_rate IS NOT NULL
"""


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("security_trades", sa.Column("surcharge_minor", number, nullable=False, server_default="0"))
    op.add_column("security_prices", sa.Column("fx_currency", sa.String(3), nullable=False, server_default=""))
    op.execute(_ONE_CURRENCY)
