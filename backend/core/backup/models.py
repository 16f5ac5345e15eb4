"""The table of backup runs in core's database: what ran when, and how it went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.models import CoreBase
from backend.sdk.db import UtcDateTime


class BackupRun(CoreBase):
    """Hold one run of one action ("backup", "verify", "prune", "restore") on one part; failures stay visible here."""

    __tablename__ = "backup_runs"
    __unowned__ = "when the whole household's backups ran and how it went; nothing about anybody"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    part: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(16))
    set_id: Mapped[str | None] = mapped_column(String(120))
    ok: Mapped[bool] = mapped_column(Boolean)
    code: Mapped[str] = mapped_column(String(60), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_backup_runs_part", "part", "action", "finished_at"),)
