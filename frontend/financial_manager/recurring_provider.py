"""Payments that come again: the list with its sums, one with its bookings, and what a person decides."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, cast

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import (
    RecurringDetailOut,
    RecurringIn,
    RecurringNoticeOut,
    RecurringOut,
    RecurringSumOut,
)
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class RecurringProvider(MoneyProvider):
    """Hold what comes again by name, what it comes to, and the one that is looked at."""

    items: tuple[RecurringOut, ...] = ()
    sums: tuple[RecurringSumOut, ...] = ()
    shown: RecurringDetailOut | None = None
    notices: tuple[RecurringNoticeOut, ...] = ()

    async def fetch(self) -> None:
        """Read the list, and anew what is looked at."""
        told = await self.money.list_recurring(space=self._space)
        self.items, self.sums = tuple(told["items"]), tuple(told["sums"])
        self.notices = tuple((await self.money.list_recurring_notices(space=self._space))["items"])
        if self.shown is not None:
            with suppress(ApiError):  # gone meanwhile: the screen keeps what it showed until it is left
                self.shown = await self.money.get_recurring(self.shown["id"], space=self._space)

    async def open(self, recurring_id: str) -> None:
        """Look at one; the outcome lies in `state`."""
        if self.shown is not None and self.shown["id"] != recurring_id:
            self.shown = None

        async def read() -> None:
            self.shown = await self.money.get_recurring(recurring_id, space=self._space)

        await self.loading(read)

    async def decide(self, one: RecurringOut, state: Literal["found", "confirmed", "dismissed"]) -> None:
        """Confirm one, dismiss it, or take the decision back; raises `ApiError`."""
        body: Any = {"state": state, "version": one["version"]}
        self._take(await self.money.decide_recurring(one["id"], body, space=self._space))

    async def change(self, one: RecurringOut, **changes: Any) -> None:
        """Change some of one, as it was seen; raises `ApiError`."""
        body = cast("Any", {**changes, "version": one["version"]})
        self._take(await self.money.change_recurring(one["id"], body, space=self._space))

    async def newest(self, one: RecurringDetailOut) -> RecurringDetailOut:
        """Return one as it is now; raises `ApiError`."""
        return await self.money.get_recurring(one["id"], space=self._space)

    async def dismiss_notices(self, ids: list[str]) -> None:
        """Show some notices no more; raises `ApiError`."""
        await self.money.dismiss_recurring_notices({"ids": ids}, space=self._space)
        self.notices = tuple(one for one in self.notices if one["id"] not in ids)

    async def enter(self, body: RecurringIn) -> str:
        """Enter one; return its id; raises `ApiError`."""
        made = await self.money.enter_recurring(body, space=self._space)
        self._take(made)
        return made["id"]

    async def delete(self, one: RecurringOut) -> None:
        """Delete what was entered or decided; raises `ApiError`."""
        await self.money.delete_recurring(one["id"], space=self._space)
        self.shown = None

    def _take(self, told: RecurringDetailOut) -> None:
        self.shown = told
        rest = [one for one in self.items if one["id"] != told["id"]]
        self.items = tuple(sorted([*rest, cast("RecurringOut", told)], key=lambda one: one["name"].casefold()))
