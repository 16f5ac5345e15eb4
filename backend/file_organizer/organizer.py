"""The module's services in one place, and the flow that ties them: plan a folder, carry it out, take it back.

Made from a `ModuleContext` in every role: the web process answers with it, workers and the command line work with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from backend.file_organizer.ai_command_generator import TASK, AiCommandGenerator, operations_of
from backend.file_organizer.analysis.analyser import Analyser
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.reader import DocumentReader
from backend.file_organizer.asking.folder_rules import FolderRules
from backend.file_organizer.asking.forecast import ESTIMATED_FILES, FIRST, AiForecast
from backend.file_organizer.cleaning.duplicates import Duplicates
from backend.file_organizer.cleaning.groups import DuplicateGroups
from backend.file_organizer.cleaning.junk import Junk
from backend.file_organizer.cleaning.searches import Searches
from backend.file_organizer.cleaning.settling import settle_cleaning
from backend.file_organizer.drives.decisions import DriveDecisions
from backend.file_organizer.drives.held_roots import HeldRoots
from backend.file_organizer.drives_manager import DrivesManager
from backend.file_organizer.errors import FolderNotScannable, PlanStale
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
from backend.file_organizer.naming.namer import PATTERN, Namer
from backend.file_organizer.overview import Overview
from backend.file_organizer.owner_settings import OwnerSettingsStore
from backend.file_organizer.path_memory_manager import Observation, PathMemoryManager
from backend.file_organizer.planning.collector import Collector, Find
from backend.file_organizer.planning.drive_purposes import DrivePurposes, purposes_of
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.folder_search import FolderSearch
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.outcomes import settle_run, settle_undo
from backend.file_organizer.planning.plan_builder import PlanBuilder, Row, Ruling, Thought
from backend.file_organizer.planning.plan_models import ItemState, PlanItem, PlanState
from backend.file_organizer.planning.plans import Plans, Selection
from backend.file_organizer.planning.scanner import Scanner, WriterCheck
from backend.file_organizer.planning.suggestions import Suggestion
from backend.file_organizer.projects.store import ProjectStore
from backend.file_organizer.rules.rule_book import known_rules
from backend.file_organizer.rules.rule_store import Rules
from backend.file_organizer.rules.ruling import ruling
from backend.file_organizer.rules.trials import RuleTrials
from backend.file_organizer.series.book import SeriesBook
from backend.file_organizer.settings import FileOrganizerSettings, OwnerSettings
from backend.file_organizer.timeline import Timeline
from backend.file_organizer.trash.trash_can import TrashCan
from backend.file_organizer.verification.verifier import Verifier
from backend.file_organizer.watching.moves import MoveWatch, not_by_homie
from backend.file_organizer.watching.watched_folders import WatchedFolders
from backend.sdk.actor import Actor
from backend.sdk.ai import AiPreview
from backend.sdk.errors import FieldProblem, HomieError
from backend.sdk.files import OwnerRoots, OwnerRootsSource, SafePath, VolumeAway, VolumePath, decode_path, encode_path
from backend.sdk.jobs import JobCancelled, JobInterrupted
from backend.sdk.module import ModuleContext

Progress = Callable[[float | None, str, int], None]
"""Told the fraction (None unknown), what is going on, and how many files are through; may raise to stop."""

CONFLICTS = {
    "skip": OnConflict.SKIP,
    "keep-both": OnConflict.KEEP_BOTH,
    "replace": OnConflict.REPLACE_WITH_TRASH,
}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build one plan. `threshold`: below it an item asks; `deep`: also tear tidy subfolders apart.

    `inside_only`: the destination was named by the person, so nothing is suggested outside of it.
    """

    settings: OwnerSettings
    threshold: float
    deep: bool = False
    use_ai: bool = False
    inside_only: bool = False

    def stored(self) -> dict[str, Any]:
        """Return what the plan keeps about how it was made."""
        return {"threshold": self.threshold, "deep": self.deep, "use_ai": self.use_ai} | {
            "language": self.settings.language,
            "conflict": self.settings.conflict,
        }


