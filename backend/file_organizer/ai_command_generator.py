"""Ask an AI about files that memory and rules are unsure of; turn decisions into abstract operations.

The model can only choose: from the household's existing folders and from shipped places, both checked beforehand. It
sees short aliases, never a path or an id; what files say about themselves is data, and a file whose text speaks to
machines is not asked about at all. An answer outside the choices, a low confidence, or no answer at all leaves the
local suggestion as it was. Nothing leaves the house unless the owner switched AI on for this module (then the service
adds the household's own opt-in, redaction, budget and ledger), and nothing about folders that were closed to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.asking.descriptions import PlaceOf, describe, folder_choices, may_be_asked
from backend.file_organizer.asking.folder_rules import Openness, Permissions
from backend.file_organizer.asking.instructions import said_plainly
from backend.file_organizer.asking.notes import AiNotes
from backend.file_organizer.asking.tasks import SPOKEN, TASK, Filing, Filings
from backend.file_organizer.execution.operations import (
    Copy,
    Move,
    OnConflict,
    Operation,
    Rename,
    Seen,
    Trash,
)
from backend.file_organizer.planning.folder_index import FolderIndex
from backend.file_organizer.planning.local_engine import LocalEngine
from backend.file_organizer.planning.plan_rows import Thought
from backend.file_organizer.planning.plans import AcceptedItem
from backend.file_organizer.planning.suggestions import Source, Suggestion, join
from backend.file_organizer.settings import OwnerSettings
from backend.sdk.actor import Actor
from backend.sdk.ai import AiChoice, AiEstimate, AiItem, AiPayload, AiPreview, AiService
from backend.sdk.files import VolumePath

__all__ = ["TASK", "AiCommandGenerator", "Filing", "Filings", "operations_of"]

_CEILING = 0.88
"""An AI's word is never more certain than this: it cannot know what the household wants."""


