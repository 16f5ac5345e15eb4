"""One memory as it thinks: counts, ranking, weights and calibration together. Predict a batch, then learn it.

What is counted comes from the lessons that are stored one by one; what was tuned (weights and calibration) is one small
state beside them. Both together give the same predictions wherever they are loaded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from backend.file_organizer.memory.calibration import BINS, Calibrator
from backend.file_organizer.memory.experts import EXPERTS, NEW_EXPERTS, Asked
from backend.file_organizer.memory.learner import Example, Learner, Target
from backend.file_organizer.memory.ranking import SHIPPED, Ranking, Weights, adapt, rank_batch, score

RATE = 0.25
PULL = 0.01
TUNED_PER_BATCH = 100
"""Of a big batch only so many files tune the weights: the others say the same."""
VERSION = 1


@dataclass(frozen=True, slots=True)
class Place:
    """One folder with how likely it is (0..1, calibrated for the first)."""

    target: Target
    confidence: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """Where one file could go, the likeliest first; `new`: how likely none of the known folders fits (0..1)."""

    places: Sequence[Place]
    new: float

    @property
    def wants_new_folder(self) -> bool:
        """Tell whether a new folder is likelier than any known one."""
        return self.new >= 0.5


class DestinationModel:
    """Predict and learn. Not thread-safe: whoever shares one holds a lock."""

    def __init__(self, state: Mapping[str, Any] | None = None) -> None:
        self.learner = Learner()
        self.weights, self.calibrator = _load(state)

    def count(self, examples: Sequence[Example]) -> None:
        """Take lessons in that were learned before: only their counts, the tuning is in the state."""
        for example in examples:
            self.learner.learn(example)

    def predict(self, batch: Sequence[Asked], now: float = 0.0) -> list[Prediction]:
        """Return a prediction per file; files of one call are one session."""
        rankings = rank_batch(self.learner, batch, self.weights, now)
        curve = self.calibrator.curve()
        return [self._prediction(ranking, curve) for ranking in rankings]

    def learn(self, asked: Sequence[Asked], examples: Sequence[Example], now: float = 0.0) -> None:
        """Learn one batch: first see what was foreseen and tune by it, then count. `examples` pair with `asked`."""
        self.tune(self.tuned_by(asked, examples, now))
        self.count(examples)

    def tune(self, state: Mapping[str, Any] | None) -> None:
        """Take over a state."""
        self.weights, self.calibrator = _load(state)

    def tuned_by(self, asked: Sequence[Asked], examples: Sequence[Example], now: float = 0.0) -> dict[str, Any]:
        """Return the state after a batch, by what was foreseen of it; changes nothing here."""
        weights, calibrator = deepcopy(self.weights), deepcopy(self.calibrator)
        if self.learner.files:
            self._tune(weights, calibrator, asked, examples, now)
        return _state_of(weights, calibrator)

    def state(self) -> dict[str, Any]:
        """Return what was tuned, as JSON."""
        return _state_of(self.weights, self.calibrator)

    def _tune(
        self,
        weights: Weights,
        calibrator: Calibrator,
        asked: Sequence[Asked],
        examples: Sequence[Example],
        now: float,
    ) -> None:
        liked = [(a, e) for a, e in zip(asked, examples, strict=True) if e.yes > 0][:TUNED_PER_BATCH]
        truths = [self.learner.numbers.get(e.target) for _, e in liked]
        batch = [a for a, _ in liked]
        weight = 1.0 / math.sqrt(len(batch) or 1)  # eighty files of one burst are not eighty proofs
        # Calibration hears what was really said; the weights compare with the truth in any case.
        for ranking, truth in zip(rank_batch(self.learner, batch, weights, now), truths, strict=True):
            if ranking.choices:
                best = ranking.choices[0]
                calibrator.learn(best.share, best.number == truth, weight)
        for ranking, truth in zip(rank_batch(self.learner, batch, weights, now, truths), truths, strict=True):
            score(ranking, weights)
            adapt(weights, ranking, truth, RATE, PULL, SHIPPED)

    def _prediction(self, ranking: Ranking, curve: Sequence[float]) -> Prediction:
        choices = ranking.choices[:12]
        if not choices:
            return Prediction((), 1.0)
        best = choices[0].share
        sure = self.calibrator.confidence(best, curve)
        scale = min(1.0, sure / best) if best > 0 else 0.0
        folders = self.learner.folders
        places = [Place(folders[c.number].target, min(sure, c.share * scale)) for c in choices]
        places[0] = Place(places[0].target, sure)
        return Prediction(places, ranking.new)


def _state_of(weights: Weights, calibrator: Calibrator) -> dict[str, Any]:
    return {
        "version": VERSION,
        "experts": dict(zip(EXPERTS, _rounded(weights.known), strict=True)),
        "experts_seen": dict(zip(EXPERTS, _rounded(weights.known_seen), strict=True)),
        "new": dict(zip(NEW_EXPERTS, _rounded(weights.new), strict=True)),
        "new_seen": dict(zip(NEW_EXPERTS, _rounded(weights.new_seen), strict=True)),
        "seen": _rounded(calibrator.seen),
        "hits": _rounded(calibrator.hits),
    }


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 6) for value in values]


def _load(state: Mapping[str, Any] | None) -> tuple[Weights, Calibrator]:
    """Read a state; experts that it does not know start as shipped, what is not a number is left out."""
    weights = deepcopy(SHIPPED)
    calibrator = Calibrator()
    if not state or state.get("version") != VERSION:
        return weights, calibrator
    for names, values, key in (
        (EXPERTS, weights.known, "experts"),
        (EXPERTS, weights.known_seen, "experts_seen"),
        (NEW_EXPERTS, weights.new, "new"),
        (NEW_EXPERTS, weights.new_seen, "new_seen"),
    ):
        given = state.get(key, {})
        for place, name in enumerate(names):
            values[place] = _number(given.get(name), values[place])
    for key, values in (("seen", calibrator.seen), ("hits", calibrator.hits)):
        given = state.get(key, [])
        if isinstance(given, list) and len(given) == BINS:
            values[:] = [max(0.0, _number(value, 0.0)) for value in given]
    return weights, calibrator


def _number(value: Any, otherwise: float) -> float:
    """Return a finite number of reasonable size, or the other one."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6:
        return float(value)
    return otherwise
