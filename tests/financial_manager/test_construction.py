"""The engine of building a house: three projects counted by hand, and what holds for every project."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.construction.contracts import (
    ChangeOrder,
    Contract,
    Invoice,
    InvoiceKind,
    Order,
    Payment,
    Release,
    ReleaseKind,
    gross,
    share,
)
from backend.financial_manager.construction.cost_groups import Scheme, group_of, is_code, scheme_of
from backend.financial_manager.construction.financing import Source, SourceKind, financing_of, needs_of
from backend.financial_manager.construction.lines import BudgetLine
from backend.financial_manager.construction.settlement import settle
from backend.financial_manager.construction.status import Figures, Status, status_of

D = dt.date


def cents(text: str) -> int:
    return int(Decimal(text.replace(",", "")) * 100)


def table(text: str) -> dict[str, tuple[int, ...]]:
    """Read a table as it is written by hand: a name, then amounts; the first line names the columns."""
    rows = [line.split("|") for line in text.strip().splitlines()[1:]]
    return {row[0].strip(): tuple(cents(one.strip()) for one in row[1:] if one.strip()) for row in rows}


def columns(figures: Figures, names: str) -> tuple[int, ...]:
    return tuple(getattr(figures, f"{name}_minor") for name in names.split())


def found(rows: object, names: str) -> dict[str, tuple[int, ...]]:
    return {row.key: columns(row.figures, names) for row in rows}  # type: ignore[attr-defined]


# ---------------------------------------------------------------- 1: a timber house in Austria (ÖNORM B 1801-1)

TIMBER = Contract(
    cents("100000"), vat_bp=2000, skonto_bp=300, skonto_days=14, cover_bp=500, liability_bp=200,
    liability_until=D(2029, 11, 30),
)  # fmt: skip
TIMBER_ORDER = Order(
    TIMBER,
    changes=(ChangeOrder(cents("4321.50"), approved=True), ChangeOrder(cents("1000"))),
    invoices=(
        Invoice("i1", D(2026, 4, 10), cents("33333.33")),
        Invoice("i2", D(2026, 6, 10), cents("71234.56")),
        Invoice("i3", D(2026, 11, 10), cents("104321.50"), InvoiceKind.FINAL),
    ),
    payments=(
        Payment("i1", D(2026, 4, 20), cents("36860.00"), cents("1140.00")),
        Payment("i2", D(2026, 7, 20), cents("43207.40")),
        Payment("i3", D(2026, 11, 20), cents("40230.44"), cents("1244.24")),
    ),
    id="timber",
)


def timber_house() -> Status:
    land = Order(
        Contract(cents("90000")),
        invoices=(Invoice("land", D(2026, 1, 5), cents("90000"), InvoiceKind.FINAL),),
        payments=(Payment("land", D(2026, 1, 9), cents("90000")),),
        id="land",
    )
    water = Order(
        Contract(cents("12500"), vat_bp=2000),
        invoices=(Invoice("water", D(2026, 2, 5), cents("12500"), InvoiceKind.FINAL),),
        id="water",
    )
    architect = Order(Contract(cents("15000"), vat_bp=2000), id="architect")
    return status_of(
        Scheme.OENORM,
        [
            BudgetLine("0", cents("90000"), awarded=True, orders=(land,), id="a"),
            BudgetLine("1", cents("18000"), awarded=True, orders=(water,), id="b"),
            BudgetLine("2.D", cents("125000"), cents("121500"), awarded=True, orders=(TIMBER_ORDER,), id="c"),
            BudgetLine("3", cents("60000"), cents("58800"), id="d"),
            BudgetLine("7", cents("24000"), orders=(architect,), id="e"),
            BudgetLine("9", cents("20000"), contingency=True, id="f"),
        ],
    )


def test_the_timber_house_is_settled_invoice_by_invoice() -> None:
    """Counted by hand, on the total to date.

    1: 33,333.33 + 20 % (6,666.666 -> 6,666.67) = 40,000.00; 5 % of it 2,000.00; due 38,000.00; 3 % of that 1,140.00.
    2: 71,234.56 + 14,246.91 = 85,481.47, less 40,000.00; 5 % of 85,481.47 = 4,274.0735 -> 4,274.07, less 2,000.00.
    3: 104,321.50 + 20,864.30 = 125,185.80, less 85,481.47; 2 % of 125,185.80 = 2,503.716 -> 2,503.72 stay, 4,274.07
       come free: -1,770.35.
    """
    by_hand = table(
        """
        | net       | VAT      | invoice   | held back | due       | Skonto
        i1 | 33,333.33 | 6,666.67 | 40,000.00 |  2,000.00 | 38,000.00 | 1,140.00
        i2 | 37,901.23 | 7,580.24 | 45,481.47 |  2,274.07 | 43,207.40 | 1,296.22
        i3 | 33,086.94 | 6,617.39 | 39,704.33 | -1,770.35 | 41,474.68 | 1,244.24
        """
    )
    settled = settle(TIMBER_ORDER)
    assert by_hand == {
        one.id: (one.net_minor, one.vat_minor, one.gross_minor, one.retain_minor, one.due_minor, one.skonto_minor)
        for one in settled.claims
    }
    assert [one.skonto_until for one in settled.claims] == [D(2026, 4, 24), D(2026, 6, 24), D(2026, 11, 24)]
    assert [one.open_minor for one in settled.claims] == [0, 0, 0]
    assert (settled.held_minor, settled.released_minor) == (cents("6777.79"), cents("4274.07"))
    assert settled.retained_minor == cents("2503.72")


def test_the_timber_house_in_columns() -> None:
    """Each group, the four sums of ÖNORM B 1801-1, and the whole.

    Group 2: committed 104,321.50 net -> 125,185.80; the second change (1,200.00) only waits; paid 36,860.00 + 43,207.40
    + 40,230.44. Group 7: 18,000.00 are under contract, the rest of the estimate is still expected. Group 1 is 3,000.00
    cheaper, so nothing of the reserve is used: 90,000 + 15,000 + 125,185.80 + 58,800 + 24,000 + 20,000 = 332,985.80.
    """
    names = "estimate revised committed pending invoiced paid skonto retained open forecast"
    by_hand = table(
        """
        | estimate   | revised    | committed  | pending  | invoiced   | paid       | Skonto   | retained | open      | forecast
        0 |  90,000.00 |  90,000.00 |  90,000.00 |     0.00 |  90,000.00 |  90,000.00 |     0.00 |     0.00 |      0.00 |  90,000.00
        1 |  18,000.00 |  18,000.00 |  15,000.00 |     0.00 |  15,000.00 |       0.00 |     0.00 |     0.00 | 15,000.00 |  15,000.00
        2 | 125,000.00 | 121,500.00 | 125,185.80 | 1,200.00 | 125,185.80 | 120,297.84 | 2,384.24 | 2,503.72 |      0.00 | 125,185.80
        3 |  60,000.00 |  58,800.00 |       0.00 |     0.00 |       0.00 |       0.00 |     0.00 |     0.00 |      0.00 |  58,800.00
        7 |  24,000.00 |  24,000.00 |  18,000.00 |     0.00 |       0.00 |       0.00 |     0.00 |     0.00 |      0.00 |  24,000.00
        9 |  20,000.00 |  20,000.00 |       0.00 |     0.00 |       0.00 |       0.00 |     0.00 |     0.00 |      0.00 |  20,000.00
        """  # noqa: E501
    )
    status = timber_house()
    assert found(status.groups, names) == by_hand
    sums = table(
        """
        | estimate   | committed  | forecast
        building     | 185,000.00 | 125,185.80 | 183,985.80
        construction | 203,000.00 | 140,185.80 | 198,985.80
        erection     | 247,000.00 | 158,185.80 | 242,985.80
        total        | 337,000.00 | 248,185.80 | 332,985.80
        """
    )
    assert found(status.sums, "estimate committed forecast") == sums
    assert columns(status.total, "estimate committed forecast") == sums["total"]
    assert columns(status.total, "variance to_complete") == (cents("-4014.20"), cents("102800.00"))
    assert (status.contingency.reserve_minor, status.contingency.burnt_minor) == (cents("20000"), 0)


def test_money_held_back_is_released_after_three_years() -> None:
    """It moves from retained to open, then to paid; what was invoiced stays."""
    release = Release("r", D(2029, 12, 1), cents("2503.72"))
    freed = replace(TIMBER_ORDER, releases=(release,))
    settled = settle(freed)
    assert (settled.retained_minor, settled.claim("r").open_minor) == (0, cents("2503.72"))
    paid = replace(freed, payments=(*freed.payments, Payment("r", D(2029, 12, 9), cents("2503.72"))))
    assert settle(paid).claim("r").open_minor == 0
    assert sum(one.gross_minor for one in settle(paid).claims) == cents("125185.80")


# ---------------------------------------------------------------- 2: a renovation in Germany (DIN 276)


def renovation() -> Status:
    windows = Order(
        Contract(cents("22500"), vat_bp=1900, cover_bp=1000),
        changes=(ChangeOrder(cents("2150"), approved=True), ChangeOrder(cents("-400"))),
        invoices=(Invoice("w1", D(2026, 3, 2), cents("9999.99")), Invoice("w2", D(2026, 4, 2), cents("20000"))),
        payments=(Payment("w1", D(2026, 3, 20), cents("10709.99")),),
        id="windows",
    )
    heating = Order(
        Contract(cents("33613.45"), vat_bp=1900), changes=(ChangeOrder(cents("1800"), approved=True),), id="heating"
    )
    return status_of(
        Scheme.DIN276,
        [
            BudgetLine("334", cents("28000"), awarded=True, orders=(windows,), id="windows"),
            BudgetLine("352", cents("12000"), cents("13200"), id="plaster"),
            BudgetLine("422", cents("35000"), awarded=True, orders=(heating,), id="heating"),
            BudgetLine("790", cents("8000"), contingency=True, id="reserve"),
        ],
    )


def test_the_renovation_in_columns() -> None:
    """19 % VAT, 10 % held back from partial invoices, changes, and a reserve that does not suffice.

    Windows: 22,500 -> 26,775.00; with 2,150 more 24,650 -> 29,333.50; the change that waits makes it 24,250 ->
    28,857.50. Invoice 1: 9,999.99 + 1,899.9981 -> 11,899.99, held 1,189.999 -> 1,190.00. Invoice 2: to date 23,800.00.
    Heating: 33,613.45 + 6,386.5555 -> 40,000.01; with 1,800 more 35,413.45 + 6,728.5555 -> 42,142.01.
    Dearer than estimated: 1,333.50 + 1,200.00 + 7,142.01 = 9,675.51 of a reserve of 8,000.00.
    """
    names = "contract changes pending invoiced paid retained open forecast variance"
    by_hand = table(
        """
        | contract  | changes  | pending | invoiced  | paid      | retained | open      | forecast  | variance
        windows | 26,775.00 | 2,558.50 | -476.00 | 23,800.00 | 10,709.99 | 2,380.00 | 10,710.01 | 29,333.50 |  1,333.50
        plaster |      0.00 |     0.00 |    0.00 |      0.00 |      0.00 |     0.00 |      0.00 | 13,200.00 |  1,200.00
        heating | 40,000.01 | 2,142.00 |    0.00 |      0.00 |      0.00 |     0.00 |      0.00 | 42,142.01 |  7,142.01
        reserve |      0.00 |     0.00 |    0.00 |      0.00 |      0.00 |     0.00 |      0.00 |      0.00 | -8,000.00
        """
    )
    status = renovation()
    assert found(status.lines, names) == by_hand
    assert found(status.groups, "forecast") == {"300": (4253350,), "400": (4214201,), "700": (0,)}
    assert found(status.sums, "forecast") == {"building": (8467551,), "total": (8467551,)}
    assert columns(status.total, "estimate variance") == (cents("83000"), cents("1675.51"))
    told = status.contingency
    assert (told.reserve_minor, told.burnt_minor, told.left_minor) == (800000, 967551, -167551)


# ---------------------------------------------------------------- 3: building oneself, with a loan and a subsidy

SOURCES = (
    Source("own", SourceKind.OWN, cents("60000")),
    Source("t1", SourceKind.LOAN, cents("80000"), D(2026, 3, 1)),
    Source("t2", SourceKind.LOAN, cents("70000"), D(2026, 9, 1)),
    Source("subsidy", SourceKind.SUBSIDY, cents("15000"), D(2027, 2, 1)),
)
FOUNDATION = Order(
    Contract(cents("40000"), vat_bp=2000, liability_bp=300, liability_until=D(2029, 5, 1)),
    invoices=(Invoice("f", D(2026, 4, 1), cents("41000"), InvoiceKind.FINAL),),
    payments=(
        Payment("f", D(2026, 4, 20), cents("20000")),
        Payment("f", D(2026, 4, 21), cents("27724"), source_id="t1"),
    ),
    id="foundation",
)
MATERIAL = Order(
    Contract(cents("125000"), vat_bp=2000), invoices=(Invoice("m", D(2026, 5, 10), cents("50000")),), id="material"
)


def test_the_self_built_house_has_money_when_it_needs_it() -> None:
    """Own means 60,000, tranches of 80,000 and 70,000, a subsidy of 15,000.

    Foundation: 41,000 net -> 49,200.00, 3 % held until May 2029 (1,476.00), 47,724.00 paid: 20,000.00 of it from own
    means, 27,724.00 from the first tranche. Material: 150,000.00 ordered, 60,000.00 invoiced, due on June 9th.
    In the end 225,000.00 - 49,200.00 - 150,000.00 = 25,800.00 are left.
    """
    status = status_of(
        Scheme.OWN,
        [
            BudgetLine("Foundation", cents("50000"), awarded=True, orders=(FOUNDATION,), id="f"),
            BudgetLine("Material", cents("150000"), awarded=True, orders=(MATERIAL,), id="m"),
        ],
    )
    assert columns(status.total, "forecast invoiced to_complete") == (19920000, 10920000, 9000000)
    orders = [(status.orders[one.id], one.contract.liability_until) for one in (FOUNDATION, MATERIAL)]
    needs = needs_of(orders, status.total.to_complete_minor, D(2026, 12, 31))
    told = financing_of(SOURCES, FOUNDATION.payments, needs)
    drawn = table(
        """
        | drawn     | left
        own     | 20,000.00 | 40,000.00
        t1      | 27,724.00 | 52,276.00
        t2      |      0.00 | 70,000.00
        subsidy |      0.00 | 15,000.00
        """
    )
    assert {one.source.id: (one.drawn_minor, one.left_minor) for one in told.sources} == drawn
    points = table(
        """
        | comes     | needed    | left
        2026-03-01 | 52,276.00 |      0.00 | 92,276.00
        2026-06-09 |      0.00 | 60,000.00 | 32,276.00
        2026-09-01 | 70,000.00 |      0.00 | 102,276.00
        2026-12-31 |      0.00 | 90,000.00 | 12,276.00
        2027-02-01 | 15,000.00 |      0.00 | 27,276.00
        2029-05-01 |      0.00 |  1,476.00 | 25,800.00
        """
    )
    assert {str(one.day): (one.comes_minor, one.needed_minor, one.left_minor) for one in told.points} == points
    assert (told.short, told.missing_minor, told.unassigned_minor) == (None, 0, 0)
    late = [replace(one, available_on=D(2027, 1, 15)) if one.id == "t2" else one for one in SOURCES]
    short = financing_of(late, FOUNDATION.payments, needs).short
    assert short is not None
    assert (short.day, short.left_minor) == (D(2026, 12, 31), cents("-57724"))
    poor = financing_of(SOURCES[:2], FOUNDATION.payments, needs)
    assert poor.missing_minor == cents("59200")


# ---------------------------------------------------------------- what always holds

AMOUNTS = st.integers(0, 10**9)
RATES = st.integers(0, 10_000)
DAYS = st.dates(D(2024, 1, 1), D(2028, 12, 31))


@st.composite
def orders(draw: st.DrawFn, number: int = 0) -> Order:
    """Make an order whose invoices grow, with payments for them and releases of either kind."""
    contract = Contract(
        draw(AMOUNTS), draw(RATES), draw(RATES), draw(st.integers(0, 60)), cover_bp=draw(RATES),
        liability_bp=draw(RATES),
    )  # fmt: skip
    totals = sorted(draw(st.lists(AMOUNTS, max_size=4)))
    days = sorted(draw(st.lists(DAYS, min_size=len(totals), max_size=len(totals))))
    kinds = [InvoiceKind.PARTIAL] * len(totals)
    if totals and draw(st.booleans()):
        kinds[-1] = InvoiceKind.FINAL
    invoices = tuple(
        Invoice(f"{number}i{n}", day, total, kind)
        for n, (day, total, kind) in enumerate(zip(days, totals, kinds, strict=True))
    )
    releases = tuple(
        Release(f"{number}r{n}", day, amount, kind)
        for n, (day, amount, kind) in enumerate(
            draw(st.lists(st.tuples(DAYS, AMOUNTS, st.sampled_from(ReleaseKind)), max_size=3))
        )
    )
    claims = [one.id for one in settle(Order(contract, (), invoices, (), releases)).claims]
    payments = ()
    if claims:
        paid = st.tuples(st.sampled_from(claims), DAYS, AMOUNTS, st.integers(0, 10**6))
        payments = tuple(Payment(*one) for one in draw(st.lists(paid, max_size=4)))
    changes = draw(st.lists(st.builds(ChangeOrder, st.integers(-(10**6), 10**9), st.booleans()), max_size=4))
    return Order(contract, tuple(changes), invoices, payments, releases, f"o{number}")


@given(order=orders())
def test_what_was_invoiced_is_paid_kept_held_back_or_open(order: Order) -> None:
    """And the parts of the columns sum to the whole, whatever was rounded."""
    status = status_of(Scheme.OENORM, [BudgetLine("2", 10**6, orders=(order,), id="x")])
    told, settled = status.total, status.orders[order.id]
    assert told.retained_minor + told.paid_minor + told.skonto_minor + told.open_minor == told.invoiced_minor
    last = max((one.net_to_date_minor for one in order.invoices), default=0)
    assert told.invoiced_minor == gross(last, order.contract.vat_bp)
    assert 0 <= settled.released_minor <= settled.held_minor
    approved = sum(one.net_minor for one in order.changes if one.approved)
    assert told.committed_minor == gross(order.contract.net_minor + approved, order.contract.vat_bp)
    assert told.committed_minor == told.contract_minor + told.changes_minor
    assert told.forecast_minor >= told.invoiced_minor
    assert all(one.net_minor + one.vat_minor == one.gross_minor for one in settled.claims)


@given(order=orders(), amount=AMOUNTS, day=DAYS, kind=st.sampled_from(ReleaseKind))
def test_a_release_changes_nothing_that_was_invoiced(order: Order, amount: int, day: D, kind: ReleaseKind) -> None:
    """What is held back falls by what becomes open."""
    before = status_of(Scheme.OWN, [BudgetLine("x", orders=(order,), id="x")]).total
    more = replace(order, releases=(*order.releases, Release("new", day, amount, kind)))
    after = status_of(Scheme.OWN, [BudgetLine("x", orders=(more,), id="x")]).total
    assert after.invoiced_minor == before.invoiced_minor
    assert after.retained_minor + after.open_minor == before.retained_minor + before.open_minor


@given(many=st.lists(st.integers(0, 3), max_size=4).flatmap(
    lambda numbers: st.tuples(*(orders(n) for n in range(len(numbers))))), seed=st.randoms())  # fmt: skip
def test_the_order_of_entering_does_not_matter(many: tuple[Order, ...], seed: object) -> None:
    """The same facts in another order are the same report."""

    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        found = list(items)
        seed.shuffle(found)  # type: ignore[attr-defined]
        return tuple(found)

    lines = [BudgetLine(str(n), 10**6, orders=(one,), id=str(n)) for n, one in enumerate(many)]
    lines.append(BudgetLine("9", 10**6, contingency=True, id="reserve"))
    mixed = [
        replace(
            line,
            orders=tuple(
                replace(
                    one, changes=shuffled(one.changes), invoices=shuffled(one.invoices),  # type: ignore[arg-type]
                    payments=shuffled(one.payments), releases=shuffled(one.releases),  # type: ignore[arg-type]
                )
                for one in line.orders
            ),
        )
        for line in lines
    ]  # fmt: skip
    assert status_of(Scheme.OENORM, shuffled(tuple(mixed))) == status_of(Scheme.OENORM, lines)  # type: ignore[arg-type]


@given(amount=st.integers(-(10**15), 10**15), rate=RATES)
def test_rates_are_rounded_half_away_from_zero(amount: int, rate: int) -> None:
    """As Decimal does with ROUND_HALF_UP."""
    exact = Decimal(amount) * rate / 10_000
    assert share(amount, rate) == int(exact.to_integral_value(rounding=ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("scheme", "code", "group"),
    [
        (Scheme.OENORM, "2", "2"),
        (Scheme.OENORM, "2.D", "2"),
        (Scheme.OENORM, "4C.01", "4"),
        (Scheme.OENORM, "10", "1"),
        (Scheme.OENORM, "x", None),
        (Scheme.DIN276, "300", "300"),
        (Scheme.DIN276, "334", "300"),
        (Scheme.DIN276, "334.1", "300"),
        (Scheme.DIN276, "34", None),
        (Scheme.DIN276, "900", None),
        (Scheme.OWN, "Carport", "Carport"),
        (Scheme.OWN, " ", None),
    ],
)
def test_codes_belong_to_groups(scheme: Scheme, code: str, group: str | None) -> None:
    """What is no code of a scheme is told."""
    assert is_code(scheme, code) is (group is not None)
    if group is not None:
        assert group_of(scheme, code) == group


def test_the_sums_of_the_norm_hold_their_groups() -> None:
    """2 to 4, 1 to 6, 1 to 9, 0 to 9."""
    held = {
        one.key: "".join(group.code for group in scheme_of(Scheme.OENORM).groups if one.holds(group.code))
        for one in scheme_of(Scheme.OENORM).sums
    }
    assert held == {"building": "234", "construction": "123456", "erection": "123456789", "total": "0123456789"}
