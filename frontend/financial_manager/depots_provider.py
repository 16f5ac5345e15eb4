"""All depots of a space: securities, what is held and gained, returns, and how it is spread."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

from frontend.api.generated.schemas import (
    AllocationOut,
    DepotsWorthOut,
    PerformanceOut,
    PositionOut,
    PricesImportedOut,
    SecurityIn,
    SecurityOut,
)
from frontend.financial_manager.money_provider import MoneyProvider

SpreadBy = Literal["kind", "country", "currency", "security", "depot"]


@dataclass(eq=False)
class DepotsProvider(MoneyProvider):
    """Hold positions of one depot or of all (`depot_id` ""), the returns, and the spread of all.

    `shown`: the depot that positions and returns are of; None before there are any.
    """

    depot_id: str = ""
    shown: str | None = None
    by: SpreadBy = "security"
    securities: tuple[SecurityOut, ...] = ()
    positions: tuple[PositionOut, ...] = ()
    returns: tuple[PerformanceOut, ...] = ()
    spread: tuple[AllocationOut, ...] = ()
    worth: DepotsWorthOut | None = None
    _next_by: SpreadBy = "security"

    async def fetch(self) -> None:
        """Read everything anew."""
        shown, by = self.depot_id, self.by
        depot = shown or None
        securities, positions, returns, spread, self.worth = await asyncio.gather(
            self.money.list_securities(space=self._space),
            self.money.list_positions(depot_id=depot, space=self._space),
            self.money.show_performance(depot_id=depot, space=self._space),
            self.money.show_allocation(by=by, space=self._space),
            self.money.show_depots_worth(space=self._space),
        )
        self.securities, self.positions = tuple(securities["items"]), tuple(positions["items"])
        self.returns, self.shown = tuple(returns["items"]), shown
        if by == self.by:
            self.spread = tuple(spread["items"])

    async def show(self, depot_id: str) -> None:
        """Show one depot, or all ("")."""
        self.depot_id = depot_id
        await self.load()

    async def spread_by(self, by: SpreadBy) -> None:
        """Tell something else apart, from the answer on; of several calls the last one counts; raises `ApiError`."""
        self._next_by = by
        found = await self.money.show_allocation(by=by, space=self._space)
        if by == self._next_by:
            self.by, self.spread = by, tuple(found["items"])

    def security(self, security_id: str) -> SecurityOut | None:
        """Return a security, or None where it is not known."""
        return next((one for one in self.securities if one["id"] == security_id), None)

    def position(self, depot_id: str, security_id: str) -> PositionOut | None:
        """Return a position, or None where nothing was ever held."""
        return self._position(depot_id, security_id, on_the_way=False)

    def on_the_way(self, depot_id: str, security_id: str) -> PositionOut | None:
        """Return what left a depot and did not arrive in another one yet, or None."""
        return self._position(depot_id, security_id, on_the_way=True)

    def _position(self, depot_id: str, security_id: str, *, on_the_way: bool) -> PositionOut | None:
        wanted = (depot_id, security_id, on_the_way)
        found = ((one["depot_id"], one["security_id"], one["on_the_way"]) for one in self.positions)
        return next((one for one, words in zip(self.positions, found, strict=True) if words == wanted), None)

    async def add_security(self, body: SecurityIn) -> SecurityOut:
        """Add a security; raises `ApiError`."""
        made = await self.money.add_security(body, space=self._space)
        self.securities = (*self.securities, made)
        return made

    async def enter_price(self, security_id: str, body: Any) -> None:
        """Say what one share cost on a day; raises `ApiError`."""
        await self.money.enter_price(security_id, body, space=self._space)
        await self.load()

    async def import_prices(self, name: str, data: bytes, security_id: str = "") -> PricesImportedOut:
        """Take the prices of a file; `security_id`: whose they are, where the file does not say; raises `ApiError`."""
        content = base64.b64encode(data).decode("ascii")
        body: dict[str, Any] = {"name": name, "content": content, "security_id": security_id or None}
        told = await self.money.import_prices(cast("Any", body), space=self._space)
        await self.load()
        return told


def held_by_currency(positions: Iterable[PositionOut]) -> dict[str, list[PositionOut]]:
    """Return what is held by currency, the most valuable first; what has no price comes last."""
    found: dict[str, list[PositionOut]] = {}
    for one in positions:
        if one["quantity"] != "0":
            found.setdefault(one["currency"], []).append(one)
    for rows in found.values():
        rows.sort(key=lambda one: (one["value_minor"] is None, -(one["value_minor"] or 0), one["security"]))
    return found
