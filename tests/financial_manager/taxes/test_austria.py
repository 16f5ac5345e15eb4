"""Austria, worked by hand; and what must hold for any offset of losses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.taxes import (
    Place,
    TaxableFact,
    TaxFactInvalid,
    TaxOptions,
    TaxReport,
    compute,
    load_pack,
)
from tests.financial_manager.patience import PATIENT

PACK = load_pack("AT", 2025)
ABROAD, HOME = Place.ABROAD, Place.HOME


def fact(purpose: str, euros: float, **more: Any) -> TaxableFact:
    """Return a fact of 2025; euros with cents are exact to the cent."""
    default = {"date": date(2025, 6, 1), "source_id": f"{purpose}:{euros}", "place": ABROAD}
    return TaxableFact(purpose=purpose, amount_minor=round(euros * 100), **(default | more))


def amounts(report: TaxReport, *names: str) -> list[int | None]:
    return [report.figure(name).amount_minor for name in names]


class TestCapital:
    """Form E1kv."""

    FACTS = [
        fact("dividend", 1000, foreign_withheld_minor=25_000, country="DE", source_id="d1"),
        fact("dividend", 200, foreign_withheld_minor=3_000, country="US", source_id="d2"),
        fact("security_gain", 800, source_id="s1"),
        fact("security_gain", -1500, source_id="s2", document_ids=("letter",)),
        fact("security_gain", 300, place=HOME, withheld_minor=8_250, source_id="s3"),
        fact("fund_deemed_income", 50, source_id="f1"),
        fact("bank_interest", 100, place=HOME, withheld_minor=2_500, source_id="i1"),
        fact("legacy_gain", 9999, source_id="old"),
    ]

    def test_fields_of_the_form(self) -> None:
        """Gains and losses are not netted on the form; domestic and foreign stand apart."""
        report = compute(PACK, self.FACTS)
        fields = {one.field: one.amount_minor for one in report.figures if one.form == "E1kv" and one.field}
        assert {key: fields[key] for key in ("863", "994", "892", "981", "937", "898", "862")} == {
            "863": 120_000,
            "994": 80_000,
            "892": 150_000,
            "981": 30_000,
            "937": 5_000,
            "898": 0,
            "862": 0,
        }

    def test_tax_by_hand(self) -> None:
        """1,200 + 800 + 300 + 50 - 1,500 = 850, of which 27.5 % are 233.75; interest apart at 25 %.

        Credit: 15 % of 1,000 of the 250 that Germany kept, and the 30 of the USA: 180, less than the tax.
        """
        report = compute(PACK, self.FACTS)
        assert amounts(report, "base_27_5", "tax_27_5", "tax_25") == [85_000, 23_375, 2_500]
        assert amounts(report, "foreign_tax_15", "foreign_tax_credit") == [18_000, 18_000]
        assert amounts(report, "kest_withheld", "kest_withheld_25") == [8_250, 2_500]
        assert amounts(report, "capital_tax_due") == [23_375 + 2_500 - 18_000 - 8_250 - 2_500]

    def test_the_credit_is_at_most_the_tax(self) -> None:
        """Where losses leave nothing to tax, nothing is credited."""
        facts = [fact("dividend", 1000, foreign_withheld_minor=15_000), fact("security_gain", -900)]
        report = compute(PACK, facts)
        assert amounts(report, "tax_27_5", "foreign_tax_15", "foreign_tax_credit") == [2_750, 15_000, 2_750]

    def test_losses_do_not_touch_bank_interest_and_are_lost(self) -> None:
        """§ 27 Abs 8 Z 1: no offset; nothing goes into the next year."""
        report = compute(PACK, [fact("bank_interest", 400), fact("security_gain", -300)])
        assert amounts(report, "base_27_5", "losses_lost", "tax_25") == [0, 30_000, 10_000]

    def test_legacy_holdings_are_exempt(self) -> None:
        """They stand in the report, and count for nothing."""
        report = compute(PACK, [fact("legacy_gain", 9999)])
        assert amounts(report, "legacy_gains", "base_27_5", "capital_tax_due") == [999_900, 0, 0]

    def test_every_figure_drills_down(self) -> None:
        """To transactions and documents, through figures made of figures."""
        report = compute(PACK, self.FACTS)
        assert report.figure("losses_abroad").source_ids == ("s2",)
        assert report.figure("losses_abroad").document_ids == ("letter",)
        assert set(report.figure("base_27_5").source_ids) == {"d1", "d2", "s1", "s2", "s3", "f1"}
        trail = report.figure("base_27_5").trail
        signed = sum(line.amount_minor or 0 for line in trail if line.sign == "+")
        signed -= sum(line.amount_minor or 0 for line in trail if line.sign == "-")
        assert signed == 85_000
        assert all(one.source and one.label.en and one.label.de for one in report.figures)

    def test_a_figure_says_against_which_text_its_rule_was_checked(self) -> None:
        """The rate against the law in force since July 2024; nothing is claimed of what nobody read."""
        report = compute(PACK, [])
        checked = report.figure("tax_27_5").checked
        assert checked is not None
        assert (checked.text.de, checked.version) == ("§ 27a Abs 1 Z 2 EStG 1988", date(2024, 7, 20))
        assert report.figure("work_counted").checked is None

    def test_the_report_says_what_it_is(self) -> None:
        """Status and disclaimer travel with the figures."""
        report = compute(PACK, [])
        assert report.status.en.startswith("each figure says against which text its rule was checked")
        assert "no tax advice" in report.disclaimer.en
        filled = {one.id for one in report.figures if one.amount_minor}
        assert filled == {"work_counted", "work_total"}


class TestEmployee:
    """Form L1."""

    def test_the_flat_amount_counts_at_least(self) -> None:
        """80 spent: 132 count; union dues and furniture come on top, the furniture up to 300."""
        report = compute(PACK, [fact("work_tools", 80), fact("union_dues", 200), fact("work_furniture", 450)])
        assert amounts(report, "work_subject_to_flat", "work_counted", "work_furniture") == [8_000, 13_200, 30_000]
        assert amounts(report, "work_total") == [13_200 + 20_000 + 30_000]

    def test_above_it_the_list_counts(self) -> None:
        """Each category has its field; a refund lowers it."""
        report = compute(PACK, [fact("work_training", 500), fact("work_travel", 70), fact("work_travel", -20)])
        fields = {one.field: one.amount_minor for one in report.figures if one.form == "L1" and one.field}
        assert (fields["722"], fields["721"]) == (50_000, 5_000)
        assert amounts(report, "work_counted") == [55_000]

    def test_special_and_extraordinary_expenses(self) -> None:
        """Church at most 600, donations 10 % of income, medical above the own share of 10 % of 30,000."""
        facts = [fact("church_contribution", 700), fact("donation", 4000), fact("medical", 3500)]
        known = compute(PACK, facts, TaxOptions(income_minor=3_000_000))
        assert amounts(known, "church_counted", "donations_counted") == [60_000, 300_000]
        assert amounts(known, "own_share", "extraordinary_counted") == [300_000, 50_000]

    def test_what_needs_the_income_is_not_guessed(self) -> None:
        """The figure is unknown, says what it needs, and still names its sources."""
        figure = compute(PACK, [fact("medical", 3500, source_id="m")]).figure("extraordinary_counted")
        assert (figure.amount_minor, figure.needs, figure.source_ids) == (None, "income_minor", ("m",))

    @pytest.mark.parametrize(
        ("income", "share"), [(0, 0), (730_000, 43_800), (730_001, 58_400), (3_640_000, 364_000), (3_640_001, 436_800)]
    )
    def test_the_own_share_has_steps(self, income: int, share: int) -> None:
        """6, 8, 10 and 12 % of all the income."""
        assert amounts(compute(PACK, [], TaxOptions(income_minor=income)), "own_share") == [share]


class TestBusiness:
    """Form E1a."""

    def test_profit_and_allowance(self) -> None:
        """40,000 less 5,000: 15 % of 33,000 at most."""
        facts = [fact("business_income", 40_000), fact("business_insurance", 4_000), fact("business_rent", 1_000)]
        report = compute(PACK, facts)
        fields = {one.field: one.amount_minor for one in report.figures if one.form == "E1a" and one.field}
        assert (fields["9040"], fields["9225"], fields["9180"]) == (4_000_000, 400_000, 100_000)
        assert amounts(report, "business_profit", "profit_allowance") == [3_500_000, 495_000]

    def test_a_loss_has_no_allowance(self) -> None:
        """15 % of nothing."""
        assert amounts(compute(PACK, [fact("business_goods", 10)]), "business_profit", "profit_allowance") == [-1000, 0]


GROUP = ["dividend", "bond_interest", "security_gain", "derivative_gain", "fund_distribution", "crypto_gain"]
LOSSES = {"security_gain", "derivative_gain", "crypto_gain"}


@st.composite
def capital(draw: st.DrawFn) -> list[TaxableFact]:
    """Give facts of the 27.5 % group; only what may have losses is negative."""
    facts = []
    for n in range(draw(st.integers(0, 10))):
        purpose = draw(st.sampled_from(GROUP))
        cents = draw(st.integers(-(10**8) if purpose in LOSSES else 0, 10**8))
        withheld = draw(st.integers(0, 10**7))
        place = draw(st.sampled_from(list(Place)))
        facts.append(
            TaxableFact(
                date=date(2025, 1, 1 + n),
                amount_minor=cents,
                purpose=purpose,
                source_id=str(n),
                place=place,
                foreign_withheld_minor=withheld,
            )
        )
    return facts


@PATIENT
@given(capital())
def test_losses_are_offset_within_the_year_and_no_further(facts: list[TaxableFact]) -> None:
    """What is taxed is the sum, or nothing; what is lost is the rest; one of both is zero."""
    report = compute(PACK, facts)
    base, lost = amounts(report, "base_27_5", "losses_lost")
    assert base is not None
    assert lost is not None
    assert base - lost == sum(one.amount_minor for one in facts)
    assert min(base, lost) == 0


@PATIENT
@given(capital(), st.integers(0, 10**8))
def test_losses_never_lower_the_tax_on_interest(facts: list[TaxableFact], cents: int) -> None:
    """Bank deposits stand alone."""
    interest = fact("bank_interest", 0)
    interest = TaxableFact(**{name: getattr(interest, name) for name in interest.__slots__} | {"amount_minor": cents})
    alone, together = compute(PACK, [interest]), compute(PACK, [*facts, interest])
    assert alone.figure("tax_25").amount_minor == together.figure("tax_25").amount_minor


@PATIENT
@given(capital())
def test_the_credit_is_within_its_limits(facts: list[TaxableFact]) -> None:
    """Never more than was kept abroad, than 15 % of positive income, or than the tax."""
    report = compute(PACK, facts)
    credit = report.figure("foreign_tax_credit").amount_minor or 0
    abroad = [one for one in facts if one.place is ABROAD]
    assert 0 <= credit <= (report.figure("tax_27_5").amount_minor or 0)
    assert credit <= sum(one.foreign_withheld_minor for one in abroad)
    assert credit <= sum(max(0, one.amount_minor) * 15 / 100 + 1 for one in abroad)


@PATIENT
@given(capital(), st.randoms())
def test_the_order_of_facts_does_not_matter(facts: list[TaxableFact], random: Any) -> None:
    """The same facts give the same report."""
    mixed = list(facts)
    random.shuffle(mixed)
    assert compute(PACK, mixed) == compute(PACK, facts)


def test_other_years_are_named_and_do_not_count() -> None:
    """A fact of 2024 is no part of 2025."""
    report = compute(PACK, [fact("dividend", 10, date=date(2024, 12, 31), source_id="late"), fact("dividend", 5)])
    assert report.outside == ("late",)
    assert amounts(report, "income_abroad") == [500]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [(fact("lottery", 5), "purpose"), (fact("dividend", 5, foreign_withheld_minor=-1), "withheld_minor")],
)
def test_a_fact_that_cannot_be_placed_is_refused(wrong: TaxableFact, field: str) -> None:
    """It is never silently left out."""
    with pytest.raises(TaxFactInvalid) as refused:
        compute(PACK, [wrong])
    assert refused.value.fields[0].name == field
    assert refused.value.source_id == wrong.source_id


def test_an_unknown_figure_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        compute(PACK, []).figure("none")


def test_what_a_home_bank_credited_is_not_charged_again() -> None:
    """100.00 less 15.00 of the USA and 12.50 KESt is taxed; with a loss nothing of the 15.00 is refunded."""
    paid = fact("dividend", 100, place=HOME, foreign_withheld_minor=1_500, withheld_minor=1_250, country="US")
    report = compute(PACK, [paid])
    assert amounts(report, "foreign_tax_home", "foreign_tax_credit", "capital_tax_due") == [1_500, 0, 0]
    lost = compute(PACK, [paid, fact("security_gain", -100)])
    assert amounts(lost, "tax_27_5", "foreign_tax_home", "capital_tax_due") == [0, 0, -1_250]
    more = compute(PACK, [paid, fact("dividend", 100, foreign_withheld_minor=2_000, source_id="abroad")])
    assert amounts(more, "foreign_tax_credit", "capital_tax_due") == [1_500, 2_750 - 1_500]


def test_tax_paid_back_on_a_loss_and_kept_on_a_legacy_sale_count() -> None:
    """§ 93 Abs 6 EStG: gain 100 and loss 100, 27.50 kept and paid back; what was kept of exempt gains is refunded."""
    gain = fact("security_gain", 100, place=HOME, withheld_minor=2_750)
    loss = fact("security_gain", -100, place=HOME, withheld_minor=-2_750)
    assert amounts(compute(PACK, [gain, loss]), "kest_withheld", "capital_tax_due") == [0, 0]
    old = fact("legacy_gain", 100, place=HOME, withheld_minor=2_750)
    assert amounts(compute(PACK, [old]), "kest_withheld", "capital_tax_due") == [2_750, -2_750]
    with pytest.raises(TaxFactInvalid):
        compute(PACK, [fact("dividend", 100, place=HOME, withheld_minor=-1)])


def test_what_is_settled_informs_and_counts_for_nothing() -> None:
    """§ 97 Abs 1 EStG: interest of 100.00 of a bank at home is settled; the same from abroad costs 25.00."""
    for purpose in ("bank_interest", "dividend"):
        report = compute(PACK, [fact(purpose, 100, place=HOME, settled=True)])
        assert amounts(report, "settled_home", "bank_interest", "income_home", "capital_tax_due") == [10_000, 0, 0, 0]
    assert amounts(compute(PACK, [fact("bank_interest", 100)]), "settled_home", "capital_tax_due") == [0, 2_500]


def test_refunds_of_an_earlier_year_never_count_below_zero() -> None:
    """A church or charity that pays back more than it got this year lowers no other figure."""
    facts = [fact("donation", -40), fact("church_contribution", -30), fact("work_furniture", -20)]
    report = compute(PACK, facts, TaxOptions(income_minor=3_000_000))
    assert amounts(report, "donations_paid", "donations_counted", "church_counted", "work_furniture") == [
        -4_000,
        0,
        0,
        0,
    ]
