"""One security with its prices, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import (
    FinancialManagerPriceOut,
    PriceFeedOut,
    PriceSourceOut,
    SecurityOut,
    SecurityPatch,
)
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.paged import Paged


@dataclass(eq=False)
class SecurityProvider(MoneyProvider):
    """Hold the security that is looked at. `source`: None where none was chosen; `feeds`: those that come along."""

    found: Paged[FinancialManagerPriceOut] = field(init=False)
    security_id: str = ""
    shown: SecurityOut | None = None
    source: PriceSourceOut | None = None
    feeds: tuple[PriceFeedOut, ...] = ()

    def __post_init__(self) -> None:
        """Make the list of prices."""
        self.found = Paged(source=self._page)

    async def show(self, security_id: str) -> None:
        """Look at a security; the outcome lies in `state`."""
        if self.security_id != security_id:
            self.found.reset()
            self.shown = self.source = None
            self.drop()
        self.security_id = security_id
        await self.load()

    async def fetch(self) -> None:
        """Read everything anew."""
        if not self.security_id:
            return
        self.shown = await self.money.get_security(self.security_id, space=self._space)
        self.feeds = tuple((await self.money.list_price_feeds(space=self._space))["items"])
        self.source = await self.newest_source()
        await (self.found.refresh() if self.found.loaded else self.found.load())

    async def change(self, security: SecurityOut, changes: SecurityPatch) -> None:
        """Change the security, as it was seen; raises `ApiError`."""
        changes["version"] = security["version"]
        self.shown = await self.money.change_security(security["id"], changes, space=self._space)

    async def newest(self, security: SecurityOut) -> SecurityOut:
        """Return a security as it is now; raises `ApiError`."""
        return await self.money.get_security(security["id"], space=self._space)

    async def delete(self, security: SecurityOut) -> None:
        """Delete the security with its prices; raises `ApiError`."""
        await self.money.delete_security(security["id"], space=self._space)
        self.security_id, self.shown = "", None

    async def change_price(self, price: FinancialManagerPriceOut, number: str) -> None:
        """Say what one share cost on the day of a price; raises `ApiError`."""
        body: Any = {"date": price["date"], "price": number, "currency": price["currency"]}
        if price["fx_rate"]:
            body |= {"fx_rate": price["fx_rate"], "fx_currency": price["fx_currency"]}
        await self.money.enter_price(price["security_id"], body, space=self._space)
        await self.found.refresh()

    async def delete_price(self, price: FinancialManagerPriceOut) -> None:
        """Forget a price; raises `ApiError`."""
        await self.money.delete_price(price["id"], space=self._space)
        await self.found.refresh()

    async def newest_source(self) -> PriceSourceOut | None:
        """Return where the prices come from now; raises `ApiError`."""
        try:
            return await self.money.security_price_source_get_price_source(self.security_id, space=self._space)
        except ApiError as error:
            if error.code != "price_source_missing":
                raise
            return None

    async def set_source(self, seen: PriceSourceOut | None, body: dict[str, Any]) -> None:
        """Say where the prices come from; `seen`: what was there when that began; raises `ApiError`."""
        body = {**body, "version": seen["version"] if seen is not None else 0}
        self.source = await self.money.security_price_source_set_price_source(
            self.security_id, cast("Any", body), space=self._space
        )

    async def remove_source(self) -> None:
        """Ask for its prices no more; raises `ApiError`."""
        await self.money.security_price_source_delete_price_source(self.security_id, space=self._space)
        self.source = None

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.money.list_prices(self.security_id, cursor=cursor, limit=limit, space=self._space)

    def reset(self) -> None:
        """Forget what was looked at."""
        super().reset()
        self.found.reset()
        self.security_id = ""
