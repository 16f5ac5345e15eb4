"""Sums of the last months by category, and what the household owned at the end of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from frontend.api.generated.schemas import MonthSumOut, OwnMonthsOut, OwnWorthOut, WorthPointOut
from frontend.financial_manager.money_provider import MoneyProvider

MONTHS = 12
ALL = "all"
"""Stands for all currencies, told in the household's own."""


@dataclass(eq=False)
class ReportsProvider(MoneyProvider):
    """Hold month x category, and net worth by month. `until`: a day of the last month (YYYY-MM-DD).

    `shown`: the first day of what is held.
    """

    since: str = ""
    until: str = ""
    shown: str = ""
    sums: tuple[MonthSumOut, ...] = ()
    worth: tuple[WorthPointOut, ...] = ()
    own_months: OwnMonthsOut | None = None
    own_worth: OwnWorthOut | None = None

    async def fetch(self) -> None:
        """Read both."""
        since = self.since
        sums, worth = await asyncio.gather(
            self.money.sum_months(since=self.since, until=self.until, space=self._space),
            self.money.show_net_worth(months=MONTHS, space=self._space),
        )
        self.sums, self.worth = tuple(sums["items"]), tuple(worth["items"])
        await self._fetch_own()
        self.shown = since

    async def _fetch_own(self) -> None:
        """Read the same in the household's own currency, where there are several."""
        self.own_months, self.own_worth = None, None
        if len(self.currencies) > 1:
            self.own_months, self.own_worth = await asyncio.gather(
                self.money.own_currency_sum_own_months(since=self.since, until=self.until, space=self._space),
                self.money.own_currency_show_own_worth(months=MONTHS, space=self._space),
            )

    def sums_in(self, currency: str) -> list[MonthSumOut]:
        """Return month x category of a currency; `ALL`: of everything, in the own currency."""
        if currency != ALL:
            return [one for one in self.sums if one["currency"] == currency]
        own = self.own_months
        return [{**one, "currency": own["currency"]} for one in own["items"]] if own is not None else []

    def worth_in(self, currency: str) -> list[WorthPointOut]:
        """Return net worth by month in a currency; `ALL`: of everything, in the own currency."""
        if currency != ALL:
            return [one for one in self.worth if one["currency"] == currency]
        own = self.own_worth
        return [{**one, "currency": own["currency"]} for one in own["points"]] if own is not None else []

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
