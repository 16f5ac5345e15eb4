"""Wire types of asking an AI about the inbox."""

from __future__ import annotations

from pydantic import Field

from backend.financial_manager.schemas import WaitingOut
from backend.sdk.http import Out


class SentPayeeOut(Out):
    """Show all that is said of one payee: words of its name, a band of the amount, and which way the money went."""

    text: str
    amount: str = Field(description="A band in whole units of the currency, as 20-50.")
    direction: str = Field(description="`in` or `out`.")


class AskPreviewOut(Out):
    """Show what asking would send. `would_send`: it really would now; `reason`: why not."""

    would_send: bool
    reason: str
    state: str = Field(description="off, not_opted_in, no_key, key_refused, paused, budget_used, ready.")
    provider: str
    model: str | None
    payees: list[SentPayeeOut]
    known_payees: int = Field(description="Of these, so many were answered before and are not sent again.")
    bookings: int = Field(description="Waiting bookings of these payees.")
    left: int = Field(description="Payees that are not asked about this time: a question has its bounds.")
    input_tokens: int
    cost_micro_usd: int | None = Field(description="Millionths of a US dollar; null where no price is known.")
    body: str | None = Field(description="The exact text of the request.")


class AskedOut(Out):
    """Say what came of asking. `unsure`: bookings that still wait, with what the AI would say among the suggestions."""

    asked: int = Field(description="Payees that were sent.")
    known: int = Field(description="Payees that were answered before.")
    filed: int = Field(description="Bookings that were filed.")
    notice: str = Field(description="Why no AI decided; empty where one did.")
    provider: str
    model: str | None
    unsure: list[WaitingOut]
