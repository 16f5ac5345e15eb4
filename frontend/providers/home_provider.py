"""Home: what needs the person, and one card per module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from frontend.api.generated.schemas import AttentionOut, HomeOut, ModuleCardOut
from frontend.providers.base import Event, Provider


@dataclass(eq=False)
class HomeProvider(Provider):
    """Hold what Home shows. The hub itself says after which events it changes."""

    rests: ClassVar[bool] = True

    home: HomeOut | None = None

    @property
    def attention(self) -> tuple[AttentionOut, ...]:
        """Return what needs the person."""
        return tuple(self.home["attention"]) if self.home else ()

    @property
    def cards(self) -> tuple[ModuleCardOut, ...]:
        """Return one card per module."""
        return tuple(self.home["modules"]) if self.home else ()

    async def fetch(self) -> None:
        """Ask what Home shows."""
        self.home = await self.api.home.show_home()

    def on_event(self, event: Event) -> None:
        """Look again after the events that the hub named; before it named any, its answer on the way may lack this."""
        if self.home is None or event["name"] in self.home["refresh_on"]:
            self.reload_soon()
