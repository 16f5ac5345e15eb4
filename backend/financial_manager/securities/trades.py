"""What happens in a depot, as the broker's papers say it. Frozen, without a database; money in minor units.

Amounts are in the trade's own `currency`; `fx_rate` is the rate of that day (units of the base currency for one unit
of `currency`) and stays with the trade, so that a settled figure never moves. No rate is needed in the base currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from backend.financial_manager.securities.amounts import (
    EXACT,
    QUANTUM,
    check_currency,
    converted,
    to_minor,
)
from backend.financial_manager.securities.errors import TradeInvalid

ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What all trades have. `isin`: the ISIN, or a symbol where there is none; `id`: the source, for the drill-down.

    `sequence` is the order within a day as the broker lists it. Where it is the same, a day goes: opening positions,
    splits, buys, outgoing transfers, incoming ones, sales, then what changes no quantity; last by `id`.
    """

    id: str
    date: date
    depot: str
    isin: str
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTrade(Trade):
    """A trade with money. `amount_minor` is gross: before fees and taxes, never negative."""

    amount_minor: int
    currency: str = "EUR"
    fx_rate: Decimal | None = None

    def base_minor(self, amount_minor: int, base: str) -> int:
        """Return an amount of this trade in minor units of the base currency, at the trade's rate (half up)."""
        return converted(amount_minor, self.currency, self.rate(base), base)

    def rate(self, base: str) -> Decimal:
        """Return the rate into the base currency; raise `TradeInvalid` where it is missing or no rate."""
        if self.currency == base:
            if self.fx_rate is not None and self.fx_rate != ONE:
                raise TradeInvalid(
                    "fx_rate",
                    f"The exchange rate is {self.fx_rate} although the trade is in {base}.",
                    "Leave the exchange rate empty.",
                    trade_id=self.id,
                )
            return ONE
        if self.fx_rate is None or not self.fx_rate.is_finite() or self.fx_rate <= 0:
            raise TradeInvalid(
                "fx_rate",
                f"The exchange rate from {self.currency} to {base} is missing.",
                f"Enter how many {base} one {self.currency} was worth on that day.",
                trade_id=self.id,
            )
        return self.fx_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(MoneyTrade):
    """What was held before the records begin. `amount_minor` is its cost; `acquired` decides about legacy holdings."""

    quantity: Decimal
    acquired: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy(MoneyTrade):
    """A purchase; also shares from a plan or a savings plan. `fees_minor`: all costs of the purchase."""

    quantity: Decimal
    fees_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell(MoneyTrade):
    """A sale. `withheld_minor`: tax that the bank kept (KESt), `surcharge_minor`: what it kept on top (Soli).

    Both change what was paid out, not the gain; below zero they are what the bank paid back on a loss.
    """

    quantity: Decimal
    fees_minor: int = 0
    withheld_minor: int = 0
    surcharge_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dividend(MoneyTrade):
    """A dividend, coupon or distribution, gross. `foreign_withheld_minor`: withholding tax of `country` (ISO 3166)."""

    foreign_withheld_minor: int = 0
    withheld_minor: int = 0
    surcharge_minor: int = 0
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAdjustment(MoneyTrade):
    """A change of the cost basis, for reported income of an accumulating fund. `sign`: 1 raises it, -1 lowers it.

    § 186 Abs 3 InvFG 2011 (Austria): deemed distributions raise the acquisition cost. `income_minor` and
    `foreign_withheld_minor` are what was taxed that year (OeKB figures); they do not touch the cost. Nor does what a
    bank at home kept of that income: `withheld_minor` (§ 95 Abs 2 Z 1 EStG, Austria; § 44 Abs 1b EStG, Germany, from
    the account) and `surcharge_minor` (Soli).
    """

    sign: int = 1
    income_minor: int = 0
    foreign_withheld_minor: int = 0
    withheld_minor: int = 0
    surcharge_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(MoneyTrade):
    """A fee that is no part of any purchase (custody, account); it lowers the return, never the cost.

    `isin` may be empty: such a fee is the depot's.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Trade):
    """`new` shares for every `old` ones: 4 for 1 is a split, 1 for 10 a reverse split."""

    new: Decimal
    old: Decimal = ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOut(Trade):
    """Shares leave a depot without a sale. The `TransferIn` of the same `transfer_id` brings them, with their basis."""

    quantity: Decimal
    transfer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferIn(Trade):
    """Shares arrive from another depot of the household; lots keep their day and their cost."""

    quantity: Decimal
    transfer_id: str


AnyTrade = Opening | Buy | Sell | Dividend | CostAdjustment | Fee | Split | TransferOut | TransferIn
Moved = tuple[str, str]
"""A transfer's word and the security: one word may move several securities at once, as a change of bank does."""
OrderKey = tuple[date, int, int, str]
"""Day, sequence, kind, id: the one order of trades."""
LARGEST = Decimal(10) ** 15
_AMOUNTS = (
    "amount_minor", "fees_minor", "withheld_minor", "surcharge_minor", "foreign_withheld_minor", "income_minor",
)  # fmt: skip
_PAID_BACK = ("withheld_minor", "surcharge_minor")
"""Below zero on a sale: the bank offset its loss and paid tax back (§ 93 Abs 6 EStG, Austria; § 43a Abs 3, Germany)."""
_WITHOUT_QUANTITY = (Dividend, Fee, CostAdjustment)
_RANK: dict[type, int] = {
    kind: n
    for n, kind in enumerate(
        (Opening, Split, Buy, TransferOut, TransferIn, Sell, CostAdjustment, Dividend, Fee),
    )
}


