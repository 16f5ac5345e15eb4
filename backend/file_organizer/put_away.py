"""Carry out what a person agreed to of what a search found: one run of the history, however often it is attempted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from backend.file_organizer.cleaning.models import SearchKind
from backend.file_organizer.cleaning.settling import free_working
from backend.file_organizer.execution.operations import BY_NAME, Operation
from backend.file_organizer.execution.runs import RunReport
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planner import Progress
from backend.sdk.actor import Actor
from backend.sdk.db import Database
from backend.sdk.errors import NotFound
from backend.sdk.jobs import JobCancelled, JobInterrupted, Jobs

_TITLES = {
    "en": {"copies": "Put away copies: {n}", "junk": "Cleaned up: {n}"},
    "de": {"copies": "Kopien weggelegt: {n}", "junk": "Aufgeräumt: {n}"},
}


def title_of(organizer: Organizer, actor: Actor, what: Literal["copies", "junk"], files: int) -> str:
    """Return what the history calls it, in the owner's language."""
    return _TITLES[organizer.settings.get(actor).language][what].format(n=files)


class Findings(Protocol):
    """What was found and taken up under a key."""

    def operations(self, actor: Actor, key: str) -> Iterable[Operation]:
        """Return the steps of the request, in the same order each time."""
        ...

    def settle(self, actor: Actor, key: str, report: RunReport) -> None:
        """Store what became of them."""
        ...

    def release(self, actor: Actor, key: str) -> None:
        """Let go of what was taken up."""
        ...


def put_away(
    organizer: Organizer, findings: Findings, actor: Actor, key: str, *, title: str, progress: Progress | None = None
) -> RunReport | None:
    """Carry the steps of the request `key` out and store what became of them; None if there is nothing (more) to do.

    Raises what `Organizer.operate` raises. Stopped by a person, what was done until then is stored first.
    """
    steps = list(findings.operations(actor, key))
    plan_id = f"{BY_NAME}{key}"
    if not steps:
        findings.release(actor, key)
        return None
    try:
        report = organizer.operate(actor, plan_id, steps, title=title, progress=progress)
    except JobInterrupted:
        raise  # the worker stops; the next start goes on where the journal is
    except JobCancelled:
        findings.settle(actor, key, organizer.files.execute(actor, plan_id, steps, title=title))  # only reports
        raise
    findings.settle(actor, key, report)
    return report


def free_stuck(organizer: Organizer, db: Database, jobs: Jobs, actor: Actor, kind: SearchKind) -> None:
    """Let go of what a request took up whose job ended without doing it (cancelled while it waited)."""
    for search in organizer.searches.page(actor.only_in(actor.owner_id), kind, limit=1):
        try:
            ended = search.job_id is None or jobs.get(actor, search.job_id).state.final
        except NotFound:
            ended = True
        if ended:
            db.write(actor, free_working, search.id)
