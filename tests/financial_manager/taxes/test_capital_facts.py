"""From trades to a tax report: the pack says how cost is counted, and every sale ends on its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from backend.financial_manager.securities import (
    AnyTrade,
    Buy,
    CostAdjustment,
    CostRules,
    Dividend,
    Method,
    Opening,
    Sell,
    replay,
)
from backend.financial_manager.taxes import (
    Place,
    SecurityKind,
    TaxFactInvalid,
    capital_facts,
    compute,
    cost_rules,
    load_pack,
    sale_facts,
)

STOCK, FUND, OLD = "AT0000652011", "IE00B4L5Y983", "DE0007164600"
KINDS = {STOCK: SecurityKind.STOCK, FUND: SecurityKind.FUND_EQUITY, OLD: SecurityKind.STOCK}
PLACES = {"flat": Place.ABROAD}


def on(month: int, day: int = 1) -> date:
    return date(2025, month, day)


TRADES: list[AnyTrade] = [
    Buy(id="b1", date=on(1), depot="flat", isin=STOCK, quantity=Decimal(10), amount_minor=100_000, fees_minor=1_000),
    Buy(id="b2", date=on(2), depot="flat", isin=STOCK, quantity=Decimal(10), amount_minor=200_000, fees_minor=1_000),
    Sell(id="s1", date=on(3), depot="flat", isin=STOCK, quantity=Decimal(5), amount_minor=90_000, fees_minor=500),
    Dividend(id="d1", date=on(4), depot="flat", isin=STOCK, amount_minor=10_000, foreign_withheld_minor=2_500,
             country="DE"),
    Buy(id="b3", date=on(5), depot="flat", isin=FUND, quantity=Decimal(1), amount_minor=50_000),
    CostAdjustment(id="r1", date=on(6), depot="flat", isin=FUND, amount_minor=1_200, income_minor=1_500,
                   foreign_withheld_minor=100),
    Sell(id="s2", date=on(7), depot="flat", isin=FUND, quantity=Decimal(1), amount_minor=48_000),
    Opening(id="o1", date=on(1), depot="flat", isin=OLD, quantity=Decimal(3), amount_minor=3_000,
            acquired=date(2008, 3, 1)),
    Sell(id="s3", date=on(8), depot="flat", isin=OLD, quantity=Decimal(3), amount_minor=30_000),
]  # fmt: skip


def test_an_austrian_year_from_trades_to_fields() -> None:
    """Average cost without fees: 5 of 20 for 3,000 cost 750, sold for 900; the fund lost 32, the old ones are free."""
    pack = load_pack("AT", 2025)
    rules, method = cost_rules(pack, KINDS)
    assert (method, rules.fees_in_cost, rules.exempt_before_of[STOCK]) == (Method.AVERAGE, False, date(2011, 1, 1))
    facts = capital_facts(pack, replay(TRADES, rules, method), TRADES, KINDS, PLACES)
    report = compute(pack, facts)
    fields = {one.field: one.amount_minor for one in report.figures if one.form == "E1kv" and one.field}
    assert (fields["994"], fields["892"], fields["863"], fields["937"]) == (15_000, 3_200, 10_000, 1_500)
    assert report.figure("legacy_gains").amount_minor == 27_000
    assert report.figure("gains_abroad").source_ids == ("s1",)
    assert report.figure("foreign_tax_credit").amount_minor == 1_500 + 100


def test_the_same_trades_in_germany() -> None:
    """First in, first out with fees: 5 of 10 for 1,010 cost 505, sold for 895."""
    pack = load_pack("DE", 2025)
    rules, method = cost_rules(pack, KINDS)
    facts = capital_facts(pack, replay(TRADES, rules, method), TRADES, KINDS, PLACES)
    report = compute(pack, facts)
    assert (method, rules.fees_in_cost) == (Method.FIFO, True)
    assert report.figure("stock_gains").amount_minor == 89_500 - 50_500
    assert report.figure("fund_equity").amount_minor == 1_500 - 3_200
    assert report.figure("legacy_gains").amount_minor == 27_000


def test_a_sale_of_old_and_new_shares_is_taken_apart() -> None:
    """Ten exempt ones bought for 10 and ten new ones for 200, all sold for 1,000: 490 exempt, 300 taxable."""
    trades: list[AnyTrade] = [
        Opening(id="o", date=on(1), depot="flat", isin=OLD, quantity=Decimal(10), amount_minor=1_000,
                acquired=date(2008, 3, 1)),
        Buy(id="b", date=on(2), depot="flat", isin=OLD, quantity=Decimal(10), amount_minor=20_000),
        Sell(id="s", date=on(3), depot="flat", isin=OLD, quantity=Decimal(20), amount_minor=100_000,
             withheld_minor=8_250),
    ]  # fmt: skip
    pack = load_pack("AT", 2025)
    rules, method = cost_rules(pack, KINDS)
    facts = capital_facts(pack, replay(trades, rules, method), trades, KINDS, {"flat": Place.HOME})
    assert [(one.purpose, one.amount_minor, one.withheld_minor) for one in facts] == [
        ("security_gain", 30_000, 8_250),
        ("legacy_gain", 49_000, 0),
    ]
    assert compute(pack, facts).figure("capital_tax_due").amount_minor == 0


def test_the_pack_says_which_figure_a_sale_changes() -> None:
    """2,000.00 gained in Germany are taxed above the allowance: 25 % of 1,000.00 and 5.5 % of that."""
    pack = load_pack("DE", 2025)
    assert pack.securities is not None
    trades = [
        Buy(id="b", date=on(1), depot="flat", isin=STOCK, quantity=Decimal(1), amount_minor=100_000),
        Sell(id="s", date=on(2), depot="flat", isin=STOCK, quantity=Decimal(1), amount_minor=300_000),
    ]
    rules, method = cost_rules(pack, KINDS)
    (sale,) = replay(trades, rules, method).sales
    found = compute(pack, sale_facts(pack, sale, KINDS, Place.ABROAD))
    assert found.figure(pack.securities.tax).amount_minor == 25_000 + 1_375


@pytest.mark.parametrize(
    ("kinds", "places", "field"),
    [({}, PLACES, "kind"), (KINDS, {}, "place"), ({**KINDS, STOCK: SecurityKind.CRYPTO}, PLACES, "kind")],
)
def test_what_is_not_known_is_asked_for(kinds: dict[str, SecurityKind], places: dict[str, Place], field: str) -> None:
    """A security without a kind (or one the country does not know), a depot without a place."""
    pack = load_pack("DE", 2025)
    replayed = replay(TRADES, CostRules(), Method.FIFO)
    with pytest.raises(TaxFactInvalid) as refused:
        capital_facts(pack, replayed, TRADES, kinds, places)
    assert refused.value.field == field


def test_gains_by_another_method_are_refused() -> None:
    """FIFO gains do not belong on an Austrian form."""
    with pytest.raises(TaxFactInvalid) as refused:
        capital_facts(load_pack("AT", 2025), replay(TRADES, CostRules(), Method.FIFO), TRADES, KINDS, PLACES)
    assert refused.value.field == "method"


def test_a_country_without_rules_for_securities_says_so() -> None:
    with pytest.raises(TaxFactInvalid) as refused:
        cost_rules(load_pack("ZZ", 2025), KINDS)
    assert refused.value.field == "country"
