"""Time-weighted and money-weighted returns against published figures, and what must hold for any flows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.financial_manager.securities import returns
from backend.financial_manager.securities.returns import (
    DayValue,
    Flow,
    annualised,
    money_weighted,
    net_present_value,
    rate_by_bisection,
    sub_periods,
    time_weighted,
)
from tests.financial_manager.patience import PATIENT

DAY = date(2020, 1, 1)
EXCEL = [
    Flow(date(2008, 1, 1), -1_000_000),
    Flow(date(2008, 3, 1), 275_000),
    Flow(date(2008, 10, 30), 425_000),
    Flow(date(2009, 2, 15), 325_000),
    Flow(date(2009, 4, 1), 275_000),
]
"""The example of Excel's XIRR, in cents."""
PP = [Flow(date(2010, 1, 1), -20_000), Flow(date(2010, 12, 31), 21_000)]
"""IRRTest of Portfolio Performance."""


SLOW = [
    Flow(date(2002, 11, 30), -439_800),
    Flow(date(2007, 6, 11), 20_000),
    Flow(date(2008, 5, 11), 27_000),
    Flow(date(2009, 5, 1), 28_000),
    Flow(date(2010, 6, 1), 28_000),
    Flow(date(2011, 5, 2), 30_000),
    Flow(date(2012, 4, 30), 33_000),
    Flow(date(2012, 12, 6), 1_450_800),
]
"""The slow curve of the same test, with Excel's figure."""


