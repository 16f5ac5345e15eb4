"""One split that banks book on different days, and shares that are on their way: what is held, worth and gained."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.securities import (
    AnyTrade,
    CostRules,
    Method,
    Opening,
    Portfolio,
    Position,
    Price,
    PriceBook,
    Splits,
    TradeInvalid,
    TransferIn,
    performance,
    replay,
    value_positions,
    worth_on,
)
from tests.financial_manager.patience import PATIENT
from tests.financial_manager.securities.trading import DAY, DEPOT, ISIN, KEY, buy, sell, split, transfer

RULES = CostRules()
HOUSE = "house"
THERE = (HOUSE, ISIN)
MONDAY, THURSDAY = 10, 13


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def moving(left: int, came: int, sent: Any, arrived: Any, source: str = DEPOT, target: str = HOUSE) -> list[AnyTrade]:
    """Return both sides of a transfer that takes days."""
    out, into = transfer(left, sent, source, target)[0], transfer(came, arrived, source, target)[1]
    return [out, into]


def seen(
    trades: list[AnyTrade], on: int, prices: list[tuple[int, str]] | None = None
) -> dict[tuple[str, bool], Position]:
    """Return the positions of a day by depot, those on the way apart."""
    found = PriceBook([Price(ISIN, day(n), Decimal(price)) for n, price in prices or []], trades)
    portfolio: Portfolio = value_positions(trades, RULES, found, day(on))
    return {(one.depot, one.on_the_way): one for one in portfolio.positions}


APART: list[AnyTrade] = [
    buy(0, 10, 1000, id="a"), buy(1, 10, 1000, id="b", depot=HOUSE),
    split(MONDAY, 2, id="sa"), split(THURSDAY, 2, id="sb", depot=HOUSE),
]  # fmt: skip
HALVED = [(5, "100"), (MONDAY, "50")]


class TestOneSplitBookedApart:
    """Depot flat books 2 for 1 on Monday, depot house on Thursday."""

    @pytest.mark.parametrize(
        ("on", "flat", "house"), [(9, 10, 10), (MONDAY, 20, 10), (12, 20, 10), (THURSDAY, 20, 20), (30, 20, 20)]
    )
    def test_each_depot_holds_what_its_bank_says_and_is_worth_the_same(self, on: int, flat: int, house: int) -> None:
        """10 of 100 or 20 of 50: 1,000.00 on every day; lots keep their cost."""
        found = seen(APART, on, HALVED)
        assert (found[DEPOT, False].quantity, found[HOUSE, False].quantity) == (flat, house)
        for one in found.values():
            assert (one.value_minor, one.fifo.cost_minor, one.average.cost_minor) == (100_000, 100_000, 100_000)
            assert (
                [lot.quantity for lot in one.fifo.lots] == [lot.quantity for lot in one.average.lots] == [one.quantity]
            )
            assert one.price is not None
            assert one.price.value_minor(one.quantity, "EUR") == 100_000

    def test_net_worth_and_return_know_no_dip(self) -> None:
        """2,000.00 every day, also while one bank lags; no return is made up."""
        prices = PriceBook([Price(ISIN, day(n), Decimal(price)) for n, price in HALVED], APART)
        days = [day(n) for n in (9, 10, 11, 12, 13, 20)]
        assert worth_on(APART, RULES, prices, days) == [200_000] * 6
        assert performance(APART, RULES, prices, day(5), day(20)).time_weighted == 0
        assert performance(APART, RULES, prices, day(5), day(12)).time_weighted == 0

    @pytest.mark.parametrize("method", Method)
    def test_a_sale_of_the_lagging_bank_is_of_new_shares(self, method: Method) -> None:
        """15 of the 20 new ones cost 750.00; five are left after its bank has booked the split."""
        result = replay([*APART, sell(12, 15, 900, depot=HOUSE)], RULES, method)
        assert [one.cost_minor for one in result.sales] == [75_000]
        assert (result.holdings.quantity(THERE), result.holdings.cost_minor(THERE)) == (5, 25_000)

    def test_what_was_bought_since_is_not_split_again(self) -> None:
        """Ten old ones and five bought on Tuesday are 25 on Thursday."""
        trades: list[AnyTrade] = [*APART, buy(11, 5, 250, id="c", depot=HOUSE)]
        assert seen(trades, 14)[HOUSE, False].quantity == 25
        assert seen(trades, 12, HALVED)[HOUSE, False].value_minor == 125_000

    def test_what_a_depot_began_with_is_counted_in_the_shares_of_its_bank(self) -> None:
        """An opening position of Tuesday is from before the bank's own booking."""
        opened = Opening(id="o", date=day(11), depot=HOUSE, isin=ISIN, quantity=Decimal(10), amount_minor=100_000)
        trades: list[AnyTrade] = [APART[0], opened, *APART[2:]]
        assert seen(trades, 12, HALVED)[HOUSE, False].value_minor == 100_000
        assert seen(trades, 14, HALVED)[HOUSE, False].quantity == 20

    def test_two_splits_of_one_depot_are_two(self) -> None:
        trades: list[AnyTrade] = [*APART, split(20, 2, id="sa2"), split(24, 2, id="sb2", depot=HOUSE)]
        assert {one.quantity for one in seen(trades, 30).values()} == {Decimal(40)}
        assert {one.quantity for one in seen(trades, 22).values()} == {Decimal(40), Decimal(20)}

    @PATIENT
    @given(st.integers(0, 20), st.integers(0, 20), st.sampled_from([(2, 1), (3, 2), (1, 4)]))
    def test_the_days_of_the_banks_change_nothing_in_the_end(
        self, one: int, other: int, ratio: tuple[int, int]
    ) -> None:
        """Whoever books it when: the same quantities, lots and costs afterwards, under both methods."""
        new, old = ratio
        booked = [*APART[:2], split(10 + one, new, old, id="sa"), split(10 + other, new, old, id="sb", depot=HOUSE)]
        same = [*APART[:2], split(10, new, old, id="sa"), split(10, new, old, id="sb", depot=HOUSE)]
        for method in Method:
            for key in (KEY, THERE):
                assert replay(booked, RULES, method).holdings.lots(key) == replay(same, RULES, method).holdings.lots(
                    key
                )

    def test_trades_that_happened_so_stay_so(self) -> None:
        """What was put in its place once is not moved again, in whatever order it comes."""
        trades = [*APART, sell(12, 15, 900, depot=HOUSE), *moving(8, 12, 4, 8)]
        once = Splits(trades).trades
        assert list(Splits(reversed(once)).trades) == list(once)


