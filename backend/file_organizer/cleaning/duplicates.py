"""Look for copies, and put away those that a person agreed to: the flow from folders to operations.

begin -> look (a job: inventory, finder, pictures) -> groups -> a person decides -> claim -> operations -> settle
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from backend.file_organizer.cleaning.alike import groups_of
from backend.file_organizer.cleaning.finder import DuplicateFinder
from backend.file_organizer.cleaning.found import Found
from backend.file_organizer.cleaning.groups import DuplicateGroups
from backend.file_organizer.cleaning.inventory import Inventory
from backend.file_organizer.cleaning.models import (
    DuplicateFile,
    GroupKind,
    SearchKind,
    SearchState,
)
from backend.file_organizer.cleaning.pictures import PictureLooks
from backend.file_organizer.cleaning.searches import Searches, places_to_search
from backend.file_organizer.execution.operations import Keeper, Seen, Trash
from backend.file_organizer.execution.runs import RunReport
from backend.sdk.actor import Actor
from backend.sdk.files import OwnerRoots, OwnerRootsSource, VolumePath, decode_path, encode_path
from backend.sdk.ids import NewId

Progress = Callable[[float | None, str, int], None]
"""Told the fraction (None unknown), what is going on, and how many files are through; may raise to stop."""
BATCH = 200


class Duplicates:
    """Find and settle copies for an owner."""

    def __init__(self, searches: Searches, groups: DuplicateGroups, roots: OwnerRootsSource, new_id: NewId) -> None:
        self.searches = searches
        self.groups = groups
        self._roots = roots
        self._new_id = new_id

    def begin(self, actor: Actor, paths: Sequence[str], *, pictures: bool, field_name: str = "body.paths") -> str:
        """Store a search through the named folders (or all that are open); a job does it."""
        places = places_to_search(self._own_roots(actor), paths, field_name)
        return self.searches.begin(actor, SearchKind.DUPLICATES, places, {"pictures": pictures})

    def look(self, actor: Actor, search_id: str, progress: Progress) -> Mapping[str, int]:
        """Look through the folders of a search and store the groups. What `progress` raises stops it."""
        search = self.searches.restart(actor, search_id)
        pictures = bool(search.options.get("pictures"))
        inventory = Inventory(places_to_search(self._own_roots(actor), list(search.places), "places"))
        inventory.collect(lambda files: progress(None, "Listing files", files))
        found = Found(self._new_id, search_id, inventory)
        problems = [(path, "folder") for path in inventory.unreadable]
        share = 0.5 if pictures else 1.0
        problems += self._equal(actor, found, lambda part, files: progress(part * share, "Comparing files", files))
        if pictures:
            told = lambda part, files: progress(0.5 + part / 2, "Comparing pictures", files)  # noqa: E731
            problems += self._alike(actor, found, told)
        counts = found.counts | {
            "files": len(inventory),
            "bytes": inventory.total_bytes,
            "empty": inventory.empty,
            "unreadable": found.unreadable + inventory.unreadable_count,
            "changed": found.changed,
        }
        said = [{"path": encode_path(path), "problem": kind} for path, kind in problems]
        self.searches.finish(actor, search_id, SearchState.READY, counts=counts, problems=said)
        return counts

    def _equal(self, actor: Actor, found: Found, told: Callable[[float, int], None]) -> list[tuple[str, str]]:
        """Find files of one content; returns what could not be read."""
        finder = DuplicateFinder(found.inventory)
        total = found.inventory.bytes_of_equal_size() or 1
        for group in finder.groups(lambda looked, _read: told(min(1.0, finder.passed / total), looked)):
            found.take_equal(group)
            self._store(actor, found, at_least=BATCH)
        self._store(actor, found)
        found.unreadable, found.changed = finder.unreadable_count, finder.changed
        return [(path, "file") for path in finder.unreadable]

    def _alike(self, actor: Actor, found: Found, told: Callable[[float, int], None]) -> list[tuple[str, str]]:
        """Find pictures that look alike; returns what could not be read."""
        looks = PictureLooks(found.inventory, found.twins)
        for group in groups_of(looks(lambda done, of: told(done / of, done))):
            found.take_alike(group)
            self._store(actor, found, at_least=BATCH)
        self._store(actor, found)
        found.unreadable += looks.unreadable_count
        found.counts["pictures_left_out"] = looks.left_out
        return [(path, "picture") for path in looks.unreadable]

    def operations(self, actor: Actor, key: str) -> Iterator[Trash]:
        """Yield the steps of a request: each copy goes only while its keeper is there and the same."""
        for copy, keeper, kind in self.groups.claimed(actor, key):
            stays = Keeper(place=_place(keeper), seen=_seen(keeper), equal=kind == GroupKind.SAME.value)
            yield Trash(id=copy.id, source=_place(copy), seen=_seen(copy), keeper=stays)

    def settle(self, actor: Actor, key: str, report: RunReport) -> None:
        """Store what became of the copies of a request."""
        done = [one.step_id for one in report.results if one.op == "trash" and one.state == "done"]
        problems = {one.step_id: one.reason or "" for one in report.problems}
        self.groups.settle(actor, key, report.run_id, done, problems)

    def release(self, actor: Actor, key: str) -> None:
        """Let go of the groups of a request that did nothing."""
        self.groups.release(actor, key)

    # ------------------------------------------------------------------ inside

    def _own_roots(self, actor: Actor) -> OwnerRoots:
        """Return the folders of the space that the actor acts in: copies are never looked for across spaces."""
        return self._roots.for_actor(actor.only_in(actor.owner_id))

    def _store(self, actor: Actor, found: Found, at_least: int = 1) -> None:
        if len(found.groups) >= at_least:
            self.groups.add(actor, found.groups, found.files)
            found.groups, found.files = [], []


def _place(file: DuplicateFile) -> VolumePath:
    return VolumePath(file.volume, decode_path(file.path))


def _seen(file: DuplicateFile) -> Seen:
    return Seen(dev=file.device, inode=file.inode, size=file.size, mtime_ns=file.mtime_ns)
