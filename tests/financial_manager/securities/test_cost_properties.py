"""What must hold for any history of trades, under both methods."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.securities import AnyTrade, CostRules, Method, Sell, replay
from backend.financial_manager.securities.amounts import shared_out
from tests.financial_manager.patience import PATIENT
from tests.financial_manager.securities.trading import (
    DEPOT,
    ISIN,
    KEY,
    average_oracle,
    buy,
    histories,
    sell,
    split,
    transfer,
)

RULES = CostRules()


@PATIENT
@given(histories())
def test_the_average_is_that_of_the_oracle(trades: list[AnyTrade]) -> None:
    """Every gain and what is left, to the cent."""
    result = replay(trades, RULES, Method.AVERAGE)
    gains, left = average_oracle(trades)
    assert [sale.gain_minor for sale in result.sales] == gains
    assert result.holdings.cost_minor(KEY) == left


@PATIENT
@given(histories())
def test_lots_sum_to_the_position_and_both_methods_hold_the_same(trades: list[AnyTrade]) -> None:
    """No share appears or is lost."""
    results = [replay(trades, RULES, method) for method in Method]
    sums = [sum((lot.quantity for lot in one.holdings.lots(KEY)), Decimal(0)) for one in results]
    assert sums[0] == sums[1] == results[0].holdings.quantity(KEY)
    assert all(lot.quantity > 0 and lot.cost_minor >= 0 for one in results for lot in one.holdings.lots(KEY))


@PATIENT
@given(histories(), st.integers(0, 10**9))
def test_realised_and_unrealised_are_proceeds_and_value_less_cost(trades: list[AnyTrade], value: int) -> None:
    """Money in, money out: the method only moves gain between now and later."""
    for method in Method:
        result = replay(trades, RULES, method)
        paid = sum(one.amount_minor + one.fees_minor for one in trades if one.id.startswith("b"))  # type: ignore[union-attr]
        got = sum(one.amount_minor - one.fees_minor for one in trades if isinstance(one, Sell))
        unrealised = value - result.holdings.cost_minor(KEY)
        assert sum(result.realised_by_key().values()) + unrealised == got + value - paid


@PATIENT
@given(histories(), st.integers(0, 10**7))
def test_both_methods_gain_the_same_in_the_end(trades: list[AnyTrade], last: int) -> None:
    """When all is sold, only the order of gains differed, and nothing is left at cost."""
    held = replay(trades, RULES, Method.FIFO).holdings.quantity(KEY)
    if held:
        trades = [*trades, sell(99, held, Decimal(last) / 100)]
    results = [replay(trades, RULES, method) for method in Method]
    assert results[0].realised_by_key() == results[1].realised_by_key()
    assert [one.holdings.cost_minor(KEY) for one in results] == [0, 0]


@PATIENT
@given(histories(splits=False), st.integers(2, 100))
def test_a_split_there_and_back_changes_nothing(trades: list[AnyTrade], ratio: int) -> None:
    """n for 1, then 1 for n: quantities and costs of every lot are as before."""
    for method in Method:
        plain = replay(trades, RULES, method).holdings.lots(KEY)
        back = replay([*trades, split(98, ratio), split(99, 1, ratio)], RULES, method).holdings.lots(KEY)
        assert plain == back


@PATIENT
@given(histories(), st.randoms())
def test_the_order_of_rows_does_not_matter(trades: list[AnyTrade], random: Random) -> None:
    """Any permutation of the same trades books the same, also within a day."""
    mixed = list(trades)
    random.shuffle(mixed)
    for method in Method:
        assert replay(mixed, RULES, method).sales == replay(trades, RULES, method).sales


@PATIENT
@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.randoms())
def test_trades_of_one_day_have_one_order(quantities: list[int], random: Random) -> None:
    """Purchases of a day count by their id, so that a gain never depends on how rows came."""
    day: list[AnyTrade] = [buy(0, n, n * (at + 1), id=f"b{at}") for at, n in enumerate(quantities)]
    day.append(sell(0, 1, 5, id="s"))
    mixed = list(day)
    random.shuffle(mixed)
    assert replay(mixed, RULES, Method.FIFO).sales == replay(day, RULES, Method.FIFO).sales


@PATIENT
@given(histories(splits=False), st.integers(1, 1000))
def test_transfers_keep_the_basis(trades: list[AnyTrade], part: int) -> None:
    """What leaves one depot arrives in the other, quantity and cost, under both methods."""
    for method in Method:
        before = replay(trades, RULES, method).holdings
        quantity = (before.quantity(KEY) * part / 1000).quantize(Decimal("1E-10"))
        if not quantity:
            continue
        after = replay([*trades, *transfer(99, quantity, DEPOT, "house")], RULES, method).holdings
        there = ("house", ISIN)
        assert after.cost_minor(KEY) + after.cost_minor(there) == before.cost_minor(KEY)
        assert after.quantity(KEY) + after.quantity(there) == before.quantity(KEY)


@PATIENT
@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.decimals(0, 10**6, places=6), min_size=1, max_size=20),
)
def test_what_is_shared_out_sums_to_the_whole(total: int, weights: list[Decimal]) -> None:
    """Largest remainder: no cent is lost, and each part is within one of its exact share."""
    parts = shared_out(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole and len(parts) > 1:
        assert all(abs(Decimal(part) - total * weight / whole) < 1 for part, weight in zip(parts, weights, strict=True))


def test_nothing_is_shared_out_among_none() -> None:
    assert shared_out(5, []) == []


@pytest.mark.parametrize("method", Method)
def test_many_small_sales_lose_no_cent(method: Method) -> None:
    """A thousand sales of a thousandth."""
    trades: list[AnyTrade] = [buy(0, 1, "99.99")]
    trades += [sell(n + 1, "0.001", "0.10") for n in range(1000)]
    result = replay(trades, RULES, method)
    assert sum(sale.cost_minor for sale in result.sales) == 9999
    assert sum(sale.gain_minor for sale in result.sales) == 10000 - 9999
