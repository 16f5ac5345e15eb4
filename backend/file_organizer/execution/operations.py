"""The abstract operations: all that a plan, an AI or an API client can ever ask the hub to do with files.

There are seven; nothing else can be expressed. Paths are `VolumePath` (volume + relative path), checked against the
owner's roots when they are executed. Each operation on existing things carries what was seen when the plan was made
(`Seen`); the executor refuses when that is no longer true.
"""

from __future__ import annotations

import enum
import os
import stat
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from backend.sdk.errors import HomieError
from backend.sdk.files import VolumePath, check_new_name


class OnConflict(enum.StrEnum):
    """Say what to do when something is at the destination already; overwriting is not among the choices."""

    SKIP = "skip"
    KEEP_BOTH = "keep_both"
    REPLACE_WITH_TRASH = "replace_with_trash"


class Seen(BaseModel):
    """What the scan saw: an operation's precondition. `size` in bytes, `mtime_ns` in ns; folders: only identity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dev: int
    inode: int
    size: int = Field(ge=0)
    mtime_ns: int
    folder: bool = False
    content_hash: str | None = None

    @classmethod
    def of(cls, info: os.stat_result, content_hash: str | None = None) -> Seen:
        """Return the precondition for what `os.lstat` returned."""
        return cls(
            dev=info.st_dev,
            inode=info.st_ino,
            size=info.st_size,
            mtime_ns=info.st_mtime_ns,
            folder=stat.S_ISDIR(info.st_mode),
            content_hash=content_hash,
        )


class _Operation(BaseModel):
    """`id` is unique within the plan; operations with one `group` are carried out together or not at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    group: str | None = Field(default=None, max_length=64)


class Mkdir(_Operation):
    """Make a folder (and those above it); no error if it exists. Moves make the folders they need by themselves."""

    op: Literal["mkdir"] = "mkdir"
    path: VolumePath


class Move(_Operation):
    """Move a file, link or folder to another place, also on another volume."""

    op: Literal["move"] = "move"
    source: VolumePath
    target: VolumePath
    seen: Seen
    on_conflict: OnConflict = OnConflict.SKIP


class Copy(_Operation):
    """Copy a file or link; the copy is read back and compared."""

    op: Literal["copy"] = "copy"
    source: VolumePath
    target: VolumePath
    seen: Seen
    on_conflict: OnConflict = OnConflict.SKIP


class Rename(_Operation):
    """Give a file or folder another name in its place."""

    op: Literal["rename"] = "rename"
    source: VolumePath
    name: str
    seen: Seen
    on_conflict: OnConflict = OnConflict.SKIP

    @field_validator("name")
    @classmethod
    def _possible(cls, name: str) -> str:
        try:
            check_new_name(name)
        except HomieError as error:
            raise ValueError(error.fields[0].problem) from None
        return name

    @property
    def target(self) -> VolumePath:
        """Return the place it will have."""
        return self.source.parent.child(self.name)


class Keeper(BaseModel):
    """The file that stays when a copy of it goes. `equal`: every byte must be the same, else it must be as `seen`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: VolumePath
    seen: Seen
    equal: bool = True

    def stored(self) -> dict[str, Any]:
        """Return what the journal keeps of it."""
        seen = {"inode": self.seen.inode, "size": self.seen.size, "mtime_ns": self.seen.mtime_ns}
        return {"volume": self.place.volume_id, "path": self.place.text, "equal": self.equal} | seen


class Trash(_Operation):
    """Put a file or folder into its volume's trash, from where it can be taken back.

    With a `keeper` (for a file) only while that one is there and the same, looked at right before the file goes; with
    `only_empty` (for a folder) only while there is nothing in it but empty folders.
    """

    op: Literal["trash"] = "trash"
    source: VolumePath
    seen: Seen
    keeper: Keeper | None = None
    only_empty: bool = False


class Extract(_Operation):
    """Unpack an archive (zip, tar, 7z, rar) into the new folder `target`; the archive stays.

    `passes`: 2 and 3 unpack the archives inside too, and those inside of them; they stay as well.
    """

    op: Literal["extract"] = "extract"
    source: VolumePath
    target: VolumePath
    seen: Seen
    passes: int = Field(default=1, ge=1, le=3)
    on_conflict: OnConflict = OnConflict.SKIP


class Compress(_Operation):
    """Pack files and folders of one volume folder into the new zip file `target`; the originals stay."""

    op: Literal["compress"] = "compress"
    sources: tuple[VolumePath, ...] = Field(min_length=1, max_length=10_000)
    target: VolumePath
    on_conflict: OnConflict = OnConflict.SKIP


Operation = Annotated[Mkdir | Move | Copy | Rename | Trash | Extract | Compress, Field(discriminator="op")]
"""Any operation, told apart by its `op`."""

BY_NAME = "operate-"
"""Begins the plan id of a run that came of no plan: somebody named the operations, and the title says which."""
