"""The cash flow of the next months, of the household or of one account; what is expected of one next."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import ExpectedOut, ForecastOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class ForecastProvider(MoneyProvider):
    """Hold the forecast. `account_id` "": the household, in `currency` ("": that with most bookings).

    `shown`: what was asked for when `told` was answered, as `asked`.
    """

    months: int = 3
    account_id: str = ""
    currency: str = ""
    everyday: bool = False
    told: ForecastOut | None = None
    shown: tuple[int, str, str, bool] | None = None

    @property
    def asked(self) -> tuple[int, str, str, bool]:
        """Return what is asked for now."""
        return self.months, self.account_id, self.currency, self.everyday

    async def fetch(self) -> None:
        """Read the forecast."""
        asked = self.asked
        self.told = await self.money.show_forecast(
            months=self.months,
            account_id=self.account_id or None,
            currency=self.currency or None,
            everyday=self.everyday,
            space=self._space,
        )
        self.shown = asked

    async def show(self, months: int, account_id: str, currency: str, *, everyday: bool) -> None:
        """Show what was chosen; the outcome lies in `state`."""
        self.months, self.account_id, self.currency, self.everyday = months, account_id, currency, everyday
        await self.load()


@dataclass(eq=False)
class UpcomingProvider(MoneyProvider):
    """Hold what is expected of one account in the next month."""

    account_id: str = ""
    expected: tuple[ExpectedOut, ...] = ()

    async def fetch(self) -> None:
        """Read what is expected."""
        told = await self.money.show_forecast(months=1, account_id=self.account_id, space=self._space)
        self.expected = tuple(told["expected"])

    async def show(self, account_id: str) -> None:
        """Show an account; the outcome lies in `state`."""
        if self.account_id != account_id:
            self.expected = ()
            self.drop()
        self.account_id = account_id
        await self.load()
