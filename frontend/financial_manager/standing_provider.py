"""What a booking is to a building project: what it paid, and the open invoices that it may pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import PaidOut, SuggestedListOut, SuggestedOut
from frontend.financial_manager.house_provider import RELEASE
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class StandingProvider(MoneyProvider):
    """Hold it for the transaction that is looked at."""

    transaction_id: str = ""
    told: SuggestedListOut | None = None

    async def fetch(self) -> None:
        """Read it."""
        if self.transaction_id:
            asked = self.transaction_id
            told = await self.money.suggestions_suggest_building_invoices(transaction_id=asked, space=self._space)
            if asked == self.transaction_id:
                self.told = told

    async def open(self, transaction_id: str) -> None:
        """Look at a transaction; the outcome lies in `state`."""
        if self.transaction_id != transaction_id:
            self.transaction_id, self.told = transaction_id, None
        await self.load()

    async def pay(self, one: SuggestedOut) -> PaidOut:
        """Say that the transaction pays an invoice or a release, as far as that is open; raises `ApiError`."""
        send: Any = (
            self.money.payments_pay_release if one["kind"] == RELEASE else self.money.payments_pay_building_invoice
        )
        body: dict[str, Any] = {"transaction_id": self.transaction_id}
        if one["settlement"]["difference_minor"] < 0:
            body["amount_minor"] = one["settlement"]["claim"]["open_minor"]
        paid: PaidOut = await send(one["claim_id"], body, space=self._space)
        await self.load()
        return paid