def gross_minor(quantity: Decimal, price: Decimal, currency: str) -> int:
    """Return quantity times price in minor units of the currency, half up."""
    return to_minor(EXACT.multiply(quantity, price), currency)


def moved(trade: TransferOut | TransferIn) -> Moved:
    """Return what both sides of a transfer have in common."""
    return trade.transfer_id, trade.isin


def in_order(trades: Iterable[AnyTrade]) -> list[AnyTrade]:
    """Return trades in the one order in which they count: day, sequence, kind, id (see `Trade`)."""
    return sorted(trades, key=order_key)


def order_key(trade: AnyTrade) -> OrderKey:
    """Return what the order of trades goes by."""
    return trade.date, trade.sequence, _RANK[type(trade)], trade.id


def end_of(day: date) -> OrderKey:
    """Return what comes after every trade of a day."""
    return day + timedelta(days=1), -(10**18), 0, ""


def check_trade(trade: AnyTrade, base: str) -> None:
    """Raise `TradeInvalid` for what cannot be booked whatever is held; the base currency is checked by the rules."""
    if not trade.isin.strip() and not isinstance(trade, Fee):
        raise TradeInvalid("isin", "The security has no name.", "Enter its ISIN or its symbol.", trade_id=trade.id)
    if not trade.depot.strip():
        raise TradeInvalid("depot", "The depot is missing.", "Say in which depot this happened.", trade_id=trade.id)
    if isinstance(trade, Split):
        for name, value in (("new", trade.new), ("old", trade.old)):
            _positive(trade, name, value, "The ratio of a split must be larger than zero.", "Enter it as 4 for 1.")
        return
    if not isinstance(trade, _WITHOUT_QUANTITY):
        _positive(
            trade, "quantity", trade.quantity, "The quantity must be larger than zero.", "Enter how many were traded."
        )
        if trade.quantity % QUANTUM != 0:
            raise TradeInvalid(
                "quantity", "The quantity has more than ten decimals.", "Round it to ten decimals.", trade_id=trade.id
            )
    if isinstance(trade, MoneyTrade):
        _check_money(trade, base)


def _positive(trade: Trade, field: str, value: Decimal, problem: str, remedy: str) -> None:
    """Refuse what is not larger than zero, or larger than anything a household holds."""
    if not value.is_finite() or value <= 0:
        raise TradeInvalid(field, problem, remedy, trade_id=trade.id)
    if value > LARGEST:
        raise TradeInvalid(field, "The number is too large.", "Check the number of digits.", trade_id=trade.id)


def _check_money(trade: MoneyTrade, base: str) -> None:
    """Refuse an unknown currency, a missing rate and negative amounts."""
    check_currency(trade.currency, trade_id=trade.id)
    trade.rate(base)
    for name in _AMOUNTS:
        if getattr(trade, name, 0) < 0 and not (isinstance(trade, Sell) and name in _PAID_BACK):
            raise TradeInvalid(
                name,
                "Amounts of a trade cannot be negative; its kind says the direction.",
                "Enter the amount without a minus sign.",
                trade_id=trade.id,
            )
    if isinstance(trade, CostAdjustment) and trade.sign not in (1, -1):
        raise TradeInvalid("sign", "A cost adjustment raises or lowers the cost.", "Use 1 or -1.", trade_id=trade.id)
