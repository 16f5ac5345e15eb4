"""How sure is sure: turn the ranking's probability into how often it was right, as past predictions show.

Bins of the raw probability count predictions and hits, older ones less; the shipped belief counts as `PRIOR`
predictions that were right less often than they said. Pooling adjacent violators (Ayer et al. 1955) makes the curve
rise, and between the bins' centres it is straight. So a memory that knows little is modest.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

EDGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.88, 0.94, 0.975, 0.99, 1.0)
BINS = len(EDGES) - 1
PRIOR = 8.0
MODESTY = 0.88
DECAY = 0.99
"""A bin's older predictions count a little less with each new one."""
MOST = 0.97
"""Nothing that was only learned is surer than this."""


@dataclass(slots=True)
class Calibrator:
    """Bins of (predictions, hits)."""

    seen: list[float] = field(default_factory=lambda: [0.0] * BINS)
    hits: list[float] = field(default_factory=lambda: [0.0] * BINS)

    def learn(self, raw: float, hit: bool, weight: float = 1.0) -> None:
        """Count one prediction with the raw probability `raw`; bins beside its own hear half of it."""
        own = _bin(raw)
        for place, part in ((own - 1, 0.5), (own, 1.0), (own + 1, 0.5)):
            if 0 <= place < BINS:
                kept = 1.0 - (1.0 - DECAY) * part * weight
                self.seen[place] = self.seen[place] * kept + part * weight
                self.hits[place] = self.hits[place] * kept + part * weight * hit

    def curve(self) -> list[float]:
        """Return the confidence at each bin's centre."""
        values, sizes = [], []
        for place in range(BINS):
            centre = _centre(place)
            size = self.seen[place] + PRIOR
            values.append((self.hits[place] + PRIOR * centre * MODESTY) / size)
            sizes.append(size)
        return _rising(values, sizes)

    def confidence(self, raw: float, curve: Sequence[float]) -> float:
        """Return the calibrated confidence; `curve`: what `curve()` gave (made once per batch)."""
        place = _bin(raw)
        centre = _centre(place)
        other = place + 1 if raw > centre else place - 1
        if not 0 <= other < BINS:
            value = curve[place]
        else:
            share = abs(raw - centre) / abs(_centre(other) - centre)
            value = curve[place] + (curve[other] - curve[place]) * share
        return max(0.0, min(MOST, value))


def _bin(raw: float) -> int:
    if math.isnan(raw):
        return 0
    return max(0, min(BINS - 1, bisect_right(EDGES, raw) - 1))


def _centre(place: int) -> float:
    return (EDGES[place] + EDGES[place + 1]) / 2


def _rising(values: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Pool neighbours that fall, so that more probability never means less confidence."""
    pools: list[tuple[float, float, int]] = []
    for value, size in zip(values, sizes, strict=True):
        pools.append((value, size, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m, i), (b, n, j) = pools[-2], pools[-1]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n, i + j)]
    return [value for value, _, count in pools for _ in range(count)]
