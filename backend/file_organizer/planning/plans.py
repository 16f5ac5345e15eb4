"""Plans: stored, shown, edited and closed. What is previewed is the very object that is executed and undone.

Every edit names one plan and raises its `version`; a plan that was executed or discarded cannot be edited. All rows
belong to the space that the actor writes to; plans of other spaces the actor reads can be looked at, not changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, or_, select, update

from backend.file_organizer.errors import DestinationNotUsable, PlanClosed, PlanItemMissing, PlanMissing
from backend.file_organizer.events import PlanChanged, PlanReady
from backend.file_organizer.planning.decisions import UNDECIDED, Proposal, propose, take_back
from backend.file_organizer.planning.plan_models import OPEN_ITEMS, ItemState, Plan, PlanItem, PlanState
from backend.file_organizer.planning.plan_order import ItemOrder
from backend.file_organizer.planning.plan_summary import PlanCounts, count_plan
from backend.file_organizer.planning.plan_tree import TreeFolder, read_tree
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.errors import FieldProblem
from backend.sdk.files import OwnerRoots, SafePath, check_new_name, encode_path
from backend.sdk.ids import NewId

_OPEN = tuple(state.value for state in OPEN_ITEMS)
_EDITABLE = (PlanState.BUILDING.value, PlanState.READY.value)


@dataclass(frozen=True, slots=True)
class Selection:
    """Say which items an action is about: one, a group, a destination folder, a category, or all above a confidence."""

    item_ids: Sequence[str] = ()
    group_key: str | None = None
    target_folder: str | None = None
    category: str | None = None
    min_confidence: float | None = None
    source_folder: str | None = None
    words: Sequence[str] = ()
    undecided: bool = False

    def where(self) -> Any:
        """Return the condition on `PlanItem`."""
        conditions: list[Any] = []
        if self.item_ids:
            conditions.append(PlanItem.id.in_(list(self.item_ids)))
        if self.group_key is not None:
            conditions.append(PlanItem.group_key == self.group_key)
        if self.target_folder is not None:
            conditions.append(PlanItem.target_folder == self.target_folder)
        if self.category is not None:
            conditions.append(PlanItem.category == self.category)
        if self.min_confidence is not None:
            conditions.append(PlanItem.confidence >= self.min_confidence)
        if self.source_folder is not None:
            conditions.append(PlanItem.source_folder == self.source_folder)
        if self.undecided:
            conditions.append(PlanItem.state.in_(UNDECIDED))
        conditions += [PlanItem.name_key.contains(word, autoescape=True) for word in self.words]
        return and_(*conditions) if conditions else PlanItem.id.is_not(None)


class AcceptedItem(NamedTuple):
    """What execution needs of an accepted item; fields as in `PlanItem`."""

    id: str
    group_key: str | None
    source_volume: str
    source_path: str
    target_volume: str
    target_path: str
    device: int
    inode: int
    size: int
    mtime_ns: int
    is_folder: bool
    op: str


class Plans:
    """Keep the plans of each owner."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def create(
        self, actor: Actor, root: SafePath, into: SafePath, options: Mapping[str, Any], *, job_id: str | None = None
    ) -> str:
        """Store an empty plan in state BUILDING and return its id."""
        plan_id = self._new_id()
        now = self._clock.now()

        def work(session: OwnedSession) -> None:
            session.add(
                Plan(
                    id=plan_id,
                    user_id=actor.user_id,
                    title=encode_path(root.absolute.rpartition("/")[2] or "/"),
                    state=PlanState.BUILDING.value,
                    root_volume=root.root.volume_id,
                    root_path=encode_path(root.relpath),
                    into_volume=into.root.volume_id,
                    into_path=encode_path(into.relpath),
                    options=dict(options),
                    job_id=job_id,
                    created_at=now,
                )
            )

        self._db.write(actor, work)
        return plan_id

    def restart(self, actor: Actor, plan_id: str) -> None:
        """Empty a plan whose building was interrupted, so that it is built anew."""

        def work(session: OwnedSession) -> None:
            plan = _own(session, plan_id)
            if plan.state != PlanState.BUILDING.value:
                raise PlanClosed()
            session.execute(delete(PlanItem).where(PlanItem.plan_id == plan_id))

        self._db.write(actor, work)

    def add_rows(self, actor: Actor, rows: list[dict[str, Any]]) -> None:
        """Store a batch of item rows."""
        if rows:
            self._db.write(actor, _insert_rows, rows)

    def finish_building(
        self,
        actor: Actor,
        plan_id: str,
        counts: Mapping[str, Any],
        left_alone: Mapping[str, Any],
        *,
        notice: str = "",
    ) -> None:
        """Make the plan READY and tell it."""

        def work(session: OwnedSession) -> None:
            plan = _own(session, plan_id)
            plan.state = PlanState.READY.value
            plan.counts, plan.left_alone, plan.notice = dict(counts), dict(left_alone), notice
            session.emit(
                PlanReady(
                    owner_id=plan.owner_id,
                    plan_id=plan_id,
                    items=int(counts.get("items", 0)),
                    suggested=int(counts.get("suggested", 0)),
                    asking=int(counts.get("asking", 0)),
                    title=plan.title,
                )
            )

        self._db.write(actor, work)

    def get(self, actor: Actor, plan_id: str) -> Plan:
        """Return one plan; `PlanMissing` if absent or of a space that the actor is not in."""
        return self._db.read(actor, _find, plan_id)

    def page(self, actor: Actor, *, limit: int, before: str | None = None, state: str | None = None) -> list[Plan]:
        """Return plans, newest first, `limit + 1` of them for paging."""

        def work(session: OwnedSession) -> list[Plan]:
            query = select(Plan).order_by(Plan.id.desc()).limit(limit + 1)
            if before is not None:
                query = query.where(Plan.id < before)
            if state is not None:
                query = query.where(Plan.state == state)
            return list(session.scalars(query))

        return self._db.read(actor, work)

    def items(
        self,
        actor: Actor,
        plan_id: str,
        *,
        limit: int,
        after: int | None = None,
        state: str | None = None,
        selection: Selection | None = None,
        order: ItemOrder | None = None,
    ) -> list[PlanItem]:
        """Return items in scan order (or another), `limit + 1` of them for paging; `after` is a number of that order.

        Another order goes on after `order.after`.
        """

        def work(session: OwnedSession) -> list[PlanItem]:
            _find(session, plan_id)
            query = select(PlanItem).where(PlanItem.plan_id == plan_id).limit(limit + 1)
            query = query.order_by(PlanItem.seq) if order is None else order.applied(query)
            if after is not None:
                query = query.where(PlanItem.seq > after)
            if state is not None:
                query = query.where(PlanItem.state == state)
            if selection is not None:
                query = query.where(selection.where())
            return list(session.scalars(query))

        return self._db.read(actor, work)

    def item(self, actor: Actor, plan_id: str, item_id: str) -> PlanItem:
        """Return one item; `PlanItemMissing` if it is not in that plan."""
        return self._db.read(actor, _find_item, plan_id, item_id)

    def tree(
        self, actor: Actor, plan_id: str, *, limit: int, after: tuple[str, str] | None = None, before: bool = False
    ) -> list[TreeFolder]:
        """Return the destination folders (or those before) with counts, by path, `limit + 1` of them for paging."""

        def work(session: OwnedSession) -> list[TreeFolder]:
            _find(session, plan_id)
            return read_tree(session, plan_id, limit, after, before=before)

        return self._db.read(actor, work)

    def counts(self, actor: Actor, plan_id: str) -> PlanCounts:
        """Return how many items there are of each state, category and confidence."""

        def work(session: OwnedSession) -> PlanCounts:
            _find(session, plan_id)
            return count_plan(session, plan_id)

        return self._db.read(actor, work)

    def accepted(self, actor: Actor, plan_id: str, limit: int) -> Sequence[AcceptedItem]:
        """Return what was accepted, in scan order, at most `limit`."""

        def work(session: OwnedSession) -> Sequence[AcceptedItem]:
            _find(session, plan_id)
            return _accepted(session, plan_id, limit)

        return self._db.read(actor, work)

    def set_state(self, actor: Actor, plan_id: str, selection: Selection, verdict: ItemState) -> int:
        """Accept or reject the selected open items (groups as a whole); returns how many changed."""

        def work(session: OwnedSession) -> int:
            plan = _editable(session, plan_id)
            chosen = select(PlanItem.group_key).where(
                PlanItem.plan_id == plan_id, PlanItem.group_key.is_not(None), selection.where()
            )
            keys = set(session.scalars(chosen))
            few = 0 < len(selection.item_ids) <= 20 or selection.group_key is not None
            which = or_(selection.where(), PlanItem.group_key.in_(keys)) if 0 < len(keys) <= 5000 else selection.where()
            open_states = UNDECIDED if selection.undecided else _OPEN
            found = session.execute(
                update(PlanItem)
                .where(PlanItem.plan_id == plan_id, PlanItem.state.in_(open_states), which)
                .values(state=verdict.value, decided_in=plan.version + 1, **({"taught": True} if few else {}))
                .execution_options(synchronize_session=False)
            )
            return _changed(session, plan, int(found.rowcount))  # type: ignore[attr-defined]

        return self._db.write(actor, work)

    def redirect(
        self, actor: Actor, plan_id: str, item_id: str, roots: OwnerRoots, target: SafePath, name: str | None = None
    ) -> PlanItem:
        """Send an item (with its group) to another folder, or give it another name; that accepts it.

        Raises `DestinationNotUsable` for a folder that cannot be written to, `NameNotPossible` for a bad name.
        """
        root = roots.root(target.root.volume_id)
        if root is None or not root.writable:
            raise DestinationNotUsable(
                fields=[FieldProblem("body.folder", "Nothing may be written there.", "Choose another folder.")]
            )
        if name is not None:
            check_new_name(name)
        folder = encode_path(target.relpath)

        def work(session: OwnedSession) -> PlanItem:
            plan = _editable(session, plan_id)
            chosen = _find_item(session, plan_id, item_id)
            if chosen.state not in _OPEN:
                raise PlanClosed("This file was dealt with already.")
            for item in _with_group(session, chosen):
                own_name = name if name is not None and item.id == item_id else item.target_path.rpartition("/")[2]
                if item.suggested_path is None:
                    item.suggested_path, item.suggested_volume = item.target_path, item.target_volume
                item.target_volume, item.target_folder = target.root.volume_id, folder
                item.target_path = f"{folder}/{own_name}" if folder else own_name
                item.state, item.source, item.taught = ItemState.ACCEPTED.value, "person", True
                item.decided_in = plan.version + 1
                item.op = "move" if item.op == "trash" else item.op
            _changed(session, plan, 1)
            return chosen

        return self._db.write(actor, work)

    def propose(self, actor: Actor, plan_id: str, proposals: Sequence[Proposal]) -> None:
        """Let items wait with other suggestions, after their present ones were refused."""

        def work(session: OwnedSession) -> None:
            plan = _editable(session, plan_id)
            threshold = float(plan.options.get("threshold", 0.0))
            for proposal in proposals:
                item = _find_item(session, plan_id, proposal.item_id)
                if item.state in _OPEN and item.state != ItemState.ACCEPTED.value:
                    propose(item, _with_group(session, item), proposal.suggestion, threshold)
            _changed(session, plan, len(proposals))

        self._db.write(actor, work)

    def take_back(self, actor: Actor, plan_id: str, version: int) -> int:
        """Let the items that were decided in one step wait again; returns how many."""

        def work(session: OwnedSession) -> int:
            plan = _editable(session, plan_id)
            return _changed(session, plan, take_back(session, plan, version))

        return self._db.write(actor, work)

    def discard(self, actor: Actor, plan_id: str) -> None:
        """Close a plan without doing anything."""

        def work(session: OwnedSession) -> None:
            plan = _own(session, plan_id)
            if plan.state in (PlanState.EXECUTING.value, PlanState.EXECUTED.value):
                raise PlanClosed()
            plan.state, plan.finished_at = PlanState.DISCARDED.value, self._clock.now()
            _changed(session, plan, 1)

        self._db.write(actor, work)

    def begin_execution(self, actor: Actor, plan_id: str) -> tuple[Plan, Sequence[AcceptedItem]]:
        """Close the plan for edits and return what was accepted, in scan order; repeatable after a crash.

        Plain rows, not objects: a plan may have very many.
        """

        def work(session: OwnedSession) -> tuple[Plan, Sequence[AcceptedItem]]:
            plan = _own(session, plan_id)
            if plan.state not in (PlanState.READY.value, PlanState.EXECUTING.value):
                raise PlanClosed()
            plan.state = PlanState.EXECUTING.value
            return plan, _accepted(session, plan_id)

        return self._db.write(actor, work)

    def check_executable(self, actor: Actor, plan_id: str) -> None:
        """Raise `PlanClosed` unless the plan may be carried out (or is being)."""

        def work(session: OwnedSession) -> None:
            plan = _own(session, plan_id)
            if plan.state not in (PlanState.READY.value, PlanState.EXECUTING.value):
                raise PlanClosed()

        self._db.read(actor, work)

    def note_job(self, actor: Actor, plan_id: str, job_id: str) -> None:
        """Remember which job works for the plan."""

        def work(session: OwnedSession) -> None:
            _own(session, plan_id).job_id = job_id

        self._db.write(actor, work)

    def reopen(self, actor: Actor, plan_id: str) -> None:
        """Let a plan be edited and tried again whose execution could not go on (drive away, cancelled)."""

        def work(session: OwnedSession) -> None:
            plan = _own(session, plan_id)
            if plan.state == PlanState.EXECUTING.value:
                plan.state = PlanState.READY.value

        self._db.write(actor, work)

    def fail(self, actor: Actor, plan_id: str, notice: str) -> None:
        """Say why a plan could not be built."""

        def work(session: OwnedSession) -> None:
            plan = _own(session, plan_id)
            plan.state, plan.notice, plan.finished_at = PlanState.FAILED.value, notice, self._clock.now()
            _changed(session, plan, 1)

        self._db.write(actor, work)


