"""What if I sell? One sale that somebody thinks about, and what it would bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from frontend.api.generated.schemas import WhatIfOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class SalePreviewProvider(MoneyProvider):
    """Hold the last answer; None before the first question. `country`: whose tax rules the household's own are."""

    told: WhatIfOut | None = None
    country: str = ""

    async def fetch(self) -> None:
        """Read whose taxes are meant; a country without rules is none."""
        own = (await self.money.show_settings(space=self._space))["country"]
        self.country = "" if own == "XX" else own

    def on_event(self, event: Any) -> None:
        """Hear nothing: the answer is to the question that was asked."""

    async def ask(self, body: dict[str, Any]) -> None:
        """Ask what a sale would bring; raises `ApiError`."""
        self.told = None
        self.told = await self.money.preview_sale(cast("Any", body), space=self._space)
