"""Find folders to file into, by name: learned and recently used ones first, then those on the drives.

The drives are looked through breadth first for a short time only; what was not reached is said (`complete`).
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.file_organizer.memory.models import DestinationMapping
from backend.file_organizer.planning.plan_models import ItemState, PlanItem
from backend.file_organizer.planning.scanner import REPOSITORY_MARKS, SYSTEM_FOLDERS
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import AllowedRoot, OwnerRoots, SafePath, VolumePath, encode_path
from backend.sdk.finding import match

SECONDS = 0.35
MOST_FOLDERS = 30_000
DEEPEST = 12
LEARNED, RECENT = 1.4, 1.2
"""How much more a folder counts that was learned or used than one whose name fits as well."""
_LOOKED_AT = 4000


@dataclass(frozen=True, slots=True)
class FolderHit:
    """One folder to choose. `why`: "learned", "recent", "name" (its name fits), "root"."""

    place: VolumePath
    root: AllowedRoot
    why: str
    files: int
    score: float


class FolderSearch:
    """Search an owner's folders."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def recent(self, actor: Actor, roots: OwnerRoots, limit: int) -> list[FolderHit]:
        """Return the folders that files went to last."""

        def work(session: OwnedSession) -> list[tuple[str, str, int]]:
            item = PlanItem
            rows = session.execute(
                select(item.target_volume, item.target_folder, func.count(), func.max(item.id))
                .where(item.state == ItemState.DONE.value)
                .group_by(item.target_volume, item.target_folder)
                .order_by(func.max(item.id).desc())
                .limit(limit * 2)
            )
            return [(row[0], row[1], int(row[2])) for row in rows]

        found = self._db.read(actor, work)
        hits = (_hit(roots, volume, folder, "recent", files, 1.0) for volume, folder, files in found)
        return [hit for hit in hits if hit is not None][:limit]

    def remembered(self, actor: Actor, roots: OwnerRoots, words: Sequence[str]) -> list[FolderHit]:
        """Return learned and used folders that fit."""

        def work(session: OwnedSession) -> dict[tuple[str, str], int]:
            learned = DestinationMapping
            rows = session.execute(
                select(learned.volume_id, learned.folder, func.max(learned.files))
                .where(learned.files > learned.refused)
                .group_by(learned.volume_id, learned.folder)
                .limit(_LOOKED_AT)
            )
            known: dict[tuple[str, str], int] = {}
            for volume, folder, files in rows:
                key = (volume, _lasting(folder))
                known[key] = max(known.get(key, 0), int(files))
            return known

        hits: list[FolderHit] = []
        for (volume, folder), files in self._db.read(actor, work).items():
            fits = _fits(folder, words)
            hit = _hit(roots, volume, folder, "learned", files, LEARNED * fits) if fits else None
            if hit is not None:
                hits.append(hit)
        for recent in self.recent(actor, roots, 50):
            if fits := _fits(recent.place.text, words):
                hits.append(FolderHit(recent.place, recent.root, "recent", recent.files, RECENT * fits))
        return hits


def _lasting(folder: str) -> str:
    """Return the part of a learned folder that is the same every year: "Invoices" of "Invoices/{year}"."""
    parts = folder.split("/")
    dated = next((number for number, part in enumerate(parts) if "{" in part), len(parts))
    return "/".join(parts[:dated])


def _hit(roots: OwnerRoots, volume: str, folder: str, why: str, files: int, score: float) -> FolderHit | None:
    root = roots.root(volume)
    return FolderHit(VolumePath.from_text(volume, folder), root, why, files, score) if root is not None else None


def _fits(path: str, words: Sequence[str]) -> float:
    """Return how well a folder fits: best by its own name, less by the way to it."""
    if by_name := match(path.rpartition("/")[2], words):
        return by_name[0]
    by_path = match(path, words)
    return by_path[0] * 0.5 if by_path else 0.0


def look_on_drives(
    roots: Iterable[AllowedRoot],
    words: Sequence[str],
    *,
    limit: int,
    seconds: float = SECONDS,
    timer: Callable[[], float] = time.monotonic,
) -> tuple[list[FolderHit], bool]:
    """Return folders whose path fits, and whether all were looked at; call it where blocking hurts nobody."""
    until, complete = timer() + seconds, True
    found: list[FolderHit] = []
    for seen, (root, relative) in enumerate(_folders(roots)):
        if seen > MOST_FOLDERS or (seen % 32 == 31 and timer() > until):
            complete = False
            break
        text = encode_path(relative)
        fits = _fits(text or root.label, words)
        if fits:
            found.append(FolderHit(VolumePath(root.volume_id, relative), root, "name" if relative else "root", 0, fits))
    found.sort(key=lambda hit: (-hit.score, hit.place.text.count("/"), hit.place.text))
    return found[:limit], complete


def roots_here(roots: Iterable[AllowedRoot]) -> list[FolderHit]:
    """Return the opened folders themselves, those that are here; may wait for a drive."""
    return [FolderHit(VolumePath(root.volume_id, ""), root, "root", 0, 0.5) for root in roots if root.online]


def _folders(roots: Iterable[AllowedRoot]) -> Iterator[tuple[AllowedRoot, str]]:
    """Yield the folders that may hold a household's files, the shallow ones of all roots first; follows no link."""
    waiting = deque((root, "", 0) for root in roots if root.online)
    while waiting:
        root, relative, depth = waiting.popleft()
        yield root, relative
        if depth < DEEPEST:
            below = f"{relative}/" if relative else ""
            waiting.extend((root, below + name, depth + 1) for name in _subfolders(SafePath(root, relative)))


def _subfolders(here: SafePath) -> list[str]:
    try:
        descriptor = here.open(os.O_RDONLY | os.O_DIRECTORY)  # through no link, also if one appeared meanwhile
    except OSError:
        return []
    try:
        with os.scandir(descriptor) as listing:
            return _likely([(entry.name, entry.is_dir(follow_symlinks=False)) for entry in listing])
    except OSError:
        return []
    finally:
        os.close(descriptor)


def _likely(entries: Sequence[tuple[str, bool]]) -> list[str]:
    """Return the folders among entries (name, is a folder) that may hold a household's files; none of a repository."""
    if any(name in REPOSITORY_MARKS for name, _ in entries):
        return []
    folders = (name for name, is_folder in entries if is_folder)
    return sorted(name for name in folders if name[0] != "." and name.lower() not in SYSTEM_FOLDERS)


def merged(hits: Iterable[FolderHit], limit: int) -> list[FolderHit]:
    """Return each folder once, the best first."""
    best: dict[VolumePath, FolderHit] = {}
    for hit in hits:
        known = best.get(hit.place)
        if known is None or hit.score > known.score:
            best[hit.place] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)[:limit]
