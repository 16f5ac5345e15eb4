"""The folders that a household already has below a destination: what suggestions prefer over anything new."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from backend.file_organizer.planning.grouping import is_project_mark
from backend.file_organizer.planning.scanner import REPOSITORY_MARKS, SYSTEM_FOLDERS
from backend.file_organizer.planning.taxonomy import Place, fold

_YEAR_FOLDER = re.compile(r"^(?:19|20)\d\d$")
_SEASON_FOLDER = re.compile(r"^(?P<word>season|staffel|saison|s)[\s._-]*(?P<number>\d{1,2})$", re.IGNORECASE)


class FolderIndex:
    """Know the existing folders below `root` (relative paths), at most `limit` of them and `depth` levels deep."""

    def __init__(self, root: str, *, depth: int = 4, limit: int = 5000, skip: Iterable[str] = ()) -> None:
        self.root = root
        self.folders: list[str] = []
        self._children: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._has_files: dict[str, bool] = {}
        self.project_marked: set[str] = set()
        """Folders with a project's own file in them ("package.json", a .sln)."""
        self._read(depth, limit, frozenset(skip))

    def _read(self, depth: int, limit: int, skip: frozenset[str]) -> None:
        """Collect folders breadth first, so that the shallow ones are always known."""
        level = [""]
        for _ in range(depth):
            deeper: list[str] = []
            for relative in level:
                names = self._names(relative)
                self._children[relative] = names
                for name in names:
                    path = f"{relative}/{name}" if relative else name
                    if path in skip:
                        continue
                    self.folders.append(path)
                    self._by_name.setdefault(fold(name), []).append(path)
                    deeper.append(path)
                    if len(self.folders) >= limit:
                        return
            level = deeper

    def _names(self, relative: str) -> list[str]:
        """Return the names of the subfolders that may hold the household's files."""
        found: list[str] = []
        files = False
        try:
            with os.scandir(os.path.join(self.root, relative)) as listing:
                for entry in listing:
                    if entry.name in REPOSITORY_MARKS:
                        return []
                    if not entry.is_dir(follow_symlinks=False):
                        files = True
                        if is_project_mark(entry.name):
                            self.project_marked.add(relative)
                    elif entry.name[0] != "." and entry.name.lower() not in SYSTEM_FOLDERS:
                        found.append(entry.name)
        except OSError:
            return []
        self._has_files[relative] = files
        return sorted(found)

    def __contains__(self, relative: str) -> bool:
        """Tell whether a folder exists."""
        return os.path.isdir(os.path.join(self.root, relative))

    def find_place(self, place: Place) -> str | None:
        """Return the household's own folder for a place: the shallowest with one of its names, or None."""
        best: str | None = None
        for name in place.names:
            for path in self._by_name.get(name, ()):
                if best is None or (path.count("/"), path) < (best.count("/"), best):
                    best = path
        return best

    def named(self, name: str) -> list[str]:
        """Return the existing folders with that name, whatever case or accents."""
        return list(self._by_name.get(fold(name), ()))

    def child_named(self, parent: str, name: str) -> str | None:
        """Return the existing subfolder of `parent` with that name, whatever case or accents."""
        wanted = fold(name)
        for child in self._children.get(parent, ()):
            if fold(child) == wanted:
                return f"{parent}/{child}" if parent else child
        return None

    def children(self, parent: str) -> list[str]:
        """Return the subfolders of a folder, as paths."""
        return [f"{parent}/{child}" if parent else child for child in self._children.get(parent, ())]

    def splits_by_year(self, folder: str) -> bool | None:
        """Tell whether the household makes year folders there: True or False by what is there, None if it is empty."""
        children = self._children.get(folder, [])
        if any(_YEAR_FOLDER.match(child) for child in children):
            return True
        return False if self._has_files.get(folder) or children else None

    def season_folder(self, series: str, season: int) -> str | None:
        """Return how this household names a season of that series: the existing folder, or its style continued."""
        style: tuple[str, int, str] | None = None
        for child in self._children.get(series, ()):
            match = _SEASON_FOLDER.match(child)
            if not match:
                continue
            if int(match["number"]) == season:
                return child
            prefix = child[: match.start("number")]
            style = (prefix, len(match["number"]), "")
        return f"{style[0]}{season:0{style[1]}d}" if style else None
