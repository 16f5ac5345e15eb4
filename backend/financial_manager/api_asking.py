"""API of asking an AI about the inbox: what would be sent, and sending it."""

from __future__ import annotations

from backend.financial_manager.api_transactions import waiting_out
from backend.financial_manager.categories.asking import TASK, sent
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas_asking import AskedOut, AskPreviewOut, SentPayeeOut
from backend.sdk.ai import AiService
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
        found, status = asking.question(actor), ai.status(actor, TASK.module)
        payees = [SentPayeeOut(text=text, amount=band, direction=way) for text, band, way in sent(found.payload)]
        return AskPreviewOut(
            would_send=found.estimate.would_send,
            reason=found.estimate.reason if not found.estimate.would_send else "",
            state=status.state,
            provider=status.provider,
            model=status.model,
            payees=payees,
            known_payees=found.estimate.known_items,
            bookings=found.bookings,
            left=found.left,
            input_tokens=found.estimate.input_tokens,
            cost_micro_usd=found.estimate.cost_micro_usd,
            body=found.preview.body,
        )

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
