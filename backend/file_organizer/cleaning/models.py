"""Tables of looking for copies and for junk: one scan, the groups that it found, their files, the oddities.

A scan's results are what was seen then. Nothing is done with them unless the disk still agrees: each step that follows
from them carries what was seen as its precondition.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import JsonDict, JsonList, Owned, UtcDateTime, owned_fk


class SearchKind(enum.StrEnum):
    """Say what is looked for."""

    DUPLICATES = "duplicates"
    JUNK = "junk"


class SearchState(enum.StrEnum):
    """Say where a search stands. LOOKING is live; the rest are final."""

    LOOKING = "looking"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"


class GroupKind(enum.StrEnum):
    """Say what the files of a group have in common: every byte, or what one sees in the picture."""

    SAME = "same"
    SIMILAR = "similar"


class FindState(enum.StrEnum):
    """Say where a group or an oddity stands: waiting for a person, being done, done, or to be left as it is."""

    OPEN = "open"
    WORKING = "working"
    DONE = "done"
    LEFT = "left"


class FileState(enum.StrEnum):
    """Say what became of one copy."""

    THERE = "there"
    TRASHED = "trashed"
    REFUSED = "refused"


class CleaningSearch(Owned, Base):
    """One look through folders. `places`: full paths, text form; `problems`: what could not be read."""

    __tablename__ = "cleaning_searches"
    __table_args__ = (sa.Index(None, "owner_id", "kind", "created_at"),)

    kind: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(16))
    user_id: Mapped[str] = mapped_column(sa.String(36))
    places: Mapped[list[Any]] = mapped_column(JsonList(), default=list)
    options: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    problems: Mapped[list[Any]] = mapped_column(JsonList(), default=list)
    notice: Mapped[str] = mapped_column(sa.Text, default="")
    job_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)


class DuplicateGroup(Owned, Base):
    """Files of one content, or pictures that look alike. `gain`: bytes that putting the suggested ones away would win.

    `request_key`: the request that is putting copies away; a group takes part in one at a time.
    """

    __tablename__ = "duplicate_groups"
    __table_args__ = (
        owned_fk("search_id", "cleaning_searches", ondelete="CASCADE"),
        sa.Index(None, "owner_id", "search_id", "kind", "state", "gain"),
        sa.Index(None, "owner_id", "request_key"),
        sa.Index(None, "owner_id", "run_id"),
    )

    search_id: Mapped[str] = mapped_column(sa.String(36))
    kind: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(16), default=FindState.OPEN)
    content_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    size: Mapped[int]
    files: Mapped[int]
    gain: Mapped[int]
    keeper_reason: Mapped[str] = mapped_column(sa.String(16))
    request_key: Mapped[str | None] = mapped_column(sa.String(80), default=None)
    run_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)


class DuplicateFile(Owned, Base):
    """One file of a group. Paths in text form; `device`..`mtime_ns` are the precondition; `keep`: it is to stay.

    `links`: names of this very file on its drive; `movable`: Homie may put it away. Of pictures: `width`, `height`
    in pixels, `sharpness` without a unit, larger is sharper.
    """

    __tablename__ = "duplicate_files"
    __table_args__ = (
        owned_fk("group_id", "duplicate_groups", ondelete="CASCADE"),
        sa.Index(None, "owner_id", "group_id", "seq"),
    )

    group_id: Mapped[str] = mapped_column(sa.String(36))
    seq: Mapped[int]
    volume: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int]
    mtime_ns: Mapped[int]
    inode: Mapped[int]
    device: Mapped[int]
    links: Mapped[int] = mapped_column(default=1)
    movable: Mapped[bool] = mapped_column(default=True)
    keep: Mapped[bool] = mapped_column(default=False)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    sharpness: Mapped[float] = mapped_column(default=0.0)
    state: Mapped[str] = mapped_column(sa.String(16), default=FileState.THERE)
    problem: Mapped[str | None] = mapped_column(sa.String(40), default=None)


class JunkItem(Owned, Base):
    """One oddity. `kind`: which; `action`: what is suggested; `new_name`: for a rename; `detail`: what was found."""

    __tablename__ = "junk_items"
    __table_args__ = (
        owned_fk("search_id", "cleaning_searches", ondelete="CASCADE"),
        sa.Index(None, "owner_id", "search_id", "kind", "state", "seq"),
        sa.Index(None, "owner_id", "request_key"),
        sa.Index(None, "owner_id", "run_id"),
    )

    search_id: Mapped[str] = mapped_column(sa.String(36))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(24))
    state: Mapped[str] = mapped_column(sa.String(16), default=FindState.OPEN)
    action: Mapped[str] = mapped_column(sa.String(16))
    volume: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    is_folder: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int]
    mtime_ns: Mapped[int]
    inode: Mapped[int]
    device: Mapped[int]
    new_name: Mapped[str] = mapped_column(sa.Text, default="")
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    problem: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    request_key: Mapped[str | None] = mapped_column(sa.String(80), default=None)
    run_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
