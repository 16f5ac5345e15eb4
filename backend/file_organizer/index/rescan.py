"""Compare a granted folder with its index: walk, list, tell what came, went and changed, store what differs.

Two looks. The *full* one asks every file for size and time, so it sees everything. It lists every folder too, unless
the filesystem's folder times can be believed (`exact`) and say that the folder holds the names that it held. The *fast*
one lists only folders whose own time changed: it sees what was created, deleted, renamed and moved, and it does not
see a file whose content alone was changed, because that leaves the folder's time as it is (inode(7)).

Only what a folder that was read to its end says is concluded. A folder that cannot be read keeps its old listing, and
a drive that goes away ends the look: nothing is said about its files.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import case, delete, func, null, select, update

from backend.file_organizer.index.listing import FOLDER, IndexEntry, Listing, Row, differ
from backend.file_organizer.index.models import IndexedFolder
from backend.file_organizer.index.reading import FolderReader
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.files import AllowedRoot, VolumeAway, decode_path, encode_path, open_folder_beneath, read_marker
from backend.sdk.ids import NewId

BATCH = 256
"""Folders that are looked at between two visits to the database."""
_ENTRIES = 100_000
"""Entries of new and differing folders after which a batch ends early, so that memory does not grow with the drive."""
_LARGE = 1 << 16
"""Bytes above which a listing is not read along with a batch, but when it is compared."""
_RACY_NS = 2_000_000_000
"""A folder that changed less than this before it was listed may change again within the same tick of its clock
(FAT counts in steps of two seconds), so its time is not trusted."""
_AWAY = frozenset({errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN, errno.ESHUTDOWN})


class Change(NamedTuple):
    """One entry that `came`, is `gone`, or (plain files only) was `changed`. `folder`: path form, relative."""

    what: str
    folder: str
    name: str
    entry: IndexEntry

    @property
    def path(self) -> str:
        """Return the path, relative to the volume."""
        return f"{self.folder}/{self.name}" if self.folder else self.name


class StoredFolder(NamedTuple):
    """What the index keeps of a folder. `listing`: None where it was not read along, as too large or not needed."""

    id: str
    path: str
    mtime_ns: int
    ctime_ns: int
    folders: str
    listing: bytes | None

    def is_as_it_was(self, status: os.stat_result) -> bool:
        """Tell whether the folder's own times say that no entry came or went since it was listed."""
        return self.mtime_ns != 0 and (status.st_mtime_ns, status.st_ctime_ns) == (self.mtime_ns, self.ctime_ns)


@dataclass(slots=True)
class LookReport:
    """What one look did. `changes` counts entries; `unreadable` folders kept their old listing."""

    folders: int = 0
    listed: int = 0
    came: int = 0
    gone: int = 0
    changed: int = 0
    unreadable: int = 0

    @property
    def changes(self) -> int:
        """Return how many entries differ."""
        return self.came + self.gone + self.changed


OnChange = Callable[[Change], None]
OnProgress = Callable[[LookReport], None]


