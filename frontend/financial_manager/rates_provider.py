"""The household's own currency, exchange rates, and what all accounts hold in that currency."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, cast

from frontend.api.generated.schemas import ExchangeOut, MoneySettingsOut, OwnWorthOut, RatesOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class RatesProvider(MoneyProvider):
    """Hold settings and the newest rates of the own currency."""

    settings: MoneySettingsOut | None = None
    rates: RatesOut | None = None
    worth: OwnWorthOut | None = None

    async def fetch(self) -> None:
        """Read settings first: the rates are those of the own currency."""
        self.settings = await self.money.show_settings(space=self._space)
        self.rates, self.worth = await asyncio.gather(
            self.money.list_rates(source=self.settings["currency"], space=self._space),
            self.money.own_currency_show_own_worth(months=1, space=self._space),
        )

    async def change(self, **values: Any) -> None:
        """Change settings; raises `ApiError`."""
        self.settings = await self.money.change_settings(cast("Any", values), space=self._space)
        await self.load()

    async def update(self) -> int:
        """Ask the ECB for newer rates; return how many days came; raises `ApiError`."""
        told = await self.money.update_rates(space=self._space)
        await self.load()
        return told["days"]

    async def exchange(self, amount_minor: int, source: str, target: str, day: str) -> ExchangeOut:
        """Return an amount in another currency by the rate of a day; raises `ApiError`."""
        return await self.money.exchange_amount(
            amount_minor=amount_minor, source=source, target=target, day=day, space=self._space
        )

    async def change_one(self, name: str, value: str) -> None:
        """Change one setting; raises `ApiError`."""
        await self.change(**{name: value})
