"""Uploads that are under way: how much of each is safely on the drive, and where it will go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.models import CoreBase
from backend.sdk.db import Owned, UtcDateTime

OPEN, FINISHED = "open", "finished"


class UploadRow(Owned, CoreBase):
    """One upload of one person into a folder of the owner.

    `received` (bytes) counts only what was written through to the drive. `folder` and `subfolder` are the text forms of
    relative paths, `modified` is the file's own time (ns). `placed` is written before the file gets that name, with
    the partial file's inode: whoever comes after a kill can tell whether it got there.
    """

    __tablename__ = "uploads"

    user_id: Mapped[str] = mapped_column(String(36))
    volume_id: Mapped[str] = mapped_column(String(64))
    folder: Mapped[str] = mapped_column(Text)
    subfolder: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    modified: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    placed: Mapped[str | None] = mapped_column(Text)
    inode: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_uploads_person", "owner_id", "user_id", "state"),
        Index("ix_uploads_expiry", "expires_at"),
    )
