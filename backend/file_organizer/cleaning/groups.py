"""The groups of equal files and of pictures that look alike: stored, shown, decided about, settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from backend.file_organizer.cleaning.errors import CopyChoiceNotPossible, GroupBusy, GroupMissing
from backend.file_organizer.cleaning.events import CleaningChanged
from backend.file_organizer.cleaning.keepers import KeeperReason
from backend.file_organizer.cleaning.models import (
    DuplicateFile,
    DuplicateGroup,
    FileState,
    FindState,
)
from backend.file_organizer.cleaning.searches import find_search
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.errors import FieldProblem

_CHUNK = 500
MOST_COPIES = 50_000
"""Copies that one request puts away; what is more stays for the next."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its first files (all of them in nearly every case)."""

    group: DuplicateGroup
    files: list[DuplicateFile]


class DuplicateGroups:
    """Keep the groups of each owner."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, actor: Actor, groups: list[dict[str, Any]], files: list[dict[str, Any]]) -> None:
        """Store a batch of groups with their files."""

        def work(session: OwnedSession) -> None:
            insert_rows(session, DuplicateGroup, groups)
            insert_rows(session, DuplicateFile, files)

        if groups:
            self._db.write(actor, work)

    def page(
        self, actor: Actor, search_id: str, *, kind: str | None, states: Sequence[str], limit: int,
        after: tuple[int, str] | None = None,
    ) -> list[GroupView]:  # fmt: skip
        """Return groups, those that win most first, `limit + 1` of them for paging."""

        def work(session: OwnedSession) -> list[GroupView]:
            find_search(session, search_id)
            group = DuplicateGroup
            query = select(group).where(group.search_id == search_id, group.state.in_(list(states)))
            query = query.order_by(group.gain.desc(), group.id).limit(limit + 1)
            if kind is not None:
                query = query.where(group.kind == kind)
            if after is not None:
                query = query.where(or_(group.gain < after[0], and_(group.gain == after[0], group.id > after[1])))
            return _views(session, list(session.scalars(query)), most=MOST_SHOWN)

        return self._db.read(actor, work)

    def get(self, actor: Actor, group_id: str) -> GroupView:
        """Return one group with its files; `GroupMissing`."""

        def work(session: OwnedSession) -> GroupView:
            return _views(session, [_find(session, group_id)], most=MOST_IN_DETAIL)[0]

        return self._db.read(actor, work)

    def keep_only(self, actor: Actor, group_id: str, file_id: str) -> GroupView:
        """Keep this file, and suggest the others for the trash (those that Homie may move)."""

        def work(session: OwnedSession) -> GroupView:
            group = _open(session, group_id)
            chosen = _file(session, group_id, file_id)
            files = list(session.scalars(select(DuplicateFile).where(DuplicateFile.group_id == group_id)))
            for one in files:
                one.keep = one.id == chosen.id or not one.movable or one.links > 1
            group.keeper_reason = KeeperReason.CHOSEN.value
            _count_gain(session, group)
            return _views(session, [group], most=MOST_IN_DETAIL)[0]

        return self._db.write(actor, work)

    def set_keep(self, actor: Actor, group_id: str, file_id: str, keep: bool) -> GroupView:
        """Keep one file too, or not. Raises `CopyChoiceNotPossible` where none would stay."""

        def work(session: OwnedSession) -> GroupView:
            group = _open(session, group_id)
            chosen = _file(session, group_id, file_id)
            if not keep:
                _check_may_go(session, chosen)
            chosen.keep = keep
            group.keeper_reason = KeeperReason.CHOSEN.value
            _count_gain(session, group)
            return _views(session, [group], most=MOST_IN_DETAIL)[0]

        return self._db.write(actor, work)

    def leave(self, actor: Actor, group_id: str, leave: bool) -> GroupView:
        """Leave a group as it is (all its files are wanted), or take it up again."""

        def work(session: OwnedSession) -> GroupView:
            group = _open(session, group_id)
            group.state = (FindState.LEFT if leave else FindState.OPEN).value
            session.emit(CleaningChanged(owner_id=group.owner_id, kind="duplicates"))
            return _views(session, [group], most=MOST_IN_DETAIL)[0]

        return self._db.write(actor, work)

    def claim(self, actor: Actor, search_id: str, key: str, *, kind: str | None, group_ids: Sequence[str]) -> int:
        """Take open groups up for the request `key`; returns how many copies it will put away.

        Nobody else can take the same group up meanwhile. Raises `GroupMissing` if a named one is not there.
        """

        def work(session: OwnedSession) -> int:
            find_search(session, search_id)
            group = DuplicateGroup
            mine = [group.search_id == search_id, group.owner_id == actor.owner_id]
            if group_ids:
                known = session.scalar(select(func.count()).select_from(group).where(*mine, group.id.in_(group_ids)))
                if known != len(set(group_ids)):
                    raise GroupMissing()
                mine.append(group.id.in_(list(group_ids)))
            else:
                mine.append(group.gain > 0)
            if kind is not None:
                mine.append(group.kind == kind)
            rows = session.execute(
                select(group.id, group.files).where(*mine, group.state == FindState.OPEN.value)
                .order_by(group.gain.desc(), group.id)
            ).all()  # fmt: skip
            ids: list[str] = []
            copies = 0
            for group_id, files in rows:
                if ids and copies + files > MOST_COPIES:
                    break
                ids.append(group_id)
                copies += files
            for start in range(0, len(ids), _CHUNK):
                session.execute(
                    update(group).where(group.id.in_(ids[start : start + _CHUNK]))
                    .values(state=FindState.WORKING.value, request_key=key)
                )  # fmt: skip
            return _to_go(session, key)

        return self._db.write(actor, work)

    def claimed(self, actor: Actor, key: str) -> Iterator[tuple[DuplicateFile, DuplicateFile, str]]:
        """Yield (copy that goes, file that stays, kind of the group) of what a request took up, in a stable order."""
        last = ""
        while True:
            views = self._db.read(actor, _claimed_views, key, last)
            if not views:
                return
            for view in views:
                keeper = next((f for f in view.files if f.keep and f.state != FileState.TRASHED.value), None)
                if keeper is None:
                    continue
                for one in view.files:
                    if not one.keep and one.movable and one.state != FileState.TRASHED.value:
                        yield one, keeper, view.group.kind
            last = views[-1].group.id

    def settle(self, actor: Actor, key: str, run_id: str, done: Sequence[str], problems: dict[str, str]) -> None:
        """Note what became of the copies that a request took up, and let go of its groups."""
        self._db.write(actor, _settle, key, run_id, done, problems)

    def totals(self, actor: Actor, search_id: str) -> dict[str, dict[str, int]]:
        """Count what still waits, by kind of group: groups, their files, bytes won."""
        return self._db.read(actor, _totals_of, search_id)

    def release(self, actor: Actor, key: str) -> None:
        """Let go of the groups of a request that did nothing."""

        def work(session: OwnedSession) -> None:
            session.execute(
                update(DuplicateGroup)
                .where(DuplicateGroup.request_key == key, DuplicateGroup.state == FindState.WORKING.value)
                .values(state=FindState.OPEN.value, request_key=None)
            )

        self._db.write(actor, work)


MOST_SHOWN = 4
"""Files of a group that a list shows."""
MOST_IN_DETAIL = 200


def _views(session: OwnedSession, groups: list[DuplicateGroup], *, most: int) -> list[GroupView]:
    """Return the groups with their first files; what stays comes first."""
    if not groups:
        return []
    file = DuplicateFile
    ids = [group.id for group in groups]
    place = func.row_number().over(partition_by=file.group_id, order_by=(file.keep.desc(), file.seq)).label("place")
    ranked = select(file.id, place).where(file.group_id.in_(ids)).subquery()
    query = (
        select(file).join(ranked, ranked.c.id == file.id).where(ranked.c.place <= most)
        .order_by(file.group_id, ranked.c.place)
    )  # fmt: skip
    found: dict[str, list[DuplicateFile]] = {}
    for one in session.scalars(query):
        found.setdefault(one.group_id, []).append(one)
    return [GroupView(group, found.get(group.id, [])) for group in groups]


def _find(session: OwnedSession, group_id: str) -> DuplicateGroup:
    found = session.scalars(select(DuplicateGroup).where(DuplicateGroup.id == group_id)).first()
    if found is None:
        raise GroupMissing()
    return found


def _open(session: OwnedSession, group_id: str) -> DuplicateGroup:
    """Return a group that may be decided about now."""
    group = _find(session, group_id)
    if group.state in (FindState.WORKING.value, FindState.DONE.value):
        raise GroupBusy()
    return group


def _file(session: OwnedSession, group_id: str, file_id: str) -> DuplicateFile:
    query = select(DuplicateFile).where(DuplicateFile.id == file_id, DuplicateFile.group_id == group_id)
    found = session.scalars(query).first()
    if found is None:
        raise GroupMissing("This file is not in the group.")
    return found


def _check_may_go(session: OwnedSession, chosen: DuplicateFile) -> None:
    if not chosen.movable:
        problem = "Homie may only look at this one."
        raise CopyChoiceNotPossible(fields=[FieldProblem("body.keep", problem, "Choose another copy to put away.")])
    others = select(func.count()).select_from(DuplicateFile).where(
        DuplicateFile.group_id == chosen.group_id, DuplicateFile.id != chosen.id, DuplicateFile.keep.is_(True),
        DuplicateFile.state != FileState.TRASHED.value,
    )  # fmt: skip
    if not session.scalar(others):
        remedy = "Choose another one to keep first."
        raise CopyChoiceNotPossible(fields=[FieldProblem("body.keep", "One file of the group has to stay.", remedy)])


def _count_gain(session: OwnedSession, group: DuplicateGroup) -> None:
    """Count anew what putting the suggested ones away would win; a name of a file that has others wins nothing."""
    session.flush()
    going = select(func.sum(DuplicateFile.size)).where(
        DuplicateFile.group_id == group.id, DuplicateFile.keep.is_(False), DuplicateFile.links == 1,
        DuplicateFile.state != FileState.TRASHED.value,
    )  # fmt: skip
    group.gain = int(session.scalar(going) or 0)


def _to_go(session: OwnedSession, key: str) -> int:
    query = (
        select(func.count()).select_from(DuplicateFile)
        .join(DuplicateGroup, and_(
            DuplicateGroup.owner_id == DuplicateFile.owner_id, DuplicateGroup.id == DuplicateFile.group_id))
        .where(DuplicateGroup.request_key == key, DuplicateFile.keep.is_(False), DuplicateFile.movable.is_(True),
               DuplicateFile.state != FileState.TRASHED.value)
    )  # fmt: skip
    return int(session.scalar(query) or 0)


def _claimed_views(session: OwnedSession, key: str, last: str) -> list[GroupView]:
    group = DuplicateGroup
    query = select(group).where(group.request_key == key, group.id > last).order_by(group.id).limit(_CHUNK)
    return _views(session, list(session.scalars(query)), most=MOST_COPIES)


def _settle(session: OwnedSession, key: str, run_id: str, done: Sequence[str], problems: dict[str, str]) -> None:
    for start in range(0, len(done), _CHUNK):
        session.execute(
            update(DuplicateFile).where(DuplicateFile.id.in_(done[start : start + _CHUNK]))
            .values(state=FileState.TRASHED.value, problem=None)
        )  # fmt: skip
    for file_id, reason in problems.items():
        session.execute(
            update(DuplicateFile).where(DuplicateFile.id == file_id)
            .values(state=FileState.REFUSED.value, problem=reason)
        )  # fmt: skip
    group = DuplicateGroup
    session.emit(CleaningChanged(owner_id=session.actor.owner_id, kind="duplicates"))
    for one in session.scalars(select(group).where(group.request_key == key, group.state == FindState.WORKING.value)):
        one.run_id, one.request_key = run_id, None
        settle_group(session, one)


def settle_group(session: OwnedSession, group: DuplicateGroup) -> None:
    """Say where a group stands by what is left of it: done when no copy that should go is there any more."""
    _count_gain(session, group)
    left = select(func.count()).select_from(DuplicateFile).where(
        DuplicateFile.group_id == group.id, DuplicateFile.keep.is_(False),
        DuplicateFile.state != FileState.TRASHED.value,
    )  # fmt: skip
    group.state = (FindState.OPEN if session.scalar(left) else FindState.DONE).value


def _totals_of(session: OwnedSession, search_id: str) -> dict[str, dict[str, int]]:
    group = DuplicateGroup
    rows = session.execute(
        select(group.kind, func.count(), func.sum(group.files), func.sum(group.gain))
        .where(group.search_id == search_id, group.state == FindState.OPEN.value)
        .group_by(group.kind)
    )
    return {
        kind: {"groups": int(groups), "files": int(files or 0), "gain": int(gain or 0)}
        for kind, groups, files, gain in rows
    }
