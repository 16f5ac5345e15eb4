"""What if I sell? The gain under both methods, the lots it would use, and the tax by rules that are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backend.financial_manager.securities.replay import Method, Replay, Sale, replay
from backend.financial_manager.securities.rules import CostRules
from backend.financial_manager.securities.trades import AnyTrade, Sell, gross_minor

PREVIEW_ID = "what-if"


@dataclass(frozen=True, slots=True)
class SaleIdea:
    """A sale that somebody thinks about, at a price of their choice."""

    depot: str
    isin: str
    quantity: Decimal
    price: Decimal
    on: date
    currency: str = "EUR"
    fx_rate: Decimal | None = None
    fees_minor: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sale would bring under one method; minor units of the base currency. `sale.uses` names the lots.

    `tax_minor` is below zero where a loss would lower the tax of the year.
    """

    method: Method
    sale: Sale
    tax_minor: int

    @property
    def left_minor(self) -> int:
        """Return what would be left after fees and tax."""
        return self.sale.gross_minor - self.sale.fees_minor - self.tax_minor


def untaxed(sale: Sale, replayed: Replay) -> int:
    """Return no tax, whatever a sale brings: nobody's rules were chosen."""
    return 0


def preview_sale(
    trades: Iterable[AnyTrade], rules: CostRules, idea: SaleIdea, tax_of: Callable[[Sale, Replay], int] = untaxed
) -> dict[Method, Preview]:
    """Return what a sale would bring under each method, after everything that happened up to its day.

    `tax_of` says by how much a sale changes the year's tax, in minor units of the base currency; it is handed all
    trades replayed with the sale, as a sale in the past changes what later ones cost.

    Raises `TradeInvalid` where more would be sold than is held, on that day or by a later trade, or the rate of a
    currency is missing.
    """
    sell = Sell(
        id=PREVIEW_ID,
        date=idea.on,
        depot=idea.depot,
        isin=idea.isin,
        sequence=10**9,
        quantity=idea.quantity,
        amount_minor=gross_minor(idea.quantity, idea.price, idea.currency),
        currency=idea.currency,
        fx_rate=idea.fx_rate,
        fees_minor=idea.fees_minor,
    )
    known = [*trades, sell]
    previews = {}
    for method in Method:
        replayed = replay(known, rules, method)
        sale = next(one for one in replayed.sales if one.trade_id == PREVIEW_ID)
        previews[method] = Preview(method, sale, tax_of(sale, replayed))
    return previews
