"""Keep news for people, and what each of them read or put away."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("module", sa.String(length=60), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("template", sa.String(length=300), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("route", sa.String(length=300), nullable=False),
        sa.Column("count", _BIG, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("owner_id", "kind", "subject", name=op.f("uq_notifications_owner_id_kind_subject")),
    )
    op.create_index("ix_notifications_newest", "notifications", ["owner_id", "changed_at", "id"])
    op.create_table(
        "notification_marks",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("notification_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_notification_marks")),
        sa.ForeignKeyConstraint(
            ["owner_id", "notification_id"],
            ["notifications.owner_id", "notifications.id"],
            name=op.f("fk_notification_marks_owner_id_notification_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "owner_id",
            "notification_id",
            "user_id",
            name=op.f("uq_notification_marks_owner_id_notification_id_user_id"),
        ),
    )
    op.create_index("ix_notification_marks_user", "notification_marks", ["user_id"])
