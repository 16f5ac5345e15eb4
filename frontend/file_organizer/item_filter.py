"""Which suggestions of a plan are listed, and in which order."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

ItemState = Literal["undecided", "suggested", "asking", "accepted", "rejected", "done", "skipped", "failed", "undone"]
Sort = Literal["seq", "-confidence", "confidence", "name", "-size", "category", "folder"]


@dataclass(frozen=True)
class ItemFilter:
    """Fields that are None do not narrow the list. `folder`: destination; `source_folder`: where files are now."""

    state: ItemState | None = None
    category: str | None = None
    folder: str | None = None
    source_folder: str | None = None
    group: str | None = None
    min_confidence: float | None = None
    q: str | None = None
    sort: Sort | None = None

    @property
    def active(self) -> bool:
        """Tell whether anything is left out."""
        return any(value not in (None, "") for name, value in asdict(self).items() if name != "sort")

    def query(self) -> dict[str, Any]:
        """Return what to ask the hub for."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}
