"""Read what was done, run by run, newest first; single steps with who and why are told by `timeline`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from backend.file_organizer.errors import RunMissing
from backend.file_organizer.execution.journal_models import ActionState, FileAction, Run, RunState
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, UnscopedSession

NOT_DONE = (ActionState.SKIPPED.value, ActionState.FAILED.value, ActionState.ROLLED_BACK.value)
"""States of steps that changed nothing, each with its reason."""


class History:
    """Answer questions about what was done."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def runs(self, actor: Actor, *, limit: int, before: str | None = None) -> list[Run]:
        """Return runs, newest first, `limit + 1` of them for paging."""

        def work(session: OwnedSession) -> list[Run]:
            query = select(Run).order_by(Run.id.desc()).limit(limit + 1)
            if before is not None:
                query = query.where(Run.id < before)
            return list(session.scalars(query))

        return self._db.read(actor, work)

    def run(self, actor: Actor, run_id: str) -> Run:
        """Return one run; `RunMissing` if it is not in the caller's history."""

        def work(session: OwnedSession) -> Run:
            run = session.scalars(select(Run).where(Run.id == run_id)).first()
            if run is None:
                raise RunMissing()
            return run

        return self._db.read(actor, work)

    def action(self, actor: Actor, action_id: str) -> FileAction:
        """Return one action; `RunMissing` if it is not in the caller's history."""

        def work(session: OwnedSession) -> FileAction:
            action = session.scalars(select(FileAction).where(FileAction.id == action_id)).first()
            if action is None:
                raise RunMissing("This step is not in the history.")
            return action

        return self._db.read(actor, work)

    def undoable(self, actor: Actor, run_ids: Sequence[str]) -> set[str]:
        """Return which of these runs have something that is in effect and can be taken back."""

        def work(session: OwnedSession) -> set[str]:
            in_effect = (FileAction.run_id.in_(list(run_ids)), FileAction.state == ActionState.DONE.value)
            lasting = FileAction.op != "purge"
            return set(session.scalars(select(FileAction.run_id).where(*in_effect, lasting).distinct()))

        return self._db.read(actor, work) if run_ids else set()

    def problems(self, actor: Actor, run_id: str) -> list[tuple[str, str, int]]:
        """Return (reason code, state, how many) of what a run did not do, the most frequent first."""
        self.run(actor, run_id)

        def work(session: OwnedSession) -> list[tuple[str, str, int]]:
            action = FileAction
            count = func.count()
            rows = session.execute(
                select(action.error_code, action.state, count)
                .where(action.run_id == run_id, action.state.in_(NOT_DONE), action.op.not_in(("mkdir", "rmdir")))
                .group_by(action.error_code, action.state)
                .order_by(count.desc())
            )
            return [(row[0] or "", row[1], int(row[2])) for row in rows]

        return self._db.read(actor, work)

    def last_undoable_run(self, actor: Actor) -> str | None:
        """Return the newest run with something still in effect that is not itself an undo."""

        def work(session: OwnedSession) -> str | None:
            in_effect = select(FileAction.run_id).where(FileAction.state == "done").distinct()
            query = (
                select(Run.id)
                .where(Run.kind == "apply", Run.id.in_(in_effect), Run.owner_id == session.actor.owner_id)
                .order_by(Run.created_at.desc(), Run.id.desc())
            )
            return session.scalars(query.limit(1)).first()

        return self._db.read(actor, work)


def owners_with_open_runs(session: UnscopedSession) -> list[str]:
    """Return the owners that have a run which is going on or was cut off; for the start of the module."""
    open_states = (RunState.RUNNING.value, RunState.INTERRUPTED.value)
    return list(session.scalars(select(Run.owner_id).where(Run.state.in_(open_states)).distinct()))
