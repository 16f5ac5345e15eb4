"""What changed in a month, in words: compared with the usual, which is the median of the six full months before it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import floor, log10
from statistics import median

from backend.financial_manager.currencies import exponent
from backend.financial_manager.ledger.reports import MonthSum
from backend.financial_manager.rates.shipped import shipped
from backend.financial_manager.recurring.cadence import add_months
from backend.financial_manager.recurring.detector import LEAST, Booking
from backend.financial_manager.recurring.matching import Recurring
from backend.financial_manager.recurring.models import RecurringState
from backend.financial_manager.recurring.words import comes_words, price_words
from backend.financial_manager.sentences import Amount, Sentence

MONTHS = 6
LEAST_MONTHS = 3
"""Full months that are needed to say what is usual."""
NOTABLE = 20
"""Euros below which nothing is told; of another currency what they are worth, as a round number (`notable`)."""
SHARE = 0.25
HISTORY = dt.timedelta(days=90)
"""A payee is new where at least so much was known before."""
LATE = dt.timedelta(days=3)
TOO_FEW = "{said} were spent; too few months are known to say what is usual."
MISSING = "{name} did not come: {said} were expected on {value}."
TOP = 3
TOP_NEW = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence, and where it leads: the transactions of `category_id` or `words` in the month, or one of them.

    `kind`: total, category_up, category_down, income_up, income_down, new_payee, new_recurring, price, missing_income,
    large.
    """

    kind: str
    sentence: Sentence
    currency: str
    amount_minor: int
    usual_minor: int | None = None
    category_id: str | None = None
    words: str = ""
    transaction_id: str | None = None
    recurring_id: str | None = None

    @property
    def text(self) -> str:
        """Return the sentence in English; the app translates it, tables say it in German themselves."""
        return self.sentence.text


@dataclass(frozen=True, slots=True)
class Facts:
    """What a month is told from. `sums`: of the month and the six before; `titles`: category -> (title, direction)."""

    month: dt.date
    today: dt.date
    sums: Sequence[MonthSum]
    bookings: Sequence[Booking]
    recurring: Sequence[Recurring]
    titles: dict[str, tuple[str, str]]

    @property
    def last(self) -> dt.date:
        """Return the month's last day."""
        return add_months(self.month, 1) - dt.timedelta(days=1)

    @property
    def complete(self) -> bool:
        """Tell whether the month is over."""
        return self.today > self.last


def news(facts: Facts) -> list[Told]:
    """Return what is worth telling: the total first, then what is missing, prices, what comes again, the rest."""
    return [
        *_totals(facts), *_missing_income(facts), *_prices(facts), *_new_recurring(facts), *_categories(facts),
        *_new_payees(facts), *_large(facts),
    ]  # fmt: skip


@cache
def notable(currency: str) -> int:
    """Return below which amount (minor units) nothing is told: 20 euros, 200 Swedish kronor, 5000 yen.

    By the newest rate that came with Homie, so that it never changes by itself; 20 units where no rate is known.
    """
    known = shipped().rate(currency, shipped().last)
    worth = float(known[1]) * NOTABLE if known is not None else float(NOTABLE)
    power = 10 ** floor(log10(worth))
    step = min((1, 2, 5, 10), key=lambda one: abs(log10(worth / power / one)))
    return int(step * power * 10 ** exponent(currency))


def _months(facts: Facts) -> list[dt.date]:
    """Return the full months before, as far as something was booked already."""
    begun = min((one.month for one in facts.sums), default=facts.month)
    found = [add_months(facts.month, -number) for number in range(1, MONTHS + 1)]
    return [one for one in found if one >= begun]


def _direction(facts: Facts, one: MonthSum) -> str:
    return facts.titles.get(one.category_id or "", ("", "expense"))[1]


