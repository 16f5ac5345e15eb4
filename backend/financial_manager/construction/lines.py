"""What a part of the house was to cost: a line of the budget, in a cost group."""

from __future__ import annotations

from dataclasses import dataclass

from backend.financial_manager.construction.contracts import Order


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of the budget, with VAT, and the orders that stand on it.

    `quote_minor`: what was offered, None where nobody has offered yet. `awarded`: everything of it is under contract,
    nothing more is to come. `contingency`: money for what nobody foresaw; no orders stand on it.
    """

    cost_group: str
    estimate_minor: int = 0
    quote_minor: int | None = None
    awarded: bool = False
    contingency: bool = False
    orders: tuple[Order, ...] = ()
    id: str = ""

    @property
    def revised_minor(self) -> int:
        """Return the best that is known without contracts: the quote, else the estimate."""
        return self.estimate_minor if self.quote_minor is None else self.quote_minor
