"""Take back what was done: the finished steps of a run, turned round, last first, as a new journaled run.

    move, rename, trash -> restore (to where it was; if it is unchanged since)
    copy, extract, compress -> trash (what was made goes to the trash, nothing is deleted)
    mkdir -> rmdir (only if empty; other folders never)        rmdir -> mkdir (with its mode and times)
    purge (the trash was emptied) is the one step that nothing takes back

An undo is a run like any other, so it survives a crash and can be undone itself (redo).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

import sqlalchemy as sa

from backend.file_organizer.execution.errors import ActionMissing, UndoNotPossible
from backend.file_organizer.execution.journal import Entry
from backend.file_organizer.execution.journal_models import ActionState, FileAction, Run, RunState
from backend.file_organizer.execution.operations import OnConflict
from backend.file_organizer.execution.purging import in_trash
from backend.sdk.db import OwnedSession
from backend.sdk.files import VolumePath
from backend.sdk.ids import NewId

_RESTORED = frozenset(("move", "rename", "trash", "restore"))
_BATCH = 5000
_TRASHED = frozenset(("copy", "extract", "compress"))


def done_in_run(session: OwnedSession, run_id: str) -> list[Entry]:
    """Return the steps of a run that are still in effect, last first; `ActionMissing` if there is no such run."""
    run = session.scalars(sa.select(Run).where(Run.id == run_id)).first()
    if run is None:
        raise ActionMissing()
    if run.state == RunState.RUNNING:
        raise UndoNotPossible("This run is still going on, or was interrupted. Wait or recover it first.")
    query = sa.select(FileAction).where(
        FileAction.run_id == run_id, FileAction.state == str(ActionState.DONE), FileAction.op != "purge"
    )
    return [Entry.of_row(row) for row in session.scalars(query.order_by(FileAction.seq.desc()))]


def done_actions(session: OwnedSession, action_ids: Sequence[str], *, again: bool = False) -> list[Entry]:
    """Return these steps, with the folders made for them and what went to the trash for them, last first.

    `ActionMissing` if one is not in the history of this caller or, unless the request is made `again`, not in effect
    any more.
    """
    rows = list(session.scalars(sa.select(FileAction).where(FileAction.id.in_(list(action_ids)))))
    in_effect = {row.id: row for row in rows if row.state == ActionState.DONE and row.op != "purge"}
    if len(rows) != len(set(action_ids)) or (len(in_effect) < len(rows) and not again):
        raise ActionMissing("This step is not in the history, or was taken back already.")
    chosen = in_effect
    for row in rows:
        query = sa.select(FileAction).where(
            FileAction.run_id == row.run_id,
            FileAction.step_id == row.step_id,
            FileAction.state == str(ActionState.DONE),
            FileAction.op.in_(("mkdir", "trash")),
        )
        for other in session.scalars(query):
            above = f"{row.target_path}/".startswith(f"{other.target_path}/")
            if other.op == "trash" or (above and other.target_volume == row.target_volume):
                chosen[other.id] = other
    ordered = sorted(chosen.values(), key=lambda row: (row.created_at, row.run_id, row.seq), reverse=True)
    return [Entry.of_row(row) for row in ordered]


def trashed(session: OwnedSession, action_ids: Sequence[str]) -> list[Entry]:
    """Return those of these steps of the caller's own space whose thing lies in the trash now, oldest first."""
    rows: list[FileAction] = []
    for start in range(0, len(action_ids), _BATCH):
        query = sa.select(FileAction).where(
            FileAction.id.in_(list(action_ids[start : start + _BATCH])),
            FileAction.owner_id == session.actor.owner_id,
            FileAction.state == str(ActionState.DONE),
        )
        rows += [row for row in session.scalars(query) if row.op in _RESTORED and in_trash(row.target_path)]
    return [Entry.of_row(row) for row in sorted(rows, key=lambda row: (row.created_at, row.run_id, row.seq))]


def purge_entry(done: Entry, make_id: NewId) -> Entry:
    """Return the step that removes for good what `done` put into the trash."""
    entry = Entry(make_id(), done.id, "purge", undoes=done.id, restoring=True)
    entry.folder, entry.content_hash, entry.detail = done.folder, done.content_hash, done.detail
    entry.source_volume, entry.source_path = done.target_volume, done.target_path
    entry.dev, entry.inode, entry.size, entry.mtime_ns = (
        done.new_dev,
        done.new_inode,
        done.new_size,
        done.new_mtime_ns,
    )
    return entry


def last_action_at(session: OwnedSession, place: VolumePath) -> str:
    """Return the id of the step that put the file where it is now; `ActionMissing` if Homie did not."""
    row = session.scalars(
        sa.select(FileAction)
        .where(
            FileAction.target_volume == place.volume_id,
            FileAction.target_path == place.text,
            FileAction.state == str(ActionState.DONE),
            FileAction.op != "mkdir",
        )
        .order_by(FileAction.created_at.desc(), FileAction.seq.desc())
    ).first()
    if row is None:
        raise ActionMissing("Homie did not put anything there, or it was taken back already.")
    return row.id


def runs_of_day(session: OwnedSession, day: date, zone: tzinfo) -> list[str]:
    """Return the ids of the runs begun on a day of the given zone that have steps in effect, last first."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    in_effect = sa.exists().where(
        FileAction.owner_id == Run.owner_id, FileAction.run_id == Run.id, FileAction.state == str(ActionState.DONE)
    )
    query = (
        sa.select(Run.id)
        .where(Run.created_at >= start, Run.created_at < start + timedelta(days=1), Run.kind == "apply", in_effect)
        .order_by(Run.created_at.desc(), Run.id.desc())
    )
    return list(session.scalars(query))


def reverse_entries(done: Sequence[Entry], make_id: NewId, *, keep_both: bool) -> list[Entry]:
    """Return the steps that take `done` (last first) back.

    With `keep_both`, a place that is taken again gets a second name, and a file that was changed since is copied to
    where it was while the changed one stays; without it, both are refused and reported.
    """
    return [_reverse(entry, make_id, OnConflict.KEEP_BOTH if keep_both else OnConflict.SKIP) for entry in done]


def _reverse(done: Entry, make_id: NewId, policy: OnConflict) -> Entry:
    back = Entry(make_id(), done.id, "restore", undoes=done.id, policy=policy, restoring=True)
    back.folder, back.content_hash = done.folder, done.content_hash
    back.source_volume, back.source_path = done.target_volume, done.target_path
    back.dev, back.inode, back.size, back.mtime_ns = (
        done.new_dev,
        done.new_inode,
        done.new_size,
        done.new_mtime_ns,
    )
    if done.op in _RESTORED:
        back.target_volume, back.target_path = done.source_volume, done.source_path
        if done.detail:  # doing it again asks for the same: a keeper that is there, a folder that is empty
            back.detail = {key: done.detail[key] for key in ("keeper", "only_empty") if key in done.detail} or None
    elif done.op in _TRASHED:
        back.op = "trash"
    elif done.op == "mkdir":
        back.op, back.detail = "rmdir", done.detail
        back.size = back.mtime_ns = None
    else:
        back.op, back.detail = "mkdir", done.detail
        back.source_volume = back.source_path = None
        back.target_volume, back.target_path = done.source_volume, done.source_path
    return back
