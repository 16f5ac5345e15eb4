"""Say in the record of AI calls what each one was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ai_calls", sa.Column("subject", sa.String(length=120), nullable=False, server_default=""))
