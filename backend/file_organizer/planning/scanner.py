"""Walk a folder once, fast, in constant memory, and know what must be left alone.

The walk is iterative (`os.scandir`), never follows a symbolic link, and yields one `Folder` batch at a time: the
subfolders and the plain files of a folder with size, time and inode. Folders with very many files arrive in several
batches (`BATCH`), so a million files need no more memory than eight thousand. Whoever consumes the batches decides by
`Folder.descend` where the walk goes on, which lets grouping keep a project or a camera folder whole without reading it.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

BATCH = 8192
MOST_EXAMPLES = 100

PARTIAL_SUFFIXES = (
    ".part", ".partial", ".crdownload", ".download", ".opdownload", ".!qb", ".!ut", ".aria2", ".filepart",
    ".bc!", ".dap", ".ytdl", ".tmp", ".temp", ".unconfirmed", ".swp", ".lock",
)  # fmt: skip
"""Ends of names that programs give to files which they have not finished writing."""

SYSTEM_FILES = frozenset({"desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "$recycle.bin"})
SYSTEM_FOLDERS = frozenset(
    {"lost+found", "$recycle.bin", "system volume information", "found.000", "@eadir", "#recycle", "__macosx"}
)
REPOSITORY_MARKS = frozenset({".git", ".hg", ".svn", ".bzr", ".jj"})


class FileEntry(NamedTuple):
    """One plain file: name in its folder, size in bytes, modification time in ns, inode number."""

    name: str
    size: int
    mtime_ns: int
    inode: int


class LeftAlone(NamedTuple):
    """Something that the scan saw and will not touch, with the reason in plain words."""

    path: str
    reason: str


@dataclass(slots=True)
class Folder:
    """A batch of one folder. `path` is absolute; `first`/`last` say where in the folder this batch stands.

    `descend` starts as all subfolders that may be entered; the consumer may shorten it before the next batch.
    """

    path: str
    depth: int
    device: int
    first: bool
    last: bool
    files: list[FileEntry]
    folders: list[str]
    left_alone: list[LeftAlone] = field(default_factory=list)
    descend: list[str] = field(default_factory=list)
    repository: bool = False


@dataclass(slots=True)
class ScanTotals:
    """Count what a walk saw; `left_alone` by reason, `unreadable` folders, some of them named."""

    folders: int = 0
    files: int = 0
    bytes: int = 0
    unreadable: int = 0
    left_alone: dict[str, int] = field(default_factory=dict)
    unreadable_examples: list[str] = field(default_factory=list)

    def note_unreadable(self, path: str) -> None:
        """Count a folder that could not be read (to its end)."""
        self.unreadable += 1
        if len(self.unreadable_examples) < MOST_EXAMPLES:
            self.unreadable_examples.append(path)

    def note(self, reason: str) -> None:
        """Count one thing that was left alone for `reason`."""
        self.left_alone[reason] = self.left_alone.get(reason, 0) + 1


class Scanner:
    """Walk below `root`. Resumable: `pending` is the list of folders still to visit, saved and passed back in.

    `exclude`: absolute paths that are not entered (Homie's own data, the destination tree). A mount point inside the
    tree is another volume; it is left alone unless `cross_devices`.
    """

    def __init__(
        self,
        root: str,
        *,
        exclude: Iterable[str] = (),
        pending: Iterable[tuple[str, int]] | None = None,
        hidden: bool = False,
        max_depth: int = 200,
        cross_devices: bool = False,
    ) -> None:
        self.root = root
        self._exclude = frozenset(exclude)
        self._stack: list[tuple[str, int]] = list(pending) if pending is not None else [(root, 0)]
        self._hidden = hidden
        self._max_depth = max_depth
        self._device = None if cross_devices else os.lstat(root).st_dev
        self.totals = ScanTotals()

    @property
    def pending(self) -> list[tuple[str, int]]:
        """Return the folders that are still to be visited, deepest last; enough to go on in another process."""
        return list(self._stack)

    def __iter__(self) -> Iterator[Folder]:
        """Yield the batches, parents before children, in a stable order."""
        totals = self.totals
        while self._stack:
            path, depth = self._stack[-1]
            descend: list[str] = []
            for folder in self._read(path, depth):
                totals.files += len(folder.files)
                for entry in folder.left_alone:
                    totals.note(entry.reason)
                yield folder
                descend.extend(folder.descend)
            self._stack.pop()
            totals.folders += 1
            if depth < self._max_depth:
                prefix = path if path.endswith("/") else path + "/"
                descend.sort(reverse=True)
                self._stack.extend((prefix + name, depth + 1) for name in descend)

    def _read(self, path: str, depth: int) -> Iterator[Folder]:
        """Yield one folder in batches of at most `BATCH` files."""
        try:
            device = os.lstat(path).st_dev
            if self._device is not None and device != self._device:
                batch = Folder(path, depth, device, True, True, [], [])
                batch.left_alone.append(LeftAlone(path, "on another drive"))
                yield batch
                return
            listing = os.scandir(path)
        except OSError:
            self.totals.note_unreadable(path)
            return
        folder = Folder(path, depth, device, True, False, [], [])
        with listing:
            while True:
                full = self._fill(folder, listing)
                folder.last = not full
                folder.descend = [] if folder.repository else list(folder.folders)
                yield folder
                if folder.last:
                    return
                folder = Folder(path, depth, device, False, False, [], [], repository=folder.repository)

    def _fill(self, folder: Folder, listing: Iterator[os.DirEntry[str]]) -> bool:
        """Read entries into `folder` until it is full (True) or the listing ends (False). The hot loop."""
        files, total, make = folder.files, 0, FileEntry._make
        append, hidden, partial = files.append, self._hidden, PARTIAL_SUFFIXES
        regular, kind_of = stat.S_IFREG, stat.S_IFMT
        while True:
            try:
                entry = next(listing, None)
            except OSError:  # the drive went away or the folder is damaged: what was read stands
                self.totals.note_unreadable(folder.path)
                break
            if entry is None:
                break
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                self._take_folder(folder, entry)
                continue
            if name[0] == "." and not hidden:
                # A worktree or submodule has a `.git` FILE; the folder is a repository all the same.
                if name in REPOSITORY_MARKS:
                    folder.repository = True
                self.totals.note("hidden")
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:  # gone between listing and stat
                continue
            if kind_of(status.st_mode) != regular:
                reason = "a link" if entry.is_symlink() else "not a plain file"
                folder.left_alone.append(LeftAlone(entry.path, reason))
                continue
            lower = name.lower()
            if lower.endswith(partial):
                folder.left_alone.append(LeftAlone(entry.path, "not finished yet"))
                continue
            if lower in SYSTEM_FILES:
                self.totals.note("a system file")
                continue
            size = status.st_size
            total += size
            append(make((name, size, status.st_mtime_ns, status.st_ino)))
            if len(files) >= BATCH:
                self.totals.bytes += total
                return True
        self.totals.bytes += total
        return False

    def _take_folder(self, folder: Folder, entry: os.DirEntry[str]) -> None:
        """File a subfolder as enterable, or as left alone with its reason."""
        name = entry.name
        if name in REPOSITORY_MARKS:
            folder.repository = True
            return
        if name[0] == "." and not self._hidden:
            self.totals.note("hidden")
        elif name == ".homie" or name.lower() in SYSTEM_FOLDERS:
            self.totals.note("a system folder")
        elif entry.path in self._exclude:
            folder.left_alone.append(LeftAlone(entry.path, "excluded"))
        else:
            folder.folders.append(name)


def files_open_for_writing() -> frozenset[tuple[int, int]]:
    """Return (device, inode) of every file that a visible process holds open for writing (Linux `/proc`).

    Processes of other users are invisible without privilege; the executor's precondition check (size and time
    unchanged) is the second net.
    """
    found: set[tuple[int, int]] = set()
    try:
        processes = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return frozenset()
    for process in processes:
        base = f"/proc/{process}/fd"
        try:
            descriptors = os.listdir(base)
        except OSError:
            continue
        for descriptor in descriptors:
            try:
                # The link's own permission bits tell the open mode: user-write set means opened for writing.
                if not os.lstat(f"{base}/{descriptor}").st_mode & stat.S_IWUSR:
                    continue
                target = os.stat(f"{base}/{descriptor}")
            except OSError:
                continue
            if stat.S_ISREG(target.st_mode):
                found.add((target.st_dev, target.st_ino))
    return frozenset(found)


class WriterCheck:
    """Tell which files are being written right now; asks the system at most once and only for young files."""

    def __init__(self, settle_seconds: float, now_ns: int | None = None) -> None:
        self._young_after = (now_ns if now_ns is not None else time.time_ns()) - int(settle_seconds * 1e9)
        self._open: frozenset[tuple[int, int]] | None = None

    def being_written(self, device: int, entry: FileEntry) -> bool:
        """Tell whether `entry` was changed lately and is open for writing."""
        if entry.mtime_ns < self._young_after:
            return False
        if self._open is None:
            self._open = files_open_for_writing()
        return (device, entry.inode) in self._open
