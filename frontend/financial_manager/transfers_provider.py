"""Pairs of bookings that may be transfers between own accounts, and what a person says of them."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import TransferIn, TransferOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import undone_on_error


@dataclass(eq=False)
class TransfersProvider(MoneyProvider):
    """Hold the pairs that wait, the surest first."""

    pairs: tuple[TransferOut, ...] = ()

    async def fetch(self) -> None:
        """Read the pairs."""
        self.pairs = tuple((await self.money.list_transfers(space=self._space))["items"])

    async def answer(self, pair: TransferOut, *, yes: bool) -> None:
        """Say whether a pair is a transfer: it goes at once, and comes back if the hub refuses; raises `ApiError`."""
        undo = self.replace("pairs", tuple(one for one in self.pairs if one is not pair))
        body: TransferIn = {"out_id": pair["out"]["id"], "in_id": pair["into"]["id"]}
        async with undone_on_error(undo):
            if yes:
                await self.money.confirm_transfer(body, space=self._space)
            else:
                await self.money.reject_transfer(body, space=self._space)
