"""The table of what a person said about projects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.file_organizer.base import Base
from backend.sdk.db import JsonDict, Owned, UtcDateTime


class ProjectFolder(Owned, Base):
    """A folder that a person called a project (`hidden` false), or said is none (`hidden` true).

    `folder`: text form, relative to its volume. `detail`: {"words": [...]}, further words that files of it carry.
    """

    __tablename__ = "project_folders"
    __table_args__ = (sa.UniqueConstraint("owner_id", "volume_id", "folder"),)

    title: Mapped[str] = mapped_column(sa.String(200))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    folder: Mapped[str] = mapped_column(sa.Text)
    hidden: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
