"""Remember in which version of a plan each item was decided, so that a decision can be taken back.

Also keeps the drive of what was suggested, for items that a person sent to another drive.
"""

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0003"
down_revision = "file_organizer_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan_items", sa.Column("suggested_volume", sa.String(64), nullable=True))
    op.add_column(
        "plan_items", sa.Column("decided_in", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
