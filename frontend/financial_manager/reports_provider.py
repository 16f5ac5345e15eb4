"""Sums of the last months by category, and what the household owned at the end of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from frontend.api.generated.schemas import MonthSumOut, WorthPointOut
from frontend.financial_manager.money_provider import MoneyProvider

MONTHS = 12


@dataclass(eq=False)
class ReportsProvider(MoneyProvider):
    """Hold month x category, and net worth by month. `until`: a day of the last month (YYYY-MM-DD)."""

    since: str = ""
    until: str = ""
    sums: tuple[MonthSumOut, ...] = ()
    worth: tuple[WorthPointOut, ...] = ()

    async def fetch(self) -> None:
        """Read both."""
        sums, worth = await asyncio.gather(
            self.money.sum_months(since=self.since, until=self.until, space=self._space),
            self.money.show_net_worth(months=MONTHS, space=self._space),
        )
        self.sums, self.worth = tuple(sums["items"]), tuple(worth["items"])

    async def show(self, since: str, until: str) -> None:
        """Show the months between two days; the outcome lies in `state`."""
        self.since, self.until = since, until
        await self.load()

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the currencies of which there is anything to show, the one with most bookings first."""
        counts: dict[str, int] = {one["currency"]: 0 for one in self.worth}
        for one in self.sums:
            counts[one["currency"]] = counts.get(one["currency"], 0) + one["bookings"]
        return tuple(sorted(counts, key=lambda one: (-counts[one], one)))
