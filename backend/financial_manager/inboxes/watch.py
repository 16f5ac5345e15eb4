"""See that something changed in the statement inboxes, wait until it is quiet, ask for the job that reads it.

Folders are compared every few seconds rather than watched by the kernel, which works the same on drives of the network.
At its start it asks for a look at every inbox, which makes up for whatever happened while it was away.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import select

from backend.financial_manager.inboxes.folder import below
from backend.financial_manager.inboxes.models import StatementInbox
from backend.financial_manager.inboxes.work import LOOK, LookArgs
from backend.sdk.actor import Actor
from backend.sdk.errors import NotFound
from backend.sdk.files import PathNotAllowed, VolumePath, decode_path
from backend.sdk.jobs import JobState
from backend.sdk.module import ModuleContext

TICK = 3.0
"""Seconds between two looks at what the inboxes hold."""
AGAIN = 600.0
"""Seconds after which a look that failed is asked for once more."""


@dataclass(slots=True)
class _Asked:
    """A look that was asked for: at which mark, when (seconds), and its job until that has succeeded."""

    mark: bytes
    at: float
    job_id: str | None


class InboxWatch:
    """Compare inboxes with what they held before. `tick` does one round, so that tests need no threads."""

    def __init__(self, ctx: ModuleContext) -> None:
        self._ctx = ctx
        self._marks: dict[str, bytes] = {}
        self._asked: dict[str, _Asked] = {}

    def tick(self) -> int:
        """Ask for a look at the inboxes of each space in which something came and is quiet; returns how many."""
        asked = 0
        spaces: dict[str, list[tuple[str, str]]] = {}
        for owner_id, volume_id, path in self._ctx.db.unscoped("statement inboxes: what is watched", _rows):
            spaces.setdefault(owner_id, []).append((volume_id, path))
        for owner_id, folders in spaces.items():
            mark = self._mark(owner_id, folders)
            quiet, self._marks[owner_id] = self._marks.get(owner_id) == mark, mark
            known, actor = self._asked.get(owner_id), Actor.of(owner_id)
            if quiet and (known is None or known.mark != mark or self._has_failed(actor, known)):
                job = self._ctx.jobs.enqueue(actor, LOOK, LookArgs(), dedupe=f"inbox-{owner_id}-{mark.hex()}")
                self._asked[owner_id] = _Asked(mark, self._ctx.clock.monotonic(), job.id)
                asked += 1
        return asked

    def _has_failed(self, actor: Actor, known: _Asked) -> bool:
        """Tell whether a look that was asked for a while ago has failed; one that a person stopped stays stopped."""
        if known.job_id is None or self._ctx.clock.monotonic() - known.at < AGAIN:
            return False
        try:
            state = self._ctx.jobs.get(actor, known.job_id).state
        except NotFound:
            state = JobState.DONE  # it is long over
        if state in (JobState.DONE, JobState.CANCELLED):
            known.job_id = None
        return state is JobState.FAILED

    def _mark(self, owner_id: str, folders: list[tuple[str, str]]) -> bytes:
        """Return bytes that change when a file of the inboxes comes, goes or changes."""
        mark, roots = blake2b(digest_size=16), self._ctx.roots.for_actor(Actor.of(owner_id))
        for volume_id, path in folders:
            try:
                here = roots.locate(VolumePath(volume_id, decode_path(path)), must_exist=True, folder=True)
            except PathNotAllowed:
                continue
            for place, found in sorted(below(here), key=lambda pair: pair[0].relpath):
                told = f"{volume_id}\0{place.relpath}\0{found.size}\0{found.mtime_ns}\n"
                mark.update(told.encode(errors="surrogateescape"))
        return mark.digest()


def _rows(session: Any) -> list[tuple[str, str, str]]:
    columns = (StatementInbox.owner_id, StatementInbox.volume_id, StatementInbox.path)
    return [(owner, volume, path) for owner, volume, path in session.execute(select(*columns).order_by(*columns))]
