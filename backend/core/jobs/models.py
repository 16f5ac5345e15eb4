"""The `jobs` table, the truth about all long work, and the clock that keeps its queue fair."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.sdk.db import JsonDict, ModuleBase, Owned, UtcDateTime
from backend.sdk.jobs import JobState


class JobsBase(ModuleBase, module="jobs"):
    """Be the base of the tables in `jobs.db`."""


LIVE_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.CANCELLING)
"""The states in which a job still has something to do; a dedupe key is taken while its job is in one of them."""

_LIVE_SQL = "state IN ('queued', 'running', 'cancelling') AND dedupe IS NOT NULL"


class Job(Owned, JobsBase):
    """Hold one job of one owner.

    `turn`: its place in the fair queue (see `turns.py`); `lease_id`: proof of the run that may write to this row;
    `lease_until`: when others may take it over; `attempt`: runs begun that were not taken back.
    """

    __tablename__ = "jobs"

    kind: Mapped[str] = mapped_column(String(120))
    module: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[str] = mapped_column(String(36))
    args: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    dedupe: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), default=JobState.QUEUED.value)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    turn: Mapped[float] = mapped_column(Float, default=0.0)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=3)
    worker: Mapped[str | None] = mapped_column(String(120))
    lease_id: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[float | None] = mapped_column(Float)
    note: Mapped[str] = mapped_column(String(500), default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    saved: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonDict)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_jobs_ready", "state", "turn", "id"),
        Index("ix_jobs_owner_turn", "owner_id", "state", "priority", "turn"),
        Index("ix_jobs_lease", "state", "lease_until"),
        Index("ix_jobs_finished", "finished_at"),
        Index(
            "ux_jobs_dedupe",
            "owner_id",
            "kind",
            "dedupe",
            unique=True,
            sqlite_where=text(_LIVE_SQL),
            postgresql_where=text(_LIVE_SQL),
        ),
    )


class JobClock(JobsBase):
    """Hold the turn of the queue: one row, nothing about anybody (see `turns.py`)."""

    __tablename__ = "job_clock"
    __unowned__ = "one number, the present turn of the whole queue"
    __shared__ = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    turn: Mapped[float] = mapped_column(Float, default=0.0)
