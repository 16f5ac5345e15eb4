"""Try a rule without doing anything: over what was filed before, and over what lies in a folder now."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, select

from backend.file_organizer.analysis.analyser import Analyser
from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.execution.journal_models import ActionState, FileAction, Run, RunKind
from backend.file_organizer.planning.collector import Find
from backend.file_organizer.planning.plan_models import Plan, PlanItem
from backend.file_organizer.rules import definition as d
from backend.file_organizer.rules.copies import IsCopy
from backend.file_organizer.rules.matching import matches
from backend.file_organizer.rules.rule_book import KnownRule, destination
from backend.file_organizer.rules.subject import Subject, moment_of, subject_of
from backend.sdk.db import OwnedSession
from backend.sdk.files import SafePath, VolumePath

DAYS = 365
MOST_ACTIONS = 20_000
MOST_FILES = 5_000
SECONDS = 2.0
EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Instead:
    """A file of the history that the rule would have treated in another way. `would`: None where it is no folder."""

    action_id: str
    source: VolumePath
    did: VolumePath
    would: VolumePath | None
    problem: str = ""


@dataclass(slots=True)
class HistoryTrial:
    """What the rule would have done. `unknown`: files about which the history does not tell what the rule asks."""

    looked_at: int = 0
    fits: int = 0
    same: int = 0
    elsewhere: int = 0
    unknown: int = 0
    examples: list[Instead] = field(default_factory=list)
    earlier: dict[str, int] = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Fit:
    """A file of a folder that the rule fits, and where it would go (None: it stays, is trashed, or somebody is
    asked)."""

    source: VolumePath
    target: VolumePath | None
    problem: str = ""


@dataclass(slots=True)
class FolderTrial:
    """What the rule would do in a folder now. `earlier`: rules that come first, with the number of files they take."""

    looked_at: int = 0
    fits: int = 0
    unknown: int = 0
    examples: list[Fit] = field(default_factory=list)
    earlier: dict[str, int] = field(default_factory=dict)
    complete: bool = True


def try_on_history(
    session: OwnedSession, body: d.RuleBody, earlier: Sequence[KnownRule], now: datetime, *, days: int = DAYS
) -> HistoryTrial:
    """Return what the rule would have done with the files that were filed in the last `days` days.

    Only the space's own history. A file is judged as it was then: its age is that of the day on which it was filed.
    """
    trial = HistoryTrial()
    rows = session.execute(_filed(session.actor.owner_id, now - timedelta(days=days))).all()
    trial.complete = len(rows) <= MOST_ACTIONS
    for row in rows[:MOST_ACTIONS]:
        trial.looked_at += 1
        subject, then = _as_it_was(row), row.FileAction.created_at
        fits = matches(body, subject, then)
        if fits is None:
            trial.unknown += 1
        if not fits:
            continue
        trial.fits += 1
        _note_earlier(trial.earlier, earlier, subject, then)
        _compare(trial, body, subject, row)
    return trial


def _filed(owner_id: str, since: datetime) -> Any:
    """Return the query for what was filed: moves that are in effect, with what their plan knew."""
    action = FileAction
    return (
        select(action, PlanItem.features, Plan.into_volume, Plan.into_path)
        .join(Run, and_(Run.owner_id == action.owner_id, Run.id == action.run_id))
        .outerjoin(PlanItem, and_(PlanItem.owner_id == action.owner_id, PlanItem.id == action.step_id))
        .outerjoin(Plan, and_(Plan.owner_id == action.owner_id, Plan.id == PlanItem.plan_id))
        .where(
            action.owner_id == owner_id,
            Run.kind == RunKind.APPLY.value,
            action.op.in_(("move", "rename")),
            action.state == ActionState.DONE.value,
            action.folder.is_(False),
            action.created_at >= since,
        )
        .order_by(action.created_at.desc())
        .limit(MOST_ACTIONS + 1)
    )


def _as_it_was(row: Any) -> Subject:
    """Return a file of the history as rules see it."""
    action = row.FileAction
    source = VolumePath.from_text(action.source_volume, action.source_path)
    modified = moment_of(action.mtime_ns)
    camera, filed_as = "", None
    for line in (row.features or "").split("\n"):
        if line.startswith("camera:"):
            camera = line[7:]
        elif line.startswith("_date:"):
            year, _, month = line[6:].partition("-")
            filed_as = (int(year), int(month), 0) if year.isdigit() and month.isdigit() else None
    if filed_as is None and modified is not None:
        filed_as = (modified.year, modified.month, modified.day)
    subject = Subject(action.source_path.rpartition("/")[2], source.parent, action.size, modified, filed_as=filed_as)
    subject.camera = camera or (None if subject.kind is Kind.PICTURE and row.features is None else "")
    return subject


def _compare(trial: HistoryTrial, body: d.RuleBody, subject: Subject, row: Any) -> None:
    """Note whether the rule would have done what was done."""
    action = row.FileAction
    if body.action.do in ("ask", "leave"):
        return
    did = VolumePath.from_text(action.target_volume, action.target_path)
    would, problem = None, ""
    if body.action.do != "trash":
        base = (row.into_volume, row.into_path) if row.into_volume else (action.source_volume, "")
        place = destination(body, subject, base)
        problem = place.problem
        if not problem:
            would = VolumePath.from_text(place.volume_id, f"{place.folder}/{place.name}".lstrip("/"))
    if would is not None and (would.volume_id, would.folder) == (did.volume_id, did.folder):
        trial.same += 1
        return
    trial.elsewhere += 1
    if len(trial.examples) < EXAMPLES:
        source = VolumePath.from_text(action.source_volume, action.source_path)
        trial.examples.append(Instead(action.id, source, did, would, problem))


def try_on_folder(
    finds: Iterable[Find],
    root: SafePath,
    analyser: Analyser,
    body: d.RuleBody,
    earlier: Sequence[KnownRule],
    base: tuple[str, str],
    now: datetime,
    *,
    read_inside: bool = False,
    is_copy: IsCopy | None = None,
    seconds: float = SECONDS,
    timer: Callable[[], float] = time.monotonic,
) -> FolderTrial:
    """Return what the rule would do with the files of a folder. Looks at most at `MOST_FILES` and for `seconds`."""
    trial, until = FolderTrial(), timer() + seconds
    head = len(root.absolute.rstrip("/")) + 1
    for find in finds:
        if find.group is None:
            continue
        if trial.looked_at >= MOST_FILES or timer() > until:
            trial.complete = False
            break
        facts = analyser.look(find.folder, find.device, find.group.lead)
        inside = find.folder[head:]
        folder = f"{root.relpath}/{inside}".strip("/")
        place = VolumePath(root.root.volume_id, folder)
        text = partial(analyser.text_of, facts) if read_inside else lambda: None
        subject = subject_of(facts, place, text, is_copy)
        trial.looked_at += 1
        fits = matches(body, subject, now)
        if fits is None:
            trial.unknown += 1
        if not fits:
            continue
        trial.fits += 1
        _note_earlier(trial.earlier, earlier, subject, now)
        if len(trial.examples) < EXAMPLES:
            trial.examples.append(_fit(body, subject, place.child(facts.name), base))
    return trial


def _fit(body: d.RuleBody, subject: Subject, source: VolumePath, base: tuple[str, str]) -> Fit:
    if body.action.do in ("trash", "leave", "ask"):
        return Fit(source, None)
    place = destination(body, subject, base)
    if place.problem:
        return Fit(source, None, place.problem)
    return Fit(source, VolumePath.from_text(place.volume_id, f"{place.folder}/{place.name}".lstrip("/")))


def _note_earlier(found: dict[str, int], earlier: Sequence[KnownRule], subject: Subject, now: datetime) -> None:
    """Count the rule that comes first, where one does."""
    first = next((rule for rule in earlier if matches(rule.body, subject, now)), None)
    if first is not None:
        found[first.id] = found.get(first.id, 0) + 1
