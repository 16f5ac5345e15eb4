"""What the module's first page tells beside the accounts: what waits, what was spent this month, what is owned."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from frontend.api.generated.schemas import MonthSumOut, WorthPointOut
from frontend.financial_manager.money_provider import MoneyProvider

COUNTED = 100
"""Waiting bookings that are counted; more are "100+"."""


@dataclass(eq=False)
class OverviewProvider(MoneyProvider):
    """Hold the counts and sums of one month. `month`: any day of it (YYYY-MM-DD)."""

    month: str = ""
    waiting: int = 0
    more_waiting: bool = False
    transfers: int = 0
    sums: tuple[MonthSumOut, ...] = ()
    worth: tuple[WorthPointOut, ...] = ()

    async def fetch(self) -> None:
        """Read all of it at once."""
        space = self._space
        inbox, pairs, sums, worth = await asyncio.gather(
            self.money.list_transactions(inbox=True, planned=False, limit=COUNTED, space=space),
            self.money.list_transfers(space=space),
            self.money.sum_months(since=self.month, until=self.month, space=space),
            self.money.show_net_worth(months=1, space=space),
        )
        self.waiting, self.more_waiting = len(inbox["items"]), inbox["next_cursor"] is not None
        self.transfers = len(pairs["items"])
        self.sums, self.worth = tuple(sums["items"]), tuple(worth["items"])

    async def show(self, month: str) -> None:
        """Show the month of a day; the outcome lies in `state`."""
        self.month = month
        await self.load()


def spent_most(sums: tuple[MonthSumOut, ...], most: int) -> dict[str, list[MonthSumOut]]:
    """Return for each currency what most money went to, the largest first; what came in is left out."""
    found: dict[str, list[MonthSumOut]] = {}
    for one in sorted(sums, key=lambda one: -one["spent_minor"]):
        rows = found.setdefault(one["currency"], [])
        if one["spent_minor"] > 0 and len(rows) < most:
            rows.append(one)
    return {currency: rows for currency, rows in found.items() if rows}
