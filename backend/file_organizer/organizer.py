"""The module's services in one place, and the flow that ties them: plan a folder, carry it out, take it back.

Made from a `ModuleContext` in every role: the web process answers with it, workers and the command line work with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from backend.file_organizer.ai_command_generator import operations_of
from backend.file_organizer.asking.folder_rules import FolderRules
from backend.file_organizer.cleaning.duplicates import Duplicates
from backend.file_organizer.cleaning.groups import DuplicateGroups
from backend.file_organizer.cleaning.junk import Junk
from backend.file_organizer.cleaning.searches import Searches
from backend.file_organizer.cleaning.settling import settle_cleaning
from backend.file_organizer.drives.decisions import DriveDecisions
from backend.file_organizer.drives.held_roots import HeldRoots
from backend.file_organizer.drives_manager import DrivesManager
from backend.file_organizer.errors import PlanStale
from backend.file_organizer.events import OperationsDone, TrashEmptied
from backend.file_organizer.execution.operations import OnConflict, Operation
from backend.file_organizer.execution.run_loop import OnProgress
from backend.file_organizer.execution.run_marks import RunMarks
from backend.file_organizer.execution.runs import RunReport
from backend.file_organizer.file_operation_manager import ExecutionOptions, FileOperationManager
from backend.file_organizer.finder import Finder
from backend.file_organizer.history import History
from backend.file_organizer.index.file_index import FileIndex
from backend.file_organizer.index.refresh import IndexRefresh, RefreshReport
from backend.file_organizer.learned import Learned
from backend.file_organizer.naming.choices import NamingStore
from backend.file_organizer.overview import Overview
from backend.file_organizer.owner_settings import OwnerSettingsStore
from backend.file_organizer.path_memory_manager import Observation, PathMemoryManager
from backend.file_organizer.planner import Known, Planner, Progress
from backend.file_organizer.planning.folder_search import FolderSearch
from backend.file_organizer.planning.outcomes import settle_run, settle_undo
from backend.file_organizer.planning.plan_models import ItemState, PlanItem, PlanState
from backend.file_organizer.planning.plans import Plans, Selection
from backend.file_organizer.projects.store import ProjectStore
from backend.file_organizer.rules.rule_store import Rules
from backend.file_organizer.rules.trials import RuleTrials
from backend.file_organizer.series.book import SeriesBook
from backend.file_organizer.settings import FileOrganizerSettings
from backend.file_organizer.timeline import Timeline
from backend.file_organizer.trash.trash_can import TrashCan
from backend.file_organizer.verification.verifier import Verifier
from backend.file_organizer.watching.moves import MoveWatch, not_by_homie
from backend.file_organizer.watching.watched_folders import WatchedFolders
from backend.sdk.actor import Actor
from backend.sdk.errors import FieldProblem
from backend.sdk.files import OwnerRoots, OwnerRootsSource, VolumeAway, decode_path
from backend.sdk.jobs import JobCancelled, JobInterrupted
from backend.sdk.module import ModuleContext

CONFLICTS = {
    "skip": OnConflict.SKIP,
    "keep-both": OnConflict.KEEP_BOTH,
    "replace": OnConflict.REPLACE_WITH_TRASH,
}


class Organizer:
    """Hold the services of one process. `roots` may be replaced (the command line previews folders not granted yet)."""

    def __init__(self, ctx: ModuleContext, roots: OwnerRootsSource | None = None) -> None:
        self._ctx = ctx
        known_roots = roots or ctx.roots
        self.roots: OwnerRootsSource = HeldRoots(known_roots, ctx.db)
        given = ctx.settings
        self.new_id = ctx.new_id
        self.installation = given if isinstance(given, FileOrganizerSettings) else FileOrganizerSettings()
        self.drives = DrivesManager(ctx.db, known_roots, ctx.clock, ctx.log, ctx.bus)
        self.drive_decisions = DriveDecisions(ctx.db, known_roots, self.drives, ctx.new_id)
        self.memory = PathMemoryManager(ctx.db, ctx.clock, ctx.new_id, self.drives)
        self.learned = Learned(ctx.db, ctx.clock, ctx.new_id, self.memory)
        self.plans = Plans(ctx.db, ctx.clock, ctx.new_id)
        self.history = History(ctx.db)
        self.timeline = Timeline(ctx.db)
        self.rules = Rules(ctx.db, ctx.clock, ctx.new_id)
        self.rule_trials = RuleTrials(ctx.db, ctx.clock, self.rules)
        marks = RunMarks(ctx.data_dir / "runs")
        self.overview = Overview(ctx.db, marks)
        self.trash = TrashCan(ctx.db)
        self.verifier = Verifier(ctx.db, self.roots, ctx.clock, ctx.new_id)
        self.folders = FolderSearch(ctx.db)
        self.folder_rules = FolderRules(ctx.db, ctx.clock, ctx.new_id)
        self.searches = Searches(ctx.db, ctx.clock, ctx.new_id)
        self.junk = Junk(ctx.db, self.searches, self.roots, ctx.clock, ctx.new_id)
        self.duplicates = Duplicates(self.searches, DuplicateGroups(ctx.db), self.roots, ctx.new_id)
        self.index = FileIndex(ctx.data_dir / "index", ctx.clock, ctx.new_id)
        self.finder = Finder(ctx.db, self.roots, self.index)
        self.watched = WatchedFolders(ctx.db, ctx.clock, ctx.new_id, ctx.want_resident)
        self.series = SeriesBook(ctx.db, ctx.clock)
        self.naming = NamingStore(ctx.db, ctx.clock)
        self.projects = ProjectStore(ctx.db, ctx.clock)
        self.settings = OwnerSettingsStore(ctx.db, ctx.clock, self.installation)
        self.files = FileOperationManager(
            ctx.db, self.roots, clock=ctx.clock, make_id=ctx.new_id, options=ExecutionOptions(), marks=marks
        )

        known = Known(
            self.memory, self.drives, self.rules, self.folder_rules, self.naming, self.series, self.projects, self.index
        )
        self.planner = Planner(ctx, self.roots, self.plans, known, self.installation)

    def close(self) -> None:
        """Close what this object opened itself."""
        self.index.close()

    # ------------------------------------------------------------------ index

    def refresh_index(
        self, actor: Actor, *, full: bool = False, on_progress: Callable[[int], None] | None = None
    ) -> RefreshReport:
        """Bring the index of the acting space up to date, and learn from what a person moved outside Homie."""
        here, moves = actor.only_in(actor.owner_id), MoveWatch()
        refresh = IndexRefresh(self.index, self.roots, self._ctx.clock)
        report = refresh.run(here, full=full, on_change=moves.note, on_progress=on_progress)
        found = self._ctx.db.read(here, not_by_homie, moves.moves())
        report.moved = len(found)
        report.learned = self.memory.observe(here, [Observation(move.target, move.source) for move in found])
        return report

    # ------------------------------------------------------------------ execute and undo

    def accept_above(self, actor: Actor, plan_id: str, threshold: float) -> int:
        """Accept every open suggestion that is at least that sure."""
        return self.plans.set_state(actor, plan_id, Selection(min_confidence=threshold), ItemState.ACCEPTED)

    def check_fresh(self, actor: Actor, plan_id: str) -> None:
        """Raise `PlanStale` if an accepted file is no longer what the scan saw; a drive that is away is no reason."""
        roots = self.roots.for_actor(actor)
        stale: list[str] = []
        after: int | None = None
        while True:
            items = self.plans.items(actor, plan_id, limit=1000, after=after, state=ItemState.ACCEPTED.value)
            stale += [item.source_path for item in items[:1000] if _changed(roots, item)]
            if len(items) <= 1000 or len(stale) >= 10:
                break
            after = items[999].seq
        if stale:
            names = ", ".join(stale[:10])
            raise PlanStale(fields=[FieldProblem("plan_id", f"Changed or gone: {names}", "Scan the folder again.")])

    def execute_plan(
        self, actor: Actor, plan_id: str, progress: Progress | None = None, on_progress: OnProgress | None = None
    ) -> RunReport:
        """Carry out what was accepted; asked again, goes on where it stopped. Learns from what was done.

        `on_progress` hears all that the executor knows, `progress` only the files.
        """
        known = self.plans.get(actor, plan_id)
        if known.state == PlanState.EXECUTED.value and known.run_id is not None:
            return self.files.report(actor, known.run_id)  # a job that was killed before it could say that it is done
        plan, items = self.plans.begin_execution(actor, plan_id)
        conflict = CONFLICTS.get(str(plan.options.get("conflict")), OnConflict.KEEP_BOTH)
        operations = operations_of(items, conflict)
        del items
        try:
            report = self.files.execute(
                actor, plan_id, operations, title=plan.title, on_progress=on_progress or executor_progress(progress)
            )
        except VolumeAway:
            self.plans.reopen(actor, plan_id)
            raise
        except JobInterrupted:
            raise  # the worker stops: the plan stays in execution, and the next start goes on
        except JobCancelled:
            # The run is final now; asked again, the executor only reports what it did before it was stopped.
            report = self.files.execute(actor, plan_id, operations, title=plan.title)
            self._settle(actor, plan_id, report)
            raise
        self._settle(actor, plan_id, report)
        return report

    def operate(
        self,
        actor: Actor,
        plan_id: str,
        operations: Sequence[Operation],
        *,
        title: str,
        progress: Progress | None = None,
    ) -> RunReport:
        """Carry out operations that were asked for by name; `plan_id` makes the request repeatable.

        There are no suggestions behind them, so nothing is learned.
        """
        told = executor_progress(progress, "Changing files")
        try:
            report = self.files.execute(actor, plan_id, operations, title=title, on_progress=told)
        except JobInterrupted:
            raise  # the worker stops: the next start goes on
        except JobCancelled:
            report = self.files.execute(actor, plan_id, operations, title=title)  # final now: only reports
            self._tell(report, actor)
            raise
        self._tell(report, actor)
        return report

    def purge(
        self,
        actor: Actor,
        plan_id: str,
        ids: Sequence[str],
        *,
        by_itself: bool = False,
        on_progress: OnProgress | None = None,
    ) -> RunReport:
        """Remove for good what these steps put into the trash, as one run; asked again, goes on where it stopped."""
        try:
            report = self.files.purge(actor, ids, plan_id=plan_id, on_progress=on_progress)
        except JobInterrupted:
            raise
        except JobCancelled:
            self._tell_purged(self.files.purge(actor, ids, plan_id=plan_id), actor, by_itself)  # only reports
            raise
        self._tell_purged(report, actor, by_itself)
        return report

    def _tell_purged(self, report: RunReport, actor: Actor, by_itself: bool) -> None:
        failed = report.failed + report.skipped
        self._ctx.bus.publish(
            TrashEmptied(
                owner_id=actor.owner_id, run_id=report.run_id, removed=report.done, failed=failed, by_itself=by_itself
            )
        )

    def volumes_here(self, actor: Actor, volume_ids: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return which of the actor's volumes are connected and writable, and which are not. Looks at the drives."""
        roots = self.roots.for_actor(actor)
        here = [v for v in volume_ids if (root := roots.root(v)) is not None and root.writable and root.online]
        return here, [v for v in volume_ids if v not in here]

    def _tell(self, report: RunReport, actor: Actor) -> None:
        failed = report.failed + report.skipped
        self._ctx.bus.publish(
            OperationsDone(owner_id=actor.owner_id, run_id=report.run_id, done=report.done, failed=failed)
        )

    def _settle(self, actor: Actor, plan_id: str, report: RunReport) -> None:
        memory = self.memory if self.settings.get(actor).learning else None
        self._ctx.db.write(actor, settle_run, plan_id, report, memory, self._ctx.clock.now())

    def settle_undone(self, actor: Actor, report: RunReport) -> None:
        """Store and learn what an undo took back."""
        memory = self.memory if self.settings.get(actor).learning else None
        self._ctx.db.write(actor, settle_undo, report, memory)
        self._ctx.db.write(actor, settle_cleaning, report)


def _changed(roots: OwnerRoots, item: PlanItem) -> bool:
    """Tell whether an item's source is another file, or gone, than the scan saw."""
    root = roots.root(item.source_volume)
    if root is None:
        return True
    if not root.online:
        return False
    try:
        status = os.lstat(os.path.join(root.path, decode_path(item.source_path)))
    except OSError:
        return True
    if status.st_ino != item.inode:
        return True
    return not item.is_folder and (status.st_size, status.st_mtime_ns) != (item.size, item.mtime_ns)


def executor_progress(progress: Progress | None, note: str = "Moving files") -> Any:
    """Return the executor's progress callback for ours."""
    if progress is None:
        return None
    tell = progress

    def on_progress(state: Any) -> None:
        fraction = state.done / state.total if state.total else None
        tell(fraction, note, state.done)

    return on_progress
