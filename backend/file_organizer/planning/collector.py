"""Walk a folder and hand out what is to be filed: groups of files and folders that stay whole; the rest is left alone.

A folder of the household that is already tidy is not torn apart: below the scanned folder, only folders with a name
that means "unsorted" or with a mix of everything are looked through, unless `deep` is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.file_organizer.planning.grouping import (
    GENERIC_FOLDER,
    Group,
    UnitKind,
    bundle,
    camera_folder,
    file_groups,
    is_mixed,
    whole_folder,
)
from backend.file_organizer.planning.scanner import PARTIAL_SUFFIXES, Folder, LeftAlone, Scanner, WriterCheck
from backend.file_organizer.planning.taxonomy import TOP_FOLDERS, fold

REASON_REPOSITORY = "a repository (.git)"
REASON_FILED = "already in a folder of its own"
REASON_WRITTEN = "still being written"
_SAMPLES = 25
_UNIT_LIMIT = 20_000


@dataclass(slots=True)
class Find:
    """Something to file: a group of files in `folder`, or the whole subfolder `name` of it (`unit`)."""

    folder: str
    device: int
    name: str
    group: Group | None = None
    unit: UnitKind | None = None


@dataclass(slots=True)
class LeftAloneReport:
    """Count what is left alone by reason, with a few examples each (paths in path form)."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, entry: LeftAlone) -> None:
        """Note one."""
        self.counts[entry.reason] = self.counts.get(entry.reason, 0) + 1
        shown = self.examples.setdefault(entry.reason, [])
        if len(shown) < _SAMPLES:
            shown.append(entry.path)


class Collector:
    """Collect finds below `scanner.root`. `tidy_top`: top folders of the root that are the destination tree itself."""

    def __init__(
        self, scanner: Scanner, writers: WriterCheck, *, deep: bool = False, into_is_root: bool = False
    ) -> None:
        self._scanner = scanner
        self._writers = writers
        self._deep = deep
        self._into_is_root = into_is_root
        self.left_alone = LeftAloneReport()
        self.files_seen = 0

    def __iter__(self) -> Iterator[Find]:
        """Yield finds in scan order."""
        for folder in self._scanner:
            self.files_seen += len(folder.files)
            for entry in folder.left_alone:
                self.left_alone.add(entry)
            if folder.repository:
                folder.descend = []
                self.left_alone.add(LeftAlone(folder.path, REASON_REPOSITORY))
                continue
            yield from self._folder(folder)
        for reason in ("hidden", "a system file", "a system folder"):
            count = self._scanner.totals.left_alone.get(reason, 0)
            if count:
                self.left_alone.counts[reason] = count

    def _folder(self, folder: Folder) -> Iterator[Find]:
        """Decide about one folder: whole, left as it is, or file by file."""
        if folder.depth and folder.first:
            parent, _, name = folder.path.rpartition("/")
            unit = whole_folder(folder, name)
            if unit is not None:
                folder.descend = []
                yield from self._unit(parent or "/", name, folder.device, unit)
                return
            if not self._deep and not self._may_tear_apart(folder, name):
                if folder.files:
                    self.left_alone.add(LeftAlone(folder.path, REASON_FILED))
                    folder.descend = []
                return
        if folder.depth == 0 and self._into_is_root and not self._deep:
            folder.descend = [name for name in folder.descend if not self._is_tidy_top(folder.path, name)]
        yield from self._subfolders_kept_whole(folder)
        yield from self._files(folder)

    def _is_tidy_top(self, path: str, name: str) -> bool:
        """Tell whether a top folder is part of the destination tree."""
        if fold(name) not in TOP_FOLDERS or GENERIC_FOLDER.match(name):
            return False
        self.left_alone.add(LeftAlone(f"{path}/{name}", REASON_FILED))
        return True

    @staticmethod
    def _may_tear_apart(folder: Folder, name: str) -> bool:
        """Tell whether the files of a subfolder may be filed one by one."""
        return GENERIC_FOLDER.match(name) is not None or is_mixed(folder)

    def _subfolders_kept_whole(self, folder: Folder) -> Iterator[Find]:
        """Take app bundles and camera folders by their name, without entering them."""
        for name in list(folder.descend):
            unit = UnitKind.APP if bundle(name) else UnitKind.CAMERA if camera_folder(name) else None
            if unit is not None:
                folder.descend.remove(name)
                yield from self._unit(folder.path, name, folder.device, unit)

    def _unit(self, parent: str, name: str, device: int, unit: UnitKind) -> Iterator[Find]:
        """Hand out a whole folder, unless something inside must be left alone."""
        prefix = parent if parent.endswith("/") else parent + "/"
        problem = self._inside_problem(prefix + name)
        if problem is not None:
            self.left_alone.add(LeftAlone(prefix + name, problem))
            return
        yield Find(parent, device, name, unit=unit)

    def _inside_problem(self, path: str) -> str | None:
        """Say why a folder must not be moved as a whole: a repository, a download or a writer inside."""
        inside = Scanner(path, hidden=True)
        try:
            for folder in inside:
                if folder.repository:
                    return REASON_REPOSITORY
                if any(entry.reason == "not finished yet" for entry in folder.left_alone):
                    return "not finished yet"
                if any(entry.reason == "on another drive" for entry in folder.left_alone):
                    return "on another drive"
                if any(self._writers.being_written(folder.device, entry) for entry in folder.files):
                    return REASON_WRITTEN
                self.files_seen += len(folder.files)
                if inside.totals.files > _UNIT_LIMIT:
                    return "too many files to move as one"
        except OSError:
            return "cannot be read"
        return None

    def _files(self, folder: Folder) -> Iterator[Find]:
        """Hand out the groups of a folder's files; whoever belongs to an unfinished download waits with it."""
        unfinished = _unfinished_names(folder)
        files = folder.files
        if unfinished:
            files = [entry for entry in files if entry.name not in unfinished]
        for group in file_groups(files, folder.folders):
            for name in group.folders:
                if name in folder.descend:
                    folder.descend.remove(name)
            members = (group.lead, *group.companions)
            if any(self._writers.being_written(folder.device, entry) for entry in members):
                self.left_alone.add(LeftAlone(f"{folder.path}/{group.lead.name}", REASON_WRITTEN))
                continue
            yield Find(folder.path, folder.device, group.lead.name, group=group)


def _unfinished_names(folder: Folder) -> set[str]:
    """Return the names of files that stand beside their own unfinished download (`film.mkv` beside `film.mkv.part`)."""
    found: set[str] = set()
    for entry in folder.left_alone:
        if entry.reason != "not finished yet":
            continue
        name = os.path.basename(entry.path)
        lower = name.lower()
        for suffix in PARTIAL_SUFFIXES:
            if lower.endswith(suffix):
                found.add(name[: -len(suffix)])
    return found
