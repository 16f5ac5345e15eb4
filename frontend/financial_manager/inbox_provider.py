"""The inbox: bookings of which nobody said what they were for, filed one by one, and similar ones with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

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
    _heard: dict[str, WaitingOut] = field(default_factory=dict, init=False, repr=False)

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

    def hear(self, rows: Sequence[WaitingOut]) -> None:
        """Take over what an AI would say of bookings that still wait; kept until the inbox is forgotten."""
        self._heard |= {_waiting_id(one): one for one in rows}
        for one in rows:
            self.waiting.update(_waiting_id(one), cast("Any", one))

    def dismiss(self) -> None:
        """Offer the similar ones no longer."""
        self.similar, self.similar_to = (), ""

    async def _page(self, cursor: str | None, limit: int) -> Any:
        page = await self.money.list_inbox(cursor=cursor, limit=limit, space=self._space)
        return {**page, "items": [self._with_heard(one) for one in page["items"]]}

    def _with_heard(self, one: WaitingOut) -> WaitingOut:
        """Return a booking with what an AI said of it, unless Homie itself has learned something meanwhile."""
        heard = self._heard.get(_waiting_id(one))
        if heard is None or heard["transaction"]["version"] != one["transaction"]["version"]:
            return one
        known = {suggestion["category_id"] for suggestion in heard["suggestions"]}
        return heard if all(found["category_id"] in known for found in one["suggestions"]) else one

    def reset(self) -> None:
        """Forget the inbox."""
        super().reset()
        self._heard = {}
        self.waiting.reset()
