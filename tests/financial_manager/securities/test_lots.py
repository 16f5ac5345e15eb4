"""Both methods against published figures, and what each sale used is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from backend.financial_manager.securities import (
    AnyTrade,
    Buy,
    CostAdjustment,
    CostRules,
    Method,
    Opening,
    Sell,
    TradeInvalid,
    TransferIn,
    replay,
)
from tests.financial_manager.securities.trading import AUSTRIA, DAY, DEPOT, ISIN, KEY, buy, sell, split, transfer

PP = [buy(0, 109, "3149.20"), buy(1, 52, "1684.92"), sell(2, 15, "531.50")]
"""CostCalculationTest of Portfolio Performance."""


@pytest.mark.parametrize(("method", "left"), [(Method.FIFO, 440074), (Method.AVERAGE, 438374)])
def test_remaining_cost_is_that_of_portfolio_performance(method: Method, left: int) -> None:
    """FIFO leaves 4,400.74 and the moving average 4,383.74."""
    assert replay(PP, CostRules(), method).holdings.cost_minor(KEY) == left


def test_fifo_gain_is_that_of_beancount() -> None:
    """Buy 100 at 10 and 50 at 14, sell 120 at 15: 100 of the first lot, 20 of the second, gain 520.00."""
    result = replay([buy(0, 100, 1000), buy(1, 50, 700), sell(2, 120, 1800)], CostRules(), Method.FIFO)
    sale = result.sales[0]
    assert sale.gain_minor == 52000
    assert [(use.lot_id, use.quantity, use.cost_minor, use.proceeds_minor) for use in sale.uses] == [
        ("b0", 100, 100000, 150000),
        ("b1", 20, 28000, 30000),
    ]


def test_each_use_names_the_day_it_was_acquired() -> None:
    """The trail of a lot is dated; a pool has the day of its first share."""
    average = replay(PP, CostRules(), Method.AVERAGE)
    assert [use.acquired for use in average.sales[0].uses] == [DAY]
    result = replay(PP, CostRules(), Method.FIFO)
    assert [(use.acquired, use.gain_minor) for use in result.sales[0].uses] == [(DAY, 53150 - 43338)]


def test_the_average_does_not_change_by_a_sale() -> None:
    """Only purchases move it (§ 27a Abs 4 Z 3 EStG)."""
    steps = replay(PP, CostRules(), Method.AVERAGE).holdings.steps(KEY)  # type: ignore[union-attr]
    before, after = steps[1].price("EUR"), steps[2].price("EUR")
    assert before is not None
    assert after is not None
    assert abs(before - after) < Decimal("0.0001")


@pytest.mark.parametrize("method", Method)
def test_nothing_held_costs_nothing(method: Method) -> None:
    """When the last share goes, the cost is exactly 0, whatever was rounded on the way."""
    trades = [buy(0, 3, "10.00"), sell(1, 1, 4), sell(2, 1, 4), sell(3, 1, 4)]
    result = replay(trades, CostRules(), method)
    assert result.holdings.quantity(KEY) == 0
    assert result.holdings.cost_minor(KEY) == 0
    assert sum(sale.gain_minor for sale in result.sales) == 200


def test_fees_count_or_do_not() -> None:
    """Austria counts neither the fee of the purchase nor that of the sale (§ 27a Abs 4 Z 2, § 20 Abs 2 EStG)."""
    trades = [buy(0, 10, 100, fees_minor=500), sell(1, 10, 150, fees_minor=300)]
    assert replay(trades, CostRules(), Method.AVERAGE).sales[0].gain_minor == 4200
    assert replay(trades, AUSTRIA, Method.AVERAGE).sales[0].gain_minor == 5000


def test_foreign_currency_is_booked_at_the_rate_of_its_day() -> None:
    """Cost and proceeds have a rate each; the gain is in the base currency, and yen have no cents."""
    trades: list[AnyTrade] = [
        buy(0, 10, 100, currency="USD", fx_rate=Decimal("0.90")),
        sell(1, 10, 120, currency="USD", fx_rate=Decimal("0.80")),
    ]
    assert replay(trades, CostRules(), Method.FIFO).sales[0].gain_minor == 9600 - 9000
    yen = Buy(id="y", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(1), amount_minor=10_000, currency="JPY",
              fx_rate=Decimal("0.0061"))  # fmt: skip
    assert replay([yen], CostRules(), Method.FIFO).holdings.cost_minor(KEY) == 6100


class TestLegacyHoldings:
    """Austria's Altbestand: bought before 2011, kept apart, exempt."""

    TRADES = [
        Opening(id="old", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(10), amount_minor=10000,
                acquired=date(2009, 5, 4)),
        buy(1, 10, 300),
        sell(2, 15, 600),
    ]  # fmt: skip

    def test_it_never_mixes_into_the_average(self) -> None:
        """The pools have a cost each."""
        sale = replay(self.TRADES, AUSTRIA, Method.AVERAGE).sales[0]
        assert [(use.exempt, use.quantity, use.gain_minor) for use in sale.uses] == [
            (True, 10, 30000),
            (False, 5, 5000),
        ]
        assert (sale.exempt_gain_minor, sale.taxable_gain_minor) == (30000, 5000)

    def test_it_may_be_sold_last(self) -> None:
        """The household's choice, for both methods."""
        rules = CostRules(exempt_before=date(2011, 1, 1), exempt_first=False)
        for method in Method:
            sale = replay(self.TRADES, rules, method).sales[0]
            assert [(use.exempt, use.quantity) for use in sale.uses] == [(False, 10), (True, 5)]

    def test_bonds_have_a_day_of_their_own(self) -> None:
        """Bonds are exempt up to 2012-03-31."""
        rules = CostRules(exempt_before=date(2011, 1, 1), exempt_before_of={ISIN: date(2012, 4, 1)})
        assert rules.exempt(ISIN, date(2012, 3, 31))
        assert not rules.exempt("other", date(2012, 3, 31))


