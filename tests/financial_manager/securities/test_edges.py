"""What depots hold at the edge: gifts, late dividends, fees of an empty depot, prices and splits beyond reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from backend.financial_manager.securities import (
    AnyTrade,
    CostRules,
    Dividend,
    Fee,
    Method,
    Price,
    PriceBook,
    TradeInvalid,
    performance,
    value_positions,
)
from backend.financial_manager.securities.replay import replay
from tests.financial_manager.securities.trading import DAY, DEPOT, ISIN, KEY, buy, sell, split

RULES = CostRules()


def on(day: int, price: str) -> Price:
    return Price(ISIN, DAY + timedelta(days=day), Decimal(price))


def grown(trades: list[AnyTrade], prices: list[Price], days: int = 30) -> Decimal | None:
    """Return the time-weighted return from the first day on."""
    return performance(trades, RULES, PriceBook(prices, trades), DAY, DAY + timedelta(days=days)).time_weighted


def test_a_share_that_was_a_gift_says_nothing_of_the_price() -> None:
    trades: list[AnyTrade] = [buy(0, 10, 1000), buy(5, 1, 0)]
    (position,) = value_positions(trades, RULES, PriceBook([], trades), DAY + timedelta(days=6)).positions
    assert (position.quantity, position.value_minor) == (11, 110_000)


@pytest.mark.parametrize("day", [-5, 20])
def test_a_fee_of_an_empty_depot_is_no_loss_of_everything(day: int) -> None:
    """10 % were won; the fee before or after is told in the gain."""
    fee = Fee(id="f", date=DAY + timedelta(days=day), depot=DEPOT, isin="", amount_minor=500)
    trades: list[AnyTrade] = [buy(0, 10, 1000), sell(10, 10, 1100), fee]
    found = performance(trades, RULES, PriceBook([], trades), DAY - timedelta(days=9), DAY + timedelta(days=30))
    assert found.time_weighted == Decimal("0.1")
    assert found.gain_minor == 9_500


def test_a_fee_while_something_is_held_costs_return() -> None:
    fee = Fee(id="f", date=DAY + timedelta(days=5), depot=DEPOT, isin=ISIN, amount_minor=1_000)
    assert grown([buy(0, 10, 1000), fee], [on(0, "100")]) == Decimal("-0.01")


def test_a_dividend_after_the_last_share_leaves_the_return_until_then() -> None:
    late = Dividend(id="d", date=DAY + timedelta(days=20), depot=DEPOT, isin=ISIN, amount_minor=3_000)
    assert grown([buy(0, 10, 1000), sell(10, 10, 1100), late], []) == Decimal("0.1")


def test_a_price_beyond_reason_stops_no_list() -> None:
    trades: list[AnyTrade] = [buy(0, 10, 1000)]
    prices = PriceBook([on(1, "99999999999999999999")], trades)
    (position,) = value_positions(trades, RULES, prices, DAY + timedelta(days=2)).positions
    assert position.value_minor is None


def test_a_return_beyond_reason_is_none() -> None:
    """100,000 shares for a cent, then a million millions each: no error, and no figure."""
    assert grown([buy(0, 100_000, "0.01")], [on(1, "999999999999999")]) is None


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize(("new", "times"), [("999999999999999", 2), ("999999999999999", 5), ("0.00000000001", 1)])
def test_a_split_that_leaves_nothing_or_too_much_is_refused(method: Method, new: str, times: int) -> None:
    trades: list[AnyTrade] = [buy(0, 1, 100), *(split(n + 1, new) for n in range(times))]
    with pytest.raises(TradeInvalid) as raised:
        replay(trades, RULES, method)
    assert raised.value.field == "new"


def test_no_cost_stays_when_the_last_share_is_gone() -> None:
    """A crumb that the split rounds away leaves its cost with the other lot."""
    trades: list[AnyTrade] = [
        buy(0, 1000, 1000), buy(1, "0.0000000004", 5), split(2, 1, 10), sell(3, 100, 2000),
    ]  # fmt: skip
    for method in Method:
        done = replay(trades, RULES, method)
        assert (done.holdings.quantity(KEY), done.holdings.cost_minor(KEY)) == (0, 0)
        assert done.sales[0].cost_minor == 100_500
