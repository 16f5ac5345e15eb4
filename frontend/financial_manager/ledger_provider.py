"""The accounts and categories of the ledger: what every other screen of the module names."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from frontend.api.generated.schemas import AccountOut, AccountPatch, CategoryIn, CategoryOut, CategoryPatch, CoverageOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import undone_on_error

_USUAL = ("bank", "card", "cash")
"""Kinds of accounts that a household pays from."""


@dataclass(eq=False)
class LedgerProvider(MoneyProvider):
    """Hold the accounts by name, and the categories in their order. `coverage`: of the account that is looked at."""

    accounts: tuple[AccountOut, ...] = ()
    categories: tuple[CategoryOut, ...] = ()
    coverage: CoverageOut | None = None
    coverage_of: str = ""

    async def fetch(self) -> None:
        """Read accounts and categories."""
        accounts, categories = await asyncio.gather(
            self.money.list_accounts(space=self._space), self.money.list_categories(space=self._space)
        )
        self.accounts, self.categories = tuple(accounts["items"]), tuple(categories["items"])
        if self.coverage_of and self.account(self.coverage_of) is not None:
            await self.cover(self.coverage_of)

    # ------------------------------------------------------------------ accounts

    @property
    def open_accounts(self) -> tuple[AccountOut, ...]:
        """Return the accounts that bookings are offered for."""
        return tuple(one for one in self.accounts if one["closed_on"] is None)

    @property
    def usual_account(self) -> AccountOut | None:
        """Return the open account that something new is most likely of: the one with most bookings, no depot."""
        offered = sorted(self.open_accounts, key=lambda one: (one["kind"] not in _USUAL, -one["bookings"]))
        return next(iter(offered), None)

    def account(self, account_id: str | None) -> AccountOut | None:
        """Return an account, or None."""
        return next((one for one in self.accounts if one["id"] == account_id), None)

    async def cover(self, account_id: str) -> None:
        """Read which days an account's statements cover; raises `ApiError`."""
        if self.coverage_of != account_id:
            self.coverage, self.coverage_of = None, account_id
        found = await self.money.account_coverage(account_id, space=self._space)
        if self.coverage_of == account_id:
            self.coverage = found

    async def open_account(self, values: Mapping[str, Any]) -> str:
        """Open an account; return its id; raises `ApiError`."""
        space = self._space
        made = await self.money.open_account(cast("Any", dict(values)), space=space)
        self._take(made, space)
        return made["id"]

    async def change_account(self, account: AccountOut, **changes: Any) -> None:
        """Change some of an account, as it was seen; raises `ApiError`."""
        body = cast("AccountPatch", {**changes, "version": account["version"]})
        space = self._space
        self._take(await self.money.change_account(account["id"], body, space=space), space)

    async def newest_account(self, account: AccountOut) -> AccountOut:
        """Return an account as it is now; raises `ApiError`."""
        space = self._space
        newest = await self.money.get_account(account["id"], space=space)
        self._take(newest, space)
        return newest

    async def held_on(self, account: AccountOut, day: str) -> int:
        """Return what an account held at the end of a day (minor units); raises `ApiError`."""
        told = await self.money.get_account(account["id"], on=day, space=self._space)
        return told["balance_minor"]

    async def delete_account(self, account: AccountOut) -> None:
        """Delete an account on which nothing stands: at once, taken back if the hub refuses; raises `ApiError`."""
        undo = self.replace("accounts", tuple(one for one in self.accounts if one["id"] != account["id"]))
        async with undone_on_error(undo):
            await self.money.delete_account(account["id"], space=self._space)

    def _take(self, account: AccountOut, space: str | None) -> None:
        """Put an account of a space among the others, where it is still the one that is spoken of."""
        if space != self._space:
            return
        rest = [one for one in self.accounts if one["id"] != account["id"]]
        self.accounts = tuple(sorted([*rest, account], key=lambda one: one["name"]))

    # ------------------------------------------------------------------ categories

    def category(self, category_id: str | None) -> CategoryOut | None:
        """Return a category, or None."""
        return next((one for one in self.categories if one["id"] == category_id), None)

    def inside(self, group_id: str | None) -> tuple[CategoryOut, ...]:
        """Return the categories in a group, or the groups; the ledger's own one for changing money is none of them."""
        return tuple(one for one in self.categories if one["parent_id"] == group_id and one["key"] != "conversion")

    @property
    def leaves(self) -> tuple[CategoryOut, ...]:
        """Return the categories that a booking can get: shown ones that hold no others."""
        groups = {one["parent_id"] for one in self.categories}
        hidden = {one["id"] for one in self.categories if one["hidden"]}
        return tuple(
            one
            for one in self.categories
            if one["id"] not in groups | hidden and one["parent_id"] not in hidden and one["key"] != "conversion"
        )

    async def add_category(self, values: CategoryIn) -> CategoryOut:
        """Add a category; raises `ApiError`."""
        space = self._space
        made = await self.money.create_category(values, space=space)
        if space == self._space:
            self.categories = (*(one for one in self.categories if one["id"] != made["id"]), made)
        return made

    async def change_category(self, category: CategoryOut, **changes: Any) -> None:
        """Change some of a category: at once, taken back if the hub refuses; raises `ApiError`."""
        changed = cast("CategoryOut", {**category, **changes})
        undo = self.replace(
            "categories", tuple(changed if one["id"] == category["id"] else one for one in self.categories)
        )
        body = cast("CategoryPatch", {**changes, "version": category["version"]})
        async with undone_on_error(undo):
            told = await self.money.change_category(category["id"], body, space=self._space)
        self.categories = tuple(told if one["id"] == told["id"] else one for one in self.categories)

    async def delete_category(self, category: CategoryOut) -> None:
        """Delete a category that nothing stands on: at once, taken back if the hub refuses; raises `ApiError`."""
        undo = self.replace("categories", tuple(one for one in self.categories if one["id"] != category["id"]))
        async with undone_on_error(undo):
            await self.money.delete_category(category["id"], space=self._space)
