"""From the operations of a plan to the steps of a run: checked as a whole, groups side by side, done ones left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.file_organizer.execution.errors import OperationNotPossible
from backend.file_organizer.execution.journal import Entry
from backend.file_organizer.execution.journal_models import ActionState
from backend.file_organizer.execution.operations import (
    Compress,
    Copy,
    Extract,
    Mkdir,
    Move,
    Operation,
    Rename,
    Trash,
)
from backend.sdk.ids import NewId

_FINAL = (ActionState.DONE, ActionState.UNDONE, ActionState.PURGED, ActionState.SKIPPED, ActionState.FAILED)


def check_operations(operations: Sequence[Operation]) -> None:
    """Raise `OperationNotPossible` for a plan that can never be carried out as written; nothing was done then."""
    seen: set[str] = set()
    for index, operation in enumerate(operations):
        field = f"operations.{index}"
        if operation.id in seen:
            raise OperationNotPossible(f"{field}.id", "Two steps have the same id.")
        seen.add(operation.id)
        if isinstance(operation, Copy | Extract | Trash) and operation.seen.folder and _is_for_files(operation):
            raise OperationNotPossible(f"{field}.source", "This step is for a file, not for a folder.")
        if isinstance(operation, Compress):
            volumes = {source.volume_id for source in operation.sources} | {operation.target.volume_id}
            if len(volumes) > 1:
                raise OperationNotPossible(f"{field}.sources", "An archive is made on the drive of its files.")
            if any(operation.target.is_within(source) for source in operation.sources):
                raise OperationNotPossible(f"{field}.target", "An archive cannot lie inside what it packs.")


def _is_for_files(operation: Copy | Extract | Trash) -> bool:
    """Tell whether the step makes sense for files only."""
    return not isinstance(operation, Trash) or operation.keeper is not None


def finished_steps(earlier: Sequence[Entry], operations: Sequence[Operation] = ()) -> set[str]:
    """Return the steps of an interrupted run that are not to be done again.

    A folder that was being moved file by file is finished only when the emptied folder is gone, or was kept for what
    is in it: what is left of it is found by looking at the disk again.
    """
    folders = {
        operation.id for operation in operations if isinstance(operation, Move | Rename) and operation.seen.folder
    }
    real = {entry.step_id for entry in earlier if entry.op not in ("mkdir", "rmdir")}
    finished: set[str] = set()
    unfinished: set[str] = set()
    for entry in earlier:
        apart = entry.step_id in folders and (entry.op == "mkdir" or (entry.op == "move" and not entry.folder))
        expanded = apart or (entry.group_key is not None and entry.group_key.startswith("folder-"))
        if entry.state == ActionState.ROLLED_BACK and entry.error_code == "interrupted":
            unfinished.add(entry.step_id)
        elif entry.state in _FINAL and not (entry.op == "mkdir" and entry.step_id in real) and not expanded:
            finished.add(entry.step_id)
    return finished - unfinished


def units_of(operations: Sequence[Operation], finished: set[str], make_id: NewId) -> Iterator[list[Entry]]:
    """Yield the steps, those of one group together at the place of its first; folders are asked again when resumed."""
    groups: dict[str, list[Operation]] = {}
    for operation in operations:
        if operation.group is not None:
            groups.setdefault(operation.group, []).append(operation)
    for operation in operations:
        members = [operation] if operation.group is None else groups.pop(operation.group, [])
        unit = [entry_of(member, make_id) for member in members if member.id not in finished]
        if unit:
            yield unit


def entry_of(operation: Operation, make_id: NewId) -> Entry:
    """Return the step that an operation asks for."""
    entry = Entry(make_id(), operation.id, operation.op, group_key=operation.group)
    if isinstance(operation, Mkdir):
        entry.target_volume, entry.target_path = operation.path.volume_id, operation.path.relpath
        entry.folder = True
        return entry
    if isinstance(operation, Compress):
        entry.sources = tuple(source.relpath for source in operation.sources)
        entry.detail = {"sources": [source.text for source in operation.sources]}
    else:
        seen = operation.seen
        entry.source_volume, entry.source_path = operation.source.volume_id, operation.source.relpath
        entry.dev, entry.inode, entry.size, entry.mtime_ns = seen.dev, seen.inode, seen.size, seen.mtime_ns
        entry.folder, entry.content_hash = seen.folder, seen.content_hash
        if isinstance(operation, Trash) and operation.keeper is not None:
            entry.detail = {"keeper": operation.keeper.stored()}
        elif isinstance(operation, Trash) and operation.only_empty:
            entry.detail = {"only_empty": True}
        elif isinstance(operation, Extract) and operation.passes > 1:
            entry.detail = {"passes": operation.passes}
    if not isinstance(operation, Trash):
        entry.target_volume, entry.target_path = operation.target.volume_id, operation.target.relpath
        entry.policy = operation.on_conflict
    return entry
