"""The table of watched folders."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import Owned, UtcDateTime


class WatchMode(enum.StrEnum):
    """Say what happens to new files: SUGGEST lets a plan grow, FILE files by itself what memory is sure of."""

    SUGGEST = "suggest"
    FILE = "file"


class WatchSight(enum.StrEnum):
    """Say how well a folder is seen.

    STARTING: not looked at yet. WATCHING: the kernel tells of each change. CHECKING: looked at once a minute (network
    drives). LIMIT: the same, because the system watches no more folders. AWAY: its drive is not connected. GONE: the
    drive is there and the folder is not.
    """

    STARTING = "starting"
    WATCHING = "watching"
    CHECKING = "checking"
    LIMIT = "limit"
    AWAY = "away"
    GONE = "gone"


class WatchedFolder(Owned, Base):
    """A folder whose new files are tended. Paths in text form.

    `threshold`: how sure memory must be before Homie files by itself. `settle_seconds`: how long a file must be left
    alone first. `daily_limit`: files that Homie moves by itself in one day (`filed_day`, `filed_today` count them).
    `sight` and `problem` are written by the watcher, all below by the work: `settling` files are too young, `due_at`:
    when they will be old enough; `plan_id`: the plan that grows; `auto_plan_id`: the one that is being carried out;
    `filed_since`: files filed by Homie itself since the last digest; `held_back`: what the daily limit left waiting.
    """

    __tablename__ = "watched_folders"
    __table_args__ = (sa.UniqueConstraint("owner_id", "volume_id", "path"),)

    user_id: Mapped[str] = mapped_column(sa.String(36))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    mode: Mapped[str] = mapped_column(sa.String(16), default=WatchMode.SUGGEST.value)
    threshold: Mapped[float] = mapped_column(default=0.9)
    settle_seconds: Mapped[int] = mapped_column(default=30)
    daily_limit: Mapped[int] = mapped_column(default=100)
    paused: Mapped[bool] = mapped_column(default=False)
    sight: Mapped[str] = mapped_column(sa.String(16), default=WatchSight.STARTING.value)
    settling: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
    plan_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    auto_plan_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    filed_day: Mapped[str] = mapped_column(sa.String(10), default="")
    filed_today: Mapped[int] = mapped_column(default=0)
    filed_since: Mapped[int] = mapped_column(default=0)
    held_back: Mapped[int] = mapped_column(default=0)
    tended_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
    active_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
