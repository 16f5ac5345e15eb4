"""What the module's providers have in common: the space whose money they show, and the events they hear."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from frontend.api.generated.financial_manager import FinancialManagerApi
from frontend.providers.base import Provider

T = TypeVar("T")


@dataclass(eq=False)
class MoneyProvider(Provider):
    """Speak of the money of one space; every call says which."""

    hears: ClassVar[tuple[str, ...]] = ("financial_manager.",)
    rests: ClassVar[bool] = True  # one change would ask for every report that was ever looked at

    _space: str | None = field(default=None, init=False, repr=False)
    _looked_at: tuple[str, str | None] = field(default=("", None), init=False, repr=False)
    """The row that is looked at, and in which space."""

    @property
    def money(self) -> FinancialManagerApi:
        """Return the module's API."""
        return self.api.financial_manager

    @property
    def space(self) -> str:
        """Return the space that is spoken of; "" is one's own."""
        return self._space or ""

    def stand_in(self, space: str) -> None:
        """Speak of another space's money from now on ("": one's own); what was known of the one before is dropped."""
        chosen = space or None
        if self._space != chosen:
            self.reset()
            self._space = chosen

    async def answer_for(self, row_id: str, asking: Awaitable[T]) -> T | None:
        """Look at a row: return the answer, or None where another row or space is looked at by the time it comes."""
        self._looked_at = wanted = row_id, self._space
        found = await asking
        return found if wanted == self._looked_at and wanted[1] == self._space else None
