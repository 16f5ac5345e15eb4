"""Where the prices of all securities come from, and asking there."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import PriceFetchOut, PriceSourceOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class PriceSourcesProvider(MoneyProvider):
    """Hold the sources with what would be asked, and what became of the last time. `told`: None before that."""

    sources: tuple[PriceSourceOut, ...] = ()
    told: PriceFetchOut | None = None

    async def fetch(self) -> None:
        """Read the sources; nothing is asked on the internet."""
        self.sources = tuple((await self.money.list_price_sources(space=self._space))["items"])

    async def ask(self) -> PriceFetchOut:
        """Ask all sources for newer prices; raises `ApiError`."""
        self.told = await self.money.fetch_prices({}, space=self._space)
        await self.load()
        return self.told
