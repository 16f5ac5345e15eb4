"""What looking for copies and junk tells the household's clients, after commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backend.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class CleaningSearched(Event):
    """A look through folders for copies (`duplicates`) or oddities (`junk`) ended."""

    name: ClassVar[str] = "file_organizer.cleaning_searched"
    search_id: str
    kind: str
    state: str


@dataclass(frozen=True, kw_only=True)
class CleaningChanged(Event):
    """Something of what a search found was decided, put away or put back."""

    name: ClassVar[str] = "file_organizer.cleaning_changed"
    kind: str
