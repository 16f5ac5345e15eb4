"""Look at the pictures of an inventory, two processes side by side, and give what each looks like."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from backend.file_organizer.cleaning.alike import Look
from backend.file_organizer.cleaning.finder import open_quietly
from backend.file_organizer.cleaning.inventory import Inventory
from backend.file_organizer.cleaning.picture_reader import PictureReader

ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif")
READERS = 2
AT_ONCE = 32
MOST_PICTURES = 200_000
"""More than these are not compared: each takes some hundred bytes until the end."""
LARGEST = 300 << 20
MOST_EXAMPLES = 100

OnLooked = Callable[[int, int], None]
"""Told how many pictures were looked at, of how many; may raise to stop."""


@dataclass(slots=True)
class PictureLooks:
    """Look at pictures. `skip`: files that are equal to another one that is looked at. `unreadable`: full paths."""

    inventory: Inventory
    skip: Set[int]
    unreadable: list[str] = field(default_factory=list)
    unreadable_count: int = 0
    left_out: int = 0

    def __call__(self, on_looked: OnLooked) -> list[Look]:
        """Return what the pictures look like."""
        chosen = [index for index in self.inventory.ending_with(ENDINGS) if index not in self.skip]
        self.left_out = max(0, len(chosen) - MOST_PICTURES)
        chosen = chosen[:MOST_PICTURES]
        looks: list[Look] = []
        for done, found in enumerate(self._look_at(chosen), 1):
            if found is not None:
                looks.append(found)
            if done % AT_ONCE == 0:
                on_looked(done, len(chosen))
        return looks

    def _look_at(self, chosen: list[int]) -> Iterator[Look | None]:
        readers = [PictureReader() for _ in range(READERS)]
        try:
            with ThreadPoolExecutor(READERS) as pool:
                for start in range(0, len(chosen), AT_ONCE * READERS):
                    part = chosen[start : start + AT_ONCE * READERS]
                    shares = [part[n::READERS] for n in range(READERS)]
                    for looks in pool.map(self._share, readers, shares):
                        yield from looks
        finally:
            for reader in readers:
                reader.close()

    def _share(self, reader: PictureReader, indexes: list[int]) -> list[Look | None]:
        return [self._one(reader, index) for index in indexes]

    def _one(self, reader: PictureReader, index: int) -> Look | None:
        size = self.inventory.size(index)
        try:
            fd = open_quietly(self.inventory.path(index))
        except OSError:
            self._note_unreadable(index)
            return None
        try:
            if size > LARGEST or not self.inventory.is_unchanged(index, os.fstat(fd)):
                return None
            said = reader.describe(fd)
        finally:
            os.close(fd)
        if "problem" in said:
            self._note_unreadable(index)
            return None
        return Look.of(index, size, said)

    def _note_unreadable(self, index: int) -> None:
        self.unreadable_count += 1
        if len(self.unreadable) < MOST_EXAMPLES:
            self.unreadable.append(os.fsdecode(self.inventory.path(index)))
