"""Read a ZIP that somebody sent: all its parts together within a bound, whatever it says of their sizes."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

DAMAGED: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, RuntimeError, OSError, ValueError, OverflowError),
)
"""What `zipfile` raises, here and there, for an archive that is damaged, or locked with a password."""


class ZipTooLarge(ValueError):
    """What was read is together larger than the bound. It is one of `DAMAGED`: to tell it apart, catch it first."""


class ZipParts:
    """The parts of an archive by their names; raises one of `DAMAGED` where it is none."""

    def __init__(self, data: bytes, most_bytes: int) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._left = most_bytes
        self.names = self._archive.namelist()

    def read(self, name: str) -> bytes | None:
        """Return one part, None where there is none; raises `ZipTooLarge`, or one of `DAMAGED`."""
        if name not in self.names:
            return None
        with self._archive.open(name) as part:
            data = part.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise ZipTooLarge(name)
        return data
