"""Oddities: looked for, stored, left or cleaned up as a person decides; the flow from folders to operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select, update

from backend.file_organizer.cleaning.errors import GroupMissing
from backend.file_organizer.cleaning.events import CleaningChanged
from backend.file_organizer.cleaning.models import FindState, JunkItem, SearchKind, SearchState
from backend.file_organizer.cleaning.oddities import RENAMED, Oddity, OddityFinder, OddityKind
from backend.file_organizer.cleaning.searches import Searches, find_search, places_to_search
from backend.file_organizer.execution.operations import Rename, Seen, Trash
from backend.file_organizer.execution.runs import RunReport
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.files import OwnerRoots, OwnerRootsSource, SafePath, VolumePath, decode_path, encode_path
from backend.sdk.ids import NewId

Progress = Callable[[float | None, str, int], None]
BATCH = 500
MOST_ITEMS = 50_000
"""Oddities that one request cleans up; what is more stays for the next."""


class Junk:
    """Find and settle oddities for an owner."""

    def __init__(self, db: Database, searches: Searches, roots: OwnerRootsSource, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self.searches = searches
        self._roots = roots
        self._clock = clock
        self._new_id = new_id

    def begin(self, actor: Actor, paths: Sequence[str], *, field_name: str = "body.paths") -> str:
        """Store a search through the named folders (or all that are open); a job does it."""
        places = places_to_search(self._own_roots(actor), paths, field_name)
        return self.searches.begin(actor, SearchKind.JUNK, places)

    def look(self, actor: Actor, search_id: str, progress: Progress) -> Mapping[str, int]:
        """Look through the folders of a search and store what is odd. What `progress` raises stops it."""
        search = self.searches.restart(actor, search_id)
        places = places_to_search(self._own_roots(actor), list(search.places), "places")
        rows: list[dict[str, Any]] = []
        seen, seq, unreadable, problems = 0, 0, 0, list[dict[str, str]]()
        for place in places:
            if not place.root.writable:
                continue  # nothing could be done about what is found there
            told = partial(_tell, progress, seen)
            finder = OddityFinder(place.absolute, self._clock.now().timestamp(), told)
            for oddity in finder.find():
                seq += 1
                rows.append(self._row(search_id, seq, place, oddity))
                if len(rows) >= BATCH:
                    self._store(actor, rows)
                    rows = []
            seen += finder.seen
            unreadable += finder.unreadable_count
            problems += [{"path": encode_path(path), "problem": "folder"} for path in finder.unreadable]
        self._store(actor, rows)
        counts = {"files": seen, "found": seq, "unreadable": unreadable}
        self.searches.finish(actor, search_id, SearchState.READY, counts=counts, problems=problems)
        return counts

    def totals(self, actor: Actor, search_id: str) -> dict[str, tuple[int, int]]:
        """Count what waits, by kind: how many, how many bytes."""

        def work(session: OwnedSession) -> dict[str, tuple[int, int]]:
            item = JunkItem
            rows = session.execute(
                select(item.kind, func.count(), func.sum(item.size))
                .where(item.search_id == search_id, item.state == FindState.OPEN.value)
                .group_by(item.kind)
            )
            return {kind: (int(number), int(size or 0)) for kind, number, size in rows}

        return self._db.read(actor, work)

    def page(
        self, actor: Actor, search_id: str, *, kind: str | None, states: Sequence[str], limit: int, after: int | None
    ) -> list[JunkItem]:
        """Return oddities in the order of the search, `limit + 1` of them for paging."""

        def work(session: OwnedSession) -> list[JunkItem]:
            find_search(session, search_id)
            item = JunkItem
            query = select(item).where(item.search_id == search_id, item.state.in_(list(states)))
            if kind is not None:
                query = query.where(item.kind == kind)
            if after is not None:
                query = query.where(item.seq > after)
            return list(session.scalars(query.order_by(item.seq).limit(limit + 1)))

        return self._db.read(actor, work)

    def leave(self, actor: Actor, search_id: str, *, item_ids: Sequence[str], leave: bool) -> int:
        """Leave oddities as they are, or take them up again; returns how many."""

        def work(session: OwnedSession) -> int:
            find_search(session, search_id)
            _check_known(session, actor, search_id, item_ids)
            before, then = (FindState.OPEN, FindState.LEFT) if leave else (FindState.LEFT, FindState.OPEN)
            done = session.execute(
                update(JunkItem)
                .where(*_mine(actor, search_id), JunkItem.id.in_(list(item_ids)), JunkItem.state == before.value)
                .values(state=then.value)
            )
            session.emit(CleaningChanged(owner_id=actor.owner_id, kind="junk"))
            return int(getattr(done, "rowcount", 0))

        return self._db.write(actor, work)

    def claim(self, actor: Actor, search_id: str, key: str, *, kinds: Sequence[str], item_ids: Sequence[str]) -> int:
        """Take open oddities up for the request `key`: the named ones, or all of the kinds; returns how many."""

        def work(session: OwnedSession) -> int:
            find_search(session, search_id)
            item = JunkItem
            _check_known(session, actor, search_id, item_ids)
            chosen = item.id.in_(list(item_ids)) if item_ids else item.kind.in_(list(kinds))
            first = (
                select(item.id).where(*_mine(actor, search_id), chosen, item.state == FindState.OPEN.value)
                .order_by(item.seq).limit(MOST_ITEMS)
            )  # fmt: skip
            ids = list(session.scalars(first))
            for start in range(0, len(ids), BATCH):
                session.execute(
                    update(item).where(item.id.in_(ids[start : start + BATCH]))
                    .values(state=FindState.WORKING.value, request_key=key)
                )  # fmt: skip
            return len(ids)

        return self._db.write(actor, work)

    def operations(self, actor: Actor, key: str) -> Iterator[Trash | Rename]:
        """Yield the steps of a request, in a stable order; an empty folder goes only while it is empty."""

        def work(session: OwnedSession) -> list[JunkItem]:
            query = select(JunkItem).where(JunkItem.request_key == key, JunkItem.state == FindState.WORKING.value)
            return list(session.scalars(query.order_by(JunkItem.seq)))

        for one in self._db.read(actor, work):
            place = VolumePath(one.volume, decode_path(one.path))
            seen = Seen(dev=one.device, inode=one.inode, size=one.size, mtime_ns=one.mtime_ns, folder=one.is_folder)
            if one.action == "rename":
                yield Rename(id=one.id, source=place, seen=seen, name=decode_path(one.new_name))
            else:
                yield Trash(id=one.id, source=place, seen=seen, only_empty=one.kind == OddityKind.EMPTY_FOLDER.value)

    def settle(self, actor: Actor, key: str, report: RunReport) -> None:
        """Store what became of what a request took up."""
        done = {one.step_id for one in report.results if one.state == "done"}
        problems = {one.step_id: one.reason or "" for one in report.problems}

        def work(session: OwnedSession) -> None:
            query = select(JunkItem).where(JunkItem.request_key == key, JunkItem.state == FindState.WORKING.value)
            for one in session.scalars(query):
                one.run_id, one.request_key = report.run_id, None
                one.problem = problems.get(one.id)
                one.state = (FindState.DONE if one.id in done and not one.problem else FindState.OPEN).value
            session.emit(CleaningChanged(owner_id=actor.owner_id, kind="junk"))

        self._db.write(actor, work)

    def release(self, actor: Actor, key: str) -> None:
        """Let go of what a request took up and did nothing with."""

        def work(session: OwnedSession) -> None:
            session.execute(
                update(JunkItem)
                .where(JunkItem.request_key == key, JunkItem.state == FindState.WORKING.value)
                .values(state=FindState.OPEN.value, request_key=None)
            )

        self._db.write(actor, work)

    # ------------------------------------------------------------------ inside

    def _own_roots(self, actor: Actor) -> OwnerRoots:
        return self._roots.for_actor(actor.only_in(actor.owner_id))

    def _store(self, actor: Actor, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._db.write(actor, lambda session: insert_rows(session, JunkItem, rows))

    def _row(self, search_id: str, seq: int, place: SafePath, oddity: Oddity) -> dict[str, Any]:
        info, folder = oddity.info, oddity.kind is OddityKind.EMPTY_FOLDER
        skip = len(place.root.path.rstrip("/")) + 1
        return {
            "id": self._new_id(),
            "search_id": search_id,
            "seq": seq,
            "kind": oddity.kind.value,
            "state": FindState.OPEN.value,
            "action": "rename" if oddity.kind in RENAMED else "trash",
            "volume": place.root.volume_id,
            "path": encode_path(oddity.path[skip:]),
            "is_folder": folder,
            "size": 0 if folder else info.st_size,
            "mtime_ns": info.st_mtime_ns,
            "inode": info.st_ino,
            "device": info.st_dev,
            "new_name": encode_path(oddity.new_name),
            "detail": oddity.detail,
        }


def _tell(progress: Progress, before: int, files: int) -> None:
    progress(None, "Listing files", before + files)


def _mine(actor: Actor, search_id: str) -> list[Any]:
    return [JunkItem.search_id == search_id, JunkItem.owner_id == actor.owner_id]


def _check_known(session: OwnedSession, actor: Actor, search_id: str, item_ids: Sequence[str]) -> None:
    """Raise `GroupMissing` unless all of these are there."""
    if not item_ids:
        return
    query = select(func.count()).select_from(JunkItem).where(*_mine(actor, search_id), JunkItem.id.in_(item_ids))
    if session.scalar(query) != len(set(item_ids)):
        raise GroupMissing()
