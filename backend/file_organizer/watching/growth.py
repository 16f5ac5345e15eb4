"""Let a plan grow: what waits in it already, what has gone from it, and the rows of what is new."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from backend.file_organizer.events import PlanReady
from backend.file_organizer.execution.journal_models import ActionState, FileAction
from backend.file_organizer.planning.decisions import UNDECIDED
from backend.file_organizer.planning.plan_models import ItemState, Plan, PlanItem, PlanState
from backend.sdk.db import OwnedSession, insert_rows
from backend.sdk.files import SafePath, decode_path, encode_path

Row = dict[str, Any]
Stamp = tuple[int, int, int]
"""Inode, size, modification time."""
_CHUNK = 400
_LIVE = (PlanState.BUILDING.value, PlanState.READY.value, PlanState.EXECUTING.value)
_PUT_THERE = (ActionState.DONE.value, ActionState.UNDONE.value)


def waiting_files(session: OwnedSession, volume_id: str, path: str) -> dict[str, Stamp]:
    """Return the files below a folder (text form) that are in a live plan already, whoever made it."""
    item = PlanItem
    rows = session.execute(
        select(item.source_path, item.inode, item.size, item.mtime_ns)
        .join(Plan, (Plan.owner_id == item.owner_id) & (Plan.id == item.plan_id))
        .where(Plan.state.in_(_LIVE), item.source_volume == volume_id, _below(item.source_path, path))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def put_there_by_homie(session: OwnedSession, volume_id: str, paths: Sequence[str]) -> dict[str, set[int]]:
    """Return which of these places (text form) Homie filled, with the inodes: its own moves and what it put back."""
    found: dict[str, set[int]] = {}
    action = FileAction
    for start in range(0, len(paths), _CHUNK):
        rows = session.execute(
            select(action.target_path, action.new_inode, action.inode).where(
                action.target_volume == volume_id,
                action.target_path.in_(paths[start : start + _CHUNK]),
                action.state.in_(_PUT_THERE),
                action.op != "mkdir",
            )
        )
        for path, new_inode, inode in rows:
            found.setdefault(str(path), set()).update(number for number in (new_inode, inode) if number is not None)
    return found


def forget_gone(session: OwnedSession, plan_id: str, root: SafePath) -> int:
    """Take undecided suggestions out of a plan whose file is gone or another one; returns how many items went."""
    plan = _plan(session, plan_id)
    if plan is None or plan.state != PlanState.READY.value:
        return 0
    item = PlanItem
    rows = session.execute(
        select(item.id, item.group_key, item.source_path, item.inode, item.size, item.mtime_ns, item.is_folder).where(
            item.plan_id == plan_id, item.state.in_(UNDECIDED)
        )
    ).all()
    gone, groups = set[str](), set[str]()
    for row in rows:
        if _same(os.path.join(root.root.path, decode_path(row.source_path)), row):
            continue
        gone.add(row.id)
        if row.group_key is not None:
            groups.add(row.group_key)
    gone |= {row.id for row in rows if row.group_key in groups}
    ids = sorted(gone)
    for start in range(0, len(ids), _CHUNK):
        session.execute(delete(item).where(item.plan_id == plan_id, item.id.in_(ids[start : start + _CHUNK])))
    if ids:
        plan.version += 1
        _recount(session, plan)
    return len(ids)


def grow(
    session: OwnedSession, plan_id: str, rows: Sequence[Row], *, make: Mapping[str, Any], left_alone: Mapping[str, Any]
) -> None:
    """Add rows to a plan, made now with `make` if it is not there, and tell that it is ready (again)."""
    plan = _plan(session, plan_id) or _made(session, plan_id, make)
    last = session.scalar(select(func.max(PlanItem.seq)).where(PlanItem.plan_id == plan_id)) or 0
    insert_rows(session, PlanItem, [row | {"plan_id": plan_id, "seq": last + n} for n, row in enumerate(rows, 1)])
    plan.state, plan.left_alone = PlanState.READY.value, dict(left_alone)
    plan.version += 1
    counts = _recount(session, plan)
    session.emit(
        PlanReady(
            owner_id=plan.owner_id,
            plan_id=plan_id,
            items=counts["items"],
            suggested=counts["suggested"],
            asking=counts["asking"],
            title=plan.title,
        )
    )


def make_accepted(session: OwnedSession, plan_id: str, rows: Sequence[Row], make: Mapping[str, Any]) -> None:
    """Store a plan that is accepted as a whole, ready to be carried out, without asking anybody."""
    plan = _made(session, plan_id, make)
    accepted = [
        row | {"plan_id": plan_id, "seq": n, "state": ItemState.ACCEPTED.value} for n, row in enumerate(rows, 1)
    ]
    insert_rows(session, PlanItem, accepted)
    plan.state = PlanState.READY.value
    _recount(session, plan)


def plan_values(actor_user: str, root: SafePath, options: Mapping[str, Any], now: datetime) -> Row:
    """Return what a new plan of a watched folder begins with."""
    place = {"root_volume": root.root.volume_id, "root_path": encode_path(root.relpath)}
    return place | {
        "user_id": actor_user,
        "title": encode_path(root.absolute.rpartition("/")[2] or "/"),
        "into_volume": place["root_volume"],
        "into_path": place["root_path"],
        "options": dict(options),
        "created_at": now,
    }


def state_of(session: OwnedSession, plan_id: str) -> str | None:
    """Return the state of a plan of the space, None if it is not there any more."""
    plan = _plan(session, plan_id)
    return plan.state if plan is not None else None


def _made(session: OwnedSession, plan_id: str, values: Mapping[str, Any]) -> Plan:
    plan = Plan(id=plan_id, state=PlanState.BUILDING.value, **values)
    session.add(plan)
    session.flush()
    return plan


def _plan(session: OwnedSession, plan_id: str) -> Plan | None:
    plan = session.scalars(select(Plan).where(Plan.id == plan_id)).first()
    return plan if plan is not None and plan.owner_id == session.actor.owner_id else None


def _recount(session: OwnedSession, plan: Plan) -> dict[str, int]:
    """Bring the counts of a plan up to date with its rows."""
    item = PlanItem
    rows = session.execute(
        select(item.state, item.category, func.count(), func.sum(item.size))
        .where(item.plan_id == plan.id)
        .group_by(item.state, item.category)
    ).all()
    counts = {"items": 0, "suggested": 0, "asking": 0, "bytes": 0}
    categories: dict[str, int] = {}
    for state, category, number, size in rows:
        counts["items"] += number
        counts["bytes"] += int(size or 0)
        categories[category] = categories.get(category, 0) + number
        if state in ("suggested", "asking"):
            counts[state] += number
    plan.counts = counts | {"files": counts["items"], "in_place": 0, "by_category": categories}
    return counts


def _below(column: Any, path: str) -> Any:
    """Return the condition that a path lies below a folder ("0" is the character after "/")."""
    return column.is_not(None) if not path else (column > path + "/") & (column < path + "0")


def _same(path: str, row: Any) -> bool:
    """Tell whether the file of a row is still the one that was seen."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    if row.is_folder:
        return bool(status.st_ino == row.inode)
    return bool((status.st_ino, status.st_size, status.st_mtime_ns) == (row.inode, row.size, row.mtime_ns))