def _insert_rows(session: OwnedSession, rows: list[dict[str, Any]]) -> None:
    insert_rows(session, PlanItem, rows)


def _accepted(session: OwnedSession, plan_id: str, limit: int | None = None) -> list[AcceptedItem]:
    columns = [getattr(PlanItem, name) for name in AcceptedItem._fields]
    query = select(*columns).where(PlanItem.plan_id == plan_id, PlanItem.state == ItemState.ACCEPTED.value)
    return [AcceptedItem(*row) for row in session.execute(query.order_by(PlanItem.seq).limit(limit))]


def _find(session: OwnedSession, plan_id: str) -> Plan:
    plan = session.scalars(select(Plan).where(Plan.id == plan_id)).first()
    if plan is None:
        raise PlanMissing()
    return plan


def _own(session: OwnedSession, plan_id: str) -> Plan:
    """Return a plan of the space that the actor writes to."""
    plan = _find(session, plan_id)
    if plan.owner_id != session.actor.owner_id:
        raise PlanMissing()
    return plan


def _editable(session: OwnedSession, plan_id: str) -> Plan:
    plan = _own(session, plan_id)
    if plan.state not in _EDITABLE:
        raise PlanClosed()
    return plan


def _find_item(session: OwnedSession, plan_id: str, item_id: str) -> PlanItem:
    _find(session, plan_id)
    item = session.scalars(select(PlanItem).where(PlanItem.plan_id == plan_id, PlanItem.id == item_id)).first()
    if item is None:
        raise PlanItemMissing()
    return item


def _with_group(session: OwnedSession, item: PlanItem) -> list[PlanItem]:
    """Return an item and what belongs to it."""
    if item.group_key is None:
        return [item]
    query = select(PlanItem).where(PlanItem.plan_id == item.plan_id, PlanItem.group_key == item.group_key)
    return list(session.scalars(query))


def _changed(session: OwnedSession, plan: Plan, count: int) -> int:
    """Raise the plan's version and tell it."""
    if count:
        plan.version += 1
        session.emit(PlanChanged(owner_id=plan.owner_id, plan_id=plan.id, changed=count))
    return count
