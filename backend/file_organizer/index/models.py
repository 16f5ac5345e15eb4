"""Tables of the file index: one row per folder, which holds the listing of that folder.

They live in a database of their own (ADR 0155): everything in it can be read from the drives again, so it is neither
backed up nor durable, and a restore of the module never brings an old picture of the drives back.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.sdk.db import ModuleBase, Owned, UtcDateTime


class IndexBase(ModuleBase, module="file_organizer_index"):
    """Be the base of the tables of the file index."""


class IndexedFolder(Owned, IndexBase):
    """One folder as it was listed last. `path`: text form, relative to its volume.

    `mtime_ns`: the folder's own time when it was listed, 0 when it must be listed again; `ctime_ns`: when that time was
    set, which nobody can choose. `folders`: names of subfolders, joined by "/"; `names`: folded names, one per line,
    for search; `listing`: what `Listing.unpack` reads. The large columns come last, so that a look at the small ones
    does not read them.
    """

    __tablename__ = "indexed_folders"
    __table_args__ = (sa.UniqueConstraint("owner_id", "volume_id", "path"),)

    volume_id: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    mtime_ns: Mapped[int]
    ctime_ns: Mapped[int]
    files: Mapped[int]
    size: Mapped[int]
    folders: Mapped[str] = mapped_column(sa.Text)
    names: Mapped[str] = mapped_column(sa.Text)
    listing: Mapped[bytes] = mapped_column(sa.LargeBinary)


class IndexedVolume(Owned, IndexBase):
    """One granted folder that is indexed. `looked_at`: the last look of any kind; `full_at`: the last at every file.

    `complete` is False until the first look came to its end: what is found before that is no change.
    """

    __tablename__ = "indexed_volumes"
    __table_args__ = (sa.UniqueConstraint("owner_id", "volume_id"),)

    volume_id: Mapped[str] = mapped_column(sa.String(64))
    files: Mapped[int] = mapped_column(default=0)
    folders: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    complete: Mapped[bool] = mapped_column(default=False)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
    full_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)
