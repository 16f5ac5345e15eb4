"""What the ledger tells: news of a month, sums by payee, person and year, and reports as files."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import NewsOut, PartySumOut, YearSumOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class NewsProvider(MoneyProvider):
    """Hold what is told of one month (a day of it, YYYY-MM-DD)."""

    month: str = ""
    told: NewsOut | None = None

    async def fetch(self) -> None:
        """Read the news."""
        self.told = await self.money.tell_news(month=self.month, space=self._space)

    async def show(self, month: str) -> None:
        """Tell of a month; the outcome lies in `state`."""
        if self.month != month:
            self.told = None
        self.month = month
        await self.load()


@dataclass(eq=False)
class ComparisonProvider(MoneyProvider):
    """Hold the sums of one year by payee and person, and of some years by category.

    `shown`: the year that they are of, and whether only up to today's day.
    """

    year: int = 0
    same_days: bool = False
    shown: tuple[int, bool] = (0, False)
    payees: tuple[PartySumOut, ...] = ()
    people: tuple[PartySumOut, ...] = ()
    years: tuple[YearSumOut, ...] = ()

    async def fetch(self) -> None:
        """Read all of it."""
        asked = (self.year, self.same_days)
        since, until = f"{self.year}-01-01", f"{self.year}-12-31"
        payees, people, years = await asyncio.gather(
            self.money.sum_payees(since=since, until=until, space=self._space),
            self.money.sum_people(since=since, until=until, space=self._space),
            self.money.sum_years(first=self.year - 2, last=self.year, same_days=self.same_days, space=self._space),
        )
        self.payees, self.people, self.years = tuple(payees["items"]), tuple(people["items"]), tuple(years["items"])
        self.shown = asked

    async def show(self, year: int, *, same_days: bool) -> None:
        """Show a year, the ones before only up to today's day if `same_days`; the outcome lies in `state`."""
        self.year, self.same_days = year, same_days
        await self.load()

    async def table(self, report: str, form: str, since: str, until: str, language: str) -> tuple[str, bytes]:
        """Return a report as a file: its name and its bytes; raises `ApiError`."""
        asked: Any = {"report": report, "format": form, "since": since, "until": until, "language": language}
        told = await self.money.give_table(**asked, space=self._space)
        return told["file_name"], base64.b64decode(told["content"])
