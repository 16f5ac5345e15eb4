"""Print figures in one shape: ours, the peer's, and the ratio between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold one measured figure; `better` says which direction is good ("lower" or "higher")."""

    name: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    target: str = ""
    better: str = "lower"

    def line(self) -> str:
        text = f"{self.name:<52} {self.ours:>10.2f} {self.unit}"
        if self.peer is not None:
            ratio = self.ours / self.peer if self.peer else float("inf")
            text += (
                f"   {self.peer_name}: {self.peer:.2f} {self.unit}   ours/peer {ratio:.2f} ({self.better} is better)"
            )
        if self.target:
            text += f"   target: {self.target}"
        return text


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0..1) of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print the figures under a title."""
    print(f"\n{title}")
    for figure in figures:
        print("  " + figure.line())
