"""Germany, worked by hand: household credits, and capital income with its two pots of losses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.taxes import Place, TaxableFact, TaxOptions, TaxReport, compute, load_pack
from tests.financial_manager.patience import PATIENT

PACK = load_pack("DE", 2025)


def fact(purpose: str, euros: float, **more: Any) -> TaxableFact:
    default = {"date": date(2025, 6, 1), "source_id": f"{purpose}:{euros}", "place": Place.ABROAD}
    return TaxableFact(purpose=purpose, amount_minor=round(euros * 100), **(default | more))


def amounts(report: TaxReport, *names: str) -> list[int | None]:
    return [report.figure(name).amount_minor for name in names]


@pytest.mark.parametrize(
    ("purpose", "euros", "name", "credit"),
    [
        ("craftsman_labour", 3000, "craftsmen_credit", 60_000),
        ("craftsman_labour", 9000, "craftsmen_credit", 120_000),
        ("household_service", 1234.55, "services_credit", 24_691),
        ("household_service", 25_000, "services_credit", 400_000),
        ("household_minijob", 2000, "minijob_credit", 40_000),
        ("household_minijob", 6000, "minijob_credit", 51_000),
    ],
)
def test_household_credits_are_a_fifth_up_to_their_limits(purpose: str, euros: float, name: str, credit: int) -> None:
    """§ 35a: 1,200, 4,000 and 510 EUR, also for two who are assessed together."""
    for options in (TaxOptions(), TaxOptions(joint=True)):
        report = compute(PACK, [fact(purpose, euros)], options)
        assert amounts(report, name, "household_credit") == [credit, credit]


class TestCapital:
    """Form KAP."""

    FACTS = [
        fact("dividend", 2000, foreign_withheld_minor=50_000, country="FR"),
        fact("stock_gain", 1000),
        fact("stock_gain", -1800),
        fact("other_gain", 500),
        fact("other_gain", -200),
        fact("fund_equity", 1000),
    ]

    def test_lines_of_the_form(self) -> None:
        """Foreign income in one line, gains and losses in it once more on their own lines; funds are elsewhere."""
        fields = {one.field: one.amount_minor for one in compute(PACK, self.FACTS).figures if one.form == "KAP"}
        assert fields["19"] == 200_000 + 100_000 - 180_000 + 50_000 - 20_000
        assert (fields["20"], fields["22"], fields["23"], fields["41"]) == (100_000, 20_000, 180_000, 30_000)

    def test_tax_by_hand(self) -> None:
        """Stocks 1,000 - 1,800: nothing, 800 carried forward. 2,000 + 500 + 700 (70 % of the fund) - 200 = 3,000.

        Less 1,000 allowance: 2,000 at 25 % are 500; France kept 500, 300 of it count (15 %); 200, and 11 surcharge.
        """
        report = compute(PACK, self.FACTS)
        assert amounts(report, "stock_net", "stock_left", "capital_income") == [0, 80_000, 300_000]
        assert amounts(report, "saver_allowance_used", "capital_base", "tax_25") == [100_000, 200_000, 50_000]
        assert amounts(report, "foreign_tax_credit", "tax_after_credit", "solidarity") == [30_000, 20_000, 1_100]
        assert amounts(report, "capital_tax_due") == [21_100]

    def test_the_surcharge_drops_fractions_of_a_cent(self) -> None:
        """§ 4 SolZG: of a tax of 100.10 EUR 5.5 % are 5.5055: 5.50, not 5.51. No threshold (§ 3 Abs 3)."""
        report = compute(PACK, [fact("interest", 1400.40)])
        assert amounts(report, "tax_25", "solidarity", "capital_tax_due") == [10_010, 550, 10_560]

    def test_two_have_twice_the_allowance(self) -> None:
        """2,000 for those assessed together; what is not used is lost."""
        report = compute(PACK, [fact("interest", 1500)], TaxOptions(joint=True))
        assert amounts(report, "saver_allowance", "saver_allowance_used", "capital_base") == [200_000, 150_000, 0]

    def test_losses_of_earlier_years_count(self) -> None:
        """Each in its own pot."""
        facts = [fact("stock_gain", 500), fact("stock_loss_carryforward", 700), fact("loss_carryforward", 100),
                 fact("interest", 300)]  # fmt: skip
        report = compute(PACK, facts)
        assert amounts(report, "stock_net", "stock_left", "capital_income", "other_left") == [0, 20_000, 20_000, 0]

    def test_taxes_kept_by_banks_are_credited(self) -> None:
        """What a German bank kept comes off."""
        kept = fact("dividend", 3000, place=Place.HOME, withheld_minor=75_000, surcharge_minor=4_125)
        report = compute(PACK, [kept])
        assert amounts(report, "kest_withheld", "solidarity_withheld") == [75_000, 4_125]
        assert amounts(report, "capital_tax_due") == [50_000 + 2_750 - 75_000 - 4_125]


@PATIENT
@given(st.lists(st.integers(-(10**7), 10**7), max_size=8), st.lists(st.integers(0, 10**7), max_size=4))
def test_losses_of_stocks_never_touch_other_income(stocks: list[int], dividends: list[int]) -> None:
    """§ 20 Abs 6 Satz 4: the pot of stocks ends at zero, and the rest waits."""
    facts = [fact("stock_gain", cents / 100, source_id=f"s{n}") for n, cents in enumerate(stocks)]
    facts += [fact("dividend", cents / 100, source_id=f"d{n}") for n, cents in enumerate(dividends)]
    report = compute(PACK, facts)
    net, left, income = amounts(report, "stock_net", "stock_left", "capital_income")
    assert net is not None
    assert left is not None
    assert net - left == sum(stocks)
    assert min(net, left) == 0
    assert income == net + sum(dividends)


def test_what_a_home_bank_credited_is_not_charged_again() -> None:
    """5,000 less the allowance: 1,000 tax, of which France's 750 (15 %) leave 250, and 13.75 surcharge: both kept."""
    kept = fact("dividend", 5000, place=Place.HOME, foreign_withheld_minor=75_000, withheld_minor=25_000,
                surcharge_minor=1_375)  # fmt: skip
    report = compute(PACK, [kept])
    fields = {one.field: one.amount_minor for one in report.figures if one.form == "KAP"}
    assert (fields["37"], fields["38"], fields["40"], fields["41"]) == (25_000, 1_375, 75_000, 0)
    assert amounts(report, "tax_after_credit", "solidarity", "capital_tax_due") == [25_000, 1_375, 0]


