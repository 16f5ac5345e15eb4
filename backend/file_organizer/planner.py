"""From a folder to a plan: put the parts of one build together, store what they think, or only show it.

Changes nothing in the household's folders.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from backend.file_organizer.ai_command_generator import TASK, AiCommandGenerator
from backend.file_organizer.analysis.analyser import Analyser
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.reader import DocumentReader
from backend.file_organizer.asking.folder_rules import FolderRules
from backend.file_organizer.asking.forecast import ESTIMATED_FILES, FIRST, AiForecast
from backend.file_organizer.drives_manager import DrivesManager
from backend.file_organizer.errors import FolderNotScannable
from backend.file_organizer.index.file_index import FileIndex
from backend.file_organizer.naming.choices import NamingStore
from backend.file_organizer.naming.namer import PATTERN, Namer
from backend.file_organizer.path_memory_manager import PathMemoryManager
from backend.file_organizer.planning.collector import Collector, Find
from backend.file_organizer.planning.drive_purposes import DrivePurposes, purposes_of
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.plan_builder import PlanBuilder, Ruling
from backend.file_organizer.planning.plan_rows import Row, Thought
from backend.file_organizer.planning.plans import Plans
from backend.file_organizer.planning.scanner import Scanner, WriterCheck
from backend.file_organizer.planning.suggestions import Suggestion
from backend.file_organizer.projects.store import ProjectStore
from backend.file_organizer.rules.copies import KnownCopies
from backend.file_organizer.rules.rule_book import known_rules
from backend.file_organizer.rules.rule_store import Rules
from backend.file_organizer.rules.ruling import ruling
from backend.file_organizer.series.book import SeriesBook
from backend.file_organizer.settings import FileOrganizerSettings, OwnerSettings
from backend.sdk.actor import Actor
from backend.sdk.ai import AiPreview
from backend.sdk.errors import FieldProblem, HomieError
from backend.sdk.files import OwnerRootsSource, SafePath, VolumePath, encode_path
from backend.sdk.module import ModuleContext

Progress = Callable[[float | None, str, int], None]
"""Told the fraction (None unknown), what is going on, and how many files are through; may raise to stop."""


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


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan is thought out from: everything that the household said or taught."""

    memory: PathMemoryManager
    drives: DrivesManager
    rules: Rules
    folder_rules: FolderRules
    naming: NamingStore
    series: SeriesBook
    projects: ProjectStore
    index: FileIndex


class Planner:
    """Build plans and previews for one process."""

    def __init__(
        self,
        ctx: ModuleContext,
        roots: OwnerRootsSource,
        plans: Plans,
        known: Known,
        installation: FileOrganizerSettings,
    ) -> None:
        self._ctx = ctx
        self._roots = roots
        self._plans = plans
        self._known = known
        self._installation = installation

    def build(
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
            plan_id = self._plans.create(actor, root, into, options.stored())
        else:
            self._plans.restart(actor, plan_id)
        summary = summary or PlanSummary()
        with self._thinking(actor, root, into, options, plan_id) as (builder, collector, generator):
            for rows in builder.rows(plan_id, collector):
                self._plans.add_rows(actor, rows)
                if on_rows is not None:
                    on_rows(rows)
                if progress is not None:
                    progress(None, "Looking at files", collector.files_seen)
        summary.take(builder, collector, generator)
        self._plans.finish_building(actor, plan_id, summary.counts, summary.left_alone, notice=summary.notice)
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
        settings, installation = options.settings, self._installation
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
        if settings.learning and self._known.memory.knows_anything(actor):
            recall = lambda: self._known.memory.recall(actor)  # noqa: E731
        shelf = self._known.projects.shelf(actor, index, volume_id=into.root.volume_id, base=into.relpath)
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
                volumes=[r.volume_id for r in self._roots.for_actor(actor).roots if r.writable],
                ask_ai=generator.improve if generator is not None else None,
                ruling=self._ruling(actor, into, analyser, look_inside=settings.look_inside),
                name=self._namer(actor),
                project=shelf.offer,
            )
            yield builder, collector, generator

    def _purposes(self, actor: Actor, settings: OwnerSettings) -> DrivePurposes:
        """Return which drives draw which files."""
        known = self._known.drives.known(actor)
        drives = [(one.label, one.purpose, list(one.detail.get("volumes", []))) for one in known if one.purpose]
        if not drives:
            return DrivePurposes()
        return purposes_of(drives, self._roots.for_actor(actor).roots, settings.language)

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
            permissions=self._known.folder_rules.permissions(actor, send_content=settings.ai_send_content),
            place_of=lambda facts: (volume_id, (facts.path if facts.is_folder else facts.folder)[len(home) + 1 :]),
            subject=f"plans/{plan_id}" if plan_id else "",
        )

    def _ruling(self, actor: Actor, into: SafePath, analyser: Analyser, *, look_inside: bool) -> Ruling | None:
        """Return what asks the rules of the actor's space about a file; None where there are none."""
        return ruling(
            known_rules(self._known.rules.all(actor, enabled_only=True)),
            into,
            self._roots.for_actor(actor),
            analyser if look_inside else None,
            self._ctx.clock.now(),
            KnownCopies(self._known.index, self._roots, actor).is_copy,
        )

    def _namer(self, actor: Actor) -> Callable[[FileFacts, Suggestion], str] | None:
        """Return what names the files of a build; None while the owner wants no file renamed."""
        choices, rules = self._known.naming.get(actor), self._known.series.rules(actor)
        if not choices.anything and not any(rule.naming == PATTERN for rule in rules.values()):
            return None
        roots = self._roots.for_actor(actor)

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