class TestOnTheWay:
    """Shares between two depots of the household."""

    def test_they_are_a_position_of_the_depot_that_sent_them(self) -> None:
        """Four of ten, two days on the way: with their lots, cost and worth; before and after there is none."""
        trades: list[AnyTrade] = [buy(0, 10, 1000), *moving(5, 8, 4, 4)]
        prices = [(4, "110")]
        for on in (5, 7):
            found = seen(trades, on, prices)
            assert set(found) == {(DEPOT, False), (DEPOT, True)}
            one = found[DEPOT, True]
            assert (one.quantity, one.value_minor, one.fifo.cost_minor, one.average.cost_minor) == (
                4,
                44_000,
                40_000,
                40_000,
            )
            assert (one.fifo.unrealised_minor, one.fifo.realised_minor) == (4_000, 0)
            assert [(lot.acquired, lot.quantity) for lot in one.fifo.lots] == [(DAY, 4)]
            assert sum(each.value_minor or 0 for each in found.values()) == 110_000
        assert not any(way for on in (4, 8) for _, way in seen(trades, on, prices))

    def test_what_was_given_away_is_not_on_the_way(self) -> None:
        trades: list[AnyTrade] = [buy(0, 10, 1000), *moving(5, 8, 4, 4)[:1]]
        assert set(seen(trades, 6)) == {(DEPOT, False)}

    @pytest.mark.parametrize("where", [DEPOT, HOUSE])
    @pytest.mark.parametrize("method", Method)
    def test_a_split_on_the_way_changes_the_number_and_no_cost(self, where: str, method: Method) -> None:
        """Ten sent, the split, twenty come: whichever depot's papers tell of the split."""
        trades: list[AnyTrade] = [buy(0, 10, 1000), split(6, 2, depot=where), *moving(5, 8, 10, 20)]
        holdings = replay(trades, RULES, method, exact="t-in").holdings
        assert (holdings.quantity(THERE), holdings.cost_minor(THERE), holdings.quantity(KEY)) == (20, 100_000, 0)
        assert [lot.acquired for lot in holdings.lots(THERE)] == [DAY]

    def test_on_the_way_they_are_worth_the_same_before_and_after_the_split(self) -> None:
        """Ten of 100 on the eve, twenty of 50 on the day, in the position and in the net worth."""
        trades: list[AnyTrade] = [buy(0, 10, 1000), split(6, 2), *moving(5, 8, 10, 20)]
        prices = [(5, "100"), (6, "50")]
        assert [(seen(trades, on, prices)[DEPOT, True].quantity) for on in (5, 6, 7)] == [10, 20, 20]
        assert [(seen(trades, on, prices)[DEPOT, True].value_minor) for on in (5, 6, 7)] == [100_000] * 3
        book = PriceBook([Price(ISIN, day(n), Decimal(price)) for n, price in prices], trades)
        assert worth_on(trades, RULES, book, [day(n) for n in (5, 6, 7, 8)]) == [100_000] * 4
        assert performance(trades, RULES, book, day(4), day(9)).time_weighted == 0

    def test_a_reverse_split_keeps_the_lots_apart(self) -> None:
        """Thirty of two purchases become three: each lot keeps its day and its cost."""
        trades: list[AnyTrade] = [buy(0, 10, 100), buy(1, 20, 400), split(6, 1, 10), *moving(5, 8, 30, 3)]
        lots = replay(trades, RULES, Method.FIFO).holdings.lots(THERE)
        assert [(lot.acquired, lot.quantity, lot.cost_minor) for lot in lots] == [(DAY, 1, 10_000), (day(1), 2, 40_000)]

    @pytest.mark.parametrize(("arrived", "exact"), [(15, ""), (15, "t-in"), (10, "t-in")])
    def test_another_number_is_refused_and_the_right_one_named(self, arrived: int, exact: str) -> None:
        trades: list[AnyTrade] = [buy(0, 10, 1000), split(6, 2), *moving(5, 8, 10, arrived)]
        with pytest.raises(TradeInvalid) as refused:
            replay(trades, RULES, Method.FIFO, exact=exact)
        problem = refused.value.fields[0]
        assert (problem.name, refused.value.trade_id) == ("quantity", "t-in")
        assert "sent 10, which a split on the way made 20" in problem.problem
        assert "20" in problem.remedy

    def test_without_a_split_the_remedy_names_one(self) -> None:
        with pytest.raises(TradeInvalid) as refused:
            replay([buy(0, 10, 1000), *moving(5, 8, 10, 20)], RULES, Method.FIFO)
        assert "the split that happened on the way" in refused.value.fields[0].remedy

    def test_old_books_with_the_old_number_are_still_shown(self) -> None:
        """What was kept before is counted as it stands; only writing it anew is refused."""
        trades: list[AnyTrade] = [buy(0, 10, 1000), split(6, 2), *moving(5, 8, 10, 10)]
        assert replay(trades, RULES, Method.FIFO).holdings.quantity(THERE) == 10

    def test_a_split_of_the_day_of_arrival_goes_by_the_order_of_that_day(self) -> None:
        """Booked after the arrival it splits what arrived; booked before, twenty arrive."""
        out, came = moving(5, 8, 10, 10)
        assert isinstance(came, TransferIn)
        after: list[AnyTrade] = [buy(0, 10, 1000), out, came, split(8, 2, depot=HOUSE, sequence=1)]
        before: list[AnyTrade] = [buy(0, 10, 1000), *moving(5, 8, 10, 20), split(8, 2, depot=HOUSE)]
        for trades in (after, before):
            assert replay(trades, RULES, Method.FIFO, exact="t-in").holdings.quantity(THERE) == 20


