"""The detector of recurring payments: regular series are found, also jittered; shopping and one-offs are not."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.recurring.cadence import Cadence, DayPattern, DayRule
from backend.financial_manager.recurring.detector import Booking, Series, find_series

START = dt.date(2024, 1, 1)
LONG = {
    Cadence.WEEKLY: 12, Cadence.FORTNIGHTLY: 12, Cadence.MONTHLY: 6, Cadence.QUARTERLY: 4, Cadence.HALF_YEARLY: 3,
    Cadence.YEARLY: 3,
}  # fmt: skip


def booking(day: dt.date, amount: int, number: int = 0, payee: str = "netflix", **more: object) -> Booking:
    return Booking(day, amount, f"{number:04}", "giro", "EUR", payee, payee.title(), **more)  # type: ignore[arg-type]


def paid(
    pattern: DayPattern, amounts: list[int], *, jitter: int = 0, seed: int = 0, payee: str = "netflix"
) -> list[Booking]:
    """Return a booking for each amount on the pattern's days, missed by up to `jitter` days."""
    chance = random.Random(seed)
    days = [pattern.due(n) + dt.timedelta(days=chance.randint(-jitter, jitter)) for n in range(len(amounts))]
    return [booking(day, amount, n, payee) for n, (day, amount) in enumerate(zip(days, amounts, strict=True))]


@st.composite
def regular(draw: st.DrawFn) -> tuple[Cadence, list[Booking]]:
    """Give a series of any cadence, from any day, whose days are missed by a little and whose amount may change."""
    cadence = draw(st.sampled_from(Cadence))
    day = START + dt.timedelta(days=draw(st.integers(0, 700)))
    jitter = draw(st.integers(0, 1 if cadence.days else 2))
    count = draw(st.integers(LONG[cadence], LONG[cadence] + 8))
    amount = draw(st.integers(100, 500_000))
    dearer = draw(st.integers(0, count))
    amounts = [-amount if n < dearer else -round(amount * 1.15) for n in range(count)]
    pattern = DayPattern(cadence, day, day.day)
    return cadence, paid(pattern, amounts, jitter=jitter, seed=draw(st.integers(0, 10_000)))


@given(regular())
def test_a_regular_series_is_found_whole_with_its_cadence(made: tuple[Cadence, list[Booking]]) -> None:
    """Any cadence, any day of the month, days that miss a little, one price change."""
    cadence, bookings = made
    (series,) = find_series(bookings)
    assert (series.cadence, len(series.bookings)) == (cadence, len(bookings))
    usual = series.last.day + dt.timedelta(days=round(cadence.length))
    assert abs((series.next_due - usual).days) <= 6


@given(regular(), st.lists(st.tuples(st.integers(0, 900), st.integers(-90_000, -100)), max_size=30), st.randoms())
def test_the_order_of_the_bookings_does_not_matter(
    made: tuple[Cadence, list[Booking]], shopping: list[tuple[int, int]], chance: random.Random
) -> None:
    """The same rows in any order give the same answer."""
    rows = made[1] + [
        booking(START + dt.timedelta(days=day), amount, 5000 + n, "billa") for n, (day, amount) in enumerate(shopping)
    ]
    mixed = list(rows)
    chance.shuffle(mixed)
    assert find_series(mixed) == find_series(rows)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.integers(0, 900), st.integers(-90_000, 90_000)),
                max_size=40, unique_by=lambda one: one[0]))  # fmt: skip
def test_what_happened_once_is_never_recurring(rows: list[tuple[str, int, int]]) -> None:
    """Forty different payees, each once."""
    assert find_series([booking(START + dt.timedelta(days=d), a, n, p) for n, (p, d, a) in enumerate(rows)]) == []


@pytest.mark.parametrize("count", [2, 3, 4, 6, 12, 30, 100, 300])
def test_random_shopping_is_not_recurring(count: int) -> None:
    """Of 200 shops visited on random days, for random amounts, at most two look regular by chance."""
    found = 0
    for seed in range(200):
        chance = random.Random(seed)
        rows = [
            booking(START + dt.timedelta(days=chance.randrange(730)), -chance.randint(500, 9000), n)
            for n in range(count)
        ]
        found += bool(find_series(rows))
    assert found <= 2


@pytest.mark.parametrize("count", [6, 12, 50, 200])
def test_a_coffee_of_one_price_on_any_day_is_not_recurring(count: int) -> None:
    """The amount alone makes nothing regular."""
    for seed in range(60):
        chance = random.Random(seed)
        rows = [booking(START + dt.timedelta(days=chance.randrange(730)), -350, n) for n in range(count)]
        assert find_series(rows) == []


def only(bookings: list[Booking]) -> Series:
    (series,) = find_series(bookings)
    return series


