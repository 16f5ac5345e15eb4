"""The timeline: every step on every file, with who, why, from where, to where and when; search, and one file's story.

A step's reason is that of the suggestion behind it (`plan_items` of the same id); steps that somebody asked for by name
have none. Steps are ordered by run, newest first, and inside a run as they were done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Integer, and_, literal, not_, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from backend.file_organizer.errors import RunMissing
from backend.file_organizer.execution.journal_models import ActionState, FileAction, Run
from backend.file_organizer.planning.plan_models import Plan, PlanItem
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import VolumePath
from backend.sdk.finding import words_of

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "moved": "move",
        "renamed": "rename",
        "copied": "copy",
        "trashed": "trash",
        "unpacked": "extract",
        "packed": "compress",
        "made": "mkdir",
        "undone": "",
    }
)
"""Kinds of steps as people call them, with the operation of each; "undone" is whatever took something back."""
MOST_IN_CHAIN = 200
_FOLDERS = ("mkdir", "rmdir")
_HAPPENED = (ActionState.DONE.value, ActionState.UNDONE.value)
_CARRYING = ("move", "rename", "trash", "restore")


@dataclass(frozen=True, slots=True)
class Step:
    """One step with what stands around it.

    `user_id`: who had it done. `by`: "person", "watched" (a watched folder suggested it) or "homie" (filed by itself).
    `why`: the suggestion's reason; `suggested_by`: who suggested (see `planning.suggestions.Source`), "" for nobody.
    """

    action: FileAction
    user_id: str
    by: str
    title: str
    why: str
    suggested_by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which steps are asked for; times are when the step began, `until` is the first moment that is too late."""

    text: str | None = None
    kinds: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    user_id: str | None = None
    folder: VolumePath | None = None
    run_id: str | None = None
    states: Sequence[str] = ()

    def conditions(self) -> list[Any]:
        """Return the conditions on `FileAction`."""
        action = FileAction
        found: list[Any] = []
        if self.run_id is not None:
            found.append(action.run_id == self.run_id)
        elif "made" not in self.kinds:
            found.append(action.op.not_in(_FOLDERS))
        if self.kinds:
            found.append(or_(*map(_of_kind, self.kinds)))
        if self.since is not None:
            found.append(action.created_at >= self.since)
        if self.until is not None:
            found.append(action.created_at < self.until)
        if self.user_id is not None:
            mine = select(Run.id).where(Run.owner_id == action.owner_id, Run.user_id == self.user_id)
            found.append(action.run_id.in_(mine))
        if self.states:
            found.append(action.state.in_(list(self.states)))
        if self.folder is not None:
            found.append(_inside(self.folder))
        found += [_Place(action.search_key, word) > 0 for word in words_of(self.text or "")]
        return found


class _Place(FunctionElement[int]):
    """Where a text holds another, from 1; 0 where it does not. Much quicker than LIKE over a long history."""

    inherit_cache = True
    type = Integer()

    def __init__(self, text: Any, part: str) -> None:
        super().__init__(text, literal(part))


@compiles(_Place)
def _instr(element: _Place, compiler: Any, **more: Any) -> str:
    return f"instr({compiler.process(element.clauses, **more)})"


@compiles(_Place, "postgresql")
def _strpos(element: _Place, compiler: Any, **more: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **more)})"


def _of_kind(kind: str) -> Any:
    if kind == "undone":
        return FileAction.undoes.is_not(None)
    return and_(FileAction.op == KINDS[kind], FileAction.undoes.is_(None))


def _inside(folder: VolumePath) -> Any:
    """Return the condition that a step began or ended in a folder or below it."""
    ends = (
        (FileAction.source_volume, FileAction.source_path),
        (FileAction.target_volume, FileAction.target_path),
    )
    if not folder.text:
        return or_(*(volume == folder.volume_id for volume, _ in ends))
    below = f"{folder.text}/"
    return or_(*(and_(volume == folder.volume_id, path.startswith(below, autoescape=True)) for volume, path in ends))


