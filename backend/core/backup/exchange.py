"""Exchanging the live data of one part for the restored data: all of it or none, also when the power goes.

    1 stage    everything is extracted and checked beside its place, and put on the disk     journal: "staging"
    2 commit   one line is written and synced: from here a restart goes forward              journal: "ready"
    3 swap     live -> old, staged -> live by rename; the database last, in one transaction
    4 clean    old things are removed, then the journal

A process that dies in 1 leaves the live data untouched and its stage is removed at the next start; one that dies in
2-4 is finished at the next start (`recover`), before the part is opened. If a step fails without a crash, the renames
are taken back.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from backend.core.backup.durable import fsync_folder, write_atomic
from backend.core.backup.parts import BackupPart

JOURNAL = "journal.json"
STAGED_DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Swap:
    """Exchange one path: `live` goes to `old`, `staged` goes to `live` (all on one file system)."""

    live: str
    staged: str
    old: str
    had_live: bool

    def forward(self) -> None:
        """Do it; done steps are recognised, so that it may be repeated."""
        live, staged, old = Path(self.live), Path(self.staged), Path(self.old)
        if not _there(staged):
            return
        if _there(live):
            if _there(old):
                _remove(live)  # appeared after the swap had begun: an empty folder made by somebody's start
            else:
                live.rename(old)
        live.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        staged.rename(live)
        fsync_folder(live.parent)

    def back(self) -> None:
        """Take it back."""
        live, staged, old = Path(self.live), Path(self.staged), Path(self.old)
        if not _there(staged) and _there(live) and (_there(old) or not self.had_live):
            live.rename(staged)
        if _there(old) and not _there(live):
            old.rename(live)
        if live.parent.is_dir():
            fsync_folder(live.parent)


class Exchange:
    """Hold the stage of one part's restore, in `<data_dir>/restoring/<part>/`."""

    def __init__(self, folder: Path, part_id: str, set_id: str = "") -> None:
        self.folder = folder / part_id
        self.part_id = part_id
        self.set_id = set_id
        self.swaps: list[Swap] = []

    @property
    def database(self) -> Path:
        """Return where the restored database is staged."""
        return self.folder / STAGED_DATABASE

    def begin(self) -> None:
        """Make the empty stage; whatever an earlier, uncommitted restore left is removed."""
        if self.folder.exists():
            self.discard()
        self.folder.mkdir(parents=True, mode=0o700)
        self._write("staging")

    def stage(self, live: Path) -> Path:
        """Return the path (beside `live`, same file system) where the new content of `live` is to be written."""
        number, parent = len(self.swaps), live.parent
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        stem = f".homie-restoring-{self.part_id}-{number}"
        swap = Swap(str(live), str(parent / stem), str(parent / (stem + ".old")), _there(live))
        for leftover in (Path(swap.staged), Path(swap.old)):
            _remove(leftover)
        self.swaps.append(swap)
        self._write("staging")
        return Path(swap.staged)

    def commit(self) -> None:
        """Put the stage on the disk and decide: from here on the restore happens."""
        for swap in self.swaps:
            _sync_tree(Path(swap.staged))
            fsync_folder(Path(swap.staged).parent)
        _sync_file(self.database)
        fsync_folder(self.folder)
        self._write("ready")

    def run(self, part: BackupPart) -> None:
        """Swap everything; on any error everything is taken back and the error raised."""
        try:
            for swap in self.swaps:
                swap.forward()
            part.replace_database(self.database)
        except Exception:
            for swap in reversed(self.swaps):
                swap.back()
            self.discard()
            raise
        self._write("swapped")
        self.discard()

    def discard(self) -> None:
        """Remove stage and journal; the live data is not touched."""
        for swap in self.swaps:
            _remove(Path(swap.staged))
            if _there(Path(swap.live)):  # never remove the only one
                _remove(Path(swap.old))
        shutil.rmtree(self.folder, ignore_errors=True)

    def recover(self, part: BackupPart) -> bool:
        """Finish or clear what a killed restore left; True when a restore was finished."""
        state = self._read()
        if state == "ready":
            self.run(part)
            return True
        if self.folder.exists():
            self.discard()
        return state == "swapped"

    def _write(self, state: str) -> None:
        data = {"state": state, "set_id": self.set_id, "swaps": [asdict(s) for s in self.swaps]}
        write_atomic(self.folder / JOURNAL, json.dumps(data).encode())

    def _read(self) -> str | None:
        try:
            data = json.loads((self.folder / JOURNAL).read_bytes())
        except (OSError, ValueError):
            return None
        self.set_id = str(data["set_id"])
        self.swaps = [Swap(**item) for item in data["swaps"]]
        return str(data["state"])


def pending(folder: Path) -> list[str]:
    """Return the parts whose restore was begun and neither finished nor cleared."""
    return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []


def _there(path: Path) -> bool:
    return os.path.lexists(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_tree(root: Path) -> None:
    """Put the folder names of a staged tree on the disk (its files were synced when they were written)."""
    if root.is_dir():
        for folder, _, _ in os.walk(root):
            fsync_folder(Path(folder))
