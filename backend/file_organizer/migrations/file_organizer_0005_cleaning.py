"""Keep what looks for copies and for junk found: the search, groups of equal files, oddities."""

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0005"
down_revision = "file_organizer_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cleaning_searches",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_cleaning_searches")),
    )
    op.create_index(
        op.f("ix_cleaning_searches_owner_id_kind_created_at"),
        "cleaning_searches",
        ["owner_id", "kind", "created_at"],
        unique=False,
    )
    op.create_table(
        "duplicate_groups",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("search_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("files", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gain", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("keeper_reason", sa.String(length=16), nullable=False),
        sa.Column("request_key", sa.String(length=80), nullable=True),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id", "search_id"],
            ["cleaning_searches.owner_id", "cleaning_searches.id"],
            name=op.f("fk_duplicate_groups_owner_id_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_duplicate_groups")),
    )
    op.create_index(
        op.f("ix_duplicate_groups_owner_id_request_key"), "duplicate_groups", ["owner_id", "request_key"], unique=False
    )
    op.create_index(
        op.f("ix_duplicate_groups_owner_id_run_id"), "duplicate_groups", ["owner_id", "run_id"], unique=False
    )
    op.create_index(
        op.f("ix_duplicate_groups_owner_id_search_id_kind_state_gain"),
        "duplicate_groups",
        ["owner_id", "search_id", "kind", "state", "gain"],
        unique=False,
    )
    op.create_table(
        "junk_items",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("search_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("volume", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("is_folder", sa.Boolean(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inode", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("new_name", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=True),
        sa.Column("request_key", sa.String(length=80), nullable=True),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id", "search_id"],
            ["cleaning_searches.owner_id", "cleaning_searches.id"],
            name=op.f("fk_junk_items_owner_id_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_junk_items")),
    )
    op.create_index(op.f("ix_junk_items_owner_id_request_key"), "junk_items", ["owner_id", "request_key"], unique=False)
    op.create_index(op.f("ix_junk_items_owner_id_run_id"), "junk_items", ["owner_id", "run_id"], unique=False)
    op.create_index(
        op.f("ix_junk_items_owner_id_search_id_kind_state_seq"),
        "junk_items",
        ["owner_id", "search_id", "kind", "state", "seq"],
        unique=False,
    )
    op.create_table(
        "duplicate_files",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("group_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("volume", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inode", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("links", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("movable", sa.Boolean(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("width", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("height", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sharpness", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id", "group_id"],
            ["duplicate_groups.owner_id", "duplicate_groups.id"],
            name=op.f("fk_duplicate_files_owner_id_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_duplicate_files")),
    )
    op.create_index(
        op.f("ix_duplicate_files_owner_id_group_id_seq"),
        "duplicate_files",
        ["owner_id", "group_id", "seq"],
        unique=False,
    )
