"""What is known of the content of files that Homie moved: hash, size and time, since when, how it was found last."""

from __future__ import annotations

import enum
import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import Owned, UtcDateTime


class Condition(enum.StrEnum):
    """Say how a file was found.

    GOOD: as it was. RECORDED: read for the first time, known from now on. CHANGED: size or time are others, so somebody
    worked on it. DAMAGED: size and time are the same, the content is not. UNREADABLE: the drive could not read it.
    GONE: it is not there any more.
    """

    GOOD = "good"
    RECORDED = "recorded"
    CHANGED = "changed"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    GONE = "gone"


class ContentBaseline(Owned, Base):
    """One file. `place_key`: its place, in a length that every database can index; `origin`: journal or verify."""

    __tablename__ = "content_baselines"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "place_key"),
        sa.Index(None, "owner_id", "action_id", "checked_at"),
    )

    place_key: Mapped[str] = mapped_column(sa.String(40))
    action_id: Mapped[str] = mapped_column(sa.String(36))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int]
    mtime_ns: Mapped[int]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    origin: Mapped[str] = mapped_column(sa.String(16))
    condition: Mapped[str] = mapped_column(sa.String(16))
    known_since: Mapped[datetime] = mapped_column(UtcDateTime())
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime())


def place_key(volume_id: str, path: str) -> str:
    """Return the key of a place; `path` in text form."""
    return hashlib.blake2b(f"{volume_id}/{path}".encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
