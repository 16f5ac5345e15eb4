"""What the depots are worth, for the module's first page; asked for only where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import DepotsWorthOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class DepotsWorthProvider(MoneyProvider):
    """Hold the worth of all depots today. `wanted`: whether the space has a depot."""

    wanted: bool = False
    worth: DepotsWorthOut | None = None

    async def fetch(self) -> None:
        """Ask, or forget what was there."""
        self.worth = await self.money.show_depots_worth(space=self._space) if self.wanted else None

    async def look(self, *, wanted: bool) -> None:
        """Ask where there is a depot; the outcome lies in `state`."""
        if wanted and not self.wanted:
            self.drop()  # that there was no depot says nothing of what this one is worth
        self.wanted = wanted
        await self.load()

    def of_depot(self, account_id: str) -> int | None:
        """Return what one depot is worth in minor units of its own currency; None where it is not known yet."""
        if self.worth is None:
            return None
        return sum(one["value_minor"] for one in self.worth["items"] if one["depot_id"] == account_id)
