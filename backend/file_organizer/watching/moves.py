"""Recognise moves that a person made outside Homie: what vanished at one place and appeared at another.

On one volume a moved file keeps inode, size and time; all three must agree. Between volumes it keeps name and size, and
most programs keep the time too: the pair must be the only one of its name and size on both sides, and either the times
agree (within the two seconds of FAT) or the file is no trifle. What is ambiguous is not learned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from backend.file_organizer.execution.journal_models import ActionState, FileAction
from backend.file_organizer.index.listing import FILE
from backend.file_organizer.index.rescan import Change
from backend.sdk.db import OwnedSession
from backend.sdk.files import AllowedRoot, VolumePath

MOST = 50_000
"""Vanished and appeared files that are kept for matching; more of them are a migration and no lesson in filing."""
_TIME_NS = 2_000_000_000
_NO_TRIFLE = 4096
_CHUNK = 400


class _Seen(NamedTuple):
    place: VolumePath
    inode: int
    size: int
    mtime_ns: int


class OutsideMove(NamedTuple):
    """A file that lay at `source` and lies at `target` now. `inode`: of the file at its target."""

    source: VolumePath
    target: VolumePath
    inode: int


class MoveWatch:
    """Collect what looks at the drives tell, then say what was moved."""

    def __init__(self) -> None:
        self._gone: list[_Seen] = []
        self._came: list[_Seen] = []

    def note(self, root: AllowedRoot, change: Change) -> None:
        """Take in one change; cheap, and bounded."""
        if change.entry.kind != FILE or change.what == "changed":
            return
        into = self._gone if change.what == "gone" else self._came
        if len(into) < MOST:
            place = VolumePath(root.volume_id, change.path)
            into.append(_Seen(place, change.entry.inode, change.entry.size, change.entry.mtime_ns))

    def moves(self) -> list[OutsideMove]:
        """Return the moves that are beyond doubt; each file at most once."""
        if len(self._gone) >= MOST or len(self._came) >= MOST:
            return []
        found = self._within_volumes()
        taken = {move.source for move in found} | {move.target for move in found}
        return found + self._between_volumes(taken)

    def _within_volumes(self) -> list[OutsideMove]:
        gone: dict[tuple[str, int, int, int], list[_Seen]] = defaultdict(list)
        for seen in self._gone:
            gone[(seen.place.volume_id, seen.inode, seen.size, seen.mtime_ns)].append(seen)
        found = []
        for seen in self._came:
            before = gone.get((seen.place.volume_id, seen.inode, seen.size, seen.mtime_ns), [])
            if len(before) == 1:  # two names of one inode are hard links: which of them moved, nobody can tell
                found.append(OutsideMove(before.pop().place, seen.place, seen.inode))
        return found

    def _between_volumes(self, taken: set[VolumePath]) -> list[OutsideMove]:
        gone: dict[tuple[str, int], list[_Seen]] = defaultdict(list)
        came: dict[tuple[str, int], list[_Seen]] = defaultdict(list)
        for where, into in ((self._gone, gone), (self._came, came)):
            for seen in where:
                if seen.place not in taken and seen.size > 0:
                    into[(seen.place.name, seen.size)].append(seen)
        found = []
        for key, after in came.items():
            before = gone.get(key, [])
            if len(before) != 1 or len(after) != 1 or before[0].place.volume_id == after[0].place.volume_id:
                continue
            same_time = abs(before[0].mtime_ns - after[0].mtime_ns) <= _TIME_NS
            if same_time or key[1] >= _NO_TRIFLE:
                found.append(OutsideMove(before[0].place, after[0].place, after[0].inode))
        return found


def not_by_homie(session: OwnedSession, moves: Sequence[OutsideMove]) -> list[OutsideMove]:
    """Return the moves that the journal does not know: Homie must not learn from itself, nor from its own undo."""
    action, own = FileAction, set[tuple[str, str, int]]()
    for start in range(0, len(moves), _CHUNK):
        paths = [move.target.text for move in moves[start : start + _CHUNK]]
        rows = session.execute(
            select(action.target_volume, action.target_path, action.new_inode, action.inode).where(
                action.target_path.in_(paths),
                action.state.in_((ActionState.DONE.value, ActionState.UNDONE.value)),
            )
        )
        for volume, path, new_inode, inode in rows:
            own |= {(str(volume), str(path), number) for number in (new_inode, inode) if number is not None}
    folders = _folders_moved(session)
    return [
        move
        for move in moves
        if (move.target.volume_id, move.target.text, move.inode) not in own
        and not any(move.target.is_within(folder) for folder in folders)
    ]


def _folders_moved(session: OwnedSession) -> list[VolumePath]:
    """Return where Homie put whole folders: the files inside have no line of their own in the journal."""
    action = FileAction
    rows = session.execute(
        select(action.target_volume, action.target_path)
        .where(
            action.folder.is_(True),
            action.op.in_(("move", "rename", "restore")),
            action.state.in_((ActionState.DONE.value, ActionState.UNDONE.value)),
            action.target_path.is_not(None),
        )
        .order_by(action.created_at.desc())
        .limit(2000)
    )
    return [VolumePath.from_text(str(volume), str(path)) for volume, path in rows]
