"""Positions, performance, previews and shares: from trades and prices to what a screen shows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from backend.financial_manager.securities import (
    AnyTrade,
    CostRules,
    Dividend,
    Fee,
    Method,
    Opening,
    Price,
    PriceBook,
    Replay,
    Sale,
    SaleIdea,
    TradeInvalid,
    allocate,
    performance,
    preview_sale,
    value_positions,
)
from tests.financial_manager.securities.trading import AUSTRIA, DAY, DEPOT, ISIN, buy, sell, split, transfer

RULES = CostRules()
TRADES: list[AnyTrade] = [
    buy(0, 10, 1000, fees_minor=500),
    buy(1, 10, 2000),
    Dividend(id="d", date=DAY + timedelta(days=2), depot=DEPOT, isin=ISIN, amount_minor=3000,
             foreign_withheld_minor=450, withheld_minor=375, country="US"),
    sell(3, 5, 900, fees_minor=100, withheld_minor=50),
    Fee(id="f", date=DAY + timedelta(days=4), depot=DEPOT, isin=ISIN, amount_minor=150),
]  # fmt: skip


def on(day: int, price: str, isin: str = ISIN, **more: object) -> Price:
    return Price(isin, DAY + timedelta(days=day), Decimal(price), **more)  # type: ignore[arg-type]


class TestPositions:
    """Both methods side by side."""

    def test_cost_value_and_gains(self) -> None:
        """Worked by hand: 20 shares for 3,005, 5 of them sold for 899, 15 left at 200."""
        portfolio = value_positions(TRADES, RULES, PriceBook([on(9, "200")], TRADES), DAY + timedelta(days=10))
        (position,) = portfolio.positions
        assert (position.quantity, position.value_minor) == (15, 300_000)
        assert (position.fifo.cost_minor, position.fifo.realised_minor) == (250_250, 89_900 - 50_250)
        assert (position.average.cost_minor, position.average.realised_minor) == (225_375, 89_900 - 75_125)
        assert position.fifo.unrealised_minor == 300_000 - 250_250
        assert position.average.average_price == Decimal("150.25")
        income = position.income
        assert (income.dividends_minor, income.foreign_withheld_minor, income.withheld_minor) == (3000, 450, 425)
        assert income.fees_minor == 500 + 100 + 150
        assert [step.trade_id for step in portfolio.average_steps(DEPOT, ISIN)] == ["b0", "b1", "s3"]

    def test_without_a_price_the_gain_is_unknown_and_not_zero(self) -> None:
        """A price of the trades themselves stands in, if the book knows them."""
        opening = Opening(id="o", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(1), amount_minor=100)
        (position,) = value_positions([opening], RULES, PriceBook([], [opening]), DAY).positions
        assert (position.price, position.value_minor, position.fifo.unrealised_minor) == (None, None, None)
        traded = value_positions(TRADES, RULES, PriceBook([], TRADES), DAY + timedelta(days=10)).positions[0].price
        assert traded is not None
        assert (traded.price, traded.date, traded.source) == (180, DAY + timedelta(days=3), "trade")
        quoted = PriceBook([on(3, "181")], TRADES).latest(ISIN, DAY + timedelta(days=10))
        assert quoted is not None
        assert quoted.price == 181

    def test_of_two_trades_on_a_day_the_brokers_last_one_is_the_price(self) -> None:
        """In whatever order they were entered."""
        first, second = buy(0, 1, 10, sequence=1), buy(0, 1, 12, id="a", sequence=2)
        for trades in ([first, second], [second, first]):
            last = PriceBook([], trades).latest(ISIN, DAY)
            assert last is not None
            assert last.price == 12

    def test_a_closed_position_is_worth_nothing(self) -> None:
        """It stays in the list, with what it realised."""
        trades = [buy(0, 1, 10), sell(1, 1, 15)]
        (position,) = value_positions(trades, RULES, PriceBook([]), DAY + timedelta(days=2)).positions
        assert (position.value_minor, position.fifo.unrealised_minor, position.fifo.realised_minor) == (0, 0, 500)

    def test_fees_of_a_depot_and_late_income_are_not_lost(self) -> None:
        """A custody fee names no security; a dividend of what was never held here still shows."""
        fee = Fee(id="f", date=DAY, depot=DEPOT, isin="", amount_minor=1200)
        late = Dividend(id="d", date=DAY, depot="house", isin=ISIN, amount_minor=500)
        portfolio = value_positions([buy(0, 1, 10), fee, late], RULES, PriceBook([]), DAY)
        assert portfolio.depot_fees_minor == {DEPOT: 1200}
        assert [(one.depot, one.quantity, one.income.dividends_minor) for one in portfolio.positions] == [
            (DEPOT, 1, 0),
            ("house", 0, 500),
        ]

    @pytest.mark.parametrize("price", ["NaN", "Infinity", "-1", "1E+20"])
    def test_what_is_no_price_is_refused(self, price: str) -> None:
        """0 is one: a share may be worthless."""
        with pytest.raises(TradeInvalid):
            on(1, price).value_minor(Decimal(1), "EUR")
        assert on(1, "0").value_minor(Decimal(1), "EUR") == 0

    def test_a_price_from_before_a_split_is_adjusted(self) -> None:
        """100 for one is 25 for one of four; a price of the day of the split is new."""
        trades = [buy(0, 1, 90), split(5, 4)]
        book = PriceBook([on(4, "100")], trades)
        price = book.latest(ISIN, DAY + timedelta(days=6))
        assert price is not None
        assert price.price == 25
        again = PriceBook([on(5, "26")], trades).latest(ISIN, DAY + timedelta(days=6))
        assert again is not None
        assert again.price == 26
        assert book.latest(ISIN, DAY - timedelta(days=1)) is None

    def test_a_foreign_price_needs_its_rate(self) -> None:
        """It is never taken as euros."""
        with pytest.raises(TradeInvalid) as refused:
            value_positions([buy(0, 1, 1)], RULES, PriceBook([on(1, "5", currency="USD")]), DAY + timedelta(days=2))
        assert refused.value.field == "fx_rate"
        assert on(1, "5", currency="USD", fx_rate=Decimal("0.9")).value_minor(Decimal(2), "EUR") == 900


class TestPublishedFigures:
    """Figures of Portfolio Performance (CostCalculationTest, CapitalGainsCalculationTest), to the cent."""

    @pytest.mark.parametrize(
        ("trades", "fifo", "average"),
        [
            (
                [buy(0, 109, "3149.20"), sell(31, 15, "531.50"), buy(59, 52, "1684.92"), buy(60, 32, "959.30")],
                (536_004, 9_812, 1_243_996),
                (536_004, 9_812, 1_243_996),
            ),
            (
                [buy(0, 109, "3149.20"), buy(31, 52, "1684.92"), sell(59, 15, "531.50")],
                (440_074, 9_812, 1_019_926),
                (438_374, 8_112, 1_021_626),
            ),
        ],
    )
    def test_cost_realised_and_unrealised(
        self, trades: list[AnyTrade], fifo: tuple[int, int, int], average: tuple[int, int, int]
    ) -> None:
        """At a price of 100; one purchase before the sale makes both methods equal."""
        day = DAY + timedelta(days=99)
        (position,) = value_positions(trades, RULES, PriceBook([on(99, "100")]), day).positions
        for found, expected in ((position.fifo, fifo), (position.average, average)):
            assert (found.cost_minor, found.realised_minor, found.unrealised_minor) == expected

    def test_a_dollar_share_in_euros(self) -> None:
        """Each trade at its own rate: 830 by FIFO, 730 by average; at 80 dollars and 1.1588 the rest gains 2,203.69."""
        trades = [
            buy(0, 100, 5000, currency="USD", fx_rate=Decimal("0.90")),
            buy(31, 50, 3000, currency="USD", fx_rate=Decimal("0.85")),
            sell(60, 50, 3500, currency="USD", fx_rate=Decimal("0.88")),
        ]
        price = on(99, "80", currency="USD", fx_rate=1 / Decimal("1.1588"))
        (position,) = value_positions(trades, RULES, PriceBook([price]), DAY + timedelta(days=99)).positions
        assert (position.fifo.realised_minor, position.average.realised_minor) == (83_000, 73_000)
        assert position.average.unrealised_minor == 220_369

    def test_a_part_is_given_away_and_the_rest_moved(self) -> None:
        """10 for 1,000; 5 leave the household, 5 change the depot at a value of 600: the gain to come is 100."""
        gone = [one for one in transfer(1, 5, DEPOT, "", "gift") if one.depot == DEPOT]
        trades = [buy(0, 10, 1000), *gone, *transfer(2, 5, DEPOT, "house")]
        portfolio = value_positions(trades, RULES, PriceBook([on(2, "120")]), DAY + timedelta(days=9))
        assert [one.fifo.unrealised_minor for one in portfolio.positions] == [0, 10_000]


class TestPerformance:
    """The return of real holdings."""

    def test_a_bought_and_grown_position(self) -> None:
        """1,000 become 1,100 in a year: 10 % by every measure."""
        trades = [buy(0, 10, 1000)]
        prices = PriceBook([on(365, "110")], trades)
        found = performance(trades, RULES, prices, DAY, DAY + timedelta(days=365))
        assert (found.start_minor, found.end_minor, found.gain_minor) == (0, 110_000, 10_000)
        assert found.time_weighted == found.time_weighted_yearly == Decimal("0.1")
        assert found.money_weighted is not None
        assert abs(found.money_weighted - Decimal("0.1")) < Decimal("1E-8")

    def test_timing_moves_the_money_weighted_return_only(self) -> None:
        """Buying more before a fall: the choice did 0 %, the owner lost."""
        trades = [buy(0, 1, 100), buy(100, 10, 2000)]
        prices = PriceBook([on(99, "200"), on(100, "200"), on(365, "100")], trades)
        found = performance(trades, RULES, prices, DAY, DAY + timedelta(days=365))
        assert found.time_weighted == 0
        assert found.money_weighted is not None
        assert found.money_weighted < Decimal("-0.4")

    def test_dividends_fees_and_taxes_count(self) -> None:
        """The gain is what came back and is there, less what was paid."""
        prices = PriceBook([on(9, "200")], TRADES)
        found = performance(TRADES, RULES, prices, DAY, DAY + timedelta(days=10))
        paid = 100_500 + 200_000 + 150
        back = (3000 - 450 - 375) + (90_000 - 100 - 50)
        assert (found.paid_in_minor, found.paid_out_minor) == (paid, back)
        assert found.gain_minor == 300_000 + back - paid

    def test_transfers_between_the_depots_are_no_flow(self) -> None:
        """Nor is what is on its way; one that leaves the household counts at its price."""
        trades = [buy(0, 10, 1000), *transfer(5, 4, DEPOT, "house")]
        later = [*trades[:2], *[one for one in transfer(8, 4, DEPOT, "house") if one.depot == "house"]]
        prices = PriceBook([on(0, "100")], trades)
        for some in (trades, later):
            found = performance(some, RULES, prices, DAY + timedelta(days=1), DAY + timedelta(days=9))
            assert (found.paid_in_minor, found.paid_out_minor, found.time_weighted) == (0, 0, 0)
            assert {link.factor for link in found.sub_periods} == {1}
        gone = performance(trades[:2], RULES, prices, DAY + timedelta(days=1), DAY + timedelta(days=9))
        assert (gone.paid_out_minor, gone.end_minor, gone.time_weighted) == (40_000, 60_000, 0)

    def test_a_split_is_no_gain(self) -> None:
        """Ten times the shares at a tenth of the price."""
        trades = [buy(0, 10, 1000), split(5, 10)]
        found = performance(trades, RULES, PriceBook([], trades), DAY, DAY + timedelta(days=9))
        assert (found.end_minor, found.time_weighted) == (100_000, 0)

    def test_without_a_price_no_return_is_made_up(self) -> None:
        """The security is named instead."""
        opening = Opening(id="o", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(1), amount_minor=100)
        found = performance([opening], RULES, PriceBook([]), DAY, DAY + timedelta(days=9))
        assert found.without_price == (ISIN,)
        assert found.time_weighted is None
        assert found.money_weighted is None

    def test_time_runs_forwards(self) -> None:
        with pytest.raises(TradeInvalid) as refused:
            performance([], RULES, PriceBook([]), DAY, DAY - timedelta(days=1))
        assert refused.value.field == "end"


def austrian(sale: Sale, replayed: Replay) -> int:
    """27.5 % of what is taxable; nothing of a loss."""
    return max(0, sale.taxable_gain_minor) * 275 // 1000


class TestWhatIf:
    """What if I sell?"""

    HELD: list[AnyTrade] = [buy(0, 10, 1000), buy(1, 10, 2000)]
    IDEA = SaleIdea(DEPOT, ISIN, Decimal(10), Decimal("180"), DAY + timedelta(days=9), fees_minor=1000)

    def test_gain_tax_and_lots_of_both_methods(self) -> None:
        """FIFO sells the cheap lot, the average does not know it: 27.5 % of 800 and of 300."""
        found = preview_sale(self.HELD, AUSTRIA, self.IDEA, austrian)
        fifo, average = found[Method.FIFO], found[Method.AVERAGE]
        assert (fifo.sale.gain_minor, fifo.tax_minor) == (80_000, 22_000)
        assert (average.sale.gain_minor, average.tax_minor) == (30_000, 8_250)
        assert [use.lot_id for use in fifo.sale.uses] == ["b0"]
        assert average.left_minor == 180_000 - 1000 - 8_250

    def test_it_comes_after_all_trades_of_its_day(self) -> None:
        """What was bought in the morning can be sold."""
        late = buy(9, 5, 900, sequence=7)
        idea = SaleIdea(DEPOT, ISIN, Decimal(25), Decimal(100), DAY + timedelta(days=9))
        found = preview_sale([*self.HELD, late], RULES, idea)[Method.FIFO]
        assert found.sale.cost_minor == 390_000

    def test_a_loss_costs_no_tax_and_legacy_holdings_neither(self) -> None:
        """Only the taxable part of the gain counts."""
        loss = SaleIdea(DEPOT, ISIN, Decimal(1), Decimal(1), DAY + timedelta(days=9))
        assert preview_sale(self.HELD, AUSTRIA, loss, austrian)[Method.FIFO].tax_minor == 0
        old = Opening(id="o", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(10), amount_minor=1,
                      acquired=date(2005, 1, 1))  # fmt: skip
        assert preview_sale([old], AUSTRIA, self.IDEA, austrian)[Method.AVERAGE].tax_minor == 0

    def test_nothing_is_booked_and_later_trades_do_not_count(self) -> None:
        """A preview of yesterday knows nothing of today; more than is held is refused, also what a later sale needs."""
        trades = [*self.HELD, sell(20, 10, 2700)]
        assert preview_sale(trades, RULES, self.IDEA)[Method.FIFO].sale.quantity == 10
        for wanted in (21, 15):
            too_much = SaleIdea(DEPOT, ISIN, Decimal(wanted), Decimal(1), DAY + timedelta(days=9))
            with pytest.raises(TradeInvalid) as refused:
                preview_sale(trades, RULES, too_much)
            assert refused.value.field == "quantity"


class TestAllocation:
    """How it is spread."""

    def test_shares_sum_to_the_whole(self) -> None:
        """Three thirds are 33.34, 33.33 and 33.33 %."""
        trades = [buy(0, 1, 100, isin=isin) for isin in ("A", "B", "C")]
        prices = PriceBook([], trades)
        positions = value_positions(trades, RULES, prices, DAY).positions
        found = allocate(positions, lambda one: one.isin)
        assert [(one.label, one.share) for one in found.slices] == [("A", 3334), ("B", 3333), ("C", 3333)]

    def test_what_has_no_price_is_named(self) -> None:
        """It is not silently left out of 100 %."""
        opening = Opening(id="o", date=DAY, depot=DEPOT, isin=ISIN, quantity=Decimal(1), amount_minor=100)
        found = allocate(value_positions([opening], RULES, PriceBook([]), DAY).positions, lambda one: one.depot)
        assert (found.total_minor, found.slices, found.without_price) == (0, (), (ISIN,))
