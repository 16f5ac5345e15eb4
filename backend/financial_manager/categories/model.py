"""What one owner's lines taught: a payee's history and a linear model, mixed, judged and gated.

Everything is counted again from the ledger when it is needed (below a second for 10,000 lines); nothing is stored.
Lines are learned in the order of their days, each one foretold before it is learned: that is how it knows how often
it is right. No clock, no chance: the same lines in the same order give the same model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from backend.financial_manager.categories.confidence import PRIOR_RIGHT_NEW, Gate, Judge, log_odds
from backend.financial_manager.categories.features import features_of
from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.linear import LinearModel
from backend.financial_manager.categories.memory import PayeeHistory, PayeeMemory
from backend.financial_manager.categories.merchants import KNOWN_ENOUGH, Known, known_of

PAYEE_TRUST = 3.0
"""Lines that a payee needs, per category it had, until its history counts as much as the linear model."""
AGREED = 4.0
"""Lines that shipped knowledge of a merchant's category is worth before the owner said anything about it."""
AGREED_AT_ALL = 20.0
"""The same over all categories together."""
TAUGHT_TRUST = 20.0
TAUGHT_RIGHT = 0.99
"""A correction is taken to hold for the payee's next lines, as if it had been so 99 % of 20 times before."""
MIXED_NEEDS = 4
"""Lines of a payee that sells everything until its history may stand without a person."""
_TRIES = 8
"""How often a correction is put to the linear model at most, until it answers what the person said."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model thinks of one line. `confidence`: 0 to 1, how often guesses like it were right.

    `sure`: whether it may stand without a person. `yes` of the payee's `total` lines had the category.
    `ranked`: categories with their shares, the best first.
    """

    category_id: str
    confidence: float
    sure: bool
    yes: int
    total: int
    ranked: tuple[tuple[str, float], ...]
    alike: str = ""
    """A word that speaks for the category, where the payee is new."""


