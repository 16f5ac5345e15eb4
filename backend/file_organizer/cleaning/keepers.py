"""Which of several copies should stay, and why, in words that a person can check.

The first question that tells two copies apart decides: may Homie move it at all, does its content hang on other names
too, does it lie among downloads, is it called a copy, is it older, does it lie less deep.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from backend.file_organizer.analysis.copy_names import original_stem
from backend.file_organizer.analysis.words import words_in
from backend.sdk.files import split_extension

PASSING = words_in(
    "downloads download desktop schreibtisch tmp temp inbox eingang unsorted unsortiert incoming torrents "
    "backup backups sicherung trash papierkorb old alt neu new"
) | {"new folder", "neuer ordner", "to sort", "zum sortieren"}
"""Names of folders where things lie for a while."""


class KeeperReason(enum.StrEnum):
    """Say why this copy is the one to keep."""

    READ_ONLY = "read_only"
    LINKED = "linked"
    TIDY_PLACE = "tidy_place"
    ORIGINAL_NAME = "original_name"
    OLDEST = "oldest"
    NEAREST = "nearest"
    FIRST = "first"
    LARGEST = "largest"
    SHARPEST = "sharpest"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of one copy. `path`: the full one, raw form; `links`: names on its drive."""

    path: str
    mtime_ns: int
    links: int = 1
    movable: bool = True


def choose_keeper(candidates: Sequence[Candidate]) -> tuple[int, KeeperReason]:
    """Return which copy to keep, by its position, and the reason that it is before all the others."""
    ranked = sorted(range(len(candidates)), key=lambda at: (_rank(candidates[at]), candidates[at].path))
    best, second = ranked[0], ranked[1]
    for reason, mine, theirs in zip(_REASONS, _rank(candidates[best]), _rank(candidates[second]), strict=True):
        if mine != theirs:
            return best, reason
    return best, KeeperReason.FIRST


_REASONS = (
    KeeperReason.READ_ONLY,
    KeeperReason.LINKED,
    KeeperReason.TIDY_PLACE,
    KeeperReason.ORIGINAL_NAME,
    KeeperReason.OLDEST,
    KeeperReason.NEAREST,
)


def _rank(copy: Candidate) -> tuple[int, int, int, int, int, int]:
    """Return what is compared, smaller first, one entry for each of `_REASONS`."""
    folder, _, name = copy.path.rpartition("/")
    parts = folder.lower().split("/") if folder else []
    passing = sum(part in PASSING for part in parts)
    copied = original_stem(split_extension(name)[0]) is not None
    seconds = copy.mtime_ns // 2_000_000_000  # FAT knows even seconds only
    return (int(copy.movable), -int(copy.links > 1), passing, int(copied), seconds, len(parts))