class AiCommandGenerator:
    """Build the AI's question and read its answer for one plan. `index`: existing folders below the destination.

    `place_of` tells where a file lies (for the owner's rules about folders); `subject` names the plan in the record.
    """

    def __init__(
        self,
        ai: AiService,
        actor: Actor,
        engine: LocalEngine,
        index: FolderIndex,
        *,
        volume_id: str,
        base: str,
        settings: OwnerSettings,
        permissions: Permissions,
        place_of: PlaceOf,
        subject: str = "",
    ) -> None:
        self._ai = ai
        self._actor = actor
        self._volume = volume_id
        self._base = base
        self._subject = subject
        self._permissions = permissions
        self._place_of = place_of
        self._own_names = settings.ai_send_folders
        self._spoken = SPOKEN[settings.language]
        self._folders = folder_choices(
            engine,
            index,
            permissions,
            volume_id=volume_id,
            base=base,
            language=settings.language,
            own_names=settings.ai_send_folders,
        )
        self.notes = AiNotes()

    @property
    def notices(self) -> list[str]:
        """Return what people should know about the questions."""
        return self.notes.sentences()

    @property
    def asked(self) -> int:
        """Return how many files were asked about."""
        return self.notes.asked

    def improve(self, thoughts: list[Thought]) -> None:
        """Ask about these thoughts and take over each answer that is surer than what was known."""
        for thought, filing, model in self.answers(thoughts):
            self._take(thought, filing, model)

    def answers(
        self, thoughts: Sequence[Thought], refused: Mapping[int, Sequence[str]] | None = None
    ) -> Iterable[tuple[Thought, Filing, str]]:
        """Ask in batches; yield (thought, valid answer, model), at most one for each thought.

        `refused`: folders (below the destination) that a person rejected, by the thought's number.
        """
        payload, by_id = self._payload(thoughts, refused or {})
        for batch in payload.batches(TASK.max_items):
            answer = self._ai.run(self._actor, TASK, batch, local=lambda: Filings(filings=[]))
            self.notes.asked += len(batch.items) - answer.known_items
            self.notes.known += answer.known_items
            if answer.notice and answer.notice not in self.notes.notices:
                self.notes.notices.append(answer.notice)
            if answer.is_local:
                continue
            seen: set[str] = set()
            for filing in answer.value.filings:
                thought = by_id.get(filing.file)
                if thought is not None and filing.file not in seen and filing.folder in self._folders:
                    if filing.folder not in (refused or {}).get(int(filing.file), ()):
                        yield thought, filing, answer.model or answer.source.value
                    seen.add(filing.file)

    def may_name(self, volume_id: str, folder: str) -> bool:
        """Tell whether the AI may hear how a folder is called."""
        if not self._own_names:
            shipped = [join(self._base, label) for label in self._folders.values()]
            return volume_id == self._volume and folder in shipped
        return self._permissions.may_name(volume_id, folder)

    def below_base(self, places: Iterable[tuple[str, str]]) -> list[str]:
        """Return those of the places (volume, folder) that can be chosen, as folders below the destination."""
        wanted = set(places)
        return [folder for folder in self._folders if (self._volume, join(self._base, folder)) in wanted]

    def preview(self, thoughts: list[Thought]) -> AiPreview:
        """Return exactly what would be sent about the first batch of these thoughts; sends nothing."""
        payload, _ = self._payload(thoughts, {})
        first = next(iter(payload.batches(TASK.max_items)), payload)
        return self._ai.preview(self._actor, TASK, first)

    def estimate(self, thoughts: list[Thought]) -> AiEstimate:
        """Return what asking about all these thoughts would take; sends nothing."""
        payload, _ = self._payload(thoughts, {})
        return self._ai.estimate(self._actor, TASK, list(payload.batches(TASK.max_items)))

    def openness(self, facts: FileFacts) -> Openness:
        """Return what may be said about a file."""
        return self._permissions.of(*self._place_of(facts))

    def may_ask(self, facts: FileFacts) -> bool:
        """Tell whether a file may be asked about; counts why not."""
        openness = self.openness(facts)
        if openness is Openness.NOTHING:
            self.notes.private += 1
            return False
        if not may_be_asked(facts, openness):
            self.notes.speaking += 1
            return False
        return True

    def _payload(
        self, thoughts: Sequence[Thought], refused: Mapping[int, Sequence[str]]
    ) -> tuple[AiPayload, dict[str, Thought]]:
        """Describe the files that may be asked about by what a person would see, the folders by their names."""
        items: list[AiItem] = []
        by_id: dict[str, Thought] = {}
        for number, thought in enumerate(thoughts):
            if not self.may_ask(thought.facts):
                continue
            found = describe(thought.facts, self.openness(thought.facts))
            not_here = [self._folders[folder] for folder in refused.get(number, ()) if folder in self._folders]
            items.append(AiItem(str(number), found | ({"refused": not_here} if not_here else {})))
            by_id[str(number)] = thought
        choices = [AiChoice(folder, label) for folder, label in self._folders.items()]
        return AiPayload(items, {"folders": choices}, {"language": self._spoken}, subject=self._subject), by_id

    def suggestion(self, thought: Thought, filing: Filing, model: str) -> Suggestion:
        """Return the suggestion that an answer makes."""
        assert filing.folder is not None
        return Suggestion(
            self._volume,
            join(self._base, filing.folder),
            min(_CEILING, filing.confidence),
            f"{said_plainly(filing.reason)} (suggested by {model})".strip(),
            Source.AI,
            thought.suggestion.category,
        )

    def _take(self, thought: Thought, filing: Filing, model: str) -> None:
        """Let an answer replace a suggestion; the old one stays as an alternative."""
        old = thought.suggestion
        fresh = self.suggestion(thought, filing, model)
        if fresh.confidence > old.confidence:
            fresh.also(old)
            thought.suggestion = fresh


def operations_of(items: Iterable[AcceptedItem], conflict: OnConflict) -> list[Operation]:
    """Turn accepted items into abstract operations, each with the precondition that the scan saw."""
    return [_operation_of(item, conflict) for item in items]


def _operation_of(item: AcceptedItem, conflict: OnConflict) -> Operation:
    source = VolumePath.from_text(item.source_volume, item.source_path)
    seen = Seen.model_construct(
        dev=item.device,
        inode=item.inode,
        size=item.size,
        mtime_ns=item.mtime_ns,
        folder=item.is_folder,
        content_hash=None,
    )
    common: dict[str, Any] = {"id": item.id, "group": item.group_key, "source": source, "seen": seen}
    if item.op == "trash":
        return Trash.model_construct(op="trash", **common)
    target = VolumePath.from_text(item.target_volume, item.target_path)
    if item.op == "copy":
        return Copy.model_construct(op="copy", target=target, on_conflict=conflict, **common)
    if item.op == "move" and target.parent == source.parent and target != source:
        name = item.target_path.rpartition("/")[2]
        return Rename.model_construct(op="rename", name=name, on_conflict=conflict, **common)
    return Move.model_construct(op="move", target=target, on_conflict=conflict, **common)
