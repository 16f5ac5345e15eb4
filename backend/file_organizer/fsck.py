"""Prove that the journal and the disk agree. Shares no code with the writer: own reading, own stat, own hashing.

The journal is replayed in memory: each finished step moves what is expected from one name to another. What remains is
what must lie on disk now. A difference that people may have made is a notice ("changed outside Homie"); what only Homie
could have left behind is an error: unfinished rows, temporary files, a file at both ends of a finished move, things in
the trash that the journal does not know.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from blake3 import blake3

from backend.file_organizer.execution.journal_models import FileAction, Run
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import OwnerRoots

_HAPPENED = ("done", "undone", "purged")
_OPEN = ("intent", "copied", "placed")
_NOTHING = ("rolled_back", "failed", "skipped")
_MOVING = ("move", "rename", "trash", "restore")
_MAKING = ("copy", "extract", "compress", "mkdir")

Place = tuple[str, str]
"""(volume id, relative path in raw form)"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement. `path` is the text form; `action_id` the row that it is about."""

    code: str
    message: str
    volume_id: str
    path: str
    action_id: str = ""


@dataclass(slots=True)
class FsckReport:
    """What was compared. `clean` means that Homie left nothing wrong; notices are changes by people."""

    actions: int = 0
    checked: int = 0
    hashed: int = 0
    errors: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    away: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.errors


Tell = Callable[[float, str, int], None]
"""Told the fraction, what is going on, and how many places are through."""


def check(db: Database, actor: Actor, roots: OwnerRoots, *, deep: bool = False, tell: Tell | None = None) -> FsckReport:
    """Compare the journal of the actor's own space with the disk; `deep` reads every file whose hash is known."""
    runs, rows = db.read(actor, _load)
    report = FsckReport(actions=len(rows))
    folders = {root.volume_id: root.path for root in roots.roots if _marker_id(root.path) == root.volume_id}
    named = {volume for row in rows for volume in (row["source_volume"], row["target_volume"]) if volume}
    report.away = sorted(named - set(folders))
    _Comparison(folders, runs, rows, report, deep, tell).compare()
    return report


def _load(session: OwnedSession) -> tuple[dict[str, str], list[dict[str, Any]]]:
    owner = session.actor.owner_id
    runs = session.execute(sa.select(Run.id, Run.state).where(Run.owner_id == owner)).all()
    columns = [
        getattr(FileAction, name)
        for name in (
            *("id", "run_id", "seq", "op", "state", "source_volume", "source_path", "target_volume", "target_path"),
            *("folder", "dev", "inode", "size", "mtime_ns", "content_hash", "new_dev", "new_inode", "new_size"),
            *("new_mtime_ns", "detail", "created_at"),
        )
    ]
    query = sa.select(*columns).where(FileAction.owner_id == owner)
    rows = session.execute(query.order_by(FileAction.created_at, FileAction.run_id, FileAction.seq))
    return {run.id: run.state for run in runs}, [dict(row._mapping) for row in rows]


def _marker_id(root: str) -> str | None:
    try:
        body = json.loads(Path(root, ".homie", "volume.json").read_text())
    except (OSError, ValueError):
        return None
    return str(body.get("volume_id")) if isinstance(body, dict) else None


def _raw(text: str) -> str:
    """Return the raw path of a stored one: `\\\\` is a backslash, `\\xNN` an undecodable byte."""
    return re.sub(r"\\(\\|x..)", lambda m: "\\" if m[1] == "\\" else chr(0xDC00 + int(m[1][1:], 16)), text)


