"""Tables of what was learned, of drives, and of the owner's own choices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import JsonDict, Owned, UtcDateTime


class DestinationMapping(Owned, Base):
    """How often files with one feature went to one folder (`yes`), and how strongly they were refused there (`no`).

    `taught` counts those of `yes` that a person decided one by one; only these lead out of the folder being organised.

    `feature`: "word:stadtwerke", "paper:invoice", "camera:..."; `folder`: text form, with `{year}` for the file's year.
    """

    __tablename__ = "destination_mappings"
    __table_args__ = (sa.UniqueConstraint("owner_id", "feature", "volume_id", "folder"),)

    feature: Mapped[str] = mapped_column(sa.String(120))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    folder: Mapped[str] = mapped_column(sa.Text)
    yes: Mapped[int] = mapped_column(default=0)
    no: Mapped[int] = mapped_column(default=0)
    taught: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime())


class SeriesMapping(Owned, Base):
    """Where this household keeps one series. `title_key`: folded title."""

    __tablename__ = "series_mappings"
    __table_args__ = (sa.UniqueConstraint("owner_id", "title_key"),)

    title_key: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(200))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    folder: Mapped[str] = mapped_column(sa.Text)
    season_style: Mapped[str] = mapped_column(sa.String(40), default="")
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
