"""What each payee's lines were before: counts per category, older ones counting a little less."""

from __future__ import annotations

from dataclasses import dataclass, field

DECAY = 0.98
"""What an older line of the payee counts with each new one; a payee that changes its category is followed."""
_GONE = 0.02


@dataclass(slots=True)
class PayeeHistory:
    """One payee's lines: fading `weights` for deciding, whole `counts` for telling people."""

    weights: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    taught: str | None = None
    """What a person corrected the payee to, until a line of it was something else."""

    def learn(self, category: str) -> None:
        """Count one line."""
        for one, weight in self.weights.items():
            self.weights[one] = weight * DECAY
        self.weights[category] = self.weights.get(category, 0.0) + 1.0
        if len(self.weights) > 1:
            self.weights = {one: weight for one, weight in self.weights.items() if weight > _GONE}
        self.counts[category] = self.counts.get(category, 0) + 1
        if self.taught != category:
            self.taught = None

    def forget(self, category: str) -> None:
        """Take back one line that was counted."""
        left = self.counts.get(category, 0) - 1
        if left >= 0:
            self.counts[category] = left
            self.weights[category] = max(0.0, self.weights.get(category, 0.0) - 1.0)
        self.counts = {one: count for one, count in self.counts.items() if count}
        self.weights = {one: weight for one, weight in self.weights.items() if weight > _GONE and one in self.counts}

    def turn_to(self, category: str) -> None:
        """Let `category` outweigh all that was before: a person corrected it."""
        self.taught = category
        others = sum(weight for one, weight in self.weights.items() if one != category)
        if self.weights.get(category, 0.0) <= others:
            self.weights = {one: weight / (2.0 * others) for one, weight in self.weights.items() if one != category}
            self.weights[category] = 1.0

    @property
    def total(self) -> int:
        """Return how many lines were learned."""
        return sum(self.counts.values())

    def shares(self) -> dict[str, float]:
        """Return the share of each category."""
        whole = sum(self.weights.values())
        return {one: weight / whole for one, weight in self.weights.items()}


@dataclass(slots=True)
class PayeeMemory:
    """Histories by payee and by the direction of the money: a refund says little about the next purchase."""

    histories: dict[tuple[str, bool], PayeeHistory] = field(default_factory=dict)

    def get(self, key: str, is_income: bool) -> PayeeHistory | None:
        """Return what is known of a payee, or None; a line without words has no payee."""
        return self.histories.get((key, is_income)) if key else None

    def forget(self, key: str, is_income: bool, category: str) -> None:
        """Take back one line of a payee."""
        history = self.histories.get((key, is_income))
        if history is not None:
            history.forget(category)
            if not history.counts:
                del self.histories[key, is_income]

    def learn(self, key: str, is_income: bool, category: str) -> None:
        """Count one line of a payee."""
        if key:
            history = self.histories.get((key, is_income))
            if history is None:
                history = self.histories[key, is_income] = PayeeHistory()
            history.learn(category)
