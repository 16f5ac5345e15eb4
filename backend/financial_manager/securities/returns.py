"""Two returns, each with its formula: time-weighted (TWR, how the choice did) and money-weighted (IRR, how you did).

TWR chains sub-periods between flows: `(value after + taken out - fees) / (value before + put in) - 1`; what is put in
counts from the start of its day, what is taken out to the end of its day (the convention of Portfolio Performance). A
fee is no capital: it lowers what a day ends with, and where nothing was held it says nothing of the choice. IRR is the
yearly rate at which all flows discount to zero, days over 365 (as Excel's XIRR).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from backend.financial_manager.securities.amounts import EXACT

_Xirr = Callable[..., float | None]
_XIRR: _Xirr | None
try:
    from pyxirr import xirr

    _XIRR = xirr
except ImportError:  # a platform without a wheel: the search below finds the same rate, more slowly
    _XIRR = None

_STEP = Decimal("0.0000000001")
_LARGEST = 1_000_000
_GRID = [n / 4 for n in range(-48, 241)]
"""ln(1 + rate) from -12 to 60: from losing nearly everything within a year to doubling within hours."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Money between the owner and the holdings: what the owner pays is negative, what comes back is positive."""

    date: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class DayValue:
    """Value at the end of a day: `put_in_minor` came in during it, `taken_out_minor` left, `fees_minor` were paid.

    All three are not negative; fees are those that are no part of a trade.
    """

    date: date
    value_minor: int
    put_in_minor: int = 0
    taken_out_minor: int = 0
    fees_minor: int = 0


@dataclass(frozen=True, slots=True)
class SubPeriod:
    """One link of the chain: the factor by which the holdings grew between two days."""

    start: date
    end: date
    start_minor: int
    end_minor: int
    factor: Decimal


def sub_periods(days: Sequence[DayValue]) -> list[SubPeriod] | None:
    """Return the links between days, which are in order; None where value appears out of nothing.

    The first day is the start; its flows are part of its value already. Give the day before each flow too: what moved
    the price until then belongs to the time before the flow.
    """
    links: list[SubPeriod] = []
    for before, after in pairwise(days):
        start = before.value_minor + after.put_in_minor
        end = max(0, after.value_minor + after.taken_out_minor - after.fees_minor)
        if start <= 0:
            if after.value_minor != 0:
                return None
            continue  # nothing was at work: a late dividend, a fee of an empty depot
        factor = EXACT.divide(Decimal(end), Decimal(start))
        links.append(SubPeriod(before.date, after.date, start, end, factor))
    return links


def time_weighted(days: Sequence[DayValue]) -> Decimal | None:
    """Return the time-weighted return over days in order (0.05 is 5 %, ten decimals).

    None where there is none, or where it is beyond a million times: such a figure says nothing.
    """
    links = sub_periods(days)
    if not links:
        return None
    growth = Decimal(1)
    for link in links:
        growth = EXACT.multiply(growth, link.factor)
    return (growth - 1).quantize(_STEP, context=EXACT) if growth < _LARGEST else None


def annualised(total_return: Decimal, days: int) -> Decimal | None:
    """Return a return over some days as a yearly one; None for less than a year, where it would only mislead."""
    if days < 365 or total_return <= -1:
        return None
    yearly = EXACT.power(1 + total_return, Decimal(365) / Decimal(days)) - 1
    return yearly.quantize(_STEP, context=EXACT)


def money_weighted(flows: Sequence[Flow]) -> Decimal | None:
    """Return the yearly internal rate of return (ten decimals).

    None where no rate exists (no change of sign, all on one day), or where it is beyond a million times a year, as
    when a gain of days is blown up: such a figure says nothing.
    """
    signs = {flow.amount_minor > 0 for flow in flows if flow.amount_minor}
    if len(signs) < 2 or len({flow.date for flow in flows if flow.amount_minor}) < 2:
        return None
    rate = None
    if _XIRR is not None:
        rate = _XIRR([flow.date for flow in flows], [float(flow.amount_minor) for flow in flows], silent=True)
    if rate is None or not math.isfinite(rate):
        rate = rate_by_bisection(flows)
    return Decimal(rate).quantize(_STEP, context=EXACT) if rate is not None and rate < _LARGEST else None


def net_present_value(flows: Sequence[Flow], rate: float) -> float:
    """Return what flows are worth on their first day at a yearly rate, in minor units."""
    first = min(flow.date for flow in flows)
    return math.fsum(flow.amount_minor / (1 + rate) ** ((flow.date - first).days / 365) for flow in flows)


def rate_by_bisection(flows: Sequence[Flow]) -> float | None:
    """Return the rate nearest to zero at which the flows discount to nothing, found by halving; None without one."""
    first, last = min(flow.date for flow in flows), max(flow.date for flow in flows)
    years = [(flow.date - first).days / 365 for flow in flows]
    whole = (last - first).days / 365

    def worth(log_rate: float) -> float:
        """Return the value at the first day, or for negative rates at the last one: so no power overflows."""
        shift = whole if log_rate < 0 else 0.0
        return math.fsum(
            flow.amount_minor * math.exp((shift - year) * log_rate) for flow, year in zip(flows, years, strict=True)
        )

    brackets = [(low, high) for low, high in pairwise(_GRID) if (worth(low) <= 0) != (worth(high) <= 0)]
    if not brackets:
        return None
    low, high = min(brackets, key=lambda pair: abs(pair[0] + pair[1]))
    below = worth(low) <= 0
    for _ in range(200):
        middle = (low + high) / 2
        if (worth(middle) <= 0) == below:
            low = middle
        else:
            high = middle
    return math.expm1((low + high) / 2)
