"""What questions would take, said beforehand: requests, tokens, money; "unknown" where no price is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.core.ai.ledger import MonthTotal
from backend.core.ai.prices import PriceTable
from backend.core.ai.prompt import Prompt
from backend.core.ai.settings import HouseholdAi
from backend.sdk.ai import AiEstimate, AiStatus


@dataclass(slots=True)
class Tally:
    """Add up the questions that would be asked."""

    items: int = 0
    asked: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    most_output_tokens: int = 0

    def add(self, prompt: Prompt[Any], items: int) -> None:
        """Count one question about `items` items."""
        task = prompt.task
        self.asked += items
        self.calls += 1
        self.input_tokens += prompt.estimated_input_tokens
        self.output_tokens += min(task.max_output_tokens, items * task.output_tokens_per_item)
        self.most_output_tokens += task.max_output_tokens

    def estimate(self, status: AiStatus, settings: HouseholdAi, month: MonthTotal, model: str) -> AiEstimate:
        """Return the estimate; without anything to ask it costs nothing, whatever the price."""
        table = PriceTable.of(settings)
        price, known = table.price(settings.provider, model)
        cost, _ = table.cost(settings.provider, model, self.input_tokens, self.output_tokens)
        most, _ = table.cost(settings.provider, model, self.input_tokens, self.most_output_tokens)
        budget = settings.monthly_budget_micro_usd
        told = known or not self.calls
        return AiEstimate(
            would_send=status.ready and self.calls > 0,
            reason=status.text if self.calls else "There is nothing to ask about.",
            provider=settings.provider,
            model=model or None,
            items=self.items,
            known_items=self.items - self.asked,
            calls=self.calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            most_output_tokens=self.most_output_tokens,
            cost_micro_usd=cost if told else None,
            most_cost_micro_usd=most if told else None,
            price_per_million=(price[0] * 1000, price[1] * 1000) if known else None,
            budget_left_micro_usd=None if budget is None else max(0, budget - month.cost_micro_usd),
        )
