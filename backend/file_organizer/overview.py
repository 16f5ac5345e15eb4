"""What the File Organizer says on Home: suggestions and questions that wait, drives that are away, runs cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import case, func, select

from backend.file_organizer.execution.journal_models import Run, RunKind, RunState
from backend.file_organizer.execution.run_marks import RunMark, RunMarks
from backend.file_organizer.memory.models import UserDrive
from backend.file_organizer.planning.plan_models import ItemState, Plan, PlanItem, PlanState
from backend.file_organizer.verification.verifier import damage_items
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.overview import AttentionItem, Figure, ModuleSummary

SURE = 0.9
"""From here on a suggestion counts as sure in what Home says."""
MOST_PLANS = 10
MOST_RUNS = 10


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that waits for a person: how many items are suggested (`sure` of them very likely), ask, are accepted."""

    plan: Plan
    suggested: int
    sure: int
    asking: int
    accepted: int


class Overview:
    """Read what Home shows from the module's own rows; looks at no drive."""

    def __init__(self, db: Database, marks: RunMarks) -> None:
        self._db = db
        self._marks = marks

    def attention(self, actor: Actor) -> list[AttentionItem]:
        """Return what waits for the person, in all spaces that they see."""

        def work(session: OwnedSession) -> list[AttentionItem]:
            found = [*_lost_items(self._marks.lost(session)), *damage_items(session)]
            found += [*_drive_items(session), *_run_items(session)]
            for waiting in _waiting_plans(session):
                found += _plan_items(waiting)
            return found

        return self._db.read(actor, work)

    def lost_runs(self, actor: Actor) -> list[RunMark]:
        """Return the runs of which the history does not hold every step: the database is older than the files."""
        return self._db.read(actor, self._marks.lost)

    def summary(self, actor: Actor) -> ModuleSummary:
        """Say what was done last, with a few figures."""
        return self._db.read(actor, _summary)


def _waiting_plans(session: OwnedSession) -> list[WaitingPlan]:
    """Return the newest plans that are ready, with what waits in each."""
    ready = select(Plan).where(Plan.state == PlanState.READY.value).order_by(Plan.id.desc()).limit(MOST_PLANS)
    plans = list(session.scalars(ready))
    if not plans:
        return []
    item, ids = PlanItem, [plan.id for plan in plans]
    sure = func.sum(case((item.confidence >= SURE, 1), else_=0))
    open_states = (ItemState.SUGGESTED.value, ItemState.ASKING.value, ItemState.ACCEPTED.value)
    rows = session.execute(
        select(item.plan_id, item.state, func.count(), sure)
        .where(item.plan_id.in_(ids), item.state.in_(open_states))
        .group_by(item.plan_id, item.state)
    )
    counts = {(row[0], row[1]): (int(row[2]), int(row[3] or 0)) for row in rows}
    none = (0, 0)
    return [
        WaitingPlan(
            plan,
            *counts.get((plan.id, ItemState.SUGGESTED.value), none),
            counts.get((plan.id, ItemState.ASKING.value), none)[0],
            counts.get((plan.id, ItemState.ACCEPTED.value), none)[0],
        )
        for plan in plans
    ]


def _plan_items(waiting: WaitingPlan) -> Iterator[AttentionItem]:
    plan, route = waiting.plan, f"/file_organizer/plans/{waiting.plan.id}"
    since, space = plan.created_at, plan.owner_id
    if waiting.suggested:
        percent = round(100 * waiting.sure / waiting.suggested)
        yield AttentionItem(
            "file_organizer.suggestions",
            "Suggestions for {title}: {count}, of these very likely: {sure_percent} %",
            route,
            {"title": plan.title, "count": waiting.suggested, "sure": waiting.sure, "sure_percent": percent},
            waiting.suggested,
            since=since,
            space_id=space,
        )
    if waiting.asking:
        yield AttentionItem(
            "file_organizer.questions",
            "Questions about {title}: {count}",
            f"{route}?state=asking",
            {"title": plan.title, "count": waiting.asking},
            waiting.asking,
            since=since,
            space_id=space,
        )
    if waiting.accepted:
        yield AttentionItem(
            "file_organizer.accepted",
            "Accepted for {title} and not yet carried out: {count}",
            route,
            {"title": plan.title, "count": waiting.accepted},
            waiting.accepted,
            since=since,
            space_id=space,
        )


def _lost_items(lost: list[RunMark]) -> Iterator[AttentionItem]:
    """Say that Homie did more than its history holds; an admin may have a newer backup of it."""
    for mark in lost:
        yield AttentionItem(
            "file_organizer.history_older",
            "The history is older than your files: the last tidying is not in it, and cannot be undone. "
            "Nothing is lost; restore a newer backup of the File Organizer if there is one.",
            "/backups",
            {"steps": mark.steps},
            severity="error",
            since=mark.at,
            space_id=mark.owner_id,
        )


def _drive_items(session: OwnedSession) -> Iterator[AttentionItem]:
    away = select(UserDrive).where(UserDrive.status != "online").order_by(UserDrive.last_seen_at.desc()).limit(20)
    for drive in session.scalars(away):
        text = "{label} is not connected."
        if drive.status == "replaced":
            text = "Another drive is where {label} was."
        elif drive.status == "clone":
            text = "{label} was found a second time. Which one is the right one?"
        yield AttentionItem(
            "file_organizer.drive_away",
            text,
            "/file_organizer/drives",
            {"label": drive.label, "drive_id": drive.id},
            severity="warning",
            since=drive.last_seen_at,
            space_id=drive.owner_id,
        )


def _run_items(session: OwnedSession) -> Iterator[AttentionItem]:
    cut_off = select(Run).where(Run.state == RunState.INTERRUPTED.value).order_by(Run.id.desc()).limit(MOST_RUNS)
    for run in session.scalars(cut_off):
        yield AttentionItem(
            "file_organizer.run_interrupted",
            "{title} was interrupted and can go on.",
            f"/file_organizer/history/{run.id}",
            {"title": run.title},
            severity="warning",
            since=run.heartbeat_at,
            space_id=run.owner_id,
        )


def _summary(session: OwnedSession) -> ModuleSummary:
    ended = (Run.state.in_((RunState.DONE.value, RunState.CANCELLED.value)), Run.kind == RunKind.APPLY.value)
    last = session.scalars(select(Run).where(*ended).order_by(Run.id.desc()).limit(1)).first()
    filed = int(session.scalar(select(func.sum(Run.done)).where(*ended)) or 0)
    drives = list(session.scalars(select(UserDrive.status)))
    waiting = _waiting_plans(session)
    figures = [
        Figure("suggestions", "Suggestions", sum(w.suggested for w in waiting)),
        Figure("questions", "Questions", sum(w.asking for w in waiting)),
        Figure("filed", "Filed so far", filed),
        Figure("drives_online", "Drives connected", sum(status == "online" for status in drives)),
    ]
    if last is None:
        return ModuleSummary("Nothing was tidied yet.", {}, tuple(figures))
    at = last.finished_at or last.heartbeat_at
    figures.append(Figure("last_run", "Last tidied", at.timestamp(), "moment"))
    params = {"title": last.title, "done": last.done, "run_id": last.id}
    return ModuleSummary("Last tidied: {title}, files: {done}", params, tuple(figures))
