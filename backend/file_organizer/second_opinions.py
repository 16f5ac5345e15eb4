"""Second opinions about suggestions: why a file should go there, and where else after a person said no.

Both work offline: "why" answers with Homie's own evidence, "another idea" with its next best. An AI is asked where the
owner switched it on and the file's folder is open to it; it chooses among facts and folders that are offered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from backend.file_organizer.ai_command_generator import AiCommandGenerator
from backend.file_organizer.analysis.analyser import Analyser
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.analysis.reader import DocumentReader
from backend.file_organizer.asking.descriptions import describe
from backend.file_organizer.asking.folder_rules import Openness
from backend.file_organizer.asking.instructions import said_plainly, speaks_to_machines
from backend.file_organizer.asking.tasks import SPOKEN, WHY, Whys
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planning.collector import Find
from backend.file_organizer.planning.decisions import Proposal
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.plan_models import ItemState, Plan, PlanItem
from backend.file_organizer.planning.plan_rows import Thought
from backend.file_organizer.planning.scanner import FileEntry
from backend.file_organizer.planning.suggestions import Source, Suggestion
from backend.file_organizer.settings import Language, OwnerSettings
from backend.sdk.actor import Actor
from backend.sdk.ai import AiChoice, AiItem, AiPayload
from backend.sdk.files import OwnerRoots, SafePath, VolumePath, decode_path, encode_path
from backend.sdk.module import ModuleContext

_WAITING = (ItemState.REJECTED.value, ItemState.SUGGESTED.value, ItemState.ASKING.value)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Say why a file should go where it is to go. `sentence`: the AI's words, "" where Homie answered by itself.

    `points`: Homie's own evidence; those that the AI chose come first. `by`: "ai" or "local".
    """

    by: str
    points: Sequence[str]
    sentence: str = ""
    model: str | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class NoTo:
    """Name an item and the folder that a person does not want for it, as it was when they said so."""

    item_id: str
    volume_id: str
    folder: str


@dataclass(slots=True)
class Ideas:
    """Say what became of a request for other ideas, by item id; `by_ai` counts those that the AI had."""

    found: list[str] = field(default_factory=list)
    none: list[str] = field(default_factory=list)
    by_ai: int = 0
    notice: str = ""


@dataclass(frozen=True, slots=True)
class _Desk:
    """Hold what thinking about a plan's items takes."""

    plan: Plan
    settings: OwnerSettings
    roots: OwnerRoots
    analyser: Analyser
    engine: LocalEngine
    generator: AiCommandGenerator
    into: SafePath