@pytest.fixture(params=["pyxirr", "bisection"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run with the library, and as where it cannot be imported."""
    if request.param == "bisection":
        monkeypatch.setattr(returns, "_XIRR", None)
    elif returns._XIRR is None:
        pytest.skip("pyxirr is not installed")
    return str(request.param)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("flows", "rate", "within"),
    [(EXCEL, "0.373362535", "1E-8"), (PP, "0.050140747", "1E-8"), (SLOW, "0.1444629967", "1E-4")],
)
def test_rates_are_the_published_ones(flows: list[Flow], rate: str, within: str) -> None:
    """Excel stops searching at 0.000001 %; the slow curve was published for flows with cents (their test: 0.01 %)."""
    found = money_weighted(flows)
    assert found is not None
    assert abs(found - Decimal(rate)) < Decimal(within)


def test_a_rate_is_exact_where_it_can_be_known() -> None:
    """5 % within 364 days."""
    assert money_weighted(PP) == round(Decimal("1.05") ** (Decimal(365) / 364) - 1, 10)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "flows",
    [
        [],
        [Flow(DAY, -100)],
        [Flow(DAY, -100), Flow(DAY + timedelta(days=9), -5)],
        [Flow(DAY, -100), Flow(DAY, 110)],
        [Flow(DAY, 0), Flow(DAY + timedelta(days=9), 0)],
    ],
)
def test_without_a_change_of_sign_there_is_no_rate(flows: list[Flow]) -> None:
    """Nothing is made up: neither for a total loss, nor within one day."""
    assert money_weighted(flows) is None


@st.composite
def investments(draw: st.DrawFn) -> list[Flow]:
    """Give payments, then returns: one change of sign, so there is exactly one rate."""
    paid = draw(st.lists(st.integers(1, 10**8), min_size=1, max_size=6))
    back = draw(st.lists(st.integers(1, 10**8), min_size=1, max_size=6))
    days = draw(st.lists(st.integers(1, 4000), min_size=len(paid) + len(back), max_size=len(paid) + len(back)))
    day, flows = DAY, []
    for amount, step in zip([*(-one for one in paid), *back], days, strict=True):
        flows.append(Flow(day, amount))
        day += timedelta(days=step)
    return flows


@PATIENT
@given(investments())
def test_the_rate_makes_the_flows_worth_nothing(flows: list[Flow]) -> None:
    """IRR is where the net present value is zero (against the money that moved)."""
    rate = rate_by_bisection(flows)
    assume(rate is not None and -0.99 < rate < 1000)
    assert rate is not None
    scale = sum(abs(flow.amount_minor) / (1 + rate) ** ((flow.date - DAY).days / 365) for flow in flows)
    assert abs(net_present_value(flows, rate)) <= 1e-9 * scale


@PATIENT
@given(investments())
def test_the_library_and_the_search_agree(flows: list[Flow]) -> None:
    """The same rate with and without pyxirr, relative to 1 + rate."""
    if returns._XIRR is None:
        pytest.skip("pyxirr is not installed")
    found, searched = money_weighted(flows), rate_by_bisection(flows)
    assume(found is not None and searched is not None and -0.99 < searched < 1000)
    assert found is not None
    assert searched is not None
    assert abs(float(found) - searched) <= 1e-8 * (1 + abs(searched))


def test_extreme_rates_are_found() -> None:
    """10 % overnight, and nearly everything lost within a year."""
    overnight = rate_by_bisection([Flow(DAY, -100), Flow(DAY + timedelta(days=1), 110)])
    assert overnight == pytest.approx(1.1**365 - 1)
    lost = rate_by_bisection([Flow(DAY, -100_000), Flow(DAY + timedelta(days=365), 10)])
    assert lost == pytest.approx(-0.9999)


def test_the_time_weighted_return_chains_its_links() -> None:
    """+10 %, then a deposit, then -5 %, then something taken out at +20 %: worked by hand."""
    days = [
        DayValue(DAY, 10_000),
        DayValue(DAY + timedelta(days=10), 11_000),
        DayValue(DAY + timedelta(days=20), 19_950, put_in_minor=10_000),
        DayValue(DAY + timedelta(days=30), 13_940, taken_out_minor=10_000),
    ]
    links = sub_periods(days)
    assert links is not None
    assert [link.factor for link in links] == [Decimal("1.1"), Decimal("0.95"), Decimal("1.2")]
    assert time_weighted(days) == Decimal("0.254")


@PATIENT
@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=20),
    st.integers(1, 10**9),
)
def test_deposits_at_a_constant_price_change_no_return(flows: list[tuple[int, int]], start: int) -> None:
    """What is put in or taken out is no gain."""
    value, days = start, [DayValue(DAY, start)]
    for n, (put_in, wish) in enumerate(flows):
        taken_out = min(wish, value + put_in)
        value += put_in - taken_out
        days.append(DayValue(DAY + timedelta(days=n + 1), value, put_in, taken_out))
    assert time_weighted(days) == 0


@PATIENT
@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=12))
def test_without_flows_it_is_last_over_first(values: list[int]) -> None:
    """The links in between cancel out."""
    days = [DayValue(DAY + timedelta(days=n), value) for n, value in enumerate(values)]
    found = time_weighted(days)
    assert found is not None
    assert abs(found - (Decimal(values[-1]) / values[0] - 1)) < Decimal("1E-9")


def test_value_out_of_nothing_is_no_return() -> None:
    """From 0 to something without a deposit: there is no factor; an empty time is left out."""
    assert time_weighted([DayValue(DAY, 0), DayValue(DAY + timedelta(days=1), 5)]) is None
    assert time_weighted([DayValue(DAY, 0), DayValue(DAY + timedelta(days=1), 0)]) is None
    empty = [DayValue(DAY, 0), DayValue(DAY + timedelta(days=1), 0), DayValue(DAY + timedelta(days=2), 110, 100)]
    assert time_weighted(empty) == Decimal("0.1")


def test_a_return_is_made_yearly_only_from_a_year_on() -> None:
    """21 % in two years is 10 % a year; what took a month is not blown up."""
    assert annualised(Decimal("0.21"), 730) == Decimal("0.1")
    assert annualised(Decimal("0.02"), 30) is None
    assert annualised(Decimal("-1"), 730) is None