class TestTransfers:
    """Between depots of the household nothing is sold."""

    @pytest.mark.parametrize("method", Method)
    def test_the_basis_travels(self, method: Method) -> None:
        """Cost and quantity leave one depot and arrive in the other."""
        trades = [buy(0, 10, 100), buy(1, 10, 200), *transfer(2, 15, DEPOT, "house")]
        result = replay(trades, CostRules(), method)
        here, there = result.holdings.cost_minor(KEY), result.holdings.cost_minor(("house", ISIN))
        assert here + there == 30000
        assert result.holdings.quantity(("house", ISIN)) == 15
        assert result.sales == []

    def test_lots_keep_their_day_and_their_turn(self) -> None:
        """An older lot that arrives later is sold first."""
        trades = [buy(0, 5, 50), buy(1, 5, 100, depot="house"), *transfer(2, 5, DEPOT, "house")]
        sale = replay([*trades, sell(3, 5, 80, depot="house")], CostRules(), Method.FIFO).sales[0]
        assert [(use.lot_id, use.acquired) for use in sale.uses] == [("b0", DAY)]

    def test_a_pool_is_as_old_as_its_first_share(self) -> None:
        """Also where that one came later, from another depot."""
        trades = [buy(0, 5, 50), buy(1, 5, 100, depot="house"), *transfer(2, 5, DEPOT, "house")]
        (pool,) = replay(trades, CostRules(), Method.AVERAGE).holdings.lots(("house", ISIN))
        assert (pool.acquired, pool.quantity, pool.cost_minor) == (DAY, 10, 15_000)

    def test_what_does_not_arrive_is_not_lost(self) -> None:
        """It waits with its basis."""
        result = replay([buy(0, 5, 50), *transfer(2, 5, DEPOT, "house")[:1]], CostRules(), Method.FIFO)
        assert [lot.cost_minor for lot in result.in_transit["t", ISIN].lots] == [5000]


class TestSplits:
    """Quantities change, costs do not."""

    @pytest.mark.parametrize("method", Method)
    def test_there_and_back_again(self, method: Method) -> None:
        """7 for 1, then 1 for 7."""
        trades = [buy(0, "2.5", 100), buy(1, 3, 100), split(2, 7), split(3, 1, 7)]
        result = replay(trades, CostRules(), method)
        assert result.holdings.quantity(KEY) == Decimal("5.5")
        assert result.holdings.cost_minor(KEY) == 20000

    def test_lots_sum_to_the_rounded_whole(self) -> None:
        """1 for 3 of uneven lots: the parts make up the position."""
        fifo = replay([buy(0, 10, 1), buy(1, 10, 1), buy(2, 5, 1), split(3, 1, 3)], CostRules(), Method.FIFO)
        lots = fifo.holdings.lots(KEY)
        assert sum(lot.quantity for lot in lots) == Decimal("8.3333333333")

    def test_a_split_of_a_day_comes_before_its_trades(self) -> None:
        """A purchase on the day of the split is of new shares."""
        result = replay([buy(0, 10, 100), buy(1, 10, 50), split(1, 2)], CostRules(), Method.FIFO)
        assert result.holdings.quantity(KEY) == 30


