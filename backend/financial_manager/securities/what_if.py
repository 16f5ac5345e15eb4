"""What if I sell? The gain under both methods, the lots it would use, and the tax by a table that is handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backend.financial_manager.securities.amounts import EXACT, round_half_up
from backend.financial_manager.securities.replay import Method, Sale, replay
from backend.financial_manager.securities.rules import CostRules
from backend.financial_manager.securities.trades import AnyTrade, Sell, gross_minor

PREVIEW_ID = "what-if"


@dataclass(frozen=True, slots=True)
class TaxRates:
    """How a gain is taxed. `surcharge` is a share of the tax (Germany's Soli: 0.055).

    `allowance_minor`: what is left of the year's allowance; `losses_minor`: losses of the year that may be offset.
    """

    rate: Decimal
    surcharge: Decimal = Decimal(0)
    allowance_minor: int = 0
    losses_minor: int = 0

    def tax_minor(self, gain_minor: int) -> int:
        """Return the tax on a gain in minor units; each step is rounded half up, and a loss costs nothing."""
        taxed = max(0, gain_minor - self.losses_minor - self.allowance_minor)
        tax = round_half_up(EXACT.multiply(Decimal(taxed), self.rate))
        return tax + round_half_up(EXACT.multiply(Decimal(tax), self.surcharge))


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
    """What a sale would bring under one method; minor units of the base currency. `sale.uses` names the lots."""

    method: Method
    sale: Sale
    tax_minor: int

    @property
    def left_minor(self) -> int:
        """Return what would be left after fees and tax."""
        return self.sale.gross_minor - self.sale.fees_minor - self.tax_minor


def preview_sale(
    trades: Iterable[AnyTrade], rules: CostRules, idea: SaleIdea, rates: TaxRates
) -> dict[Method, Preview]:
    """Return what a sale would bring under each method, after everything that happened up to its day.

    Raises `TradeInvalid` where more would be sold than is held, or the rate of a currency is missing.
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
    known = [*(trade for trade in trades if trade.date <= idea.on), sell]
    previews = {}
    for method in Method:
        sale = next(one for one in reversed(replay(known, rules, method).sales) if one.trade_id == PREVIEW_ID)
        previews[method] = Preview(method, sale, rates.tax_minor(sale.taxable_gain_minor))
    return previews
