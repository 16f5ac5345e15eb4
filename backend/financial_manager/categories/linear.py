"""A multinomial logistic regression over named features that learns one line at a time.

Stochastic gradient descent on the log loss, each feature with its own falling step (Bottou 2010; the idea of AdaGrad,
Duchi et al. 2011, with counts in place of squared gradients, which costs one number per feature). Weights are kept
only where they were moved. Deterministic: the same lines in the same order give the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

STEP = 3.0
BIAS_STEP = 0.02
FIRST_BIAS = -1.0
NOTHING = 0.0
"""The score of "a category that was never seen": it takes its share where nothing speaks for the others."""
LEAST_ERROR = 0.05
"""Classes whose probability is below are not moved: it saves most of the time and changes next to nothing."""
_FAR = 5.0
"""Log odds below the best from which a class has no share (less than 1 % of the best's)."""


@dataclass(slots=True)
class LinearModel:
    """`weights`: per feature and class; `seen`: how many lines had a feature; `bias`: per class."""

    weights: dict[str, dict[str, float]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    bias: dict[str, float] = field(default_factory=dict)

    def shares(self, features: Sequence[str]) -> dict[str, float]:
        """Return the probability of each class that has a noticeable one, of a class never seen what is left of 1.

        Empty where nothing was learned.
        """
        rows = [row for row in map(self.weights.get, features) if row is not None]
        if not rows:
            scores = dict(self.bias)
            if not scores:
                return scores
        else:
            value, bias = 1.0 / math.sqrt(len(features)), self.bias
            scores = rows[0].copy()
            for row in rows[1:]:
                for category, weight in row.items():
                    if category in scores:
                        scores[category] += weight
                    else:
                        scores[category] = weight
            for category, weight in scores.items():
                scores[category] = weight * value + bias[category]
        top = max(scores.values())
        least, exp = top - _FAR, math.exp
        parts = {c: exp(score - top) for c, score in scores.items() if score > least}
        # Classes that no feature speaks of keep what their bias was at first.
        others = exp(NOTHING - top) + (len(self.bias) - len(scores)) * exp(FIRST_BIAS - top)
        whole = sum(parts.values()) + others
        return {c: part / whole for c, part in parts.items()}

    def learn(self, features: Sequence[str], category: str, shares: dict[str, float], weight: float = 1.0) -> None:
        """Move the weights towards `category`; `shares`: what `shares(features)` returned before."""
        if category not in self.bias:
            self.bias[category] = FIRST_BIAS
        own = shares.get(category, 0.0)
        seen = self.seen
        if 1.0 - own < LEAST_ERROR / 2:
            for feature in features:
                seen[feature] = seen.get(feature, 0) + 1
            return
        errors = [(c, -share) for c, share in shares.items() if share > LEAST_ERROR and c != category]
        errors.append((category, 1.0 - own))
        for c, error in errors:
            self.bias[c] += BIAS_STEP * error
        weights, step = self.weights, STEP * weight / math.sqrt(len(features))
        for feature in features:
            count = seen.get(feature, 0)
            seen[feature] = count + 1
            row = weights.get(feature)
            if row is None:
                row = weights[feature] = {}
            rate = step / math.sqrt(1.0 + count)
            for c, error in errors:
                row[c] = row.get(c, 0.0) + rate * error