class TestCostAdjustments:
    """Reported income of an accumulating fund raises its cost (§ 186 Abs 3 InvFG)."""

    @pytest.mark.parametrize("method", Method)
    def test_it_lowers_the_later_gain(self, method: Method) -> None:
        """100 cost, 3 reported, sold for 120: the gain is 17."""
        report = CostAdjustment(id="r", date=date(2020, 1, 2), depot=DEPOT, isin=ISIN, amount_minor=300)
        result = replay([buy(0, 10, 100), report, sell(5, 10, 120)], CostRules(), method)
        assert result.sales[0].gain_minor == 1700

    def test_cost_never_goes_below_zero(self) -> None:
        """More than there is cannot be taken away."""
        report = CostAdjustment(id="r", date=date(2020, 1, 2), depot=DEPOT, isin=ISIN, amount_minor=30000, sign=-1)
        with pytest.raises(TradeInvalid) as refused:
            replay([buy(0, 10, 100), report], CostRules(), Method.FIFO)
        assert refused.value.field == "amount_minor"

    def test_a_lowering_that_is_larger_than_one_lot_goes_on_to_the_next(self) -> None:
        """Shared out by quantity, but no lot below zero."""
        report = CostAdjustment(id="r", date=date(2020, 1, 3), depot=DEPOT, isin=ISIN, amount_minor=9000, sign=-1)
        trades = [buy(0, 10, 10), buy(1, 10, 100), buy(1, 10, 50, id="b2"), report]
        lots = replay(trades, CostRules(), Method.FIFO).holdings.lots(KEY)
        assert [lot.cost_minor for lot in lots] == [0, 5000, 2000]


LONELY = TransferIn(id="t", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(1), transfer_id="x")


@pytest.mark.parametrize(
    ("trades", "field"),
    [
        ([buy(0, 1, 1), sell(1, 2, 1)], "quantity"),
        ([sell(1, 2, 1)], "quantity"),
        ([buy(0, 1, 1), split(1, 0)], "new"),
        ([buy(0, 1, 1), split(1, 1, 0)], "old"),
        ([LONELY], "transfer_id"),
        ([buy(0, 5, 1), *transfer(1, 2, DEPOT, "house"), *transfer(2, 2, DEPOT, "house")[:1],
          TransferIn(id="t2", date=date(2020, 2, 1), depot="house", isin=ISIN, quantity=Decimal(1), transfer_id="t")],
         "quantity"),
        ([buy(0, 1, 1, currency="XYZ")], "currency"),
        ([buy(0, 1, 1, currency="USD")], "fx_rate"),
        ([buy(0, 1, 1, currency="USD", fx_rate=Decimal(0))], "fx_rate"),
        ([buy(0, 1, 1, fx_rate=Decimal(2))], "fx_rate"),
        ([buy(0, 0, 1)], "quantity"),
        ([buy(0, "0.00000000001", 1)], "quantity"),
        ([buy(0, 1, -1)], "amount_minor"),
        ([buy(0, 1, 1, fees_minor=-1)], "fees_minor"),
        ([buy(0, 1, 1, isin=" ")], "isin"),
        ([buy(0, "1E+30", 1)], "quantity"),
        ([buy(0, "NaN", 1)], "quantity"),
        ([buy(0, 1, 1), split(1, "1E+20")], "new"),
        ([buy(0, 1, 1), split(1, "Infinity")], "new"),
        ([buy(0, 1, 1, depot="")], "depot"),
        ([Opening(id="o", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(1), amount_minor=1,
                  acquired=date(2021, 1, 1))], "acquired"),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_refused_with_field_and_remedy(trades: list[AnyTrade], field: str) -> None:
    """The error names the trade, the field and what to do."""
    with pytest.raises(TradeInvalid) as refused:
        replay(trades, CostRules(), Method.FIFO)
    problem = refused.value.fields[0]
    assert problem.name == field
    assert problem.problem.endswith(".")
    assert problem.remedy.endswith(".")
    assert refused.value.trade_id


def test_a_base_currency_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TradeInvalid):
        CostRules(base="EURO")


def test_a_transfer_leaves_only_once() -> None:
    """Two transfers of one name would lose the first one's shares."""
    out = transfer(1, 1, DEPOT, "house")[:1]
    with pytest.raises(TradeInvalid) as refused:
        replay([buy(0, 5, 1), *out, *out], CostRules(), Method.FIFO)
    assert refused.value.field == "transfer_id"


def test_sales_come_after_the_purchases_of_their_day() -> None:
    """Whatever the order in which they were entered; the broker's own order, where given, goes first."""
    trades = [sell(0, 5, 60, id="s"), buy(0, 5, 50, id="b")]
    assert replay(trades, CostRules(), Method.FIFO).sales[0].gain_minor == 1000
    with pytest.raises(TradeInvalid):
        replay([sell(0, 5, 60, sequence=1), buy(0, 5, 50, sequence=2)], CostRules(), Method.FIFO)
    assert isinstance(trades[0], Sell)
