"""One search over everything: the newest question wins, however slow the answers are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from frontend.api.errors import ApiError, Offline
from frontend.api.generated.schemas import SearchGroupOut, SearchOut
from frontend.providers.base import Provider

WAKING_SECONDS = 2.0
"""How long to wait before asking again when a part of the hub was still starting."""


@dataclass(eq=False)
class SearchProvider(Provider):
    """Hold the question and its answer. `search` on every key stroke is fine: call it after a short pause."""

    query: str = ""
    kinds: str | None = None
    found: SearchOut | None = None
    _asked: int = field(default=0, init=False, repr=False)

    @property
    def groups(self) -> tuple[SearchGroupOut, ...]:
        """Return the groups of hits."""
        return tuple(self.found["groups"]) if self.found else ()

    async def search(self, query: str, kinds: str | None = None) -> None:
        """Ask, with the outcome in `state`; answers to older questions are dropped."""
        self.query, self.kinds = query.strip(), kinds
        self._asked += 1
        asked = self._asked
        if not self.query:
            self.found, self.state, self.error = None, "idle", None
            return
        self.state = "loading"
        try:
            found = await self.api.search.search_everything(q=self.query, kinds=kinds)
        except ApiError as error:
            if asked == self._asked:
                self.error, self.state = error, "offline" if isinstance(error, Offline) else "error"
            return
        if asked == self._asked:
            self.found, self.error, self.loaded, self.state = found, None, True, "ready"
            if any(one["why"] == "starting" for one in found["left_out"]):
                self.in_background(self._ask_again(asked))

    async def _ask_again(self, asked: int) -> None:
        """Complete the answer once the part that was starting is there, unless something else is asked by then."""
        await asyncio.sleep(WAKING_SECONDS)
        if asked == self._asked and self.query:
            await self.load()

    async def load(self) -> None:
        """Ask the present question again."""
        await self.search(self.query, self.kinds)

    async def reload(self) -> None:
        """Leave an answer that somebody reads as it is."""