def split_sure(rows: Iterable[Row], threshold: float, limit: int) -> tuple[list[Row], list[Row], int]:
    """Part rows into what Homie may file by itself and what waits; a group stays together.

    Sure is what memory (or a rule that a person made) suggests with at least `threshold` and without an oddity. Of
    these at most `limit` files; the third value is how many more there were.
    """
    units: dict[str, list[Row]] = {}
    for row in rows:
        units.setdefault(row["group_key"] or row["id"], []).append(row)
    sure: list[Row] = []
    waiting: list[Row] = []
    held_back = 0
    for unit in units.values():
        lead = next((row for row in unit if row["lead"]), unit[0])
        if not _is_sure(lead, threshold):
            waiting += unit
        elif len(sure) + len(unit) > limit:
            held_back += len(unit)
            waiting += unit
        else:
            sure += unit
    return sure, waiting, held_back


def _is_sure(lead: Row, threshold: float) -> bool:
    return (
        lead["source"] in SURE_SOURCES
        and lead["state"] == ItemState.SUGGESTED.value
        and lead["confidence"] >= threshold
        and not lead["oddity"]
    )


SURE_SOURCES = frozenset({"memory", "person", "owner_rule"})
"""Whose word is enough to file without asking: what this household taught. Shipped rules and an AI only suggest."""
