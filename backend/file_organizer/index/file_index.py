"""The file index of one installation: opened when it is needed, looked at, searched; it may be deleted at any time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import delete, func, select

from backend.file_organizer.index.listing import FILE, Listing
from backend.file_organizer.index.models import IndexBase, IndexedFolder, IndexedVolume
from backend.file_organizer.index.rescan import LookReport, OnChange, OnProgress, Rescan
from backend.file_organizer.index.sizes import SizeTable
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import Database, DatabaseUnreachable, OwnedSession
from backend.sdk.files import AllowedRoot, decode_path
from backend.sdk.finding import match
from backend.sdk.ids import NewId

SCHEMA = 2
"""Raised when the tables change: an index of another shape is left behind and made anew, never migrated."""
_CANDIDATES = 300
"""Folders that are looked at closely in one search; a word that is in more of them is too common to be ranked."""


class FoundFile(NamedTuple):
    """A file that fits a search. `folder`: path form, relative to its volume."""

    owner_id: str
    volume_id: str
    folder: str
    name: str
    score: float
    highlights: tuple[tuple[int, int], ...]


class VolumeState(NamedTuple):
    """What is known about the index of one granted folder; see `IndexedVolume`."""

    volume_id: str
    files: int
    folders: int
    size: int
    complete: bool
    looked_at: datetime | None
    full_at: datetime | None


class FileIndex:
    """Keep the listings of every folder that an owner granted. `folder`: where the database lies."""

    def __init__(self, folder: Path, clock: Clock, new_id: NewId) -> None:
        self._folder = folder
        self._clock = clock
        self._new_id = new_id
        self._open: dict[str, Database] = {}

    def prepare(self, actor: Actor) -> None:
        """Open what there is of the actor's spaces. Under gevent call it on the hub before work in native threads."""
        for _ in self._known(actor):
            pass

    def _db(self, owner_id: str) -> Database:
        """Open an owner's database, made anew when there is none or a damaged one.

        Each owner has a file of their own: erasing them is deleting it, so that nothing of it is left in freed pages.
        """
        known = self._open.get(owner_id)
        if known is not None:
            return known
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = _hashed(owner_id)
        try:
            made = self._opened(name)
        except DatabaseUnreachable:
            run_blocking(self._throw_away, name)
            made = self._opened(name)
        kept = self._open.setdefault(owner_id, made)  # another greenlet may have been quicker
        if kept is not made:
            made.close()
        return kept

    def _opened(self, name: str) -> Database:
        """Return the database with its tables; raises `DatabaseUnreachable` when the file is damaged."""
        db = Database(self._path(name), IndexBase, name="file_index", readers=2)
        try:
            run_blocking(self._check, name, db)
        except Exception as error:
            with suppress(Exception):
                db.close()
            raise DatabaseUnreachable() from error
        return db

    def _check(self, name: str, db: Database) -> None:
        """Make tables, one process at a time, and look whether they can be read."""
        with self._lock(f"open-{name}"):
            for stale in self._folder.glob(f"files-*-{name}.db*"):
                if not stale.name.startswith(self._path(name).name):
                    stale.unlink(missing_ok=True)
            db.create_all()
        with db.unscoped_session("open the file index") as session:
            session.scalars(select(IndexedVolume.id).limit(1)).first()

    def _throw_away(self, name: str) -> None:
        for part in self._folder.glob(f"{self._path(name).name}*"):
            part.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"files-{SCHEMA}-{name}.db"

    def _known(self, actor: Actor) -> Iterator[tuple[Actor, Database]]:
        """Yield the databases that there are of the actor's spaces, each with the actor in that space alone."""
        for owner_id in sorted(actor.owners):
            if owner_id in self._open or self._path(_hashed(owner_id)).exists():
                yield actor.only_in(owner_id), self._db(owner_id)

    def close(self) -> None:
        """Close what was opened."""
        while self._open:
            self._open.popitem()[1].close()

    def look(
        self,
        actor: Actor,
        root: AllowedRoot,
        *,
        full: bool = False,
        exact: bool = False,
        on_change: OnChange | None = None,
        on_progress: OnProgress | None = None,
    ) -> LookReport | None:
        """Bring the index of a granted folder up to date; None when another process is at it already.

        The first look is always full, and none of what it finds is a change. `exact`: on the drive's filesystem a
        folder's time changes with every entry, so a full look need not list what is as it was. Raises `VolumeAway`.
        """
        here = actor.only_in(actor.owner_id)
        with self._lock(f"look-{_hashed(actor.owner_id, root.volume_id)}", wait=False) as held:
            if not held:
                return None
            db = self._db(actor.owner_id)
            known = db.read(here, _volume, actor.owner_id, root.volume_id)
            complete = known is not None and known.complete
            scan = Rescan(
                db,
                here,
                root,
                full=full or not complete,
                exact=exact,
                new_id=self._new_id,
                on_change=on_change if complete else None,
                on_progress=on_progress,
            )
            report = scan.run()
            db.write(here, self._note, root.volume_id, full or not complete)
            return report

    def states(self, actor: Actor) -> list[VolumeState]:
        """Return what is known about the index of each granted folder, over all spaces of the actor."""
        return [state for here, db in self._known(actor) for state in db.read(here, _states)]

    def search(self, actor: Actor, words: Sequence[str], roots: Sequence[AllowedRoot], limit: int) -> list[FoundFile]:
        """Return the best files whose name holds all `words` (of `words_of`), in folders that are granted now."""
        volumes = sorted({root.volume_id for root in roots})
        if not words or not volumes:
            return []
        found = [hit for here, db in self._known(actor) for hit in db.read(here, _search, words, volumes, limit)]
        return sorted(found, key=lambda hit: (-hit.score, hit.name))[:limit]

    def sizes(self, actor: Actor, volumes: Sequence[str]) -> SizeTable:
        """Return which files in these granted folders have which size."""
        return SizeTable(row for here, db in self._known(actor) for row in db.read(here, _listings, volumes))

    def forget(self, actor: Actor, keep: Sequence[str]) -> None:
        """Forget every granted folder of the acting space that is not in `keep` (ids of volumes) any more."""
        if self._path(_hashed(actor.owner_id)).exists():
            self._db(actor.owner_id).write(actor.only_in(actor.owner_id), _forget, list(keep))

    def erase_owner(self, owner_id: str) -> None:
        """Remove everything of one owner."""
        name = _hashed(owner_id)
        db = self._open.pop(owner_id, None)
        if db is not None:
            db.close()
        for path in self._folder.glob(f"files-*-{name}.db*"):
            path.unlink(missing_ok=True)
        (self._folder / f"open-{name}.lock").unlink(missing_ok=True)

    def size(self) -> int:
        """Return how many bytes the indexes of everybody take on disk."""
        return sum(path.stat().st_size for path in self._folder.glob("files-*.db*"))

    def _note(self, session: OwnedSession, volume_id: str, full: bool) -> None:
        """Write down that a look came to its end, with the totals."""
        row = _own_volume(session, volume_id)
        if row is None:
            row = IndexedVolume(volume_id=volume_id)
            session.add(row)
        model = IndexedFolder
        totals = select(func.count(), func.sum(model.files), func.sum(model.size)).select_from(model)
        folders, files, size = session.execute(totals.where(model.volume_id == volume_id)).one()
        row.folders, row.files, row.size = int(folders), int(files or 0), int(size or 0)
        row.complete, row.looked_at = True, self._clock.now()
        if full:
            row.full_at = row.looked_at

    @contextmanager
    def _lock(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        """Hold a lock between processes (flock(2)); the kernel lets go of it when a process dies."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(self._folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        held = True
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                held = False
            yield held
        finally:
            os.close(fd)


def _hashed(*parts: str) -> str:
    """Return a name for a file that says nothing about whose it is."""
    return blake2b(" ".join(parts).encode(), digest_size=12).hexdigest()


def _own_volume(session: OwnedSession, volume_id: str) -> IndexedVolume | None:
    return _volume_row(session, session.actor.owner_id, volume_id)


def _volume_row(session: OwnedSession, owner_id: str, volume_id: str) -> IndexedVolume | None:
    rows = session.scalars(select(IndexedVolume).where(IndexedVolume.volume_id == volume_id))
    return next((row for row in rows if row.owner_id == owner_id), None)


def _volume(session: OwnedSession, owner_id: str, volume_id: str) -> VolumeState | None:
    row = _volume_row(session, owner_id, volume_id)
    return _state(row) if row is not None else None


def _states(session: OwnedSession) -> list[VolumeState]:
    return [_state(row) for row in session.scalars(select(IndexedVolume).order_by(IndexedVolume.id))]


def _state(row: IndexedVolume) -> VolumeState:
    return VolumeState(*(getattr(row, name) for name in VolumeState._fields))


def _search(session: OwnedSession, words: Sequence[str], volumes: Sequence[str], limit: int) -> list[FoundFile]:
    model = IndexedFolder
    holds = [func.instr(model.names, word) > 0 for word in words]
    rows = session.execute(
        select(model.owner_id, model.volume_id, model.path, model.names, model.listing)
        .where(model.volume_id.in_(volumes), *holds)
        .limit(_CANDIDATES)
    )
    found: dict[tuple[str, str, str], FoundFile] = {}
    for row in rows:
        fitting = {i for i, key in enumerate(row.names.split("\n")) if all(word in key for word in words)}
        if not fitting:
            continue
        folder = decode_path(row.path)
        listing = Listing.unpack(row.listing)
        kinds = listing.kinds
        for place in sorted(fitting):
            name = listing.names[place]
            if kinds[place] != FILE:
                continue
            fits = match(name, words)
            if fits is not None:
                found.setdefault(
                    (row.volume_id, folder, name),
                    FoundFile(row.owner_id, row.volume_id, folder, name, fits[0], fits[1]),
                )
    return sorted(found.values(), key=lambda hit: (-hit.score, hit.name))[:limit]


def _listings(session: OwnedSession, volumes: Sequence[str]) -> list[tuple[str, str, bytes]]:
    model = IndexedFolder
    query = select(model.volume_id, model.path, model.listing).where(model.volume_id.in_(volumes))
    return [(row.volume_id, row.path, row.listing) for row in session.execute(query)]


def _forget(session: OwnedSession, keep: list[str]) -> None:
    session.execute(delete(IndexedFolder).where(IndexedFolder.volume_id.not_in(keep)))
    session.execute(delete(IndexedVolume).where(IndexedVolume.volume_id.not_in(keep)))
