"""The inbox: bookings of which nobody said what they were for, filed one by one, and similar ones with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import FinancialManagerWaitingOut as WaitingOut
from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import undone_on_error
from frontend.providers.paged import Paged


def _waiting_id(one: WaitingOut) -> str:
    return str(one["transaction"]["id"])


@dataclass(eq=False)
class InboxProvider(MoneyProvider):
    """Hold the bookings that wait; `similar` may be the same as the one filed last, `similar_to` is its category."""

    waiting: Paged[WaitingOut] = field(init=False)
    similar: tuple[TransactionOut, ...] = ()
    similar_to: str = ""

    def __post_init__(self) -> None:
        """Make the list."""
        self.waiting = Paged(source=self._page, key=_waiting_id)

    async def fetch(self) -> None:
        """Read anew what is shown."""
        await self.waiting.refresh()
        if self.waiting.error:
            raise self.waiting.error

    async def file(self, transaction_id: str, category_id: str) -> None:
        """Say what a booking was for: it goes at once, and comes back if the hub refuses; raises `ApiError`."""
        self.dismiss()
        async with undone_on_error(self.waiting.remove(transaction_id)):
            told = await self.money.categorise_transactions(
                {"ids": [transaction_id], "category_id": category_id}, space=self._space
            )
        self.similar, self.similar_to = tuple(told["similar"]), category_id

    async def file_similar(self) -> int:
        """Say the same of the similar ones; return how many; raises `ApiError`."""
        similar, category_id = self.similar, self.similar_to
        self.dismiss()
        ids = [one["id"] for one in similar]

        def offer_again() -> None:
            self.similar, self.similar_to = similar, category_id

        async with undone_on_error(offer_again, *(self.waiting.remove(one) for one in ids)):
            told = await self.money.categorise_transactions({"ids": ids, "category_id": category_id}, space=self._space)
        return told["count"]

    def dismiss(self) -> None:
        """Offer the similar ones no longer."""
        self.similar, self.similar_to = (), ""

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.money.list_inbox(cursor=cursor, limit=limit, space=self._space)

    def reset(self) -> None:
        """Forget the inbox."""
        super().reset()
        self.waiting.reset()
