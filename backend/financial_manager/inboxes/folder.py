"""What lies in a folder: files that may be statements, through no link, nothing hidden; read, never changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from backend.financial_manager.statements.limits import MOST_BYTES
from backend.sdk.files import PathNotAllowed, SafePath

ENDINGS = (
    ".csv",
    ".txt",
    ".tsv",
    ".xml",
    ".camt",
    ".sta",
    ".mt940",
    ".940",
    ".ofx",
    ".qfx",
    ".qif",
    ".xlsx",
    ".xls",
    ".ods",
    ".json",
    ".zip",
)
"""What files of banks are called; anything else is not offered."""
MOST_FILES = 2000
"""Files that one look takes from an inbox, the newest first."""
DEEPEST = 3
"""Folders below folders: a year, a bank, an account."""


@dataclass(frozen=True, slots=True)
class Found:
    """One name in a folder. `mtime_ns`, `ctime_ns`: nanoseconds since 1970."""

    name: str
    is_folder: bool
    size: int
    mtime_ns: int
    ctime_ns: int = 0


def inside(here: SafePath, endings: tuple[str, ...] = ENDINGS) -> list[Found]:
    """Return what a folder holds, of files those with one of these endings (none: all); raises `OSError`."""
    descriptor = here.open(os.O_RDONLY | os.O_DIRECTORY)  # through no link, also if one appeared since the check
    try:
        with os.scandir(descriptor) as listing:
            return [one for one in (_entry(entry, endings) for entry in listing) if one is not None]
    finally:
        os.close(descriptor)


def below(here: SafePath, depth: int = DEEPEST) -> Iterator[tuple[SafePath, Found]]:
    """Yield the files that may be statements in a folder and below it; what cannot be read is left out."""
    try:
        found = inside(here)
    except (OSError, PathNotAllowed):
        return
    for one in found:
        place = SafePath(here.root, f"{here.relpath}/{one.name}".lstrip("/"))
        if not one.is_folder:
            yield place, one
        elif depth > 0:
            yield from below(place, depth - 1)


def content(place: SafePath) -> bytes:
    """Return a file's bytes, one more than a statement may have at most; raises `OSError`."""
    with os.fdopen(place.open(), "rb") as file:
        return file.read(MOST_BYTES + 1)


def _entry(entry: os.DirEntry[str], endings: tuple[str, ...]) -> Found | None:
    """Return what is offered of a name; nothing hidden, no link, and where there are `endings` no other file."""
    if entry.name.startswith("."):
        return None
    if entry.is_dir(follow_symlinks=False):
        return Found(entry.name, True, 0, 0)
    if not entry.is_file(follow_symlinks=False) or (endings and not entry.name.lower().endswith(endings)):
        return None
    status = entry.stat(follow_symlinks=False)
    return Found(entry.name, False, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
