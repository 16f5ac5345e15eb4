"""The building projects of a space, each with its sums."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import ProjectSummaryOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class HousesProvider(MoneyProvider):
    """Hold the projects by name."""

    houses: tuple[ProjectSummaryOut, ...] = ()

    async def fetch(self) -> None:
        """Read them."""
        self.houses = tuple((await self.money.projects_list_building_projects(space=self._space))["items"])
