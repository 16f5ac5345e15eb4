"""The return of real holdings: values and flows are drawn from trades and prices, with what was missing said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from backend.financial_manager.securities.amounts import EXACT
from backend.financial_manager.securities.errors import TradeInvalid
from backend.financial_manager.securities.lots import ZERO, Key, shared_quantities
from backend.financial_manager.securities.prices import PriceBook
from backend.financial_manager.securities.returns import (
    DayValue,
    Flow,
    SubPeriod,
    annualised,
    money_weighted,
    sub_periods,
    time_weighted,
)
from backend.financial_manager.securities.rules import CostRules
from backend.financial_manager.securities.splits import Splits
from backend.financial_manager.securities.trades import (
    AnyTrade,
    Buy,
    CostAdjustment,
    Dividend,
    Fee,
    Moved,
    Opening,
    Sell,
    Split,
    TransferIn,
    TransferOut,
    end_of,
    moved,
    order_key,
)


@dataclass(frozen=True, slots=True)
class Performance:
    """Three figures that answer three questions, each with what it was made from. Money in minor units of the base.

    `gain_minor`: end value plus what came back, minus start value and what was paid: after fees and taxes kept.
    """

    start: date
    end: date
    start_minor: int
    end_minor: int
    paid_in_minor: int
    paid_out_minor: int
    gain_minor: int
    time_weighted: Decimal | None
    time_weighted_yearly: Decimal | None
    money_weighted: Decimal | None
    sub_periods: tuple[SubPeriod, ...]
    flows: tuple[Flow, ...]
    without_price: tuple[str, ...]
    """Securities that were held on a day without any known price; then no return is given."""


@dataclass(slots=True)
class _Holdings:
    """Quantities on the way through the trades; what is between two depots still counts."""

    splits: Splits
    held: dict[Key, Decimal] = field(default_factory=dict)
    moving: dict[Moved, TransferOut] = field(default_factory=dict)

    def by_isin(self, day: date) -> dict[str, Decimal]:
        """Return what there is of each security at the end of a day, wherever it lies."""
        found: dict[str, Decimal] = {}
        for (_, isin), quantity in self.held.items():
            found[isin] = found.get(isin, ZERO) + quantity
        for (_, isin), one in self.moving.items():
            now = self.splits.between(isin, order_key(one), end_of(day)).of(one.quantity)
            found[isin] = found.get(isin, ZERO) + now
        return {isin: quantity for isin, quantity in found.items() if quantity}


def performance(trades: Iterable[AnyTrade], rules: CostRules, prices: PriceBook, start: date, end: date) -> Performance:
    """Return how holdings did from the beginning of `start` to the end of `end`.

    Transfers between the given depots are no flows; one that leaves or enters them counts at its price of the day.
    Raises `TradeInvalid` where a price or a trade lacks its exchange rate, or the time ends before it starts.
    """
    if end < start:
        raise TradeInvalid("end", "The end is before the start.", "Choose a later end.")
    splits = Splits(trades)
    ordered = [trade for trade in splits.trades if trade.date <= end]
    run = _Run(rules, prices, splits)
    for trade in ordered:
        if trade.date < start:
            run.book(trade)
    run.days.append(DayValue(start, run.value(start - timedelta(days=1))))
    later = {day: list(group) for day, group in groupby(ordered, lambda trade: trade.date) if day >= start}
    for day in sorted({*later, end}):
        run.walk(day, later.get(day, []))
    return _summed(run, start, end)


def worth_on(trades: Iterable[AnyTrade], rules: CostRules, prices: PriceBook, days: Sequence[date]) -> list[int]:
    """Return what is held, also on its way between two depots, at the end of each day (ascending), in minor units.

    At the last price known on that day; what has none, or none that can be counted in the base currency, counts 0.
    """
    splits = Splits(trades)
    ordered = splits.trades
    run, booked, found = _Run(rules, prices, splits), 0, []
    for day in days:
        while booked < len(ordered) and ordered[booked].date <= day:
            run.book(ordered[booked])
            booked += 1
        found.append(run.known_value(day))
    return found


def _summed(run: _Run, start: date, end: date) -> Performance:
    """Return the figures of a finished run."""
    first, last = run.days[0].value_minor, run.days[-1].value_minor
    paid_in = sum(day.put_in_minor + day.fees_minor for day in run.days)
    paid_out = sum(day.taken_out_minor for day in run.days)
    flows = [Flow(start, -first)]
    flows += [Flow(one.date, one.taken_out_minor - one.put_in_minor - one.fees_minor) for one in run.days[1:]]
    flows.append(Flow(end, last))
    whole = not run.missing
    twr = time_weighted(run.days) if whole else None
    return Performance(
        start,
        end,
        first,
        last,
        paid_in,
        paid_out,
        last + paid_out - first - paid_in,
        twr,
        None if twr is None else annualised(twr, (end - start).days),
        money_weighted(flows) if whole else None,
        tuple(sub_periods(run.days) or ()) if whole else (),
        tuple(flow for flow in flows if flow.amount_minor),
        tuple(sorted(run.missing)),
    )


class _Run:
    """The walk through the trades of one report."""

    def __init__(self, rules: CostRules, prices: PriceBook, splits: Splits) -> None:
        self.days: list[DayValue] = []
        self.missing: set[str] = set()
        self._rules, self._prices, self._inner = rules, prices, splits.inner
        self._holdings = _Holdings(splits)

    def walk(self, day: date, trades: list[AnyTrade]) -> None:
        """Value what was held the day before (a price may have moved since the last flow), book, and value again."""
        eve = day - timedelta(days=1)
        if eve > self.days[-1].date:
            self.days.append(DayValue(eve, self.value(eve)))
        put_in = taken_out = fees = 0
        for trade in trades:
            flow = self._flow(trade)
            if isinstance(trade, Fee):
                fees += flow
            else:
                put_in += max(flow, 0)
                taken_out += max(-flow, 0)
            self.book(trade)
        self.days.append(DayValue(day, self.value(day), put_in, taken_out, fees))

    def value(self, day: date) -> int:
        """Return what is held, at the last prices known on a day; remember what has none."""
        return sum(self._worth(isin, quantity, day) for isin, quantity in self._holdings.by_isin(day).items())

    def known_value(self, day: date) -> int:
        """Return what is held and can be counted: a price without its exchange rate stops nothing."""
        total = 0
        for isin, quantity in self._holdings.by_isin(day).items():
            with suppress(TradeInvalid):
                total += self._worth(isin, quantity, day)
        return total

    def book(self, trade: AnyTrade) -> None:
        """Change the quantities by a trade."""
        held, key = self._holdings.held, (trade.depot, trade.isin)
        now = held.get(key, ZERO)
        if isinstance(trade, Buy | Opening):
            held[key] = now + trade.quantity
        elif isinstance(trade, Sell):
            held[key] = now - trade.quantity
        elif isinstance(trade, Split):
            held[key] = shared_quantities([now], trade.new, trade.old)[0]
        elif isinstance(trade, TransferOut):
            held[key] = now - trade.quantity
            if moved(trade) in self._inner:
                self._holdings.moving[moved(trade)] = trade
        elif isinstance(trade, TransferIn):
            held[key] = now + trade.quantity
            self._holdings.moving.pop(moved(trade), None)

    def _worth(self, isin: str, quantity: Decimal, day: date) -> int:
        """Return what a quantity is worth on a day; 0, and remembered, where no price is known."""
        price = self._prices.latest(isin, day)
        if price is None:
            self.missing.add(isin)
            return 0
        return price.value_minor(EXACT.plus(quantity), self._rules.base)

    def _flow(self, trade: AnyTrade) -> int:
        """Return what a trade brought in (positive) or took out (negative), after fees and taxes kept."""
        base = self._rules.base
        if isinstance(trade, Buy):
            return trade.base_minor(trade.amount_minor + trade.fees_minor, base)
        if isinstance(trade, Sell):
            return -trade.base_minor(
                trade.amount_minor - trade.fees_minor - trade.withheld_minor - trade.surcharge_minor, base
            )
        if isinstance(trade, Dividend):
            kept = trade.foreign_withheld_minor + trade.withheld_minor + trade.surcharge_minor
            return -trade.base_minor(trade.amount_minor - kept, base)
        if isinstance(trade, CostAdjustment):
            return trade.base_minor(trade.withheld_minor + trade.surcharge_minor, base)
        if isinstance(trade, Fee):
            return trade.base_minor(trade.amount_minor, base)
        if isinstance(trade, Opening):
            known = self._prices.latest(trade.isin, trade.date) is not None
            return (
                self._worth(trade.isin, trade.quantity, trade.date)
                if known
                else trade.base_minor(trade.amount_minor, base)
            )
        if isinstance(trade, TransferIn | TransferOut) and moved(trade) not in self._inner:
            worth = self._worth(trade.isin, trade.quantity, trade.date)
            return worth if isinstance(trade, TransferIn) else -worth
        return 0
