"""What asking an AI about a folder would take, said before it is asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from backend.sdk.ai import AiEstimate

ESTIMATED_FILES = 20_000
FIRST = 2000
"""How many groups of files a plan thinks about at once; the first request is about the first unsure ones of these."""


@dataclass(frozen=True, slots=True)
class AiForecast:
    """Say what asking about a folder would take. `private`, `speaking`: unsure files that would not be asked about.

    `complete`: the whole folder was looked at, not only its first `ESTIMATED_FILES` groups of files.
    """

    estimate: AiEstimate
    looked_at: int
    unsure: int
    private: int
    speaking: int
    complete: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as one flat document (`AiEstimate`'s fields beside the forecast's own)."""
        own = {name: value for name, value in asdict(self).items() if name != "estimate"}
        return asdict(self.estimate) | own
