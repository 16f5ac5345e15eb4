"""Walk folders and name what nobody needs or what is called wrongly; each kind with what could be done about it.

Links are never followed, hidden folders, repositories and Homie's own folder not entered. What might be wanted is left
alone: a link that leads out of its opened folder may wait for a drive, young downloads may go on.
"""

from __future__ import annotations

import enum
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from backend.file_organizer.analysis import signatures
from backend.file_organizer.analysis.analyser import read_head
from backend.file_organizer.analysis.copy_names import original_stem
from backend.file_organizer.analysis.kinds import Kind, kind_of_extension
from backend.file_organizer.analysis.kinds import split_extension as extension_of
from backend.file_organizer.cleaning.keepers import PASSING
from backend.file_organizer.planning.scanner import PARTIAL_SUFFIXES, REPOSITORY_MARKS, SYSTEM_FOLDERS
from backend.sdk.files import collision_key, split_extension

DAY = 86_400
DOWNLOAD_DAYS = 7
"""Unfinished downloads that were not touched for so long will not go on."""
EMPTY_DAYS = 1
INSTALLER_DAYS = 180
MOST_DEPTH = 200
MOST_EXAMPLES = 100
TELL_EVERY = 500
_UNFINISHED = tuple(one for one in PARTIAL_SUFFIXES if one not in (".tmp", ".temp", ".swp", ".lock"))
_LITTER = frozenset((".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"))
_MOST_LITTER = 16 << 20
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_WANTED_EMPTY = frozenset(("__init__.py", ".gitkeep", ".keep", ".nomedia", "py.typed"))
_INSTALLERS = (".exe", ".msi", ".dmg", ".pkg", ".deb", ".rpm", ".appimage", ".apk", ".msix", ".flatpakref")
_LOOKED_INTO = frozenset((Kind.PICTURE, Kind.VIDEO, Kind.AUDIO, Kind.ARCHIVE, Kind.DOCUMENT, Kind.SPREADSHEET))


class OddityKind(enum.StrEnum):
    """Say what is odd."""

    LITTER = "litter"
    EMPTY_FILE = "empty_file"
    EMPTY_FOLDER = "empty_folder"
    BROKEN_LINK = "broken_link"
    UNFINISHED = "unfinished"
    OLD_INSTALLER = "old_installer"
    DISGUISED = "disguised"
    WRONG_ENDING = "wrong_ending"
    COPY_NAME = "copy_name"


RENAMED = (OddityKind.WRONG_ENDING, OddityKind.COPY_NAME)
"""Kinds of which the suggestion is another name; of all others it is the trash."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One odd thing. `path`: the full one, raw form; `new_name`: for a rename; `detail`: the ending that fits."""

    kind: OddityKind
    path: str
    info: os.stat_result
    new_name: str = ""
    detail: str = ""