class _Comparison:
    """Replay the rows, then look."""

    def __init__(
        self,
        folders: dict[str, str],
        runs: dict[str, str],
        rows: list[dict[str, Any]],
        report: FsckReport,
        deep: bool,
        tell: Tell | None = None,
    ) -> None:
        self._folders = folders
        self._runs = runs
        self._rows = rows
        self._report = report
        self._deep = deep
        self._tell = tell
        self._expected: dict[Place, dict[str, Any]] = {}
        self._vacated: dict[Place, dict[str, Any]] = {}

    def compare(self) -> None:
        for row in self._rows:
            if row["state"] in _HAPPENED:
                self._replay(row)
            elif row["state"] in _OPEN:
                self._unfinished(row)
        for number, (place, row) in enumerate(self._expected.items(), 1):
            self._look(place, row)
            if self._tell is not None and (self._deep or number % 500 == 0):
                self._tell(number / len(self._expected), "Comparing files with the journal", number)
        for place, row in self._vacated.items():
            self._look_vacated(place, row)
        for row in self._rows:
            if row["state"] in _NOTHING and row["op"] in _MOVING:
                self._look_untouched(row)
        self._look_for_parts()
        self._look_in_trash()

    # ------------------------------------------------------------------ replay

    def _replay(self, row: dict[str, Any]) -> None:
        source, target = self._place(row, "source"), self._place(row, "target")
        if row["op"] in ("rmdir", "purge") and source:
            self._expected.pop(source, None)
            self._vacated[source] = row
        if row["op"] in _MOVING and source and target:
            if row["folder"]:
                self._rebase(source, target)
            self._expected.pop(source, None)
            self._vacated[source] = row
        if row["op"] in (*_MOVING, *_MAKING) and target:
            self._expected[target] = row
            self._vacated.pop(target, None)

    def _rebase(self, source: Place, target: Place) -> None:
        """Let what is expected below a renamed folder follow it."""
        for table in (self._expected, self._vacated):
            below = [p for p in table if p[0] == source[0] and p[1].startswith(source[1] + "/")]
            for place in below:
                table[(target[0], target[1] + place[1][len(source[1]) :])] = table.pop(place)

    def _place(self, row: dict[str, Any], end: str) -> Place | None:
        volume, path = row[f"{end}_volume"], row[f"{end}_path"]
        return (volume, _raw(path)) if volume and path is not None else None

    # ------------------------------------------------------------------ disk

    def _stat(self, place: Place) -> os.stat_result | None:
        try:
            return os.lstat(self._full(place))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _full(self, place: Place) -> str:
        return self._folders[place[0]] + "/" + place[1]

    def _unfinished(self, row: dict[str, Any]) -> None:
        places = [p for p in (self._place(row, "target"), self._place(row, "source")) if p]
        if any(place[0] not in self._folders for place in places):
            self._note(row, places[0], "waiting_for_drive", "This step waits for its drive to be connected.")
        else:
            self._error(row, places[0], "unfinished", "This step was begun and not brought to an end.")

    def _look(self, place: Place, row: dict[str, Any]) -> None:
        if place[0] not in self._folders:
            return
        self._report.checked += 1
        info = self._stat(place)
        if info is None:
            self._note(row, place, "gone", "Changed outside Homie: what was put here is not here any more.")
        elif row["folder"]:
            if not stat.S_ISDIR(info.st_mode):
                self._note(row, place, "changed", "Changed outside Homie: this was a folder.")
        elif (info.st_size, info.st_mtime_ns) != (row["new_size"], row["new_mtime_ns"]):
            self._note(row, place, "changed", "Changed outside Homie: size or time of the file are others.")
        elif self._deep and row["content_hash"] and stat.S_ISREG(info.st_mode):
            self._report.hashed += 1
            if _hash(self._full(place)) != row["content_hash"]:
                self._error(row, place, "damaged", "Size and time are the same, but the content is not.")

    def _look_vacated(self, place: Place, row: dict[str, Any]) -> None:
        """A finished move must have left its source."""
        if place[0] not in self._folders or (row["detail"] or {}).get("source_kept"):
            return
        info = self._stat(place)
        if info is not None and self._is_source(info, row):
            self._error(row, place, "still_there", "This was moved away, and is still here as well.")

    def _look_untouched(self, row: dict[str, Any]) -> None:
        """A step that was not done must not show its effect."""
        source, target = self._place(row, "source"), self._place(row, "target")
        if not source or not target or source[0] not in self._folders or target[0] not in self._folders:
            return
        if target in self._expected or self._stat(source) is not None:
            return
        info = self._stat(target)
        if info is not None and source[0] == target[0] and self._is_source(info, row):
            self._error(row, target, "done_but_not_noted", "The journal says that this was not moved, but it was.")

    def _is_source(self, info: os.stat_result, row: dict[str, Any]) -> bool:
        if info.st_ino != row["inode"] or bool(stat.S_ISDIR(info.st_mode)) != row["folder"]:
            return False
        return row["folder"] or (info.st_size, info.st_mtime_ns) == (row["size"], row["mtime_ns"])

    def _look_for_parts(self) -> None:
        """No temporary name may be left in any folder that the journal names."""
        folders: set[Place] = set()
        for row in self._rows:
            for end in ("source", "target"):
                place = self._place(row, end)
                if place and place[0] in self._folders:
                    folders.add((place[0], place[1].rpartition("/")[0]))
        for volume, folder in sorted(folders):
            try:
                names = os.listdir(os.path.join(self._folders[volume], folder))
            except (FileNotFoundError, NotADirectoryError):
                continue
            for name in names:
                if re.fullmatch(r"\.homie-[0-9a-f]{32}\.part", name):
                    path = f"{folder}/{name}" if folder else name
                    self._error(None, (volume, path), "leftover", "A temporary file was left behind.")

    def _look_in_trash(self) -> None:
        """All that lies in the trash of our runs is known to the journal."""
        for volume, root in self._folders.items():
            for run_id in self._runs:
                base = os.path.join(root, ".homie", "trash", run_id)
                for at, _, files in os.walk(base):
                    for name in files:
                        place = (volume, os.path.relpath(os.path.join(at, name), root))
                        if not self._is_known(place):
                            self._error(None, place, "unknown_in_trash", "The journal does not know this.")

    def _is_known(self, place: Place) -> bool:
        path = place[1]
        while path:
            if (place[0], path) in self._expected:
                return True
            path = path.rpartition("/")[0]
        return False

    def _error(self, row: dict[str, Any] | None, place: Place, code: str, message: str) -> None:
        self._report.errors.append(self._finding(row, place, code, message))

    def _note(self, row: dict[str, Any], place: Place, code: str, message: str) -> None:
        self._report.notices.append(self._finding(row, place, code, message))

    def _finding(self, row: dict[str, Any] | None, place: Place, code: str, message: str) -> Finding:
        shown = place[1].replace("\\", "\\\\")
        shown = re.sub("[\udc80-\udcff]", lambda m: f"\\x{ord(m[0]) - 0xDC00:02x}", shown)
        return Finding(code, message, place[0], shown, row["id"] if row else "")


def _hash(path: str) -> str:
    hasher = blake3()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            hasher.update(chunk)
    return str(hasher.hexdigest())