@dataclass(slots=True)
class LearnedModel:
    """The model of one owner; `precision` is what automatic answers promise."""

    precision: float = 0.95
    linear: LinearModel = field(default_factory=LinearModel)
    memory: PayeeMemory = field(default_factory=PayeeMemory)
    judge: Judge = field(default_factory=Judge)
    gate: Gate = field(init=False)
    gate_new: Gate = field(init=False)
    """For payees that were never seen: they come with other odds, and in other numbers from time to time."""
    filed_as: Mapping[str, str | None] = field(default_factory=dict)
    """Where this household files a shipped category, if not under itself; None: nowhere."""
    agreed: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Per shipped category, and for all ("*"): how often it was surely named for a new payee, how often rightly."""
    taught: tuple[int, int] = (0, 0)
    """How many lines came for a payee that a person had corrected, and how many had what it was corrected to."""
    lines: int = 0

    def __post_init__(self) -> None:
        self.gate = Gate(self.precision)
        self.gate_new = Gate(self.precision, PRIOR_RIGHT_NEW)

    def guess(self, line: Line) -> Guess | None:
        """Return what the model thinks of a line; None before anything was learned."""
        features = features_of(line)
        history = self.memory.get(line.payee_key, line.is_income)
        linear = self.linear.shares(features)
        if not linear:
            return None
        mixed = _mixed(linear, history)
        best = max(mixed, key=mixed.__getitem__)
        estimate = self.judge.estimate(self._signs(features, history, linear, mixed, best))
        ranked = sorted(mixed.items(), key=lambda one: (-one[1], one[0]))[:4]
        return Guess(
            best,
            (self.gate if history else self.gate_new).confidence(estimate),
            self._may_stand(line, history, best, estimate),
            history.counts.get(best, 0) if history else 0,
            history.total if history else 0,
            tuple(ranked),
            self._telling(features, best),
        )

    def _may_stand(self, line: Line, history: PayeeHistory | None, best: str, estimate: float) -> bool:
        if line.reading.mixed and (history is None or history.total < MIXED_NEEDS):
            return False
        if history is not None and history.taught == best:
            made, right = self.taught
            if right + TAUGHT_TRUST * TAUGHT_RIGHT >= self.precision * (made + TAUGHT_TRUST):
                return True
        return (self.gate if history else self.gate_new).passes(estimate)

    def learn(self, line: Line, category: str) -> None:
        """Learn what a person said (or confirmed) of one line."""
        features = features_of(line)
        key, is_income = line.payee_key, line.is_income
        history = self.memory.get(key, is_income)
        linear = self.linear.shares(features)
        if linear:
            mixed = _mixed(linear, history)
            best = max(mixed, key=mixed.__getitem__)
            signs = self._signs(features, history, linear, mixed, best)
            estimate = self.judge.estimate(signs)
            (self.gate if history else self.gate_new).learn(estimate, best == category)
            self.judge.learn(signs, estimate, best == category)
        if history is not None and history.taught is not None:
            made, right = self.taught
            self.taught = made + 1, right + (history.taught == category)
        if history is None and (known := self.known(line)) is not None and known.confidence >= KNOWN_ENOUGH:
            for one in (known.category_id, "*"):
                made, agreed = self.agreed.get(one, (0, 0))
                self.agreed[one] = made + 1, agreed + (known.category_id == category)
        self.linear.learn(features, category, linear)
        self.memory.learn(key, is_income, category)
        self.lines += 1

    def correct(self, line: Line, category: str, was: str | None = None) -> None:
        """Learn a correction: from now on the payee's next line gets `category`, whatever it was before.

        `was`: what this very line was learned as, if it was: then that does not count any longer.
        """
        self.learn(line, category)
        if was is not None:
            self.memory.forget(line.payee_key, line.is_income, was)
        history = self.memory.get(line.payee_key, line.is_income)
        if history is not None:  # a line without words has none
            history.turn_to(category)
        features = features_of(line)
        for _ in range(_TRIES):
            shares = self.linear.shares(features)
            if max(shares, key=shares.__getitem__) == category:
                break
            self.linear.learn(features, category, shares)

    def known(self, line: Line) -> Known | None:
        """Return what the shipped data say of a line, in the household's categories."""
        found = known_of(line)
        if found is None or not self.filed_as:
            return found
        category = self.filed_as.get(found.category_id, found.category_id)
        others = tuple(one for o in found.others if (one := self.filed_as.get(o, o)) is not None and one != category)
        return None if category is None else replace(found, category_id=category, others=others)

    def agreement(self, category: str, confidence: float) -> float:
        """Return how sure shipped knowledge of `category` is for this owner; `confidence`: what it says itself.

        An owner who mostly files such merchants elsewhere, or has other categories altogether, is believed.
        """
        made, agreed = self.agreed.get(category, (0, 0))
        whole, right = self.agreed.get("*", (0, 0))
        general = (right + AGREED_AT_ALL * confidence) / (whole + AGREED_AT_ALL)
        return min(confidence, (agreed + AGREED * general) / (made + AGREED))

    def fit(self, lines: Iterable[tuple[Line, str]]) -> None:
        """Learn lines in the order in which they are given: the oldest first."""
        for line, category in lines:
            self.learn(line, category)

    def _signs(
        self,
        features: list[str],
        history: PayeeHistory | None,
        linear: dict[str, float],
        mixed: dict[str, float],
        best: str,
    ) -> tuple[float, ...]:
        """Return what the judge looks at, `SIGNS` numbers."""
        seen = self.linear.seen
        known = sum([feature in seen for feature in features]) / len(features)
        second = max([share for c, share in mixed.items() if c != best], default=0.0)
        common = (1.0, log_odds(linear.get(best, 0.0)), log_odds(mixed[best]))
        if history is None:
            return (*common, 0.0, 0.0, 0.0, 0.0, known, mixed[best] - second, 0.0, 0.0, 0.0)
        weights = history.weights
        whole, own = sum(weights.values()), weights.get(best, 0.0)
        other = whole - own
        return (
            *common,
            log_odds((own + 0.5) / (whole + 1.0)),
            math.log1p(whole) / 3.0,
            1.0,
            other / (whole + 1.0),
            known,
            mixed[best] - second,
            float(own >= max(weights.values())),
            math.log1p(len(weights)),
            float(other < 0.01),
        )

    def _telling(self, features: list[str], category: str) -> str:
        """Return the word that speaks most for a category, or ""."""
        best, word = 0.0, ""
        for feature in features:
            family, _, value = feature.partition(":")
            if family in ("word", "first", "purpose"):
                weight = self.linear.weights.get(feature, {}).get(category, 0.0)
                if weight > best:
                    best, word = weight, value
        return word


def _mixed(linear: dict[str, float], history: PayeeHistory | None) -> dict[str, float]:
    """Return the linear model's shares with the payee's own history mixed in, the more of it the longer it is."""
    if history is None:
        return linear
    shares, whole = history.shares(), sum(history.weights.values())
    part = whole / (whole + PAYEE_TRUST * len(shares))
    mixed = {c: share * (1.0 - part) for c, share in linear.items()}
    for c, share in shares.items():
        mixed[c] = mixed.get(c, 0.0) + part * share
    return mixed
