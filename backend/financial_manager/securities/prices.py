"""Prices of securities: by hand or from a file; always the last one known, with its day.

A price is what was quoted on its day (not adjusted for later splits). `PriceBook` adjusts it when a split came between.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from backend.financial_manager.securities.amounts import EXACT, check_currency, from_minor, to_minor
from backend.financial_manager.securities.errors import TradeInvalid
from backend.financial_manager.securities.splits import Splits
from backend.financial_manager.securities.trades import ONE, AnyTrade, Buy, Sell, in_order

LARGEST_PRICE = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Price:
    """What one share cost on a day. `fx_rate`: units of the base currency for one unit of `currency`, or None."""

    isin: str
    date: date
    price: Decimal
    currency: str = "EUR"
    fx_rate: Decimal | None = None
    source: str = ""
    """Where it comes from ("hand", the file's name, "trade")."""

    def value_minor(self, quantity: Decimal, base: str) -> int:
        """Return what a quantity is worth in minor units of the base currency, rounded once (half up).

        Raises `TradeInvalid` where the currency is unknown, or the rate into the base currency is missing.
        """
        check_currency(self.currency)
        rate = ONE if self.currency == base else self.fx_rate
        if not self.price.is_finite() or not 0 <= self.price <= LARGEST_PRICE:
            raise TradeInvalid("price", "The price is no amount of money.", "Enter what one share costs.")
        if rate is None or not rate.is_finite() or rate <= 0:
            raise TradeInvalid(
                "fx_rate",
                f"The exchange rate from {self.currency} to {base} is missing.",
                f"Enter how many {base} one {self.currency} was worth on that day.",
            )
        return to_minor(EXACT.multiply(EXACT.multiply(quantity, self.price), rate), base)


class PriceBook:
    """Prices by security and day. `trades` give the splits, and a price of their own where nothing better is known.

    Of several trades on one day the last one counts, in the order in which trades count.
    """

    def __init__(self, prices: Iterable[Price], trades: Iterable[AnyTrade] = ()) -> None:
        trades = in_order(trades)
        by_day: dict[str, dict[date, Price]] = {}
        for price in (*_traded(trades), *prices):
            by_day.setdefault(price.isin, {})[price.date] = price
        self._prices = {isin: [days[day] for day in sorted(days)] for isin, days in by_day.items()}
        self._days = {isin: [price.date for price in prices] for isin, prices in self._prices.items()}
        self._splits = Splits(trades)

    def latest(self, isin: str, on: date) -> Price | None:
        """Return the last price known on a day, adjusted for splits after its own day; None where there is none.

        One beyond anything a share costs counts as none: it stops no list of positions.
        """
        found = bisect_right(self._days.get(isin, []), on)
        if not found:
            return None
        price = self._prices[isin][found - 1]
        amount = price.price
        for day, ratio in self._splits.happened(isin):
            if price.date < day <= on:
                amount = EXACT.divide(EXACT.multiply(amount, ratio.old), ratio.new)
        if not amount.is_finite() or not 0 <= amount <= LARGEST_PRICE:
            return None
        return price if amount == price.price else replace(price, price=amount)


def _traded(trades: Iterable[AnyTrade]) -> list[Price]:
    """Return the prices that purchases and sales were made at."""
    return [
        Price(
            one.isin,
            one.date,
            EXACT.divide(from_minor(one.amount_minor, one.currency), one.quantity),
            one.currency,
            one.fx_rate,
            "trade",
        )
        for one in trades
        if isinstance(one, Buy | Sell) and one.quantity > 0 and one.amount_minor > 0  # a gift has no price
    ]
