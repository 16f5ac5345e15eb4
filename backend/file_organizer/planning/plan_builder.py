"""From a folder to the rows of a plan: collect, analyse, ask memory and rules (and an AI, where allowed), decide.

Pure thinking: nothing on disk changes, and the database is reached only through the two callables it is given. Rows
come out in batches, so that a plan over a million files needs no more memory than one over a thousand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.file_organizer.analysis.analyser import Analyser, media_of_folder
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.memory.view import MemoryView, Target, extra_signs, features_of
from backend.file_organizer.naming.namer import follow
from backend.file_organizer.planning.collector import Find, LeftAloneReport
from backend.file_organizer.planning.drive_purposes import DrivePurposes
from backend.file_organizer.planning.grouping import UnitKind
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.plan_models import ItemState
from backend.file_organizer.planning.scanner import LeftAlone
from backend.file_organizer.planning.suggestions import Source, Suggestion, date_template, folder_name, join
from backend.file_organizer.planning.taxonomy import fold
from backend.file_organizer.series.matching import best_match
from backend.sdk.files import SafePath, encode_path
from backend.sdk.finding import name_key
from backend.sdk.ids import NewId

BATCH = 2000
LOOK_INSIDE_BELOW = 0.75
TRUST_MEMORY_FROM = 0.6
_PROJECT_LEAD = 0.1
"""A project that a file names goes before a general place that is surer by no more than this."""
REASON_RULE = "one of your rules says so"
_UNIT_KINDS = {
    UnitKind.PROJECT: Kind.CODE,
    UnitKind.APP: Kind.INSTALLER,
    UnitKind.CAMERA: Kind.PICTURE,
    UnitKind.PHOTO_ALBUM: Kind.PICTURE,
    UnitKind.MUSIC_ALBUM: Kind.AUDIO,
    UnitKind.FILM: Kind.VIDEO,
}

Row = dict[str, Any]
Recall = Callable[[], MemoryView]
Ruling = Callable[[str, FileFacts, str], Suggestion | None]
"""Ask the rules of the household about a file: volume, facts, folder relative to it. None where no rule fits."""


@dataclass(slots=True)
class Thought:
    """A find with what is known and suggested about it, before it becomes rows."""

    find: Find
    facts: FileFacts
    features: tuple[str, ...]
    suggestion: Suggestion


@dataclass(slots=True)
class BuildCounts:
    """Count what a build found."""

    files: int = 0
    bytes: int = 0
    items: int = 0
    suggested: int = 0
    asking: int = 0
    in_place: int = 0
    by_category: dict[str, int] = field(default_factory=dict)


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
        self._new_id = new_id
        self._look_inside = look_inside
        self._recall = recall
        self._volumes = frozenset(volumes) | {into.root.volume_id}
        self._inside_only = inside_only
        self._owner_id = owner_id
        self._purposes = purposes
        self._name = name
        self._project = project
        self._series_keys: dict[str, str | None] = {}
        self._series_of: MemoryView | None = None
        self._ask_ai = ask_ai
        self._ruling = ruling
        self.left_by_rule = LeftAloneReport()
        self.counts = BuildCounts()
        self._seq = 0

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
            self._write(plan_id, thought, rows)
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
            one.suggestion = self._with_project(find, facts, one.suggestion)
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
        shipped = [self._look(find, facts) for find, facts in known]
        features = [self._features(find, facts) for find, facts in known]
        if not view:
            return [Thought(*k, f, s) for k, f, s in zip(known, features, shipped, strict=True)]
        asked = [
            (facts, signs, encode_path(self._relative(find.folder)))
            for (find, facts), signs in zip(known, features, strict=True)
        ]
        learned = view.suggest(asked, self._may_use)
        return [
            Thought(find, facts, signs, self._weigh(facts, signs, local, one, view))
            for (find, facts), signs, local, one in zip(known, features, shipped, learned, strict=True)
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
        features: tuple[str, ...],
        local: Suggestion,
        learned: Suggestion | None,
        view: MemoryView,
    ) -> Suggestion:
        """Return memory's suggestion or the rules', the other as an alternative."""
        refused = view.vetoed(features)
        learned = self._series(facts, view, refused) or learned
        _heed_refusals(local, facts, refused)
        if learned is None or not _prefer(learned, local):
            local.also(learned)
            return local
        if facts.oddity:
            learned.confidence, learned.reason = min(learned.confidence, 0.3), local.reason
        learned.category = local.category
        learned.also(local)
        return learned

    def _with_project(self, find: Find, facts: FileFacts, suggestion: Suggestion) -> Suggestion:
        """Offer the project that a file speaks of: first where it is surer, else beside what is suggested."""
        if self._project is None or find.unit is not None or facts.media is not None or facts.oddity:
            return suggestion
        project = self._project(facts)
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

    def _write(self, plan_id: str, thought: Thought, rows: list[Row]) -> None:
        """Turn one thought into the rows of its lead and companions."""
        find, facts, suggestion = thought.find, thought.facts, thought.suggestion
        folder = self._relative(find.folder)
        counts = self.counts
        group = find.group
        companions = len(group.companions) + len(group.folders) if group else 0
        counts.files += 1 + (len(group.companions) if group else 0)
        counts.bytes += facts.size
        if suggestion.op == "leave":
            self.left_by_rule.add(LeftAlone(facts.path, REASON_RULE))
            return
        if self._name is not None and suggestion.name is None and suggestion.op in ("move", "ask"):
            name = self._name(facts, suggestion)
            suggestion.name = name if name != facts.name else None
        stays = (suggestion.volume_id, suggestion.folder) == (self._root.root.volume_id, folder)
        if stays and suggestion.name in (None, facts.name) and suggestion.op != "trash":
            counts.in_place += 1 + companions
            return
        sure = suggestion.confidence >= self._threshold and suggestion.op != "ask"
        state = ItemState.SUGGESTED if sure else ItemState.ASKING
        target = encode_path(suggestion.folder)
        source = encode_path(folder)
        lead = self._row(plan_id, thought, source, target, state)
        if companions:
            lead["group_key"] = self._new_id()
        rows.append(lead)
        added = 1
        if group is not None and companions:
            added += self._write_companions(lead, find, rows, source, target)
        counts.items += added
        counts.by_category[suggestion.category] = counts.by_category.get(suggestion.category, 0) + added
        if state is ItemState.SUGGESTED:
            counts.suggested += added
        else:
            counts.asking += added

    def _row(self, plan_id: str, thought: Thought, source: str, target: str, state: ItemState) -> Row:
        """Return the row of a find's lead."""
        facts, suggestion = thought.facts, thought.suggestion
        name = encode_path(facts.name)
        new_name = encode_path(suggestion.name or facts.name)
        self._seq += 1
        return {
            "owner_id": self._owner_id,
            "id": self._new_id(),
            "plan_id": plan_id,
            "seq": self._seq,
            "group_key": None,
            "lead": True,
            "is_folder": facts.is_folder,
            "source_volume": self._root.root.volume_id,
            "source_path": f"{source}/{name}" if source else name,
            "source_folder": source,
            "name_key": name_key(name),
            "size": facts.size,
            "mtime_ns": facts.mtime_ns,
            "inode": facts.inode,
            "device": facts.device,
            "category": suggestion.category,
            "target_volume": suggestion.volume_id,
            "target_folder": target,
            "target_path": f"{target}/{new_name}" if target else new_name,
            "suggested_path": None,
            "confidence": round(suggestion.confidence, 4),
            "reason": encode_path(suggestion.reason),
            "source": suggestion.source.value,
            "oddity": facts.oddity,
            "alternatives": [
                {
                    "volume_id": a.volume_id,
                    "folder": encode_path(a.folder),
                    "confidence": round(a.confidence, 4),
                    "reason": encode_path(a.reason),
                }
                for a in suggestion.alternatives
            ],
            "features": "" if suggestion.op in ("copy", "trash") else "\n".join(_lasting(thought)),
            "op": suggestion.op if suggestion.op in ("copy", "trash") else "move",
            "state": state.value,
            "problem": None,
            "taught": False,
        }

    def _write_companions(self, lead: Row, find: Find, rows: list[Row], source: str, target: str) -> int:
        """Add the rows of what travels with a lead."""
        group = find.group
        if group is None:
            return 0
        reason = f"{group.reason[:1].upper()}{group.reason[1:]}." if group.reason else ""
        members: list[tuple[str, bool, int, int, int]] = [
            (e.name, False, e.size, e.mtime_ns, e.inode) for e in group.companions
        ]
        # A copy is of files only; what a folder holds stays where it is, with the original.
        for name in group.folders if lead["op"] != "copy" else ():
            try:
                status = os.lstat(f"{find.folder}/{name}")
            except OSError:
                continue
            members.append((name, True, 0, status.st_mtime_ns, status.st_ino))
        for name, is_folder, size, mtime_ns, inode in members:
            text = encode_path(name)
            new = _renamed_along(text, lead)
            self._seq += 1
            rows.append(
                lead
                | {
                    "id": self._new_id(),
                    "seq": self._seq,
                    "lead": False,
                    "is_folder": is_folder,
                    "source_path": f"{source}/{text}" if source else text,
                    "name_key": name_key(text),
                    "target_path": f"{target}/{new}" if target else new,
                    "size": size,
                    "mtime_ns": mtime_ns,
                    "inode": inode,
                    "reason": encode_path(reason),
                    "oddity": None,
                    "alternatives": [],
                    "features": "",
                }
            )
        return len(members)

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


def _renamed_along(name: str, lead: Row) -> str:
    """Return what a companion is called when its lead gets another name: the part they share changes with it."""
    old, new = (lead[key].rpartition("/")[2] for key in ("source_path", "target_path"))
    return follow(name, old, new)


def _prefer(learned: Suggestion, local: Suggestion) -> bool:
    """Tell whether memory decides: it is surer, or it knows this very thing and is sure enough."""
    if learned.confidence >= local.confidence:
        return True
    return learned.specific and learned.confidence >= TRUST_MEMORY_FROM


def _lasting(thought: Thought) -> list[str]:
    """Return the features that are stored with the item, with the series and the year that learning needs."""
    facts = thought.facts
    date = facts.filing_date()
    found = [*extra_signs(facts), f"_date:{date.year}-{date.month}"]
    if facts.media is not None and facts.media.kind == "episode":
        title = folder_name(facts.media.title)
        if title:
            found.append(f"_series:{facts.media.season if facts.media.season is not None else ''}:{title}")
    return found