class TestTransfersWhileABankLags:
    """What each bank calls the shares, when one has booked the split and the other not yet."""

    def test_new_shares_that_come_to_the_lagging_bank_are_not_split_again(self) -> None:
        """Twenty leave flat on Tuesday and come on Wednesday; on Thursday house splits its own ten only."""
        result = replay([*APART, *moving(11, 12, 20, 20)], RULES, Method.FIFO, exact="t-in")
        assert (result.holdings.quantity(THERE), result.holdings.cost_minor(THERE)) == (40, 200_000)

    def test_old_shares_that_leave_the_lagging_bank_arrive_as_new_ones(self) -> None:
        result = replay([*APART, *moving(11, 12, 10, 20, HOUSE, DEPOT)], RULES, Method.AVERAGE, exact="t-in")
        assert (result.holdings.quantity(KEY), result.holdings.quantity(THERE)) == (40, 0)

    def test_a_transfer_proves_a_split_that_the_bank_books_later(self) -> None:
        """Ten left before it, twenty came after it, and the bank there books the split of its own ten a week later."""
        trades: list[AnyTrade] = [*APART[:2], *moving(5, 8, 10, 20), split(15, 2, depot=HOUSE)]
        result = replay(trades, RULES, Method.FIFO, exact="t-in")
        assert (result.holdings.quantity(THERE), result.holdings.cost_minor(THERE)) == (40, 200_000)
