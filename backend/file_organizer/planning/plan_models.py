"""Tables of plans: the one object that is previewed, edited, executed, audited and undone."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import JsonDict, JsonList, Owned, UtcDateTime, owned_fk


class PlanState(enum.StrEnum):
    """Say where a plan stands. BUILDING, READY and EXECUTING are live; the rest are final."""

    BUILDING = "building"
    READY = "ready"
    EXECUTING = "executing"
    EXECUTED = "executed"
    DISCARDED = "discarded"
    FAILED = "failed"


class ItemState(enum.StrEnum):
    """Say where one suggestion stands.

    SUGGESTED: sure enough, waits for a person or `accept`. ASKING: below the threshold; a person decides. ACCEPTED and
    REJECTED: decided. DONE, SKIPPED, FAILED: what came of it. UNDONE: taken back later.
    """

    SUGGESTED = "suggested"
    ASKING = "asking"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNDONE = "undone"


OPEN_ITEMS = (ItemState.SUGGESTED, ItemState.ASKING, ItemState.ACCEPTED, ItemState.REJECTED)
"""States in which a person may still change a suggestion."""


class Plan(Owned, Base):
    """A scan of one folder and what to do with what was found. `version` grows with each edit."""

    __tablename__ = "plans"
    __table_args__ = (sa.Index(None, "owner_id", "created_at"),)

    user_id: Mapped[str] = mapped_column(sa.String(36))
    state: Mapped[str] = mapped_column(sa.String(16), default=PlanState.BUILDING)
    title: Mapped[str] = mapped_column(sa.Text, default="")
    root_volume: Mapped[str] = mapped_column(sa.String(64))
    root_path: Mapped[str] = mapped_column(sa.Text)
    into_volume: Mapped[str] = mapped_column(sa.String(64))
    into_path: Mapped[str] = mapped_column(sa.Text)
    options: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    left_alone: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    notice: Mapped[str] = mapped_column(sa.Text, default="")
    run_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    job_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)


class PlanItem(Owned, Base):
    """One file (or whole folder) and its destination. Paths in text form; `device`..`mtime_ns` are the precondition.

    `group_key`: items with one key are accepted, moved and undone together; `lead` marks the one that decides.
    `suggested_path` keeps what Homie said when a person changes `target_path`. `features`: what memory learns from,
    one per line. `taught`: a person decided about this very item, not about many at once. `name_key`: the folded name
    of the file, which it is found by (`sdk.finding.name_key`). `decided_in`: the plan's version that a person's last
    decision about it made; that decision can be taken back. `suggested_volume`: where `suggested_path` lies. `op`:
    "move", or what a rule of the household asks for instead: "copy", or "trash" (then the target is the source).
    `refused`: folders (`volume_id`, `folder`) that a person rejected for it before asking for another idea.
    """

    __tablename__ = "plan_items"
    __table_args__ = (
        owned_fk("plan_id", "plans", ondelete="CASCADE"),
        sa.Index(None, "owner_id", "plan_id", "seq"),
        sa.Index(None, "owner_id", "plan_id", "state", "confidence"),
        sa.Index(None, "owner_id", "name_key"),
    )

    plan_id: Mapped[str] = mapped_column(sa.String(36))
    seq: Mapped[int]
    group_key: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    lead: Mapped[bool] = mapped_column(default=True)
    is_folder: Mapped[bool] = mapped_column(default=False)
    source_volume: Mapped[str] = mapped_column(sa.String(64))
    source_path: Mapped[str] = mapped_column(sa.Text)
    source_folder: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    name_key: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    size: Mapped[int]
    mtime_ns: Mapped[int]
    inode: Mapped[int]
    device: Mapped[int]
    category: Mapped[str] = mapped_column(sa.String(32))
    target_volume: Mapped[str] = mapped_column(sa.String(64))
    target_folder: Mapped[str] = mapped_column(sa.Text)
    target_path: Mapped[str] = mapped_column(sa.Text)
    suggested_path: Mapped[str | None] = mapped_column(sa.Text, default=None)
    suggested_volume: Mapped[str | None] = mapped_column(sa.String(64), default=None)
    confidence: Mapped[float]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.String(16))
    oddity: Mapped[str | None] = mapped_column(sa.Text, default=None)
    alternatives: Mapped[list[Any]] = mapped_column(JsonList(), default=list)
    features: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(16))
    problem: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    taught: Mapped[bool] = mapped_column(default=False)
    decided_in: Mapped[int | None] = mapped_column(default=None)
    refused: Mapped[list[Any]] = mapped_column(JsonList(), default=list, server_default="[]")
    op: Mapped[str] = mapped_column(sa.String(16), default="move", server_default="move")
