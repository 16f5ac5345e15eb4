"""What was looked for in this window. It is kept nowhere: a search can be as private as what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.providers.base import Provider

KEPT = 8


@dataclass(eq=False)
class RecentSearches(Provider):
    """Hold the last searches that led somewhere, the newest first."""

    words: tuple[str, ...] = ()

    def remember(self, words: str) -> None:
        """Keep one search."""
        wanted = words.strip()
        if wanted:
            others = tuple(one for one in self.words if one.casefold() != wanted.casefold())
            self.words = (wanted, *others)[:KEPT]