@dataclass(slots=True)
class OddityFinder:
    """Look through one folder. `now`: seconds; `unreadable`: full paths of folders, some of them."""

    root: str
    now: float
    told: Callable[[int], None]
    seen: int = 0
    unreadable: list[str] = field(default_factory=list)
    unreadable_count: int = 0
    _device: int = 0

    def find(self) -> Iterator[Oddity]:
        """Yield what is odd; the opened folder itself never is."""
        self._device = os.lstat(self.root).st_dev
        yield from self._folder(self.root, 0, [])

    def _folder(self, path: str, depth: int, content: list[bool]) -> Iterator[Oddity]:
        """Look through a folder; `content` gets an entry if there is anything in it besides empty folders."""
        try:
            if os.lstat(path).st_dev != self._device or depth > MOST_DEPTH:
                content.append(True)
                return
            with os.scandir(path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            content.append(True)
            self.unreadable_count += 1
            self.unreadable += [path] if len(self.unreadable) < MOST_EXAMPLES else []
            return
        names = {entry.name for entry in entries}
        if names & REPOSITORY_MARKS:
            content.append(True)
            return
        taken = {collision_key(name) for name in names}
        empty: list[Oddity] = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from self._subfolder(entry, depth, content, empty)
                continue
            content.append(True)
            found = self._file(entry, taken)
            if found is not None:
                yield found
        yield from empty

    def _subfolder(
        self, entry: os.DirEntry[str], depth: int, content: list[bool], empty: list[Oddity]
    ) -> Iterator[Oddity]:
        if entry.name.startswith(".") or entry.name.lower() in SYSTEM_FOLDERS:
            content.append(True)
            return
        inside: list[bool] = []
        found = list(self._folder(entry.path, depth + 1, inside))
        if inside:
            content.append(True)
            yield from found
            return
        try:  # the highest empty one is named; it takes those inside with it
            empty.append(Oddity(OddityKind.EMPTY_FOLDER, entry.path, entry.stat(follow_symlinks=False)))
        except OSError:
            content.append(True)

    def _file(self, entry: os.DirEntry[str], taken: set[str]) -> Oddity | None:
        self.seen += 1
        if self.seen % TELL_EVERY == 0:
            self.told(self.seen)
        try:
            info = entry.stat(follow_symlinks=False)
        except OSError:
            return None
        if stat.S_ISLNK(info.st_mode):
            return Oddity(OddityKind.BROKEN_LINK, entry.path, info) if self._is_broken(entry.path) else None
        if not stat.S_ISREG(info.st_mode):
            return None
        kind = self._by_name(entry, info)
        if kind is not None:
            return Oddity(kind, entry.path, info)
        if entry.name.startswith("."):
            return None
        return self._wrongly_called(entry, info, taken)

    def _by_name(self, entry: os.DirEntry[str], info: os.stat_result) -> OddityKind | None:
        name, age = entry.name.lower(), self.now - info.st_mtime
        if self._is_litter(entry, name, info, age):
            return OddityKind.LITTER
        if name.startswith("."):
            return None
        if name.endswith(_UNFINISHED):
            return OddityKind.UNFINISHED if age > DOWNLOAD_DAYS * DAY else None
        if not info.st_size:
            wanted = name in _WANTED_EMPTY or age < EMPTY_DAYS * DAY
            return None if wanted else OddityKind.EMPTY_FILE
        if name.endswith(_INSTALLERS) and age > INSTALLER_DAYS * DAY:
            above = len(os.path.dirname(self.root.rstrip("/")))  # the opened folder's own name counts
            parts = set(os.path.dirname(entry.path)[above:].lower().split("/"))
            return OddityKind.OLD_INSTALLER if parts & PASSING else None
        return None

    @staticmethod
    def _is_litter(entry: os.DirEntry[str], name: str, info: os.stat_result, age: float) -> bool:
        """Know what systems and office programs leave behind, by name and by what it can be."""
        if name in _LITTER:
            return info.st_size <= _MOST_LITTER
        if name.startswith("._"):
            return info.st_size <= _MOST_LITTER and read_head(entry.path, 4) == _APPLE_DOUBLE
        lock = name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))
        return lock and info.st_size <= 4096 and age > DAY

    def _is_broken(self, path: str) -> bool:
        """Tell whether a link leads to nothing inside of the opened folder; one that leads out may wait for a drive."""
        try:
            aim = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        except OSError:
            return False
        return aim.startswith(self.root.rstrip("/") + "/") and not os.path.lexists(aim)

    def _wrongly_called(self, entry: os.DirEntry[str], info: os.stat_result, taken: set[str]) -> Oddity | None:
        stem, ending = split_extension(entry.name)
        _, extension = extension_of(entry.name)
        if extension and kind_of_extension(extension) in _LOOKED_INTO:
            head = read_head(entry.path, signatures.HEAD)
            content = signatures.detect(head)
            if content is not None and signatures.disagreement(extension, content, text=False):
                if content.kind is Kind.INSTALLER:
                    return Oddity(OddityKind.DISGUISED, entry.path, info, detail=content.extension)
                new = f"{stem}.{content.extension}"
                if collision_key(new) not in taken:
                    return Oddity(OddityKind.WRONG_ENDING, entry.path, info, new, content.extension)
                return None
        original = original_stem(stem)
        if original is not None and collision_key(original + ending) not in taken:
            taken.add(collision_key(original + ending))
            return Oddity(OddityKind.COPY_NAME, entry.path, info, original + ending)
        return None