def test_only_german_banks_keep_german_tax() -> None:
    """Lines 37 and 38 know nothing of what a bank abroad kept; what was kept of an exempt sale at home is in them."""
    more = {"withheld_minor": 5_000, "surcharge_minor": 275}
    assert amounts(compute(PACK, [fact("dividend", 200, **more)]), "kest_withheld", "solidarity_withheld") == [0, 0]
    report = compute(PACK, [fact("legacy_gain", 200, place=Place.HOME, **more)])
    assert amounts(report, "kest_withheld", "solidarity_withheld", "capital_tax_due") == [5_000, 275, -5_275]


def test_what_is_settled_informs_and_tax_paid_back_counts() -> None:
    """§ 43 Abs 5 EStG: interest booked at home is settled; a loss at home may have tax that was paid back."""
    report = compute(PACK, [fact("interest", 5000, place=Place.HOME, settled=True)])
    assert amounts(report, "settled_home", "current_income", "capital_tax_due") == [500_000, 0, 0]
    back = fact("stock_gain", -100, place=Place.HOME, withheld_minor=-2_500, surcharge_minor=-137)
    assert amounts(compute(PACK, [back]), "kest_withheld", "solidarity_withheld") == [-2_500, -137]


@pytest.mark.parametrize("purpose", ["household_service", "craftsman_labour", "household_minijob"])
def test_a_refund_of_an_earlier_year_makes_no_credit_negative(purpose: str) -> None:
    report = compute(PACK, [fact(purpose, -500)])
    names = ("services_credit", "craftsmen_credit", "minijob_credit", "household_credit")
    assert amounts(report, *names) == [0, 0, 0, 0]