@dataclass(slots=True)
class PlanSummary:
    """What a build found, in total."""

    counts: dict[str, Any] = field(default_factory=dict)
    left_alone: dict[str, Any] = field(default_factory=dict)
    notice: str = ""

    @property
    def suggested(self) -> int:
        """Return how many items are sure enough to be filed."""
        return int(self.counts.get("suggested", 0))

    @property
    def asking(self) -> int:
        """Return how many items a person has to decide."""
        return int(self.counts.get("asking", 0))

    @property
    def in_place(self) -> int:
        """Return how many files are where they belong."""
        return int(self.counts.get("in_place", 0))

    def take(self, builder: PlanBuilder, collector: Collector, generator: AiCommandGenerator | None) -> None:
        """Fill in what a finished build counted."""
        report = collector.left_alone
        self.left_alone = {
            reason: {"count": count, "examples": [encode_path(p) for p in report.examples.get(reason, [])]}
            for reason, count in sorted(report.counts.items())
        }
        for reason, count in builder.left_by_rule.counts.items():
            examples = builder.left_by_rule.examples[reason]
            self.left_alone[reason] = {"count": count, "examples": [encode_path(p) for p in examples]}
        self.counts = asdict(builder.counts) | {"files_seen": collector.files_seen}
        self.notice = " ".join(generator.notices) if generator is not None else ""


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

    # ------------------------------------------------------------------ plan

    def build_plan(
        self,
        actor: Actor,
        root: SafePath,
        into: SafePath,
        options: BuildOptions,
        *,
        plan_id: str | None = None,
        progress: Progress | None = None,
        on_rows: Callable[[list[Row]], None] | None = None,
        summary: PlanSummary | None = None,
    ) -> str:
        """Scan `root`, think, store the plan and return its id. Changes nothing in the household's folders.

        With `plan_id`, a plan that was begun (and perhaps interrupted) is built anew under its id.
        """
        _check_scannable(root)
        if plan_id is None:
            plan_id = self.plans.create(actor, root, into, options.stored())
        else:
            self.plans.restart(actor, plan_id)
        summary = summary or PlanSummary()
        with self._thinking(actor, root, into, options, plan_id) as (builder, collector, generator):
            for rows in builder.rows(plan_id, collector):
                self.plans.add_rows(actor, rows)
                if on_rows is not None:
                    on_rows(rows)
                if progress is not None:
                    progress(None, "Looking at files", collector.files_seen)
        summary.take(builder, collector, generator)
        self.plans.finish_building(actor, plan_id, summary.counts, summary.left_alone, notice=summary.notice)
        return plan_id

    def preview(
        self,
        actor: Actor,
        root: SafePath,
        into: SafePath,
        options: BuildOptions,
        summary: PlanSummary,
        progress: Progress | None = None,
    ) -> Iterator[list[Row]]:
        """Yield the rows that a plan would have; stores nothing. `summary` is filled at the end."""
        _check_scannable(root)
        with self._thinking(actor, root, into, options) as (builder, collector, generator):
            for rows in builder.rows("preview", collector):
                if progress is not None:
                    progress(None, "Looking at files", collector.files_seen)
                yield rows
        summary.take(builder, collector, generator)

    def new_rows(
        self,
        actor: Actor,
        root: SafePath,
        options: BuildOptions,
        wanted: Callable[[Find], bool],
        progress: Progress | None = None,
    ) -> tuple[list[Row], dict[str, Any]]:
        """Think about the finds of a folder that are `wanted`; returns rows without a plan, and what is left alone."""
        _check_scannable(root)
        summary, rows = PlanSummary(), list[Row]()
        with self._thinking(actor, root, root, options) as (builder, collector, generator):
            for batch in builder.rows("", filter(wanted, collector)):
                rows += batch
                if progress is not None:
                    progress(None, "Looking at new files", collector.files_seen)
        summary.take(builder, collector, generator)
        return rows, summary.left_alone

    @contextmanager
    def _thinking(
        self, actor: Actor, root: SafePath, into: SafePath, options: BuildOptions, plan_id: str = ""
    ) -> Iterator[tuple[PlanBuilder, Collector, AiCommandGenerator | None]]:
        """Put the parts of one build together; the reader process lives as long as this."""
        settings, installation = options.settings, self.installation
        base = into.absolute
        index = FolderIndex(base)
        engine = LocalEngine(index, volume_id=into.root.volume_id, base=into.relpath, language=settings.language)
        generator = None
        if options.use_ai:
            generator = self.ai_generator(actor, root, into, settings, engine, index, plan_id)
        now = self._ctx.clock.now()
        collector = Collector(
            Scanner(root.absolute),
            WriterCheck(installation.settle_seconds),
            deep=options.deep,
            into_is_root=(base + "/").startswith(root.absolute + "/"),
        )
        recall = None
        if settings.learning and self.memory.knows_anything(actor):
            recall = lambda: self.memory.recall(actor)  # noqa: E731
        with DocumentReader(
            seconds=installation.reader_seconds,
            memory_mb=installation.reader_memory_mb,
            max_chars=installation.max_text_chars,
        ) as reader:
            analyser = Analyser(reader, this_year=now.year)
            builder = PlanBuilder(
                root,
                into,
                analyser=analyser,
                engine=engine,
                threshold=options.threshold,
                inside_only=options.inside_only,
                owner_id=actor.owner_id,
                new_id=self._ctx.new_id,
                look_inside=settings.look_inside,
                recall=recall,
                purposes=self._purposes(actor, settings),
                volumes=[r.volume_id for r in self.roots.for_actor(actor).roots if r.writable],
                ask_ai=generator.improve if generator is not None else None,
                ruling=self._ruling(actor, into, analyser, look_inside=settings.look_inside),
                name=self._namer(actor),
                project=self.projects.shelf(actor, index, volume_id=into.root.volume_id, base=into.relpath).offer,
            )
            yield builder, collector, generator

    def _purposes(self, actor: Actor, settings: OwnerSettings) -> DrivePurposes:
        """Return which drives draw which files."""
        drives = [
            (d.label, d.purpose, list(d.detail.get("volumes", []))) for d in self.drives.known(actor) if d.purpose
        ]
        if not drives:
            return DrivePurposes()
        return purposes_of(drives, self.roots.for_actor(actor).roots, settings.language)

    def ai_generator(
        self,
        actor: Actor,
        root: SafePath,
        into: SafePath,
        settings: OwnerSettings,
        engine: LocalEngine,
        index: FolderIndex,
        plan_id: str,
    ) -> AiCommandGenerator:
        """Return what asks the AI about files below `root`."""
        home, volume_id = root.root.path.rstrip("/"), root.root.volume_id
        return AiCommandGenerator(
            self._ctx.ai,
            actor,
            engine,
            index,
            volume_id=into.root.volume_id,
            base=into.relpath,
            settings=settings,
            permissions=self.folder_rules.permissions(actor, send_content=settings.ai_send_content),
            place_of=lambda facts: (volume_id, (facts.path if facts.is_folder else facts.folder)[len(home) + 1 :]),
            subject=f"plans/{plan_id}" if plan_id else "",
        )

    def _ruling(self, actor: Actor, into: SafePath, analyser: Analyser, *, look_inside: bool) -> Ruling | None:
        """Return what asks the rules of the actor's space about a file; None where there are none."""
        return ruling(
            known_rules(self.rules.all(actor, enabled_only=True)),
            into,
            self.roots.for_actor(actor),
            analyser if look_inside else None,
            self._ctx.clock.now(),
        )

    def _namer(self, actor: Actor) -> Callable[[FileFacts, Suggestion], str] | None:
        """Return what names the files of a build; None while the owner wants no file renamed."""
        choices, rules = self.naming.get(actor), self.series.rules(actor)
        if not choices.anything and not any(rule.naming == PATTERN for rule in rules.values()):
            return None
        roots = self.roots.for_actor(actor)

        def where(volume_id: str, folder: str) -> str | None:
            try:
                return roots.locate(VolumePath(volume_id, folder), folder=True).absolute
            except HomieError:
                return None

        return Namer(choices, rules, where).name

    def preview_ai(self, actor: Actor, root: SafePath, into: SafePath, options: BuildOptions) -> AiPreview:
        """Return exactly what a plan of this folder would send to the AI first; sends nothing."""
        with self._thinking(actor, root, into, options) as (builder, collector, generator):
            assert generator is not None
            unsure: list[Thought] = []
            finds = islice(collector, FIRST)
            while len(unsure) < TASK.max_items and (chunk := list(islice(finds, 50))):
                found = builder.unsure(chunk, limit=len(chunk))
                unsure += [thought for thought in found if generator.may_ask(thought.facts)]
            return generator.preview(unsure[: TASK.max_items])

    def estimate_ai(
        self,
        actor: Actor,
        root: SafePath,
        into: SafePath,
        options: BuildOptions,
        progress: Progress | None = None,
    ) -> AiForecast:
        """Return what a plan of this folder would ask the AI, and what that would take; sends nothing."""
        _check_scannable(root)
        with self._thinking(actor, root, into, options) as (builder, collector, generator):
            assert generator is not None
            unsure: list[Thought] = []
            finds = islice(collector, ESTIMATED_FILES)
            looked = 0
            while chunk := list(islice(finds, 200)):
                looked += len(chunk)
                unsure += builder.unsure(chunk, limit=len(chunk))
                if progress is not None:
                    progress(None, "Looking at files", collector.files_seen)
            estimate = generator.estimate(unsure)
            notes = generator.notes
            return AiForecast(estimate, looked, len(unsure), notes.private, notes.speaking, looked < ESTIMATED_FILES)

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


def _check_scannable(root: SafePath) -> None:
    path = root.absolute
    if not os.path.isdir(path) or os.path.islink(path):
        raise FolderNotScannable(
            fields=[FieldProblem("path", "There is no such folder.", "Give the path of an existing folder.")]
        )
    if not os.access(path, os.R_OK | os.X_OK):
        raise FolderNotScannable(
            fields=[FieldProblem("path", "Homie may not read this folder.", "Change its permissions.")]
        )


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