class Rescan:
    """One look at one volume of one owner. `on_change` hears of differences, batch by batch, before they are stored."""

    def __init__(
        self,
        db: Database,
        actor: Actor,
        root: AllowedRoot,
        *,
        full: bool,
        exact: bool,
        new_id: NewId,
        on_change: OnChange | None = None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._db = db
        self._actor = actor
        self._root = root
        self._full = full
        self._exact = exact
        self._new_id = new_id
        self._on_change = on_change
        self._on_progress = on_progress
        self._reader = FolderReader()
        self.report = LookReport()

    def run(self) -> LookReport:
        """Look at everything; raises `VolumeAway` when the drive is not there or goes away."""
        try:
            root_fd = os.open(self._root.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            raise VolumeAway() from None
        try:
            marker = read_marker(root_fd)
            if marker is None or marker.volume_id != self._root.volume_id:
                raise VolumeAway()
            self._walk(root_fd, os.fstat(root_fd).st_dev)
        finally:
            os.close(root_fd)
        return self.report

    def _walk(self, root_fd: int, device: int) -> None:
        stack = [""]
        while stack:
            batch = [stack.pop() for _ in range(min(BATCH, len(stack)))]
            stored = self._db.read(self._actor, _stored, self._root.volume_id, batch, self._full)
            work = _Batch(self._root.volume_id, self._new_id)
            with _Opener(root_fd) as opener:
                for path in batch:
                    stack.extend(self._look(opener, device, path, stored.get(path), work))
                    if work.entries > _ENTRIES:
                        self._conclude(work)
                        work = _Batch(self._root.volume_id, self._new_id)
            if work:
                self._conclude(work)
            if self._on_progress is not None:
                self._on_progress(self.report)

    def _look(self, opener: _Opener, device: int, path: str, was: StoredFolder | None, work: _Batch) -> Iterator[str]:
        """Look at one folder; yields the paths of its subfolders."""
        self.report.folders += 1
        prefix = path + "/" if path else ""
        try:
            if not self._full and was is not None and was.mtime_ns:
                status = os.stat(path or ".", dir_fd=opener.root_fd, follow_symlinks=False)
                if was.is_as_it_was(status):
                    return (prefix + name for name in _subfolders(was))
            now = time.time_ns()
            old = Listing.unpack(was.listing) if was is not None and was.listing is not None else None
            fd = opener.open(path)
            try:
                status = os.fstat(fd)
                fresh = None
                if self._exact and was is not None and old is not None and was.is_as_it_was(status):
                    fresh = self._reader.read_again(fd, device, old)
                if fresh is None:
                    fresh = self._reader.read(fd, device)
            finally:
                os.close(fd)
        except OSError as error:
            return self._unreadable(error, prefix, was)
        self.report.listed += 1
        # What is left out (a drive mounted inside) may come to be listed without any sign in the folder's time.
        certain = 0 < status.st_mtime_ns < now - _RACY_NS and not self._reader.left_out
        times = (status.st_mtime_ns, status.st_ctime_ns) if certain else (0, 0)
        work.add(LookedAt(path, *times, fresh, was, old))
        return (prefix + name for name in fresh.subfolders)

    def _unreadable(self, error: OSError, prefix: str, was: StoredFolder | None) -> Iterator[str]:
        """Conclude nothing about a folder that cannot be read; go on below it by what is known."""
        if error.errno in _AWAY:
            raise VolumeAway() from None
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP) and prefix:
            return iter(())  # it vanished since its parent was listed; the next look hears that from the parent
        self.report.unreadable += 1
        return (prefix + name for name in _subfolders(was)) if was is not None else iter(())

    def _conclude(self, work: _Batch) -> None:
        """Tell the differences of a batch, then store them in one commit, unless the drive went away meanwhile."""
        marker = read_marker(self._root.path)
        if marker is None or marker.volume_id != self._root.volume_id:
            raise VolumeAway()
        unread = [one.was.id for one in work.looked_at if one.was is not None and one.old is None]
        read_now = self._db.read(self._actor, _listings, unread) if unread else {}
        vanished: list[str] = []
        for one in work.looked_at:
            old = one.old
            if old is None and one.was is not None and one.was.id in read_now:
                old = Listing.unpack(read_now[one.was.id])
            if old is None:
                self._came(one.path, one.fresh)
            elif old.raw == one.fresh.raw:
                work.same(one)
                continue
            else:
                vanished += self._differences(one.path, old, one.fresh)
            work.replace(one)
        for path in vanished:
            self._gone_below(path)
        self._db.write(self._actor, work.store, vanished)

    def _tell(self, what: str, path: str, rows: Iterable[Row]) -> None:
        if self._on_change is not None:
            for name, *entry in rows:
                self._on_change(Change(what, path, name, IndexEntry(*entry)))

    def _came(self, path: str, fresh: Listing) -> None:
        self.report.came += len(fresh)
        self._tell("came", path, fresh.rows())

    def _differences(self, path: str, old: Listing, fresh: Listing) -> list[str]:
        """Tell how a folder differs; returns the paths of subfolders that are gone."""
        found = differ(old, fresh)
        self.report.gone += len(found.gone)
        self.report.came += len(found.came)
        self.report.changed += len(found.changed)
        self._tell("gone", path, found.gone)
        self._tell("came", path, found.came)
        self._tell("changed", path, found.changed)
        prefix = path + "/" if path else ""
        return [prefix + row[0] for row in found.gone if row[1] == FOLDER]

    def _gone_below(self, path: str) -> None:
        """Tell what was in a folder that is gone, one stored folder at a time."""
        after = ""
        while rows := self._db.read(self._actor, _below, self._root.volume_id, path, after):
            for folder, blob in rows:
                listing = Listing.unpack(blob)
                self.report.gone += len(listing)
                self._tell("gone", decode_path(folder), listing.rows())
            after = rows[-1][0]


class _Opener:
    """Open folders below `root_fd`; keeps the last one's parent open, whose other subfolders mostly come next."""

    def __init__(self, root_fd: int) -> None:
        self.root_fd = root_fd
        self._parent = ""
        self._fd = root_fd

    def __enter__(self) -> _Opener:
        return self

    def __exit__(self, *error: object) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._fd != self.root_fd:
            os.close(self._fd)
        self._parent, self._fd = "", self.root_fd

    def open(self, path: str) -> int:
        """Return a descriptor of a folder, reached without following a link; raises `OSError`."""
        parent, _, name = path.rpartition("/")
        if parent != self._parent:
            self._leave()
            self._fd = open_folder_beneath(self.root_fd, parent)
            self._parent = parent
        return open_folder_beneath(self._fd, name)


class LookedAt(NamedTuple):
    """A folder that was listed: what it holds, its own times (0: not to be trusted), and what was known of it.

    `old`: None when it is new, or when its listing was not read along.
    """

    path: str
    mtime_ns: int
    ctime_ns: int
    fresh: Listing
    was: StoredFolder | None
    old: Listing | None


class _Batch:
    """What a batch of folders brought, until it is stored. `looked_at`: those that are new or may differ."""

    def __init__(self, volume_id: str, new_id: NewId) -> None:
        self._volume_id = volume_id
        self._new_id = new_id
        self.looked_at: list[LookedAt] = []
        self.entries = 0
        self._times: list[dict[str, Any]] = []
        self._differing: list[dict[str, Any]] = []
        self._new: list[dict[str, Any]] = []

    def __bool__(self) -> bool:
        return bool(self.looked_at or self._times)

    def add(self, one: LookedAt) -> None:
        """Note a folder that was listed."""
        if one.old is not None and one.old.raw == one.fresh.raw:
            self.same(one)
        else:
            self.looked_at.append(one)
            self.entries += len(one.fresh)

    def same(self, one: LookedAt) -> None:
        """Note a folder that holds what it held."""
        if one.was is not None and (one.was.mtime_ns, one.was.ctime_ns) != (one.mtime_ns, one.ctime_ns):
            self._times.append({"id": one.was.id, "mtime_ns": one.mtime_ns, "ctime_ns": one.ctime_ns})

    def replace(self, one: LookedAt) -> None:
        """Note a folder that is new or differs."""
        files, size = one.fresh.totals()
        row = {
            "mtime_ns": one.mtime_ns,
            "ctime_ns": one.ctime_ns,
            "files": files,
            "size": size,
            "folders": "/".join(encode_path(name) for name in one.fresh.subfolders),
            "names": one.fresh.keys(),
        }
        if one.was is not None:  # what differs once will differ again, and packing takes as long as all the rest here
            self._differing.append({"id": one.was.id, "listing": one.fresh.raw, **row})
        else:
            new = {"id": self._new_id(), "volume_id": self._volume_id, "path": encode_path(one.path)}
            self._new.append({**new, "listing": one.fresh.packed(), **row})

    def store(self, session: OwnedSession, vanished: Sequence[str]) -> None:
        """Write the rows of this batch, and forget folders that are gone with all below them."""
        for path in vanished:
            session.execute(delete(IndexedFolder).where(*_within(self._volume_id, path)))
        owner = session.actor.owner_id
        for rows in (self._differing, self._times):
            if rows:
                session.execute(update(IndexedFolder), [row | {"owner_id": owner} for row in rows])
        insert_rows(session, IndexedFolder, self._new)


def _subfolders(was: StoredFolder) -> list[str]:
    return [decode_path(name) for name in was.folders.split("/")] if was.folders else []


def _within(volume_id: str, path: str) -> tuple[Any, ...]:
    """Return the condition for a folder and everything below it ("0" is the character after "/")."""
    text, model = encode_path(path), IndexedFolder
    below = (model.path > text + "/") & (model.path < text + "0")
    return (model.volume_id == volume_id, (model.path == text) | below)


def _stored(session: OwnedSession, volume_id: str, paths: Sequence[str], full: bool) -> dict[str, StoredFolder]:
    """Return what is known of some folders of the space that is acted in, by path; their listings for a full look."""
    model = IndexedFolder
    small = case((func.length(model.listing) <= _LARGE, model.listing), else_=None)
    rows = session.execute(
        select(model.id, model.path, model.mtime_ns, model.ctime_ns, model.folders, small if full else null()).where(
            model.volume_id == volume_id, model.path.in_([encode_path(path) for path in paths])
        )
    )
    return {decode_path(row.path): StoredFolder(*row) for row in rows}


def _listings(session: OwnedSession, ids: Sequence[str]) -> dict[str, bytes]:
    rows = session.execute(select(IndexedFolder.id, IndexedFolder.listing).where(IndexedFolder.id.in_(ids)))
    return {row.id: row.listing for row in rows}


def _below(session: OwnedSession, volume_id: str, path: str, after: str) -> list[tuple[str, bytes]]:
    """Return stored folders from `path` down, in the order of their paths, a few at a time."""
    model = IndexedFolder
    query = select(model.path, model.listing).where(*_within(volume_id, path), model.path > after)
    return [(row.path, row.listing) for row in session.execute(query.order_by(model.path).limit(64))]
