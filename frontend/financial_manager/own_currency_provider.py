"""The currency that the household counts in: what a new account, goal or project begins with."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class OwnCurrencyProvider(MoneyProvider):
    """Hold the household's own currency ("" until it is read)."""

    currency: str = ""

    async def fetch(self) -> None:
        """Read it."""
        self.currency = (await self.money.show_settings(space=self._space))["currency"]
