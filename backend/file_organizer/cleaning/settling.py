"""After something was taken back (or done again): what was found says so, and waits again where it is there again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select, update

from backend.file_organizer.cleaning.groups import settle_group
from backend.file_organizer.cleaning.models import DuplicateFile, DuplicateGroup, FileState, FindState, JunkItem
from backend.file_organizer.execution.journal_models import ActionState, FileAction
from backend.file_organizer.execution.runs import RunReport
from backend.sdk.db import OwnedSession

_CHUNK = 500


def settle_cleaning(session: OwnedSession, report: RunReport) -> None:
    """Mark the copies and oddities that an undo brought back, and those that its undo put away again."""
    finished = [one.step_id for one in report.results if one.state == ActionState.DONE]
    back, away = _steps_behind(session, finished)
    _set_copies(session, back, FileState.THERE)
    _set_copies(session, away, FileState.TRASHED)
    _set_junk(session, back, FindState.OPEN)
    _set_junk(session, away, FindState.DONE)


def _steps_behind(session: OwnedSession, action_ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the steps that were taken back, and those of which the taking back was taken back."""
    back: list[str] = []
    undone: list[str] = []
    for chunk in _chunks(action_ids):
        query = select(FileAction.op, FileAction.step_id, FileAction.undoes).where(FileAction.id.in_(chunk))
        for op, step_id, undoes in session.execute(query):
            if op == "restore" and undoes:
                undone.append(undoes)
            elif op in ("trash", "rename"):
                back.append(step_id)
    away: list[str] = []
    for chunk in _chunks(undone):
        away += session.scalars(select(FileAction.step_id).where(FileAction.id.in_(chunk)))
    return back, away


def _set_copies(session: OwnedSession, ids: Sequence[str], state: FileState) -> None:
    touched: set[str] = set()
    for chunk in _chunks(ids):
        touched.update(session.scalars(select(DuplicateFile.group_id).where(DuplicateFile.id.in_(chunk))))
        session.execute(
            update(DuplicateFile).where(DuplicateFile.id.in_(chunk)).values(state=state.value, problem=None)
        )
    for chunk in _chunks(sorted(touched)):
        for group in session.scalars(select(DuplicateGroup).where(DuplicateGroup.id.in_(chunk))):
            settle_group(session, group)


def _set_junk(session: OwnedSession, ids: Sequence[str], state: FindState) -> None:
    for chunk in _chunks(ids):
        session.execute(update(JunkItem).where(JunkItem.id.in_(chunk)).values(state=state.value, problem=None))


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def free_working(session: OwnedSession, search_id: str) -> None:
    """Let what is being put away wait again."""
    for table in (DuplicateGroup, JunkItem):
        session.execute(
            update(table)
            .where(table.search_id == search_id, table.state == FindState.WORKING.value)
            .values(state=FindState.OPEN.value, request_key=None)
        )