def test_a_price_rise_is_named() -> None:
    """12.99 until February, 14.99 from March on; a single higher bill in between is none."""
    pattern = DayPattern(Cadence.MONTHLY, dt.date(2025, 9, 3), 3)
    series = only(paid(pattern, [-12_99] * 6 + [-14_99] * 2))
    (change,) = series.price_changes
    assert (change.day, change.before_minor, change.after_minor) == (dt.date(2026, 3, 3), -12_99, -14_99)
    assert series.expected_minor == -14_99
    assert only(paid(pattern, [-12_99] * 3 + [-19_99] + [-12_99] * 3)).price_changes == ()


def test_salary_on_the_last_working_day() -> None:
    """The day of the month drifts from 28 to 31; the next one is said to the day."""
    pattern = DayPattern(Cadence.MONTHLY, dt.date(2025, 1, 1), 31, DayRule.WORKING_BEFORE)
    series = only(paid(pattern, [2_850_00] * 8, payee="muster gmbh"))
    assert (series.fit.pattern.rule, series.fit.pattern.day) == (DayRule.WORKING_BEFORE, 31)
    assert series.fit.spread == 0
    assert series.next_due == dt.date(2025, 9, 30)
    assert only(paid(pattern, [2_850_00] * 10, payee="muster gmbh")).next_due == dt.date(2025, 11, 28)


def test_changing_amounts_are_expected_at_their_median() -> None:
    """A bill for power that is never the same is recurring too, and has no price rises."""
    amounts = [-61_20, -58_00, -74_10, -80_90, -66_00, -59_90]
    series = only(paid(DayPattern(Cadence.MONTHLY, dt.date(2025, 1, 14), 14), amounts, jitter=1))
    assert not series.steady
    assert series.expected_minor == -63_60
    assert series.price_changes == ()


def test_a_settlement_beside_the_monthly_bill_does_not_hide_it() -> None:
    """Changing monthly bills, and once a year something large from the same payee a few days later."""
    amounts = [-61_20, -58_00, -74_10, -80_90, -66_00, -59_90, -70_15, -63_00]
    bills = paid(DayPattern(Cadence.MONTHLY, dt.date(2025, 1, 14), 14), amounts, jitter=1)
    series = only([*bills, booking(dt.date(2025, 5, 19), -412_00, 99)])
    assert list(series.bookings) == bills
    assert series.next_due.month == 9


@pytest.mark.parametrize("off", [0, 1, 9, 14])
def test_what_was_charged_twice_once_is_still_found(off: int) -> None:
    """A charge on the same day again, or one that the bank returned and that was tried anew, hides no year of rent."""
    days = [dt.date(2025, month, 3) for month in range(1, 13)]
    again = booking(days[5] + dt.timedelta(days=off), -1299, 99)
    series = only([*(booking(day, -1299, n) for n, day in enumerate(days)), again])
    assert (series.cadence, len(series.bookings), series.next_due) == (Cadence.MONTHLY, 12, dt.date(2026, 1, 3))


def test_what_began_on_a_leap_day_is_not_expected_a_month_early() -> None:
    """29 February and 1 March are as far from the 1st of February; it is not due then."""
    series = only([booking(day, -99_00, n) for n, day in enumerate((dt.date(2024, 2, 29), dt.date(2025, 3, 1)))])
    assert series.cadence is Cadence.YEARLY
    assert dt.date(2026, 2, 27) <= series.next_due <= dt.date(2026, 3, 1)


def test_two_subscriptions_of_one_payee_are_two() -> None:
    """Told apart by amount; when one becomes dearer it stays one."""
    small = paid(DayPattern(Cadence.MONTHLY, dt.date(2025, 1, 3), 3), [-2_99] * 5 + [-3_49] * 4, payee="apple")
    large = paid(DayPattern(Cadence.MONTHLY, dt.date(2025, 1, 20), 20), [-9_99] * 9, payee="apple")
    found = find_series([*small, *[Booking(*_moved(one)) for one in large]])
    assert sorted((len(one.bookings), one.expected_minor) for one in found) == [(9, -9_99), (9, -3_49)]


def _moved(one: Booking) -> tuple[object, ...]:
    return (one.day, one.amount_minor, f"L{one.id}", one.account_id, one.currency, one.payee_key, one.name)


def test_it_has_ended_when_it_did_not_come() -> None:
    """Not on the first day it is late, and only as far as bookings are known."""
    series = only(paid(DayPattern(Cadence.MONTHLY, dt.date(2025, 1, 5), 5), [-9_99] * 6))
    assert series.next_due == dt.date(2025, 7, 5)
    assert not series.ended(dt.date(2025, 7, 12))
    assert series.ended(dt.date(2025, 7, 25))


@given(st.sampled_from(Cadence), st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)), st.integers(1, 31),
       st.sampled_from(DayRule), st.integers(-50, 50))  # fmt: skip
def test_a_due_day_belongs_to_its_period(
    cadence: Cadence, first: dt.date, day: int, rule: DayRule, number: int
) -> None:
    """`number_of` finds the period of a due day again, and the next due day comes after it."""
    pattern = DayPattern(cadence, first, day, rule)
    due = pattern.due(number)
    assert pattern.number_of(due) == number
    assert pattern.after(due) == pattern.due(number + 1) > due
