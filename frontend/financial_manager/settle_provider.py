"""Paying one invoice or release of a house: the bank lines that may be it, and what a payment would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import SettlementOut, SuggestedBookingOut
from frontend.financial_manager.house_provider import RELEASE
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class SettleProvider(MoneyProvider):
    """Hold the suggestions for the claim that is looked at. `looked`: what the payment that is typed would do."""

    kind: str = ""
    claim_id: str = ""
    bookings: tuple[SuggestedBookingOut, ...] = ()
    looked: SettlementOut | None = None

    async def fetch(self) -> None:
        """Read the bank lines that may pay it."""
        if not self.claim_id:
            return
        money = self.money
        find: Any = (
            money.suggestions_suggest_bookings_for_release
            if self.kind == RELEASE
            else money.suggestions_suggest_bookings_for_invoice
        )
        self.bookings = tuple((await find(self.claim_id, space=self._space))["items"])

    async def open(self, kind: str, claim_id: str) -> None:
        """Look for what may pay a claim; the outcome lies in `state`."""
        if (self.kind, self.claim_id) != (kind, claim_id):
            self.reset()
            self.kind, self.claim_id = kind, claim_id
        self.looked = None
        await self.load()

    async def look(self, body: Any) -> None:
        """Ask what a payment would do; nothing changes; raises `ApiError`."""
        preview: Any = (
            self.money.payments_preview_release_payment
            if self.kind == RELEASE
            else self.money.payments_preview_invoice_payment
        )
        self.looked = await preview(self.claim_id, body, space=self._space)

    async def pay(self, body: Any) -> None:
        """Enter a payment; raises `ApiError`."""
        send: Any = (
            self.money.payments_pay_release if self.kind == RELEASE else self.money.payments_pay_building_invoice
        )
        await send(self.claim_id, body, space=self._space)
        self.looked = None
