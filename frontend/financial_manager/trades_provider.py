"""Trades of a depot's security: the list, one that is looked at with the trail of its sale, entering and deleting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.generated.schemas import SaleOut, TradeOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import read_after_write, undone_on_error
from frontend.providers.paged import Paged


@dataclass(eq=False)
class TradesProvider(MoneyProvider):
    """Hold trades as far as they were read, and one trade. `sale`: how the shown one used its lots, or None."""

    found: Paged[TradeOut] = field(init=False)
    depot_id: str = ""
    security_id: str = ""
    shown: TradeOut | None = None
    sale: SaleOut | None = None

    def __post_init__(self) -> None:
        """Make the list."""
        self.found = Paged(source=self._page)

    async def fetch(self) -> None:
        """Read anew what is shown."""
        if self.found.state != "idle":  # also a list that could not be read at first
            await self.found.refresh()
        if self.shown is not None:
            await self.open(self.shown["id"])

    async def show(self, depot_id: str, security_id: str = "") -> None:
        """Show the trades of a depot, or of one security in it; see `found`."""
        if (self.depot_id, self.security_id) != (depot_id, security_id):
            self.found.reset()
            self.depot_id, self.security_id = depot_id, security_id
        self.state, self.loaded = "ready", True  # the list has a state of its own
        await self.found.load()

    async def look_at(self, trade_id: str) -> None:
        """Look at one trade; the outcome lies in `state`."""
        if self.shown is None or self.shown["id"] != trade_id:
            self.shown = self.sale = None
            self.drop()  # also where a list was loaded before: of this trade nothing is known yet

        async def work() -> None:
            await self.open(trade_id)

        await self.loading(work)

    async def open(self, trade_id: str) -> None:
        """Read one trade, and for a sale its trail; raises `ApiError`."""
        trade = await self.money.get_trade(trade_id, space=self._space)
        sale = None
        if trade["kind"] == "sell":
            told = await self.money.list_sales(
                trade["depot_id"], security_id=trade["security_id"], since=trade["date"], until=trade["date"],
                space=self._space,
            )  # fmt: skip
            sale = next((one for one in told["items"] if one["trade_id"] == trade_id), None)
        self.shown, self.sale = trade, sale

    async def enter(self, body: dict[str, Any]) -> TradeOut:
        """Book a trade; raises `ApiError`."""
        return await self.money.book_trade(cast("Any", body), space=self._space)

    async def transfer(self, body: dict[str, Any]) -> TradeOut:
        """Move shares to another depot; return the side that left; raises `ApiError`."""
        return (await self.money.transfer_shares(cast("Any", body), space=self._space))["left"]

    async def change(self, trade: TradeOut, changes: dict[str, Any]) -> None:
        """Change some of a trade, as it was seen; raises `ApiError`."""
        body = cast("Any", {**changes, "version": trade["version"]})
        await self.money.change_trade(trade["id"], body, space=self._space)
        if self.shown is not None and self.shown["id"] == trade["id"]:
            await read_after_write(self, self.open(trade["id"]))

    async def newest(self, trade: TradeOut) -> TradeOut:
        """Return a trade as it is now; raises `ApiError`."""
        return await self.money.get_trade(trade["id"], space=self._space)

    async def delete(self, trade: TradeOut) -> None:
        """Delete a trade; raises `ApiError`."""
        async with undone_on_error(self.found.remove(trade["id"])):
            await self.money.delete_trade(trade["id"], space=self._space)
        self.shown = self.sale = None

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.money.list_trades(
            cursor=cursor, limit=limit, depot_id=self.depot_id or None, security_id=self.security_id or None,
            space=self._space,
        )  # fmt: skip

    def reset(self) -> None:
        """Forget the list and what was looked at."""
        super().reset()
        self.found.reset()
