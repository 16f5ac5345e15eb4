"""The journal's tables: `runs` (one execution of a plan) and `file_actions` (each step: intent, state, audit trail).

States of an action, and what is true on disk:

    intent       written before anything changed; after a crash the disk tells whether it happened
    copied       (other volume) a verified copy lies beside the destination under its temporary name
    placed       (other volume) the copy has its final name; the original is still there
    done         finished and durable
    undone       finished, and later taken back by the action `undone_by`
    purged       lay in the trash, and was removed for good by the action `undone_by`
    rolled_back  began, and was put back as it was (crash, or a group that could not be completed)
    skipped      nothing was changed, for the reason in `error_code`
    failed       nothing was changed, for the reason in `error_code`
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import JsonDict, Owned, UtcDateTime, owned_fk


class RunState(enum.StrEnum):
    """Say where a run stands. RUNNING is live (see its lease); INTERRUPTED can be continued; the rest are final."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    DONE = "done"
    CANCELLED = "cancelled"


class RunKind(enum.StrEnum):
    """Say what a run does: carry out a plan, take back an earlier run (redo: the undo of an undo), empty the trash."""

    APPLY = "apply"
    UNDO = "undo"
    PURGE = "purge"


class ActionState(enum.StrEnum):
    """Say where an action stands; see the head of this file."""

    INTENT = "intent"
    COPIED = "copied"
    PLACED = "placed"
    DONE = "done"
    UNDONE = "undone"
    PURGED = "purged"
    ROLLED_BACK = "rolled_back"
    SKIPPED = "skipped"
    FAILED = "failed"


OPEN_STATES = (ActionState.INTENT, ActionState.COPIED, ActionState.PLACED)
"""States that recovery has to resolve."""


class Run(Owned, Base):
    """One execution of a plan by one person. `plan_id` is the idempotency key: a plan runs once."""

    __tablename__ = "runs"
    __table_args__ = (sa.UniqueConstraint("owner_id", "plan_id"),)

    plan_id: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(16))
    title: Mapped[str] = mapped_column(sa.Text, default="")
    user_id: Mapped[str] = mapped_column(sa.String(36))
    undo_of: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    bytes_done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
    heartbeat_at: Mapped[datetime] = mapped_column(UtcDateTime())
    lease_token: Mapped[str] = mapped_column(sa.String(36), default="")
    lease_holder: Mapped[str] = mapped_column(sa.String(200), default="")


class FileAction(Owned, Base):
    """One step on disk. Paths are in text form (`encode_path`); `inode`.. describe the source as it was seen.

    `new_*` describe what lies at the target since (an other volume gives other numbers). `detail` holds what undo needs
    besides: attributes of a removed folder, members of an archive. `name_key`: the folded name, for search.
    `search_key`: both folded paths.
    """

    __tablename__ = "file_actions"
    __table_args__ = (
        owned_fk("run_id", "runs", ondelete="CASCADE"),
        sa.Index(None, "owner_id", "run_id", "seq"),
        sa.Index(None, "owner_id", "state"),
        sa.Index(None, "owner_id", "target_volume", "target_path"),
        sa.Index(None, "owner_id", "name_key"),
        sa.Index(None, "owner_id", "source_volume", "source_path"),
        sa.Index(None, "owner_id", "created_at"),
    )

    run_id: Mapped[str] = mapped_column(sa.String(36))
    seq: Mapped[int]
    step_id: Mapped[str] = mapped_column(sa.String(64))
    op: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(16))
    group_key: Mapped[str | None] = mapped_column(sa.String(80), default=None)
    source_volume: Mapped[str | None] = mapped_column(sa.String(64), default=None)
    source_path: Mapped[str | None] = mapped_column(sa.Text, default=None)
    target_volume: Mapped[str | None] = mapped_column(sa.String(64), default=None)
    target_path: Mapped[str | None] = mapped_column(sa.Text, default=None)
    name_key: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    search_key: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    part_name: Mapped[str | None] = mapped_column(sa.String(80), default=None)
    folder: Mapped[bool] = mapped_column(default=False)
    dev: Mapped[int | None] = mapped_column(default=None)
    inode: Mapped[int | None] = mapped_column(default=None)
    size: Mapped[int | None] = mapped_column(default=None)
    mtime_ns: Mapped[int | None] = mapped_column(default=None)
    content_hash: Mapped[str | None] = mapped_column(sa.String(64), default=None)
    new_dev: Mapped[int | None] = mapped_column(default=None)
    new_inode: Mapped[int | None] = mapped_column(default=None)
    new_size: Mapped[int | None] = mapped_column(default=None)
    new_mtime_ns: Mapped[int | None] = mapped_column(default=None)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JsonDict(), default=None)
    error_code: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    undoes: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    undone_by: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
