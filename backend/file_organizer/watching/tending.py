"""Tend a watched folder: what is new and settled is suggested, or filed at once where memory is sure enough.

Idempotent, so that a worker may be killed anywhere: files that wait in a plan are known by it, files that Homie put
there are known by the journal, and a plan that was to be carried out is named in the folder's row before it begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from backend.file_organizer.errors import PlanClosed, PlanMissing
from backend.file_organizer.events import DailyLimitReached, FolderTended
from backend.file_organizer.execution.errors import RunInProgress
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planner import BuildOptions, Progress
from backend.file_organizer.planning.collector import REASON_WRITTEN, Find
from backend.file_organizer.planning.plan_models import PlanState
from backend.file_organizer.watching import growth
from backend.file_organizer.watching.growth import Row, Stamp
from backend.file_organizer.watching.models import WatchedFolder, WatchMode
from backend.file_organizer.watching.settling import Settling
from backend.file_organizer.watching.watched_folders import _own
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import SafePath, VolumeAway, VolumePath, decode_path, encode_path
from backend.sdk.ids import NewId

RETRY_SECONDS = 30
"""A file that is still being written is looked at again after this long (or the settle time, if that is longer)."""


@dataclass(slots=True)
class TendReport:
    """What tending did. `settling`: finds that are too young or still being written."""

    new: int = 0
    filed: int = 0
    waiting: int = 0
    settling: int = 0
    held_back: int = 0
    failed: int = 0
    run_ids: list[str] = field(default_factory=list)


class Tender:
    """Tend watched folders with the services of one process."""

    def __init__(self, organizer: Organizer, db: Database, clock: Clock, new_id: NewId) -> None:
        self._organizer = organizer
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def tend(self, actor: Actor, watched_id: str, progress: Progress | None = None) -> TendReport:
        """Look at a watched folder and do what its mode says.

        Raises `WatchedFolderMissing`, and `VolumeAway` when its drive is not connected: then nothing is concluded.
        """
        report = TendReport()
        row = self._db.read(actor, _own, watched_id)
        if row.auto_plan_id is not None:
            self._carry_out(actor, row, row.auto_plan_id, report, progress)
        if row.paused:
            return report
        roots = self._organizer.roots.for_actor(actor)
        place = VolumePath(row.volume_id, decode_path(row.path))
        granted = roots.root(row.volume_id)
        if granted is None or not granted.online:
            raise VolumeAway()
        root = roots.locate(place, must_exist=True, folder=True)
        settling = Settling(row.settle_seconds)
        if row.plan_id is not None:
            self._db.write(actor, growth.forget_gone, row.plan_id, root)
        fresh = self._new_rows(actor, row, root, settling, progress, report)
        self._store(actor, row, root, fresh, settling, report, progress)
        return report

    def _new_rows(
        self,
        actor: Actor,
        row: WatchedFolder,
        root: SafePath,
        settling: Settling,
        progress: Progress | None,
        report: TendReport,
    ) -> tuple[list[Row], dict[str, Any]]:
        """Think about what is new and settled; returns rows and what is left alone."""
        known = self._db.read(actor, growth.waiting_files, row.volume_id, row.path)
        settings = self._organizer.settings.get(actor)
        options = BuildOptions(settings, settings.accept_threshold)
        wanted = _Wanted(root, known, settling)
        rows, left_alone = self._organizer.planner.new_rows(actor, root, options, wanted, progress)
        written = int(left_alone.get(REASON_WRITTEN, {}).get("count", 0))
        if written:
            settling.young += written
            again = float(max(RETRY_SECONDS, row.settle_seconds)) if row.settle_seconds else 1.0
            settling.ready_in = again if settling.ready_in is None else min(settling.ready_in, again)
        own = self._db.read(
            actor, growth.put_there_by_homie, row.volume_id, [one["source_path"] for one in rows if one["lead"]]
        )
        mine = {one["id"] for one in rows if one["inode"] in own.get(one["source_path"], ())}
        groups = {one["group_key"] for one in rows if one["id"] in mine and one["group_key"] is not None}
        rows = [one for one in rows if one["id"] not in mine and one["group_key"] not in groups]
        report.new, report.settling = len(rows), settling.young
        return rows, left_alone

    def _store(
        self,
        actor: Actor,
        row: WatchedFolder,
        root: SafePath,
        fresh: tuple[list[Row], dict[str, Any]],
        settling: Settling,
        report: TendReport,
        progress: Progress | None,
    ) -> None:
        """Let the plan grow and carry out what is sure, both in one commit with the folder's row."""
        rows, left_alone = fresh
        now = self._clock.now()
        auto_id, plan_id = self._new_id(), self._new_id()
        settings = self._organizer.settings.get(actor)
        options = BuildOptions(settings, settings.accept_threshold).stored() | {"watched": row.id}

        def work(session: OwnedSession) -> str | None:
            here = _own(session, row.id)
            sure, waiting, held_back = self._divide(here, rows)
            values = growth.plan_values(session.actor.user_id, root, options, now)
            if waiting:
                if here.plan_id is None or growth.state_of(session, here.plan_id) != PlanState.READY.value:
                    here.plan_id = plan_id
                growth.grow(session, here.plan_id, waiting, make=values, left_alone=left_alone)
            if sure:
                make = values | {"options": options | {"by_itself": True}}
                growth.make_accepted(session, auto_id, sure, make)
                here.auto_plan_id = auto_id
            report.waiting, report.held_back = len(waiting), held_back
            here.held_back = held_back if rows else here.held_back
            here.settling, here.tended_at = settling.young, now
            here.due_at = now + timedelta(seconds=settling.ready_in + 0.1) if settling.ready_in is not None else None
            if rows:
                here.active_at = now
            session.emit(
                FolderTended(owner_id=here.owner_id, watched_id=here.id, waiting=len(waiting), settling=settling.young)
            )
            if held_back and here.plan_id is not None:
                session.emit(
                    DailyLimitReached(
                        owner_id=here.owner_id,
                        watched_id=here.id,
                        title=str(values["title"]),
                        limit=here.daily_limit,
                        held_back=held_back,
                        plan_id=here.plan_id,
                    )
                )
            return auto_id if sure else None

        planned = self._db.write(actor, work)
        if planned is not None:
            self._carry_out(actor, row, planned, report, progress)

    def _divide(self, here: WatchedFolder, rows: list[Row]) -> tuple[list[Row], list[Row], int]:
        """Part the rows by the folder's mode, threshold and what may still be filed today."""
        if here.mode != WatchMode.FILE.value or not rows:
            return [], rows, 0
        today = self._clock.now().date().isoformat()
        done = here.filed_today if here.filed_day == today else 0
        return growth.split_sure(rows, here.threshold, max(0, here.daily_limit - done))

    def _carry_out(
        self, actor: Actor, row: WatchedFolder, plan_id: str, report: TendReport, progress: Progress | None
    ) -> None:
        """Carry out a plan that was accepted by Homie itself, also one that a killed worker left; then count it."""
        try:
            run = self._organizer.execute_plan(actor, plan_id, progress)
        except RunInProgress:
            return  # another worker is at it; it counts
        except (PlanClosed, PlanMissing):  # somebody discarded it before it began
            self._db.write(actor, _forget_auto_plan, row.id, plan_id)
            return
        report.filed += run.done
        report.failed += run.failed + run.skipped
        report.run_ids.append(run.run_id)
        today = self._clock.now().date().isoformat()

        def work(session: OwnedSession) -> None:
            here = _own(session, row.id)
            if here.auto_plan_id != plan_id:
                return  # counted already
            here.auto_plan_id = None
            before = here.filed_today if here.filed_day == today else 0
            here.filed_day, here.filed_today = today, before + run.done
            here.filed_since += run.done
            here.active_at = self._clock.now()
            session.emit(FolderTended(owner_id=here.owner_id, watched_id=here.id, filed=run.done))

        self._db.write(actor, work)


def _forget_auto_plan(session: OwnedSession, watched_id: str, plan_id: str) -> None:
    here = _own(session, watched_id)
    if here.auto_plan_id == plan_id:
        here.auto_plan_id = None


class _Wanted:
    """Choose the finds that are to be thought about: not in a plan already, and settled."""

    def __init__(self, root: SafePath, known: dict[str, Stamp], settling: Settling) -> None:
        self._base = root.root.path.rstrip("/") + "/"
        self._known = known
        self._settling = settling

    def __call__(self, find: Find) -> bool:
        """Tell whether the find is new and settled."""
        folder = find.folder.rstrip("/") + "/"
        path = encode_path((folder + find.name)[len(self._base) :])
        stamp = self._known.get(path)
        if stamp is not None:
            if find.group is None:
                return False
            lead = find.group.lead
            if stamp == (lead.inode, lead.size, lead.mtime_ns):
                return False
        return self._settling.settled(find)
