"""API of asking an AI about the inbox: what would be sent, and sending it."""

from __future__ import annotations

from backend.financial_manager.api_transactions import waiting_out
from backend.financial_manager.categories.asking import TASK, sent
from backend.financial_manager.finances import Finances
from backend.financial_manager.inbox_asking import Question
from backend.financial_manager.schemas_asking import AskedOut, AskPreviewOut, SentPayeeOut
from backend.sdk.ai import AiService, AiStatus
from backend.sdk.http import Group, current_actor

MOST_UNSURE = 200


def asking_group(finances: Finances, ai: AiService) -> Group:
    """Return the group about asking."""
    group = Group("asking", url_prefix="/inbox", tag="Transactions")
    asking = finances.asking

    @group.get("/ask", returns=AskPreviewOut)
    def preview_asking() -> AskPreviewOut:
        """Show exactly what asking an AI about the inbox would send, and what it would cost. Sends nothing."""
        actor = current_actor()
        return _preview_out(asking.question(actor), ai.status(actor, TASK.module))

    @group.post("/ask", returns=AskedOut, status=200, errors=[409], limit="20/minute")
    def ask_about_inbox() -> AskedOut:
        """Ask the household's AI what waiting bookings were for, and file what it is sure of, as one step.

        Only where this space agreed to AI for money. What it is not sure of stays in the inbox.
        """
        told = asking.ask(current_actor())
        return AskedOut(
            asked=told.asked,
            known=told.known,
            filed=told.filed,
            notice=told.notice,
            provider=told.provider,
            model=told.model,
            unsure=[waiting_out(one) for one in told.unsure[:MOST_UNSURE]],
        )

    return group


def _preview_out(found: Question, status: AiStatus) -> AskPreviewOut:
    estimate = found.estimate
    return AskPreviewOut(
        would_send=estimate.would_send,
        reason="" if estimate.would_send else estimate.reason,
        state=status.state,
        provider=status.provider,
        model=status.model,
        payees=[SentPayeeOut(text=text, amount=band, direction=way) for text, band, way in sent(found.payload)],
        known_payees=estimate.known_items,
        bookings=found.bookings,
        left=found.left,
        input_tokens=estimate.input_tokens,
        cost_micro_usd=estimate.cost_micro_usd,
        body=found.preview.body,
    )
