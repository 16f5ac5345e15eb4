"""What is held, what it is worth, and what it gained, by both methods side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backend.financial_manager.securities.average import AveragePools, AverageStep, average_price
from backend.financial_manager.securities.lots import Key, Lot
from backend.financial_manager.securities.prices import Price, PriceBook
from backend.financial_manager.securities.replay import Method, Replay, replay
from backend.financial_manager.securities.rules import CostRules
from backend.financial_manager.securities.trades import AnyTrade, Buy, CostAdjustment, Dividend, Fee, MoneyTrade, Sell


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """What one method says about a position; minor units of the base currency. `lots`: FIFO lots, or the pools."""

    method: Method
    cost_minor: int
    realised_minor: int
    unrealised_minor: int | None
    """None where no price is known."""
    average_price: Decimal | None
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Income:
    """What a position paid and cost beside its price: gross dividends, taxes kept, fees; minor units of the base."""

    dividends_minor: int = 0
    foreign_withheld_minor: int = 0
    withheld_minor: int = 0
    fees_minor: int = 0
    surcharge_minor: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """One security in one depot. `price` carries its day and source, so that a screen can say how old it is."""

    depot: str
    isin: str
    quantity: Decimal
    price: Price | None
    value_minor: int | None
    fifo: MethodFigures
    average: MethodFigures
    income: Income


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All positions of some trades on a day, and the two replays behind them (sales with their lots)."""

    on: date
    rules: CostRules
    positions: tuple[Position, ...]
    fifo: Replay
    average: Replay
    depot_fees_minor: Mapping[str, int]
    """Fees of a depot that belong to no security."""

    def average_steps(self, depot: str, isin: str) -> tuple[AverageStep, ...]:
        """Return how the moving average of a position came to be."""
        pools = self.average.holdings
        return pools.steps((depot, isin)) if isinstance(pools, AveragePools) else ()


def value_positions(trades: Iterable[AnyTrade], rules: CostRules, prices: PriceBook, on: date) -> Portfolio:
    """Return every position that was ever held up to a day, closed ones with quantity 0.

    Raises `TradeInvalid` for a trade that cannot be booked, or a price without its exchange rate.
    """
    known = [trade for trade in trades if trade.date <= on]
    fifo, average = replay(known, rules, Method.FIFO), replay(known, rules, Method.AVERAGE)
    incomes = income_by_position(known, rules.base)
    realised = {result.method: result.realised_by_key() for result in (fifo, average)}
    positions = []
    for key in sorted(fifo.holdings.keys() | {key for key in incomes if key[1]}):
        quantity = fifo.holdings.quantity(key)
        price = prices.latest(key[1], on)
        value = 0 if not quantity else price.value_minor(quantity, rules.base) if price else None
        positions.append(
            Position(
                *key,
                quantity,
                price,
                value,
                _figures(fifo, key, value, realised[Method.FIFO]),
                _figures(average, key, value, realised[Method.AVERAGE]),
                incomes.get(key, Income()),
            )
        )
    depot_fees = {depot: income.fees_minor for (depot, isin), income in incomes.items() if not isin}
    return Portfolio(on, rules, tuple(positions), fifo, average, depot_fees)


def _figures(result: Replay, key: Key, value_minor: int | None, realised: dict[Key, int]) -> MethodFigures:
    """Return what one method says about one position."""
    cost = result.holdings.cost_minor(key)
    return MethodFigures(
        result.method,
        cost,
        realised.get(key, 0),
        None if value_minor is None else value_minor - cost,
        average_price(cost, result.holdings.quantity(key), result.rules.base),
        result.holdings.lots(key),
    )


def income_by_position(trades: Iterable[AnyTrade], base: str) -> dict[Key, Income]:
    """Return dividends, taxes kept and fees for each depot's security."""
    sums: dict[Key, list[int]] = {}
    for trade in trades:
        if not isinstance(trade, MoneyTrade):
            continue
        row = sums.setdefault((trade.depot, trade.isin), [0, 0, 0, 0, 0])
        if isinstance(trade, Dividend):
            row[0] += trade.base_minor(trade.amount_minor, base)
            row[1] += trade.base_minor(trade.foreign_withheld_minor, base)
            row[2] += trade.base_minor(trade.withheld_minor, base)
            row[4] += trade.base_minor(trade.surcharge_minor, base)
        elif isinstance(trade, CostAdjustment):
            row[2] += trade.base_minor(trade.withheld_minor, base)
            row[4] += trade.base_minor(trade.surcharge_minor, base)
        elif isinstance(trade, Sell):
            row[2] += trade.base_minor(trade.withheld_minor, base)
            row[4] += trade.base_minor(trade.surcharge_minor, base)
            row[3] += trade.base_minor(trade.fees_minor, base)
        elif isinstance(trade, Buy):
            row[3] += trade.base_minor(trade.fees_minor, base)
        elif isinstance(trade, Fee):
            row[3] += trade.base_minor(trade.amount_minor, base)
    return {key: Income(*row) for key, row in sums.items()}
