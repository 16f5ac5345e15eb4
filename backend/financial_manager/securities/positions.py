"""What is held, what it is worth, and what it gained, by both methods side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from backend.financial_manager.securities.amounts import EXACT
from backend.financial_manager.securities.average import AveragePools, AverageStep, average_price
from backend.financial_manager.securities.lots import ZERO, Key, Lot, split_lots
from backend.financial_manager.securities.prices import Price, PriceBook
from backend.financial_manager.securities.replay import Method, Replay, replay
from backend.financial_manager.securities.rules import CostRules
from backend.financial_manager.securities.splits import Ratio, Splits
from backend.financial_manager.securities.trades import (
    AnyTrade,
    Buy,
    CostAdjustment,
    Dividend,
    Fee,
    MoneyTrade,
    Sell,
    TransferIn,
    TransferOut,
    end_of,
)

_TRADED = (Buy, Sell, TransferIn, TransferOut)


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
    """One security in one depot. `price` carries its day and source, so that a screen can say how old it is.

    `on_the_way`: what left that depot and did not arrive in another one of the household yet. Until the depot's bank
    booked a split, number and price are those of the old shares, as its papers say.
    """

    depot: str
    isin: str
    quantity: Decimal
    price: Price | None
    value_minor: int | None
    fifo: MethodFigures
    average: MethodFigures
    income: Income
    on_the_way: bool = False


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
    splits = Splits(trades)
    known = [trade for trade in splits.trades if trade.date <= on]
    fifo, average = replay(known, rules, Method.FIFO), replay(known, rules, Method.AVERAGE)
    incomes = income_by_position(known, rules.base)
    realised = {result.method: result.realised_by_key() for result in (fifo, average)}
    valued = _Valued(rules.base, prices, on)
    positions = []
    for key in sorted(fifo.holdings.keys() | {key for key in incomes if key[1]}):
        lots = {result.method: result.holdings.lots(key) for result in (fifo, average)}
        gained = {method: sums.get(key, 0) for method, sums in realised.items()}
        late = _late(splits, known, key, on)
        positions.append(valued.position(key, lots, gained, late, incomes.get(key, Income())))
        moving = {result.method: on_the_way(result, splits, key, on) for result in (fifo, average)}
        if moving[Method.FIFO]:
            one = valued.position(key, moving, dict.fromkeys(Method, 0), Ratio(), Income())
            positions.append(replace(one, on_the_way=True))
    depot_fees = {depot: income.fees_minor for (depot, isin), income in incomes.items() if not isin}
    return Portfolio(on, rules, tuple(positions), fifo, average, depot_fees)


def _late(splits: Splits, known: Sequence[AnyTrade], key: Key, on: date) -> Ratio:
    """Return by which a bank's papers count old shares; where it traded new ones since, all are told as new."""
    late = splits.late(*key, on)
    if late.new == late.old:
        return late
    since = min(day for day, _ in splits.happened(key[1]) if splits.late(*key, day) != Ratio())
    new = (one for one in known if (one.depot, one.isin) == key and isinstance(one, _TRADED) and one.date >= since)
    return late if next(new, None) is None else Ratio()


def on_the_way(result: Replay, splits: Splits, key: Key, on: date) -> tuple[Lot, ...]:
    """Return the lots that left a depot and arrive in another one later, as splits until that day made them."""
    found: list[Lot] = []
    for name, sent in result.in_transit.items():
        if (sent.depot, name[1]) == key and name in splits.inner:
            became = splits.between(name[1], sent.left, end_of(on))
            found += split_lots(sent.lots, became.new, became.old)
    return tuple(sorted(found, key=lambda lot: lot.acquired))


@dataclass(frozen=True, slots=True)
class _Valued:
    """What lots are worth on a day."""

    base: str
    prices: PriceBook
    on: date

    def position(
        self,
        key: Key,
        lots: Mapping[Method, tuple[Lot, ...]],
        realised: Mapping[Method, int],
        late: Ratio,
        income: Income,
    ) -> Position:
        """Return a position; `late`: by which its bank's papers still count old shares."""
        quantity = sum((lot.quantity for lot in lots[Method.FIFO]), ZERO)
        price = self.prices.latest(key[1], self.on)
        value = 0 if not quantity else price.value_minor(quantity, self.base) if price else None
        fifo, average = (
            self._figures(method, tuple(split_lots(lots[method], late.old, late.new)), realised[method], value)
            for method in (Method.FIFO, Method.AVERAGE)
        )
        if price is not None and late.new != late.old:
            price = replace(price, price=EXACT.divide(EXACT.multiply(price.price, late.new), late.old))
        return Position(*key, late.back(quantity), price, value, fifo, average, income)

    def _figures(self, method: Method, lots: tuple[Lot, ...], realised_minor: int, value: int | None) -> MethodFigures:
        cost = sum(lot.cost_minor for lot in lots)
        quantity = sum((lot.quantity for lot in lots), ZERO)
        unrealised = None if value is None else value - cost
        return MethodFigures(method, cost, realised_minor, unrealised, average_price(cost, quantity, self.base), lots)


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
