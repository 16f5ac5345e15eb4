"""Asking the household's AI about the inbox: how it stands, what would be sent, and asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from frontend.api.generated.schemas import AskedOut, AskPreviewOut
from frontend.financial_manager.money_provider import MoneyProvider

MODULE = "financial_manager"
NO_PROVIDER = ("", "off", "no_key")
"""How it stands where nobody set up an AI for this household; "" is not known yet."""


@dataclass(eq=False)
class AskingProvider(MoneyProvider):
    """Hold how the AI stands for this space (`standing`: the hub's state) and what asking would send."""

    hears: ClassVar[tuple[str, ...]] = ()

    standing: str = ""
    preview: AskPreviewOut | None = None

    @property
    def is_set_up(self) -> bool:
        """Tell whether this household has an AI that may be offered."""
        return self.standing not in NO_PROVIDER

    async def fetch(self) -> None:
        """Read what would be sent now; sends nothing."""
        self.preview = await self.money.preview_asking(space=self._space)
        self.standing = self.preview["state"]

    async def look(self) -> None:
        """Ask the hub only how the AI stands; raises `ApiError`."""
        self.standing = (await self.api.ai.get_agreement(MODULE, space=self._space))["state"]

    async def agree(self) -> None:
        """Agree to AI for money in this space; raises `ApiError`."""
        await self.api.ai.put_agreement(MODULE, {"enabled": True}, space=self._space)
        await self.load()

    async def ask(self) -> AskedOut:
        """Ask the AI, and let the hub file what it is sure of; raises `ApiError`."""
        return await self.money.ask_about_inbox(space=self._space)
