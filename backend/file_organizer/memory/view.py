"""The memory of one batch of files, as the planning sees it: suggestions with evidence and alternatives, and vetoes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.memory.evidence import evidence_for, is_telling, sentence
from backend.file_organizer.memory.learner import Target
from backend.file_organizer.memory.model import DestinationModel, Prediction
from backend.file_organizer.memory.ranking import Asked
from backend.file_organizer.memory.signs import TELLING, signs_of, signs_of_name
from backend.file_organizer.planning.suggestions import Alternative, Source, Suggestion, fill_date
from backend.sdk.concurrency import native_lock
from backend.sdk.files import decode_path, encode_path

__all__ = ["MemoryView", "Target", "extra_signs", "features_of"]

MayUse = Callable[[Target, bool], bool]
"""Tell whether a folder (path form) may be suggested; the flag says that a person taught it for this very thing."""
_VETO = {"name": 0.0, "word": 0.0, "camera": 0.0, "paper": 0.0, "series": 0.0, "sender": 1.5, "project": 1.5}
"""Families of signs that bar a folder, and how many (fading) noes it takes more than: a second one where a sender or a
project is meant, for one refused paper of a shop says little of its others."""
_ASKED_AT_ONCE = 500


def features_of(facts: FileFacts, source_folder: str | None = None) -> tuple[str, ...]:
    """Return the signs by which memory knows a file; `source_folder`: where it lies, in text form."""
    return signs_of(facts, source_folder)


def extra_signs(facts: FileFacts) -> tuple[str, ...]:
    """Return the signs that the name alone does not give: what is stored with a plan's item."""
    known = set(signs_of_name(facts.name))
    return tuple(sign for sign in signs_of(facts) if sign not in known)


@dataclass(slots=True)
class MemoryView:
    """What was learned, for one plan; suggesting never touches the database.

    `now`: Unix seconds. Folders outside are in path form, the model's in text form.
    """

    model: DestinationModel = field(default_factory=DestinationModel)
    series: Mapping[str, tuple[str, str, str, bool]] = field(default_factory=dict)
    now: float = 0.0
    lock: threading.Lock = field(default_factory=native_lock)
    """Held while the model is read: the process shares it, and it follows what is learned meanwhile."""

    def __bool__(self) -> bool:
        return bool(self.model.learner.folders or self.series)

    def suggest(
        self, batch: Sequence[tuple[FileFacts, Sequence[str], str]], may_use: MayUse
    ) -> list[Suggestion | None]:
        """Return where memory would put each file of a batch, with alternatives; None where it knows nothing.

        `batch`: facts, signs, and the folder that the file lies in (text form).
        """
        found: list[Suggestion | None] = []
        for start in range(0, len(batch), _ASKED_AT_ONCE):
            some = batch[start : start + _ASKED_AT_ONCE]
            asked = [Asked(signs, source) for _, signs, source in some]
            with self.lock:
                predictions = self.model.predict(asked, self.now)
                for (facts, signs, _), prediction in zip(some, predictions, strict=True):
                    found.append(self._suggestion(facts, signs, prediction, may_use))
        return found

    def vetoed(self, signs: Iterable[str]) -> frozenset[Target]:
        """Return the folders (path form) where files with these signs were refused more than accepted."""
        with self.lock:
            refused = self._refused(signs)
        return frozenset((volume, decode_path(folder)) for volume, folder in refused)

    def _refused(self, signs: Iterable[str]) -> frozenset[Target]:
        learner = self.model.learner
        return frozenset(
            learner.folders[number].target
            for sign in signs
            if (least := _VETO.get(sign.split(":", 1)[0])) is not None
            for number, cell in learner.cells.get(sign, {}).items()
            if cell.against > max(cell.weight, least * learner.scale)
        )

    def _suggestion(
        self, facts: FileFacts, signs: Sequence[str], prediction: Prediction, may_use: MayUse
    ) -> Suggestion | None:
        """Turn a prediction into a suggestion and its alternatives; what may not be used falls out."""
        date, refused = facts.filing_date(), self._refused(signs)
        choices: list[Alternative] = []
        first: Target | None = None
        for place in prediction.places:
            volume_id, text = place.target
            folder = decode_path(text)
            telling = self._taught(signs, place.target, by_hand=True)
            if place.target in refused or not may_use((volume_id, folder), telling):
                continue
            filled = fill_date(folder, date)
            reasons = evidence_for(self.model.learner, signs, place.target, limit=1)
            if not reasons:
                continue
            first = first or place.target
            reason = sentence(reasons[0], facts.stem, encode_path(filled))
            choices.append(Alternative(volume_id, filled, place.confidence, decode_path(reason)))
            if len(choices) >= 6:
                break
        if first is None:
            return None
        best = choices[0]
        category = facts.paper.value if facts.paper else facts.kind.value
        suggestion = Suggestion(best.volume_id, best.folder, best.confidence, best.reason, Source.MEMORY, category)
        suggestion.needs_new = prediction.new
        suggestion.specific = self._taught(signs, first, by_hand=False)
        for choice in choices[1:]:
            suggestion.also(choice)
        return suggestion

    def _taught(self, signs: Sequence[str], target: Target, *, by_hand: bool) -> bool:
        """Tell whether memory knows this very thing (a word, a camera) for a folder, or only by hand."""
        learner = self.model.learner
        number = learner.numbers.get(target)
        for sign in signs:
            if number is not None and sign.split(":", 1)[0] in TELLING | {"paper"}:
                cell = learner.cells.get(sign, {}).get(number)
                if cell is not None and is_telling(cell) and (cell.taught > 0 or not by_hand):
                    return True
        return False
