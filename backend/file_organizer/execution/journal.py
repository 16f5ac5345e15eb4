"""The journal of one run: rows are durable before the disk changes, hundreds at a time in one commit.

Hot path: entries are plain slots objects, written by two bulk statements. Each commit also renews the lease and is
refused when another process took the run over (fencing).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import LeaseLost
from backend.file_organizer.execution.journal_models import ActionState, FileAction, Run
from backend.file_organizer.execution.operations import OnConflict
from backend.file_organizer.execution.run_marks import RunMarks
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.files import decode_path, encode_path
from backend.sdk.finding import fold, name_key

_CHANGING = ("id", "folder", "content_hash", "new_dev", "new_inode", "new_size", "new_mtime_ns", "detail", "error_code")
_PLAIN = (
    *_CHANGING,
    *("seq", "step_id", "op", "group_key", "source_volume", "target_volume", "part_name"),
    *("dev", "inode", "size", "mtime_ns", "undoes"),
)
_plain_values = attrgetter(*_PLAIN)
_RENAMING = frozenset(("move", "rename", "trash", "restore"))


@dataclass(slots=True)
class Entry:
    """One step: what is asked, what the journal holds of it, and where it stands. Paths are relative, raw form."""

    id: str
    step_id: str
    op: str
    state: str = ActionState.INTENT
    seq: int = 0
    group_key: str | None = None
    source_volume: str | None = None
    source_path: str | None = None
    target_volume: str | None = None
    target_path: str | None = None
    part_name: str | None = None
    folder: bool = False
    dev: int | None = None
    inode: int | None = None
    size: int | None = None
    mtime_ns: int | None = None
    content_hash: str | None = None
    new_dev: int | None = None
    new_inode: int | None = None
    new_size: int | None = None
    new_mtime_ns: int | None = None
    detail: dict[str, Any] | None = None
    error_code: str | None = None
    undoes: str | None = None
    # Not stored: how to treat it while it runs.
    policy: OnConflict = OnConflict.SKIP
    crossing: bool = False
    restoring: bool = False
    implied: bool = False
    sources: tuple[str, ...] = field(default=())

    def as_row(self, run_id: str, now: datetime) -> dict[str, Any]:
        """Return the database row."""
        if self.op in _RENAMING and not self.crossing and self.state == ActionState.INTENT:
            # A rename keeps all of these; written with the intent, "done" is one statement for the whole chunk.
            self.new_dev, self.new_inode = self.dev, self.inode
            self.new_size, self.new_mtime_ns = self.size, self.mtime_ns
        row: dict[str, Any] = dict(zip(_PLAIN, _plain_values(self), strict=True))
        row["run_id"] = run_id
        row["state"] = str(self.state)
        row["source_path"] = None if self.source_path is None else encode_path(self.source_path)
        row["target_path"] = None if self.target_path is None else encode_path(self.target_path)
        row["name_key"] = name_key(row["target_path"] or row["source_path"] or "")
        row["search_key"] = search_key(row["source_path"], row["target_path"])
        row["created_at"] = now
        row["finished_at"] = None if self.state == ActionState.INTENT else now
        return row

    def as_change(self, owner_id: str, now: datetime) -> dict[str, Any]:
        """Return what changes in the row after it was written."""
        row = {name: getattr(self, name) for name in _CHANGING}
        row["owner_id"] = owner_id
        row["state"] = str(self.state)
        row["finished_at"] = now
        return row

    @property
    def only_state_changed(self) -> bool:
        """Tell whether "done" is all that there is to say after the intent."""
        return (
            self.state == ActionState.DONE
            and self.op in _RENAMING
            and not self.crossing
            and self.undoes is None
            and self.error_code is None
        )

    @classmethod
    def of_row(cls, row: Any) -> Entry:
        """Return the entry of a stored row."""
        entry = cls(id=row.id, step_id=row.step_id, op=row.op, state=ActionState(row.state))
        for name in _PLAIN:
            setattr(entry, name, getattr(row, name))
        entry.detail = dict(row.detail) if row.detail else None
        entry.source_path = None if row.source_path is None else decode_path(row.source_path)
        entry.target_path = None if row.target_path is None else decode_path(row.target_path)
        return entry


def search_key(source: str | None, target: str | None) -> str:
    """Return what a step is found by: both of its paths, folded."""
    return fold("\n".join(path for path in (source, target) if path))


@dataclass(slots=True)
class RunHandle:
    """The run that this process holds."""

    id: str
    plan_id: str
    kind: str
    lease_token: str
    next_seq: int = 1
    state: str = ""
    """The state that it was taken over in; empty for one that was just begun."""


class Journal:
    """Write the rows of one run."""

    def __init__(
        self, db: Database, actor: Actor, clock: Clock, run: RunHandle, boundaries: Boundaries, marks: RunMarks
    ) -> None:
        self._marks = marks
        self.db = db
        self.actor = actor
        self.run = run
        self._clock = clock
        self._boundaries = boundaries
        self._renewed_at = clock.now()

    def renew(self, after: timedelta) -> None:
        """Renew the lease if the last commit is longer ago than `after`; `LeaseLost` when another process has it.

        Asked before each change with half the time after which others take a silent run over: a machine that slept
        through its lease stops here, before it works beside its successor. (Wall time: it goes on during a sleep.)
        """
        if self._clock.now() - self._renewed_at > after:
            self.record()

    def record(self, new: Sequence[Entry] = (), changed: Sequence[Entry] = (), **run_values: Any) -> None:
        """Commit new and changed entries together, durably. Raises `LeaseLost` when the run is no longer ours."""
        for entry in new:
            entry.seq = self.run.next_seq
            self.run.next_seq += 1
        self._boundaries.reach("journal.before")
        self.db.write(self.actor, self._write, new, changed, run_values)
        if new:
            self._marks.note(self.run.id, self.actor.owner_id, self.run.next_seq - 1)
        self._boundaries.reach("journal.after")
        self._renewed_at = self._clock.now()

    def end(self) -> None:
        """Say that the run came to its end and that the journal holds all of it."""
        self._marks.end(self.run.id, self.run.next_seq - 1)

    def _write(
        self, session: OwnedSession, new: Sequence[Entry], changed: Sequence[Entry], run_values: dict[str, Any]
    ) -> None:
        now = self._clock.now()
        mine = sa.update(Run).where(Run.id == self.run.id, Run.lease_token == self.run.lease_token)
        renewed = session.execute(
            mine.values(heartbeat_at=now, **run_values).execution_options(synchronize_session=False)
        )
        if renewed.rowcount != 1:  # type: ignore[attr-defined]
            raise LeaseLost()
        if new:
            insert_rows(session, FileAction, [entry.as_row(self.run.id, now) for entry in new])
        plain = [entry.seq for entry in changed if entry.seq and entry.only_state_changed]
        if plain:
            done = sa.update(FileAction).where(FileAction.run_id == self.run.id, FileAction.seq.in_(plain))
            values = {"state": str(ActionState.DONE), "finished_at": now}
            session.execute(done.values(values).execution_options(synchronize_session=False))
        write_changes(session, [entry for entry in changed if entry.seq and not entry.only_state_changed], now)


def write_changes(session: OwnedSession, changed: Sequence[Entry], now: datetime) -> None:
    """Store where entries stand now; what a finished entry takes back becomes UNDONE, or PURGED, in the same commit."""
    if not changed:
        return
    owner = session.actor.owner_id
    session.execute(sa.update(FileAction), [entry.as_change(owner, now) for entry in changed])
    undone = [
        {"owner_id": owner, "id": entry.undoes, "state": str(_taken_back(entry)), "undone_by": entry.id}
        for entry in changed
        if entry.undoes is not None and entry.state == ActionState.DONE
    ]
    if undone:
        session.execute(sa.update(FileAction), undone)


def _taken_back(entry: Entry) -> ActionState:
    """Return what becomes of the step that a finished entry was about."""
    return ActionState.PURGED if entry.op == "purge" else ActionState.UNDONE


def load_entries(session: OwnedSession, run_id: str, states: Iterable[str] | None = None) -> list[Entry]:
    """Return the entries of a run in order; only those in `states` if given."""
    query = sa.select(*_columns()).where(FileAction.run_id == run_id).order_by(FileAction.seq)
    if states is not None:
        query = query.where(FileAction.state.in_([str(state) for state in states]))
    return [Entry.of_row(row) for row in session.execute(query)]


def _columns() -> list[Any]:
    return [getattr(FileAction, name) for name in (*_PLAIN, "state", "source_path", "target_path")]