class Timeline:
    """Answer what happened, to which files, and why."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def steps(self, actor: Actor, wanted: Wanted, *, limit: int, after: tuple[str, int] | None = None) -> list[Step]:
        """Return steps, newest run first, `limit + 1` of them for paging; `after`: (run, seq) of the last one seen."""

        def work(session: OwnedSession) -> list[Step]:
            action = FileAction
            query = select(action).where(*wanted.conditions())
            if after is not None:
                run_id, seq = after
                query = query.where(action.run_id <= run_id, not_(and_(action.run_id == run_id, action.seq <= seq)))
            query = query.order_by(action.run_id.desc(), action.seq).limit(limit + 1)
            return _told(session, list(session.scalars(query)))

        return self._db.read(actor, work)

    def chain_of(self, actor: Actor, action_id: str) -> list[Step]:
        """Return what happened to the file of a step, first things first; raises `RunMissing`."""

        def work(session: OwnedSession) -> list[Step]:
            anchor = session.scalars(select(FileAction).where(FileAction.id == action_id)).first()
            if anchor is None:
                raise RunMissing("This step is not in the history.")
            source = _place(anchor.source_volume, anchor.source_path)
            target = _place(anchor.target_volume, anchor.target_path)
            return _told(session, _chain(session, anchor, source, target))

        return self._db.read(actor, work)

    def chain_at(self, actor: Actor, place: VolumePath) -> list[Step]:
        """Return what happened to the file that lies at a place, or lay there last; nothing if Homie never moved it."""

        def work(session: OwnedSession) -> list[Step]:
            came = _last_before(session, place, None)
            if came is not None:
                source = _moved(place, came.target_path, came.source_volume, came.source_path)
                return _told(session, _chain(session, came, source, place))
            went = _first_after(session, place, None, newest=True)
            if went is None:
                return []
            target = _moved(place, went.source_path, went.target_volume, went.target_path)
            return _told(session, _chain(session, went, place, target))

        return self._db.read(actor, work)


def _told(session: OwnedSession, actions: list[FileAction]) -> list[Step]:
    """Add who and why to actions: three short queries for a page."""
    runs = _by_id(session, Run, {action.run_id for action in actions})
    # What took a step back is about the same suggestion as that step.
    behind = _by_id(session, FileAction, {action.undoes for action in actions if action.undoes})
    items = _by_id(session, PlanItem, {action.step_id for action in [*actions, *behind.values()]})
    plans = _by_id(session, Plan, {run.plan_id for run in runs.values()})
    found = []
    for action in actions:
        run, item = runs[action.run_id], items.get(action.step_id)
        origin = behind.get(action.undoes or "")
        if item is None and origin is not None:
            item = items.get(origin.step_id)
        options: Mapping[str, Any] = plans[run.plan_id].options if run.plan_id in plans else {}
        by = "homie" if options.get("by_itself") else "watched" if options.get("watched") else "person"
        why, source = (item.reason, item.source) if item is not None else ("", "")
        found.append(Step(action, run.user_id, by, run.title, why, source))
    return found


def _by_id(session: OwnedSession, model: Any, ids: set[Any]) -> dict[str, Any]:
    wanted, found = sorted(ids), dict[str, Any]()
    for start in range(0, len(wanted), 400):
        rows = session.scalars(select(model).where(model.id.in_(wanted[start : start + 400])))
        found |= {row.id: row for row in rows}
    return found


def _chain(
    session: OwnedSession, anchor: FileAction, source: VolumePath | None, target: VolumePath | None
) -> list[FileAction]:
    """Follow a file from one of its steps back to where it came from, and on to where it went.

    `source`, `target`: where the file was before and after that step, which may have moved a folder above it.
    """
    steps = [anchor]
    first, place = anchor, source
    while place is not None and first.op in _CARRYING and len(steps) < MOST_IN_CHAIN:
        before = _last_before(session, place, first)
        if before is None:
            break
        steps.insert(0, before)
        place, first = _moved(place, before.target_path, before.source_volume, before.source_path), before
    last, place = anchor, target
    while place is not None and len(steps) < MOST_IN_CHAIN:
        then = _first_after(session, place, last)
        if then is None:
            break
        steps.append(then)
        place, last = _moved(place, then.source_path, then.target_volume, then.target_path), then
    return steps


def _last_before(session: OwnedSession, place: VolumePath, than: FileAction | None) -> FileAction | None:
    """Return the step that brought something to a place (or to a folder above it), the last before another step."""
    action = FileAction
    # By an expression, so that the few steps at these paths are looked at and not all steps in their order.
    run = action.run_id.concat("")
    query = select(action).where(
        action.target_volume == place.volume_id,
        action.target_path.in_([place.text, *_above(place)]),
        or_(action.target_path == place.text, action.folder.is_(True)),
        action.op.not_in(_FOLDERS),
        action.state.in_(_HAPPENED),
    )
    if than is not None:
        earlier = and_(run == than.run_id, action.seq < than.seq)
        query = query.where(or_(run < than.run_id, earlier))
    return session.scalars(query.order_by(run.desc(), action.seq.desc()).limit(1)).first()


def _first_after(
    session: OwnedSession, place: VolumePath, than: FileAction | None, *, newest: bool = False
) -> FileAction | None:
    """Return the step that took something from a place (or a folder above it), the first after another step."""
    action = FileAction
    run = action.run_id.concat("")  # see above
    query = select(action).where(
        action.source_volume == place.volume_id,
        action.source_path.in_([place.text, *_above(place)]),
        or_(action.source_path == place.text, action.folder.is_(True)),
        action.op.in_(_CARRYING),
        action.state.in_(_HAPPENED),
    )
    if than is not None:
        later = and_(run == than.run_id, action.seq > than.seq)
        query = query.where(or_(run > than.run_id, later))
    order = (run.desc(), action.seq.desc()) if newest else (run, action.seq)
    return session.scalars(query.order_by(*order).limit(1)).first()


def _above(place: VolumePath) -> list[str]:
    """Return the folders above a place, in text form."""
    parts = place.text.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _moved(place: VolumePath, path: str | None, volume: str | None, to: str | None) -> VolumePath | None:
    """Return where a place is on the other side of a step: itself, or inside of the folder that the step moved."""
    if path is None or volume is None or to is None:
        return None
    return VolumePath.from_text(volume, to + place.text[len(path) :])


def _place(volume: str | None, path: str | None) -> VolumePath | None:
    return VolumePath.from_text(volume, path) if volume is not None and path is not None else None
