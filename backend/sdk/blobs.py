"""Large content beside the database: kept by what it is (its BLAKE3 name), one owner's content apart from another's.

A module stores thumbnails, originals or extracted pages as blobs and keeps `BlobRef.name` in its rows. Equal content of
one owner is stored once; equal content of two owners is stored twice, so that nobody learns what another one has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class BlobRef:
    """Name one blob: its owner, `name` = BLAKE3 of the content in hex (64 characters), `size` in bytes."""

    owner_id: str
    name: str
    size: int


class BlobStore(Protocol):
    """Keep immutable content by owner and content name. Every write is atomic: a name that exists is complete."""

    def put(self, owner_id: str, content: bytes | BinaryIO | Path) -> BlobRef:
        """Store content (bytes, an open binary file, or a file's path) and return its name; storing twice is free."""
        ...

    def open(self, owner_id: str, name: str) -> BinaryIO:
        """Open a blob for reading; `NotFound` when this owner has none of that name."""
        ...

    def exists(self, owner_id: str, name: str) -> bool:
        """Tell whether this owner has a blob of that name."""
        ...

    def delete(self, owner_id: str, name: str) -> bool:
        """Remove a blob that no row names any more; False when there was none."""
        ...

    def iter(self, owner_id: str | None = None) -> Iterator[BlobRef]:
        """Walk over the blobs of one owner, or of all."""
        ...

    def erase_owner(self, owner_id: str) -> int:
        """Remove every blob of one owner; return how many there were."""
        ...
