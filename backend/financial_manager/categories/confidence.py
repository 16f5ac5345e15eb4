"""How sure is sure: an estimate whether a guess is right, and the line above which guesses may stand on their own.

`Judge` is a logistic regression over a few signs of a guess (AdaGrad, Duchi et al. 2011) that follows the owner from
shipped round weights. `Gate` is selective classification with a bounded risk (Geifman and El-Yaniv 2017): it counts
what came of past guesses by estimate, and lets pass what lies above the lowest cut over which enough of them were
right, less a margin for chance. Both only ever see a guess that was made before its answer was learned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

SIGNS = 12
_SHIPPED = (-0.5, 0.3, 0.3, 0.3, 0.2, 0.2, -0.5, 0.2, 0.5, 0.2, -0.2, 0.2)
_RATE = 0.1
_STEPS = 64
"""Bins of the estimate, equal in log odds from `_LOWEST` to `_HIGHEST`."""
_LOWEST, _HIGHEST = -2.0, 6.0
_WIDTH = (_HIGHEST - _LOWEST) / _STEPS
_CENTRES = tuple(1.0 / (1.0 + math.exp(-(_LOWEST + (place + 0.5) * _WIDTH))) for place in range(_STEPS))
_FADE = 0.9995
"""What older outcomes count with each new one: about the last 2,000 decide."""
PRIOR = 40.0
"""Shipped belief, in outcomes above the first cut: a payee that was seen once is taken to be right the next time."""
PRIOR_RIGHT = 0.98
PRIOR_RIGHT_NEW = 0.9
"""The belief about payees that were never seen: nothing passes until lines of this owner proved it."""
_PRIOR_FROM = 0.9
PRIOR_STEP = 4.0
"""Outcomes that are believed of each bin below the first cut, right as often as its estimate says."""
MARGIN = 1.0
"""Standard errors that are taken off what was right, so that unseen lines keep the promise."""
MOST = 0.99
_REFRESH = 8


def log_odds(share: float) -> float:
    """Return ln(p / (1 - p)), bounded."""
    share = min(max(share, 1e-4), 1.0 - 1e-4)
    return math.log(share / (1.0 - share))


@dataclass(slots=True)
class Judge:
    """Weights over the signs of a guess, and AdaGrad's sums."""

    weights: list[float] = field(default_factory=lambda: list(_SHIPPED))
    sums: list[float] = field(default_factory=lambda: [1.0] * SIGNS)

    def estimate(self, signs: Sequence[float]) -> float:
        """Return the probability that the guess is right."""
        score = sum([w * x for w, x in zip(self.weights, signs, strict=True)])
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))

    def learn(self, signs: Sequence[float], estimate: float, right: bool) -> None:
        """Move the weights towards what came of the guess."""
        error = right - estimate
        for place, sign in enumerate(signs):
            if sign:
                slope = error * sign
                self.sums[place] += slope * slope
                self.weights[place] += _RATE * slope / math.sqrt(self.sums[place])


@dataclass(slots=True)
class Gate:
    """Outcomes by estimate. `precision`: the share that must be right of all that passes.

    `prior_right`: the shipped belief.
    """

    precision: float = 0.95
    prior_right: float = PRIOR_RIGHT
    made: list[float] = field(default_factory=lambda: [0.0] * _STEPS)
    right: list[float] = field(default_factory=lambda: [0.0] * _STEPS)
    _gain: float = 1.0
    _since: int = 0
    _cut: int | None = None

    def learn(self, estimate: float, right: bool) -> None:
        """Count one outcome."""
        place = _bin(estimate)
        self._gain /= _FADE
        self.made[place] += self._gain
        if right:
            self.right[place] += self._gain
        if self._gain > 1e6:
            self._rescale()
        self._since += 1
        if self._since >= _REFRESH or not right:
            self._since, self._cut = 0, None

    def passes(self, estimate: float) -> bool:
        """Tell whether a guess may stand without a person."""
        return _bin(estimate) >= self.cut()

    def cut(self) -> int:
        """Return the lowest bin from which on enough was right; one past the last where none is."""
        if self._cut is None:
            self._cut = self._find_cut()
        return self._cut

    def confidence(self, estimate: float) -> float:
        """Return the estimate corrected by what came of guesses like it, at most `MOST`."""
        place = _bin(estimate)
        near = range(max(0, place - 1), min(_STEPS, place + 2))
        made = sum(self.made[i] for i in near) / self._gain
        right = sum(self.right[i] for i in near) / self._gain
        return min(MOST, (right + 10.0 * estimate) / (made + 10.0))

    def _find_cut(self) -> int:
        best = _STEPS
        made, right = PRIOR, PRIOR * self.prior_right
        for place in range(_STEPS - 1, -1, -1):
            centre = _CENTRES[place]
            made += self.made[place] / self._gain
            right += self.right[place] / self._gain
            if centre < _PRIOR_FROM:
                made += PRIOR_STEP
                right += PRIOR_STEP * centre
            share = right / made
            if share - MARGIN * math.sqrt(share * (1.0 - share) / made) >= self.precision:
                best = place
        return best

    def _rescale(self) -> None:
        self.made = [value / self._gain for value in self.made]
        self.right = [value / self._gain for value in self.right]
        self._gain = 1.0


def _bin(estimate: float) -> int:
    return max(0, min(_STEPS - 1, int((log_odds(estimate) - _LOWEST) / _WIDTH)))