def _totals(facts: Facts) -> Iterator[Told]:
    months = _months(facts)
    by_month: dict[str, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    for one in facts.sums:
        if _direction(facts, one) == "expense" and (one.category_id is not None or one.spent_minor > 0):
            by_month[one.currency][one.month] += one.spent_minor
    for currency, spent in sorted(by_month.items()):
        now = spent.get(facts.month, 0)
        if len(months) < LEAST_MONTHS:
            words = Sentence.of(TOO_FEW, said=Amount(now, currency))
            yield Told("total", _came_back(now, currency) or words, currency, now)
            continue
        usual = round(median(spent.get(one, 0) for one in months))
        yield Told("total", _total_words(now, usual, currency, complete=facts.complete), currency, now, usual)


def _total_words(now: int, usual: int, currency: str, *, complete: bool) -> Sentence:
    if came_back := _came_back(now, currency):
        return came_back
    said, differs = Amount(now, currency), Amount(now - usual, currency)
    if not complete:
        before = Amount(max(0, usual), currency)
        return Sentence.of("{said} were spent so far; usually it is {before} in a month.", said=said, before=before)
    if abs(now - usual) < notable(currency):
        return Sentence.of("{said} were spent, about as usual.", said=said)
    if now > usual:
        return Sentence.of("{said} were spent, {differs} more than usual.", said=said, differs=differs)
    return Sentence.of("{said} were spent, {differs} less than usual.", said=said, differs=differs)


def _came_back(now: int, currency: str) -> Sentence | None:
    """Say that refunds were more than what was spent, or nothing where they were not."""
    return Sentence.of("{said} more came back than was spent.", said=Amount(now, currency)) if now < 0 else None


def _categories(facts: Facts) -> Iterator[Told]:
    """Give categories that differ much from the usual, the largest difference first."""
    months = _months(facts)
    if len(months) < LEAST_MONTHS:
        return
    table: dict[tuple[str, str], dict[dt.date, int]] = defaultdict(dict)
    for one in facts.sums:
        if one.category_id is not None:
            table[(one.category_id, one.currency)][one.month] = one.spent_minor
    found = []
    for (category, currency), by_month in sorted(table.items()):
        title, direction = facts.titles.get(category, ("", "expense"))
        sign = -1 if direction == "income" else 1
        now = sign * by_month.get(facts.month, 0)
        usual = sign * round(median(by_month.get(one, 0) for one in months))
        far = max(notable(currency), SHARE * abs(usual))
        if abs(now - usual) >= far and (now > usual or facts.complete):
            found.append(_category_told(title, direction, category, currency, now, usual))
    yield from sorted(found, key=lambda one: (-abs(one.amount_minor - (one.usual_minor or 0)), one.text))


def _category_told(title: str, direction: str, category: str, currency: str, now: int, usual: int) -> Told:
    income = direction == "income"
    if now < 0 and income:
        template = "{title}: {said} more went back than came in."
    elif now < 0:
        template = "{title}: {said} more came back than was spent."
    elif usual == 0 and not income:
        template = "{title}: {said}, where usually nothing is spent."
    elif income and now > usual:
        template = "{title}: {said} came in, {differs} more than usual."
    elif income:
        template = "{title}: {said} came in, {differs} less than usual."
    elif now > usual:
        template = "{title}: {said} were spent, {differs} more than usual."
    else:
        template = "{title}: {said} were spent, {differs} less than usual."
    said, differs = Amount(now, currency), Amount(now - usual, currency)
    words = Sentence.of(template, title=title, said=said, differs=differs)
    kind = f"{'income' if income else 'category'}_{'up' if now > usual else 'down'}"
    return Told(kind, words, currency, now, usual, category_id=category)


def _in_month(facts: Facts) -> list[Booking]:
    """Return what left the household in the month, the largest first."""
    found = [
        one for one in facts.bookings if facts.month <= one.day <= facts.last and one.counted_minor < 0 and one.counts
    ]
    return sorted(found, key=lambda one: (one.counted_minor, one.day, one.id))


def _new_payees(facts: Facts) -> Iterator[Told]:
    known = {one.payee_key for one in facts.bookings if one.day < facts.month}
    begun = min((one.day for one in facts.bookings), default=facts.month)
    if facts.month - begun < HISTORY:
        return
    sums: dict[tuple[str, str], list[Booking]] = defaultdict(list)
    for one in _in_month(facts):
        if one.payee_key and one.payee_key not in known:
            sums[(one.payee_key, one.currency)].append(one)
    totals = {key: sum(one.counted_minor for one in some) for key, some in sums.items()}
    for key in sorted(totals, key=lambda one: (totals[one], one))[:TOP_NEW]:
        some, currency = sums[key], key[1]
        if -totals[key] >= notable(currency):
            name = some[0].name
            words = Sentence.of("New: {said} to {name}.", said=Amount(totals[key], currency), name=name)
            yield Told("new_payee", words, currency, -totals[key], words=name)


def _prices(facts: Facts) -> Iterator[Told]:
    for one in _shown(facts.recurring):
        for change in one.series.price_changes if one.series is not None else ():
            if facts.month <= change.day <= facts.last:
                yield Told(
                    "price", price_words(one.name, change, one.currency), one.currency, abs(change.after_minor),
                    abs(change.before_minor), recurring_id=one.id,
                )  # fmt: skip


def _new_recurring(facts: Facts) -> Iterator[Told]:
    """Give what could first be told to come again by a booking of the month."""
    for one in _shown(facts.recurring):
        if one.series is None or one.transfer:
            continue
        told_by = one.series.bookings[min(LEAST[one.series.cadence], len(one.series.bookings)) - 1]
        if facts.month <= told_by.day <= facts.last:
            amount = abs(one.amount_minor)
            yield Told("new_recurring", comes_words(one), one.currency, amount, recurring_id=one.id)


def _missing_income(facts: Facts) -> Iterator[Told]:
    """Give income that was due in the month and did not come, as far as the bank was heard."""
    for one in _shown(facts.recurring):
        if one.amount_minor < 0 or one.transfer:
            continue
        came = {one.pattern.number_of(booking.day) for booking in one.bookings}
        begun = one.bookings[0].day if one.bookings else facts.month
        if one.by_hand:
            begun = max(begun, one.pattern.first)
        for number in range(one.pattern.number_of(facts.month), one.pattern.number_of(facts.last) + 1):
            due = one.pattern.due(number)
            within = facts.month <= due <= facts.last and begun <= due
            over = one.comes_until is not None and due > one.comes_until
            if one.ended and one.series is not None:  # what ended long ago is missed once
                over = over or due > one.series.next_due
            if within and not over and number not in came and one.booked_on(due) + LATE <= one.seen_through:
                words = Sentence.of(MISSING, name=one.name, said=Amount(one.amount_minor, one.currency), value=due)
                yield Told("missing_income", words, one.currency, one.amount_minor, recurring_id=one.id)


def _large(facts: Facts) -> Iterator[Told]:
    regular = {booking.id for one in _shown(facts.recurring) for booking in one.bookings}
    found = [
        one for one in _in_month(facts) if one.id not in regular and -one.counted_minor >= 2 * notable(one.currency)
    ]
    for one in found[:TOP]:
        said = Amount(one.counted_minor, one.currency)
        if one.name:
            words = Sentence.of("Among the largest: {said} to {name} on {day}.", said=said, name=one.name, day=one.day)
        else:
            words = Sentence.of("Among the largest: {said} on {day}.", said=said, day=one.day)
        yield Told("large", words, one.currency, -one.counted_minor, transaction_id=one.id)


def _shown(found: Iterable[Recurring]) -> list[Recurring]:
    return [one for one in found if one.state is not RecurringState.DISMISSED]
