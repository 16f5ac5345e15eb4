"""Tables of what was learned, of drives, and of the owner's own choices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import JsonDict, Owned, UtcDateTime


class DestinationMapping(Owned, Base):
    """One folder that files were sent to: how many went there (`files`), how often it was refused (`refused`).

    `taught` counts those of `files` that a person decided one by one; only these lead out of the folder organised.
    `folder`: text form, with `{year}` for the file's year. `colour` and `purpose` are the owner's own words about it.
    """

    __tablename__ = "destination_mappings"
    __table_args__ = (sa.UniqueConstraint("owner_id", "volume_id", "folder"),)

    volume_id: Mapped[str] = mapped_column(sa.String(64))
    folder: Mapped[str] = mapped_column(sa.Text)
    files: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    taught: Mapped[int] = mapped_column(default=0)
    colour: Mapped[str] = mapped_column(sa.String(16), default="")
    purpose: Mapped[str] = mapped_column(sa.String(120), default="")
    last_at: Mapped[datetime] = mapped_column(UtcDateTime())


class LearnedFile(Owned, Base):
    """One lesson: a file that belongs (`yes`) or does not belong (`no`) to a folder; the memory is counted from these.

    `seq` numbers an owner's lessons; lessons of one session share `batch` (the `seq` of its first). `name`: the file's
    name (text form), from which its words are taken; `signs`: what else is known of it ("camera:...", "text:..."), a
    line each. `how`: accepted, changed, rejected, undone, moved (by a person, outside), counted (from an older memory).
    `files`: how many files it stands for: one, or more where an older memory had only counted; a counted lesson with
    `signs` and no `name` says something about signs only, its files are counted by another. `left_folder`: the folder
    that it lay in before, on `left_volume`. `forgotten`: the key of the step that forgot it; such lessons count no
    more, and go for good a day later.
    """

    __tablename__ = "learned_files"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "seq"),
        sa.Index("ix_learned_files_owner_id_volume_id_folder", "owner_id", "volume_id", "folder"),
    )

    seq: Mapped[int]
    batch: Mapped[int]
    name: Mapped[str] = mapped_column(sa.Text)
    signs: Mapped[str] = mapped_column(sa.Text, default="")
    files: Mapped[int] = mapped_column(default=1)
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    folder: Mapped[str] = mapped_column(sa.Text)
    yes: Mapped[float] = mapped_column(default=0.0)
    no: Mapped[float] = mapped_column(default=0.0)
    taught: Mapped[bool] = mapped_column(default=False)
    how: Mapped[str] = mapped_column(sa.String(16))
    left_volume: Mapped[str | None] = mapped_column(sa.String(64), default=None)
    left_folder: Mapped[str | None] = mapped_column(sa.Text, default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    forgotten: Mapped[str | None] = mapped_column(sa.String(36), default=None)


class SeriesMapping(Owned, Base):
    """Where this household keeps one series. `title_key`: folded title.

    `naming`: how its episodes are named: "" the general choice, "keep" as they are, "pattern" by `pattern`.
    """

    __tablename__ = "series_mappings"
    __table_args__ = (sa.UniqueConstraint("owner_id", "title_key"),)

    title_key: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(200))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    folder: Mapped[str] = mapped_column(sa.Text)
    season_style: Mapped[str] = mapped_column(sa.String(40), default="")
    naming: Mapped[str] = mapped_column(sa.String(12), default="", server_default="")
    pattern: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    taught: Mapped[bool] = mapped_column(default=False)
    files: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime())


class UserDrive(Owned, Base):
    """A drive that holds a folder of this owner. `status` is what was seen last; absent never means deleted.

    `status`: online, offline, replaced (another drive is where it was), clone (found twice, or on another filesystem).
    `detail`: `volumes` known to be on it; `folders` (volume id -> path below the mount point); `here`; `device`;
    `service` of a cloud folder; `copies` that are asked about; `ignored` fingerprints of copies; `held` until answered.
    """

    __tablename__ = "user_drives"
    __table_args__ = (sa.UniqueConstraint("owner_id", "drive_key"),)

    drive_key: Mapped[str] = mapped_column(sa.String(128))
    label: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[str] = mapped_column(sa.String(16), default="local")
    filesystem: Mapped[str] = mapped_column(sa.String(32), default="")
    filesystem_id: Mapped[str] = mapped_column(sa.String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    free: Mapped[int] = mapped_column(default=0)
    mount_point: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[str] = mapped_column(sa.String(16), default="online")
    purpose: Mapped[str] = mapped_column(sa.String(60), default="")
    read_only: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ModuleData(Owned, Base):
    """The owner's own settings and small facts of the module, by key."""

    __tablename__ = "module_data"
    __table_args__ = (sa.UniqueConstraint("owner_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())
