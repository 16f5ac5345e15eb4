"""What the module's providers have in common: the space whose money they show, and the events they hear."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from frontend.api.generated.financial_manager import FinancialManagerApi
from frontend.providers.base import Provider


@dataclass(eq=False)
class MoneyProvider(Provider):
    """Speak of the money of one space; every call says which."""

    hears: ClassVar[tuple[str, ...]] = ("financial_manager.",)
    rests: ClassVar[bool] = True  # one change would ask for every report that was ever looked at

    _space: str | None = field(default=None, init=False, repr=False)

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
