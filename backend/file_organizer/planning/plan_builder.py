"""From a folder to the rows of a plan: collect, analyse, ask memory and rules (and an AI, where allowed), decide.

Pure thinking: nothing on disk changes, and the database is reached only through the two callables it is given. Rows
come out in batches, so that a plan over a million files needs no more memory than one over a thousand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from backend.file_organizer.analysis.analyser import Analyser, media_of_folder
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.memory.view import MemoryView, Target, features_of
from backend.file_organizer.planning.collector import Find, LeftAloneReport
from backend.file_organizer.planning.drive_purposes import DrivePurposes
from backend.file_organizer.planning.grouping import UnitKind
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.plan_rows import BuildCounts, PlanRows, Row, Thought
from backend.file_organizer.planning.suggestions import Source, Suggestion, date_template, join
from backend.file_organizer.planning.taxonomy import fold
from backend.file_organizer.series.matching import best_match
from backend.sdk.files import SafePath, encode_path
from backend.sdk.ids import NewId

BATCH = 2000
LOOK_INSIDE_BELOW = 0.75
TRUST_MEMORY_FROM = 0.6
FITS_BELOW = 0.2
FITS_FROM = 0.4
"""Below this need for a new folder, a known folder goes before one that would have to be made, if it is that sure."""
_PROJECT_LEAD = 0.1
"""A project that a file names goes before a general place that is surer by no more than this."""
_UNIT_KINDS = {
    UnitKind.PROJECT: Kind.CODE,
    UnitKind.APP: Kind.INSTALLER,
    UnitKind.CAMERA: Kind.PICTURE,
    UnitKind.PHOTO_ALBUM: Kind.PICTURE,
    UnitKind.MUSIC_ALBUM: Kind.AUDIO,
    UnitKind.FILM: Kind.VIDEO,
}

Recall = Callable[[], MemoryView]
Ruling = Callable[[str, FileFacts, str], Suggestion | None]
"""Ask the rules of the household about a file: volume, facts, folder relative to it. None where no rule fits."""


class PlanBuilder:
    """Build the rows of one plan. `recall` reads memory for a batch; `ask_ai` may improve unsure thoughts in place."""

    def __init__(
        self,
        root: SafePath,
        into: SafePath,
        *,
        analyser: Analyser,
        engine: LocalEngine,
        threshold: float,
        new_id: NewId,
        look_inside: bool = True,
        recall: Recall | None = None,
        volumes: Sequence[str] = (),
        inside_only: bool = False,
        owner_id: str,
        purposes: DrivePurposes | None = None,
        name: Callable[[FileFacts, Suggestion], str] | None = None,
        project: Callable[[FileFacts], Suggestion | None] | None = None,
        ask_ai: Callable[[list[Thought]], None] | None = None,
        ruling: Ruling | None = None,
    ) -> None:
        self._root_abs = root.absolute
        self._root = root
        self._into = into
        self._analyser = analyser
        self._engine = engine
        self._threshold = threshold
        self._look_inside = look_inside
        self._recall = recall
        self._volumes = frozenset(volumes) | {into.root.volume_id}
        self._inside_only = inside_only
        self._purposes = purposes
        self._project = project
        self._series_keys: dict[str, str | None] = {}
        self._series_of: MemoryView | None = None
        self._there: dict[str, bool] = {}
        self._ask_ai = ask_ai
        self._ruling = ruling
        self._rows = PlanRows(
            owner_id=owner_id,
            volume_id=root.root.volume_id,
            threshold=threshold,
            new_id=new_id,
            relative=self._relative,
            name=name,
        )

    @property
    def counts(self) -> BuildCounts:
        """Return what was counted so far."""
        return self._rows.counts

    @property
    def left_by_rule(self) -> LeftAloneReport:
        """Return what rules of the household leave where it is."""
        return self._rows.left_by_rule

    def rows(self, plan_id: str, finds: Iterable[Find]) -> Iterator[list[Row]]:
        """Yield the plan's rows in batches of about `BATCH`."""
        waiting: list[Find] = []
        for find in finds:
            waiting.append(find)
            if len(waiting) >= BATCH:
                yield self._batch(plan_id, waiting)
                waiting = []
        if waiting:
            yield self._batch(plan_id, waiting)

    def unsure(self, finds: Iterable[Find], limit: int) -> list[Thought]:
        """Return the first thoughts below the threshold, as the AI would be asked about them."""
        found: list[Thought] = []
        view = self._recall() if self._recall is not None else MemoryView()
        for find in finds:
            facts = self._facts(find)
            if facts is None:
                continue
            (thought,) = self._think([(find, facts)], view)
            suggestion = thought.suggestion
            if suggestion.op == "move" and suggestion.confidence < self._threshold and not facts.oddity:
                found.append(thought)
                if len(found) >= limit:
                    break
        return found

    def _batch(self, plan_id: str, finds: list[Find]) -> list[Row]:
        """Think about a batch and write its rows."""
        known = [(find, facts) for find in finds if (facts := self._facts(find)) is not None]
        thoughts = self._think(known, self._recall() if self._recall is not None else MemoryView())
        if self._ask_ai is not None:
            below = [t for t in thoughts if t.suggestion.confidence < self._threshold and not t.facts.oddity]
            unsure = [t for t in below if t.suggestion.op == "move"]  # where a rule asks, a person is asked
            if unsure:
                self._ask_ai(unsure)
        rows: list[Row] = []
        for thought in thoughts:
            self._rows.write(plan_id, thought, rows)
        return rows

    def _facts(self, find: Find) -> FileFacts | None:
        """Return what is known about a find's lead."""
        if find.group is not None:
            return self._analyser.look(find.folder, find.device, find.group.lead)
        unit = find.unit
        if unit is None:
            return None
        facts = self._analyser.look_at_folder(find.folder, find.name, find.device, _UNIT_KINDS[unit])
        if facts is not None and unit is UnitKind.FILM:
            facts.media = media_of_folder(find.name)
        return facts

    def _think(self, known: Sequence[tuple[Find, FileFacts]], view: MemoryView) -> list[Thought]:
        """Let rules of the household decide; think only where none does, or where one says that a person is asked."""
        ruled = [self._ruled(find, facts) for find, facts in known]
        open_ = [pair for pair, rule in zip(known, ruled, strict=True) if rule is None or rule.op == "ask"]
        thought = iter(self._weigh_all(open_, view))
        found = []
        for (find, facts), rule in zip(known, ruled, strict=True):
            if rule is not None and rule.op != "ask":
                found.append(Thought(find, facts, self._features(find, facts), rule))
                continue
            one = next(thought)
            if rule is not None:
                one.suggestion.op, one.suggestion.reason = "ask", f"{rule.reason} {one.suggestion.reason}"
            found.append(one)
        return found

    def _ruled(self, find: Find, facts: FileFacts) -> Suggestion | None:
        """Return what a rule of the household says."""
        if self._ruling is None or find.unit is not None:
            return None
        return self._ruling(self._root.root.volume_id, facts, self._relative(find.folder))

    def _features(self, find: Find, facts: FileFacts) -> tuple[str, ...]:
        return features_of(facts, encode_path(self._relative(find.folder)))

    def _weigh_all(self, known: Sequence[tuple[Find, FileFacts]], view: MemoryView) -> list[Thought]:
        """Weigh memory against the shipped rules, for a batch: memory looks at what lies together."""
        found = [self._look(find, facts) for find, facts in known]
        offers = [self._offered(find, facts) for find, facts in known]
        features = [self._features(find, facts) for find, facts in known]
        if view:
            asked = [
                (facts, signs, encode_path(self._relative(find.folder)))
                for (find, facts), signs in zip(known, features, strict=True)
            ]
            learned = view.suggest(asked, self._may_use)
            for at, (_, facts) in enumerate(known):
                refused = view.vetoed(features[at])
                found[at] = self._weigh(facts, found[at], learned[at], view, refused)
                if (offer := offers[at]) is not None:
                    _heed_refusals(offer, facts, refused)
        return [
            Thought(*pair, signs, self._with_project(offer, suggestion))
            for pair, signs, offer, suggestion in zip(known, features, offers, found, strict=True)
        ]

    def _look(self, find: Find, facts: FileFacts) -> Suggestion:
        """Ask the shipped rules; read the inside only of files that are still unclear."""
        local = self._local(find, facts)
        if (
            local.confidence < LOOK_INSIDE_BELOW
            and self._look_inside
            and find.unit is None
            and self._analyser.can_look_inside(facts)
        ):
            self._analyser.look_inside(facts)
            local = self._local(find, facts)
        return self._on_its_drive(local, find, facts)

    def _weigh(
        self,
        facts: FileFacts,
        local: Suggestion,
        learned: Suggestion | None,
        view: MemoryView,
        refused: frozenset[Target],
    ) -> Suggestion:
        """Return memory's suggestion or the rules', the other as an alternative."""
        learned = self._series(facts, view, refused) or learned
        _heed_refusals(local, facts, refused)
        if learned is None or not self._prefer(learned, local):
            local.also(learned)
            return local
        if facts.oddity:
            learned.confidence, learned.reason = min(learned.confidence, 0.3), local.reason
        learned.category = local.category
        learned.also(local)
        return learned

    def _prefer(self, learned: Suggestion, local: Suggestion) -> bool:
        """Tell whether memory decides: it is surer, or it knows this very thing and is sure enough.

        A folder that is not there yet is proposed only where memory sees that none of the known ones fits.
        """
        if learned.specific and learned.confidence >= TRUST_MEMORY_FROM:
            return True
        if self._is_there(local):
            return learned.confidence >= local.confidence
        if learned.needs_new >= 0.5:
            return False
        return learned.confidence >= (local.confidence if learned.needs_new > FITS_BELOW else FITS_FROM)

    def _is_there(self, suggestion: Suggestion) -> bool:
        """Tell whether the suggested folder exists, asked once per folder; one on another drive is taken to exist."""
        if suggestion.volume_id != self._into.root.volume_id:
            return True
        folder = suggestion.folder
        if folder not in self._there:
            self._there[folder] = os.path.isdir(os.path.join(self._into.root.path, folder))
        return self._there[folder]

    def _offered(self, find: Find, facts: FileFacts) -> Suggestion | None:
        """Return the place in a project that a file speaks of. Memory is asked later: the project is a sign to it."""
        if self._project is None or find.unit is not None or facts.media is not None or facts.oddity:
            return None
        return self._project(facts)

    def _with_project(self, project: Suggestion | None, suggestion: Suggestion) -> Suggestion:
        """Offer the project that a file speaks of: first where it is surer, else beside what is suggested."""
        if project is None or not self._may_use((project.volume_id, project.folder), True):
            return suggestion
        if suggestion.source is Source.MEMORY and suggestion.specific:
            suggestion.also(project)
            return suggestion
        if suggestion.confidence - project.confidence > _PROJECT_LEAD:
            suggestion.also(project)
            return suggestion
        project.also(suggestion)
        for other in suggestion.alternatives:
            project.also(other)
        return project

    def _local(self, find: Find, facts: FileFacts, engine: LocalEngine | None = None) -> Suggestion:
        """Ask the rules."""
        engine = engine or self._engine
        if find.unit is not None:
            suggestion = engine.suggest_unit(facts, find.unit)
            if suggestion is not None:
                return suggestion
        return engine.suggest(facts)

    def _on_its_drive(self, local: Suggestion, find: Find, facts: FileFacts) -> Suggestion:
        """Draw what the rules suggest to the drive that is for such files, unless the destination was named."""
        if not self._purposes or self._inside_only or facts.oddity:
            return local
        at = self._root.root.volume_id
        return self._purposes.steer(local, facts.size, lambda engine: self._local(find, facts, engine), at)

    def _may_use(self, target: Target, taught: bool) -> bool:
        """Tell whether memory may lead to a folder: inside the destination always, elsewhere only what was taught."""
        volume_id, folder = target
        base = self._into.relpath
        if volume_id == self._into.root.volume_id and (not base or f"{folder}/".startswith(base + "/")):
            return True
        return taught and not self._inside_only and volume_id in self._volumes

    def _series(self, facts: FileFacts, view: MemoryView, refused: frozenset[tuple[str, str]]) -> Suggestion | None:
        """Suggest where this household keeps the series that an episode belongs to."""
        media = facts.media
        if media is None or media.kind != "episode":
            return None
        key = self._series_key(media.title, view)
        if key is None:
            return None
        known = view.series[key]
        volume_id, folder, style, taught = known
        if not self._may_use((volume_id, folder), taught):
            return None
        season = (
            style.replace("{n:02d}", f"{media.season:02d}").replace("{n}", str(media.season))
            if (media.season is not None)
            else ""
        )
        folder = join(folder, season)
        if (volume_id, folder) in refused or (volume_id, date_template(folder, facts.filing_date())) in refused:
            return None
        reason = f"You keep the series '{media.title}' there."
        return Suggestion(volume_id, folder, 0.95, reason, Source.MEMORY, "series", specific=True)

    def _series_key(self, title: str, view: MemoryView) -> str | None:
        """Return the key of a series in memory, however the title is written ("The Office (US)", "Office US")."""
        if self._series_of is not view:
            self._series_of, self._series_keys = view, {}
        if title not in self._series_keys:
            key = fold(title)[:200]
            self._series_keys[title] = key if key in view.series else best_match(title, view.series)
        return self._series_keys[title]

    def _relative(self, folder: str) -> str:
        """Return an absolute folder relative to its volume's root."""
        rest = folder[len(self._root_abs) :].lstrip("/")
        return join(self._root.relpath, rest)


def _heed_refusals(local: Suggestion, facts: FileFacts, refused: frozenset[tuple[str, str]]) -> None:
    """Make a rule unsure where a person refused the same for a similar file."""
    template = date_template(local.folder, facts.filing_date())
    if (local.volume_id, local.folder) in refused or (local.volume_id, template) in refused:
        local.confidence = min(local.confidence, 0.25)
        local.reason = f"You did not want a similar file in {local.folder or '/'}. {local.reason}"
