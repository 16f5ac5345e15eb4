"""A module's tables as the tests need them: owned parents and children, an unowned and a shared table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.sdk.db import ModuleBase, Owned, owned_fk


class NotesBase(ModuleBase, module="notes"):
    """Base of the notes module."""


class Folder(Owned, NotesBase):
    """A folder of notes."""

    __tablename__ = "folders"
    name: Mapped[str]
    notes: Mapped[list[Note]] = relationship(back_populates="folder", cascade="all, delete-orphan")


class Note(Owned, NotesBase):
    """A note, perhaps in a folder."""

    __tablename__ = "notes"
    __table_args__ = (
        owned_fk("folder_id", "folders"),
        sa.CheckConstraint("stars >= 0", name="stars_not_negative"),
        sa.Index(None, "owner_id", "folder_id"),
    )
    title: Mapped[str]
    folder_id: Mapped[str | None] = mapped_column(sa.String(36))
    stars: Mapped[int] = mapped_column(default=0, server_default="0")
    seen_at: Mapped[datetime | None]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    folder: Mapped[Folder | None] = relationship(back_populates="notes")


class Setting(NotesBase):
    """A setting of the household machine; nobody's row."""

    __tablename__ = "settings"
    __unowned__ = "settings of the machine belong to nobody"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Colour(NotesBase):
    """A list that everybody may read."""

    __tablename__ = "colours"
    __unowned__ = "a fixed list"
    __shared__ = True
    name: Mapped[str] = mapped_column(primary_key=True)