class SecondOpinions:
    """Answer "why?" and "where else?" about the items of plans."""

    def __init__(self, organizer: Organizer, ctx: ModuleContext) -> None:
        self._organizer = organizer
        self._ctx = ctx

    # ------------------------------------------------------------------ why

    def explain(self, actor: Actor, plan_id: str, item_id: str, language: Language) -> Explanation:
        """Return why an item should go where it is to go; asks the AI where that is allowed."""
        item = self._organizer.plans.item(actor, plan_id, item_id)
        with self._desk(actor, plan_id) as desk:
            facts = self._facts(desk, item)
            evidence = _evidence(item, facts)
            if not desk.settings.ai_enabled or facts is None:
                return Explanation("local", [text for text, _ in evidence])
            return self._asked_why(actor, desk, item, facts, evidence, language)

    def _asked_why(
        self,
        actor: Actor,
        desk: _Desk,
        item: PlanItem,
        facts: FileFacts,
        evidence: list[tuple[str, Openness]],
        language: Language,
    ) -> Explanation:
        local = [text for text, _ in evidence]
        openness = desk.generator.openness(facts)
        folder = decode_path(item.target_folder)
        if not desk.generator.may_ask(facts) or not desk.generator.may_name(item.target_volume, folder):
            return Explanation("local", local, notice=" ".join(desk.generator.notices))
        sayable = [text for text, least in evidence if openness is Openness.CONTENT or least is Openness.NAMES]
        choices = [AiChoice(text, text) for text in dict.fromkeys(sayable) if not speaks_to_machines([text])]
        payload = AiPayload(
            [AiItem(item.id, describe(facts, openness))],
            {"facts": choices},
            {"folder": item.target_folder, "language": SPOKEN[language]},
            subject=f"plans/{desk.plan.id}",
        )
        answer = self._ctx.ai.run(actor, WHY, payload, local=lambda: Whys(whys=[]))
        if answer.is_local or not answer.value.whys:
            return Explanation("local", local, notice=answer.notice or "")
        why = answer.value.whys[0]
        chosen = list(dict.fromkeys(why.because))
        points = chosen + [text for text in local if text not in chosen]
        return Explanation("ai", points, said_plainly(why.sentence, 240), answer.model)

    # ------------------------------------------------------------------ where else

    def other_ideas(self, actor: Actor, plan_id: str, refusals: Sequence[NoTo]) -> Ideas:
        """Look for another folder for each item whose present one was refused; the answers wait for a decision.

        Asks the AI about all of them at once where that is allowed; an item that it has no (new) answer for gets
        Homie's own next best. Where there is none either, the item stays as it is.
        """
        ideas = Ideas()
        plans = self._organizer.plans
        with self._desk(actor, plan_id) as desk:
            items = [item for no in refusals if (item := self._still_refused(actor, plan_id, no)) is not None]
            refused = [_refused(item) for item in items]
            facts = [self._facts(desk, item) for item in items]
            found: list[Suggestion | None] = [None] * len(items)
            if desk.settings.ai_enabled:
                self._ask_elsewhere(desk, items, facts, refused, found)
                ideas.by_ai = sum(one is not None for one in found)
                ideas.notice = " ".join(desk.generator.notices)
            proposals = []
            for item, known, noes, suggestion in zip(items, facts, refused, found, strict=True):
                suggestion = suggestion or _next_best(desk, item, known, noes)
                if suggestion is None:
                    ideas.none.append(item.id)
                    continue
                for other in _as_suggestion(item).alternatives:
                    if (other.volume_id, other.folder) not in noes:
                        suggestion.also(other)
                proposals.append(Proposal(item.id, suggestion))
                ideas.found.append(item.id)
        if proposals:
            plans.propose(actor, plan_id, proposals)
        return ideas

    def _still_refused(self, actor: Actor, plan_id: str, no: NoTo) -> PlanItem | None:
        """Return the item, unless it was decided or got another idea since (also by an attempt that was killed)."""
        item = self._organizer.plans.item(actor, plan_id, no.item_id)
        same = (item.target_volume, item.target_folder) == (no.volume_id, no.folder)
        return item if same and item.lead and item.state in _WAITING else None

    @staticmethod
    def _ask_elsewhere(
        desk: _Desk,
        items: Sequence[PlanItem],
        facts: Sequence[FileFacts | None],
        refused: Sequence[frozenset[tuple[str, str]]],
        found: list[Suggestion | None],
    ) -> None:
        thoughts: list[Thought] = []
        numbers: list[int] = []
        not_here: dict[int, list[str]] = {}
        for number, (item, known) in enumerate(zip(items, facts, strict=True)):
            if known is not None:
                not_here[len(thoughts)] = desk.generator.below_base(refused[number])
                thoughts.append(Thought(Find(known.folder, known.device, known.name), known, (), _as_suggestion(item)))
                numbers.append(number)
        at = {id(thought): number for thought, number in zip(thoughts, numbers, strict=True)}
        for thought, filing, model in desk.generator.answers(thoughts, not_here):
            suggestion = desk.generator.suggestion(thought, filing, model)
            number = at[id(thought)]
            if (suggestion.volume_id, suggestion.folder) not in refused[number]:
                found[number] = suggestion

    # ------------------------------------------------------------------ the desk

    @contextmanager
    def _desk(self, actor: Actor, plan_id: str) -> Iterator[_Desk]:
        organizer = self._organizer
        plan = organizer.plans.get(actor, plan_id)
        settings, installation = organizer.settings.get(actor), organizer.installation
        roots = organizer.roots.for_actor(actor)
        root = roots.locate(VolumePath.from_text(plan.root_volume, plan.root_path), folder=True)
        into = roots.locate(VolumePath.from_text(plan.into_volume, plan.into_path), folder=True)
        index = FolderIndex(into.absolute)
        engine = LocalEngine(index, volume_id=into.root.volume_id, base=into.relpath, language=settings.language)
        with DocumentReader(
            seconds=installation.reader_seconds,
            memory_mb=installation.reader_memory_mb,
            max_chars=installation.max_text_chars,
        ) as reader:
            analyser = Analyser(reader, this_year=self._ctx.clock.now().year)
            generator = organizer.planner.ai_generator(actor, root, into, settings, engine, index, plan_id)
            yield _Desk(plan, settings, roots, analyser, engine, generator, into)

    def _facts(self, desk: _Desk, item: PlanItem) -> FileFacts | None:
        """Look at an item's file again; None while its drive is away, or when it changed or went."""
        root = desk.roots.root(item.source_volume)
        if root is None or not root.online:
            return None
        path = SafePath(root, decode_path(item.source_path)).absolute
        folder, _, name = path.rpartition("/")
        if item.is_folder:
            return desk.analyser.look_at_folder(folder, name, item.device, Kind.UNKNOWN)
        try:
            status = os.lstat(path)
        except OSError:
            return None
        if (status.st_ino, status.st_size, status.st_mtime_ns) != (item.inode, item.size, item.mtime_ns):
            return None
        entry = FileEntry(name, status.st_size, status.st_mtime_ns, status.st_ino)
        facts = desk.analyser.look(folder, status.st_dev, entry)
        if desk.settings.look_inside and desk.analyser.can_look_inside(facts):
            desk.analyser.look_inside(facts)
        return facts


