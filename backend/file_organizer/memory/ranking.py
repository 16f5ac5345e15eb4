"""Compare the folders that a file could go to: a conditional logit (McFadden 1974) over what the experts say.

Each expert (`experts.py`) looks at (file, folder) and gives a number. "A new folder is needed" is one more candidate,
with experts of its own. The weights start from shipped ones and follow the owner's decisions (AdaGrad, Duchi et al.
2011, on the log loss of each decision before it is learned).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from backend.file_organizer.memory.experts import EXPERTS, NEW_EXPERTS, Asked, Look
from backend.file_organizer.memory.learner import Learner

__all__ = ["SHIPPED", "Asked", "Choice", "Ranking", "Weights", "adapt", "rank_batch", "score"]

PEERS, LIKES, NEW_PEERS = EXPERTS.index("peers"), EXPERTS.index("likes"), NEW_EXPERTS.index("peers")
_PEERS_SEEN = 8

KNOWN_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "bayes": 0.3,
        "nearest": 0.3,
        "votes": 0.9,
        "leaf": 1.3,
        "way": 0.5,
        "usual": 0.05,
        "type": 0.5,
        "shape": 0.3,
        "pair": 0.2,
        "session": 1.2,
        "recent": 0.3,
        "from": 0.5,
        "strong": 0.4,
        "subject": 0.8,
        "empty": -1.0,
        "refused": -3.0,
        "fresh": 0.2,
        "lately": 0.35,
        "branch": 0.3,
        "ending": 0.3,
        "day": 0.5,
        "fits": 1.3,
        "peers": 1.8,
        "likes": 1.2,
    }
)
NEW_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"bias": -0.5, "rate": 0.6, "unlike": 0.2, "unnamed": 0.4, "peers": 1.0}
)
"""Round numbers by hand: two people's filing was looked at, and a change of half of any moves little (ADR 0140)."""


@dataclass(slots=True)
class Choice:
    """One folder with the experts' numbers, and the probability that they add up to."""

    number: int
    numbers: list[float]
    share: float = 0.0


@dataclass(slots=True)
class Ranking:
    """Candidates, the best first; `new`: the probability that none of the known folders fits."""

    choices: list[Choice]
    new_numbers: list[float]
    new: float = 0.0


@dataclass(slots=True)
class Weights:
    """How much each expert counts; learned per owner, from shipped values. `..._seen`: AdaGrad's sums of squares."""

    known: list[float]
    new: list[float]
    known_seen: list[float] = field(default_factory=list)
    new_seen: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known_seen = self.known_seen or [1.0] * len(self.known)
        self.new_seen = self.new_seen or [1.0] * len(self.new)


SHIPPED = Weights(
    [KNOWN_WEIGHTS.get(name, 0.0) for name in EXPERTS], [NEW_WEIGHTS.get(name, 0.0) for name in NEW_EXPERTS]
)


def rank_batch(
    learner: Learner, batch: Sequence[Asked], weights: Weights, now: float = 0.0, must: Sequence[int | None] = ()
) -> list[Ranking]:
    """Rank files that belong to one session; each may lean on what the others look like.

    `must`: per file, a folder that is compared in any case (for learning).
    """
    found = []
    for place, asked in enumerate(batch):
        look = Look(learner, asked, now)
        candidates = look.candidates(must[place] if must else None)
        look.compare_words(candidates)
        choices = [Choice(n, look.numbers(learner.folders[n])) for n in candidates]
        ranking = Ranking(choices, look.new_numbers([c.numbers for c in choices]))
        score(ranking, weights)
        found.append(ranking)
    if len(batch) > 1:
        _ask_peers(batch, found)
        for ranking in found:
            score(ranking, weights)
    return found


def _ask_peers(batch: Sequence[Asked], found: Sequence[Ranking]) -> None:
    """Let each file hear where the others of its batch would go: all of them, and those with the same words."""
    everywhere: dict[int, float] = {}
    by_sign: dict[str, dict[int, float]] = {}
    counts: dict[str, int] = {}
    fresh = sum(r.new for r in found)
    for one, ranking in zip(batch, found, strict=True):
        signs = [s for s in one.signs if s.startswith(("word:", "from:"))]
        for choice in ranking.choices[:_PEERS_SEEN]:
            everywhere[choice.number] = everywhere.get(choice.number, 0.0) + choice.share
            for sign in signs:
                row = by_sign.setdefault(sign, {})
                row[choice.number] = row.get(choice.number, 0.0) + choice.share
        for sign in signs:
            counts[sign] = counts.get(sign, 0) + 1
    others = len(batch) - 1  # one more below: a single neighbour of another kind decides nothing
    for one, ranking in zip(batch, found, strict=True):
        signs = [s for s in one.signs if s.startswith(("word:", "from:")) and counts[s] > 1]
        ranking.new_numbers[NEW_PEERS] = (fresh - ranking.new) / others
        for place, choice in enumerate(ranking.choices):
            own = choice.share if place < _PEERS_SEEN else 0.0
            choice.numbers[PEERS] = max(0.0, everywhere.get(choice.number, 0.0) - own) / (others + 1)
            if signs:
                total = sum(max(0.0, by_sign[s].get(choice.number, 0.0) - own) / (counts[s] - 1) for s in signs)
                choice.numbers[LIKES] = total / len(signs)


def score(ranking: Ranking, weights: Weights) -> None:
    """Turn the experts' numbers into probabilities (softmax over the folders and "new") and sort."""
    known = weights.known
    scores = [sum([w * x for w, x in zip(known, c.numbers, strict=True)]) for c in ranking.choices]
    new_score = sum(w * x for w, x in zip(weights.new, ranking.new_numbers, strict=True))
    top = max([new_score, *scores])
    parts = [math.exp(s - top) for s in scores]
    whole = math.exp(new_score - top) + sum(parts)
    for choice, part in zip(ranking.choices, parts, strict=True):
        choice.share = part / whole
    ranking.new = math.exp(new_score - top) / whole
    ranking.choices.sort(key=lambda c: (-c.share, c.number))


def adapt(weights: Weights, ranking: Ranking, truth: int | None, rate: float, pull: float, home: Weights) -> None:
    """Move the weights towards what would have foreseen `truth` (None: a new folder)."""
    slope = [0.0] * len(weights.known)
    for choice in ranking.choices:
        error = (1.0 if choice.number == truth else 0.0) - choice.share
        if abs(error) > 1e-3:
            for i, x in enumerate(choice.numbers):
                slope[i] += error * x
    error = (1.0 if truth is None else 0.0) - ranking.new
    _step(weights.known, weights.known_seen, slope, rate, pull, home.known)
    _step(weights.new, weights.new_seen, [error * x for x in ranking.new_numbers], rate, pull, home.new)


def _step(
    weights: list[float], seen: list[float], slope: Sequence[float], rate: float, pull: float, home: Sequence[float]
) -> None:
    for i, s in enumerate(slope):
        s -= pull * (weights[i] - home[i])
        seen[i] += s * s
        weights[i] += rate * s / math.sqrt(seen[i])