def _as_suggestion(item: PlanItem) -> Suggestion:
    """Return what an item suggests now, with its alternatives."""
    suggestion = Suggestion(
        item.target_volume,
        decode_path(item.target_folder),
        0.0,
        decode_path(item.reason),
        Source(item.source),
        item.category,
    )
    for one in item.alternatives:
        other = Suggestion(
            one["volume_id"],
            decode_path(one["folder"]),
            float(one["confidence"]),
            decode_path(one["reason"]),
            Source.RULES,
            item.category,
        )
        suggestion.also(other)
    return suggestion


def _refused(item: PlanItem) -> frozenset[tuple[str, str]]:
    """Return the places that a person did not want for an item, the present one included."""
    noes = {(one["volume_id"], decode_path(one["folder"])) for one in item.refused}
    return frozenset(noes | {(item.target_volume, decode_path(item.target_folder))})


def _next_best(
    desk: _Desk, item: PlanItem, facts: FileFacts | None, noes: frozenset[tuple[str, str]]
) -> Suggestion | None:
    """Return Homie's own next idea: an alternative that was not refused, else what the rules say."""
    for other in _as_suggestion(item).alternatives:
        if (other.volume_id, other.folder) not in noes:
            return Suggestion(
                other.volume_id, other.folder, other.confidence, other.reason, Source.RULES, item.category
            )
    if facts is None or item.is_folder:
        return None
    found = desk.engine.suggest(facts)
    return found if (found.volume_id, found.folder) not in noes else None


def _evidence(item: PlanItem, facts: FileFacts | None) -> list[tuple[str, Openness]]:
    """Return Homie's own evidence, each with the least that must be allowed before an AI may hear it."""
    learned = item.source == Source.MEMORY.value
    found: list[tuple[str, Openness]] = []
    for sentence in decode_path(item.reason).replace(". ", ".\n").split("\n"):
        if sentence.strip(" ."):
            found.append((sentence.strip(), Openness.CONTENT))
    if facts is None:
        return found
    if facts.paper_word and facts.paper_from == "name":
        found.append((f"The word '{facts.paper_word}' is in its name.", Openness.NAMES))
    elif facts.paper_word:
        found.append((f"The word '{facts.paper_word}' is in the document.", Openness.CONTENT))
    date = facts.filing_date()
    source = facts.date_source
    if source == "exif":
        found.append((f"It was taken in {date.year}.", Openness.NAMES))
    elif source == "name":
        found.append((f"The year {date.year} is in its name.", Openness.NAMES))
    elif source == "document":
        found.append((f"The document is from {date.year}.", Openness.CONTENT))
    else:
        found.append((f"It was last changed in {date.year}.", Openness.NAMES))
    if facts.camera:
        found.append((f"It was taken with {encode_path(facts.camera)[:60]}.", Openness.CONTENT))
    if facts.members:
        shown = ", ".join(member.rpartition("/")[2][:40] for member in facts.members[:3])
        found.append((f"Inside are {shown}.", Openness.NAMES))
    if not learned:
        found.append(("Homie has not learned from you yet where such files go.", Openness.NAMES))
    return found
