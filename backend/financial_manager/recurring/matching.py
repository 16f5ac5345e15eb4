"""Bring together what was found in bookings and what people decided; pure over rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.financial_manager.banking_days import banking_day, is_banking_day
from backend.financial_manager.recurring.cadence import Cadence, DayPattern
from backend.financial_manager.recurring.detector import Booking, Series
from backend.financial_manager.recurring.finding import Findings, group_of
from backend.financial_manager.recurring.models import RecurringPayment, RecurringState

_IDS = uuid.UUID("6f1d2f3a-5c1e-4c39-8d67-3f6c1c0f4b0e")
"""Namespace of the ids of what was found: the same bookings always give the same id."""
MOST_TIMES = 2
"""How many times as much (or as little) as was entered a booking may be that is still it."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """A payment that comes again. `bookings`: those that are known, oldest first; `row`: what a person decided.

    `seen_through`: up to this day everything that was booked on its account is known. `closed_on`: its account's.
    """

    id: str
    account_id: str
    currency: str
    name: str
    pattern: DayPattern
    amount_minor: int
    category_id: str | None
    state: RecurringState
    row: RecurringPayment | None
    series: Series | None
    bookings: tuple[Booking, ...]
    seen_through: dt.date
    today: dt.date
    closed_on: dt.date | None = None

    @property
    def cadence(self) -> Cadence:
        """Return how often it comes."""
        return self.pattern.cadence

    @property
    def by_hand(self) -> bool:
        """Tell whether a person entered it."""
        return self.row is not None and not self.row.found_cadence

    @property
    def transfer(self) -> bool:
        """Tell whether it only moves money between accounts of the household."""
        return bool(self.bookings) and self.bookings[-1].transfer

    @property
    def ends_on(self) -> dt.date | None:
        """Return the day after which it comes no more, as a person said."""
        return self.row.ends_on if self.row is not None else None

    @property
    def comes_until(self) -> dt.date | None:
        """Return the day after which nothing can be due: a person said so, or its account is closed then."""
        return min((day for day in (self.ends_on, self.closed_on) if day is not None), default=None)

    @property
    def next_on(self) -> dt.date | None:
        """Return the day when it is booked next, in the past where it is late; None where it has ended."""
        found = self._due_next()
        return None if found is None else self.booked_on(found)

    def booked_on(self, due: dt.date) -> dt.date:
        """Return the day when what is due on a day is booked: the next banking day, where banks are closed.

        It stays where its account is known to book on other days too (a wallet, a card), and where it comes each week
        on a weekend: then that is the day which is meant.
        """
        weekly = bool(self.cadence.days) and due.weekday() >= 5
        if weekly or any(not is_banking_day(one.day, self.currency) for one in self.bookings):
            return due
        return banking_day(due, 1, self.currency)

    def _due_next(self) -> dt.date | None:
        if self.ended:
            return None
        found = self._next()
        return None if self.comes_until is not None and found > self.comes_until else found

    @property
    def ended(self) -> bool:
        """Tell whether it stopped coming, was said to end before today, or has no open account any more."""
        if self.closed_on is not None and self.closed_on <= self.today:
            return True
        if self.ends_on is not None and self.ends_on < self.today and not self._last_comes(self.ends_on):
            return True
        if self.by_hand:
            return False
        if self.series is not None:
            return self.series.ended(self.seen_through)
        if self.row is None:
            return False
        last = self.bookings[-1].day if self.bookings else self.row.seen_on
        return (self.seen_through - last).days > 2 * self.cadence.length + self.cadence.tolerance

    def _next(self) -> dt.date:
        yesterday = self.today - dt.timedelta(days=1)
        if not self.bookings:
            due = max(self.pattern.first, self.pattern.after(yesterday))
            before = self.pattern.due(self.pattern.number_of(due) - 1)
            return before if self._still_comes(before) else due
        due = self.pattern.due(self.pattern.number_of(self.bookings[-1].day) + 1)
        if self.row is not None and self.row.due_on is not None:
            due = max(due, self.row.due_on)  # what a person said is due on a day to come does not come before it
        late = due + dt.timedelta(days=self.cadence.tolerance) < self.today
        return self.pattern.after(yesterday) if late and self.series is None else due

    def _still_comes(self, due: dt.date) -> bool:
        """Tell whether what was due on a day on which banks are closed is booked today or later."""
        return self.pattern.first <= due and self.booked_on(due) >= self.today

    def _last_comes(self, ends_on: dt.date) -> bool:
        """Tell whether the last one, due up to the day of the end, is still to be booked."""
        number = self.pattern.number_of(self.pattern.after(ends_on)) - 1
        paid = bool(self.bookings) and self.pattern.number_of(self.bookings[-1].day) >= number
        return not paid and self._still_comes(self.pattern.due(number))

    def dues(self, until: dt.date) -> Iterator[dt.date]:
        """Give the days when it is booked, from the next one on up to a day; what is late counts tomorrow.

        Of several that are late only the last counts: the bank was not heard for long, the others were surely paid.
        """
        first = self._due_next()
        if first is None:
            return
        number, tomorrow = self.pattern.number_of(first), self.today + dt.timedelta(days=1)
        while self.pattern.due(number + 1) <= self.today:
            number += 1
        while (day := self.pattern.due(number)) <= until and (self.comes_until is None or day <= self.comes_until):
            if (booked := max(self.booked_on(day), tomorrow)) <= until:
                yield booked
            number += 1


def recurrings(findings: Findings, rows: Sequence[RecurringPayment], today: dt.date) -> list[Recurring]:
    """Return everything that comes again, dismissed ones too, by name."""
    all_series = findings.series
    decided = _decided(all_series, rows)
    taken, counts = {row.id for row in rows}, Counter[tuple[str, ...]]()
    found = []
    for number, series in enumerate(all_series):
        row = decided.get(number)
        found.append(_of_series(row.id if row else _fresh_id(series, counts, taken), series, row, today, findings))
    used = {row.id for row in decided.values()}
    found += [_of_row(row, findings, today) for row in sorted(rows, key=lambda row: row.id) if row.id not in used]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _fresh_id(series: Series, counts: Counter[tuple[str, ...]], taken: set[str]) -> str:
    """Return the id of a series that nobody decided about: the same for the same bookings, and no decision's."""
    key = _key(series)
    while True:
        series_id = str(uuid.uuid5(_IDS, "|".join((*key, str(counts[key])))))
        counts[key] += 1
        if series_id not in taken:
            return series_id


def _key(series: Series) -> tuple[str, ...]:
    first = series.bookings[0]
    return (first.account_id, first.currency, first.text_key, str(first.amount_minor < 0), series.cadence.value)


def _decided(all_series: Sequence[Series], rows: Sequence[RecurringPayment]) -> dict[int, RecurringPayment]:
    """Return place of a series -> the decision about it; of all pairs that fit, the nearest amounts first.

    One payee may be paid two things on the same day (two insurances): a decision is about the one of its amount.
    """
    pairs = sorted(
        (abs(row.seen_minor - series.expected_minor), row.id, number)
        for number, series in enumerate(all_series)
        for row in rows
        if _fits(series, row)
    )
    by_id, found, used = {row.id: row for row in rows}, dict[int, RecurringPayment](), set[str]()
    for _, row_id, number in pairs:
        if number not in found and row_id not in used:
            found[number] = by_id[row_id]
            used.add(row_id)
    return found


def _fits(series: Series, row: RecurringPayment) -> bool:
    """Tell whether a decision may be about a series: of the same account, payee, direction and cadence."""
    last = series.last
    return (
        (row.account_id, row.currency, row.outgoing) == (last.account_id, last.currency, last.amount_minor < 0)
        and row.payee_key in {one.text_key for one in series.bookings}
        and (row.found_cadence or row.cadence) == series.cadence.value
        and (bool(row.found_cadence) or _met(_amount(row), series.expected_minor))
    )


def _of_series(
    recurring_id: str, series: Series, row: RecurringPayment | None, today: dt.date, findings: Findings
) -> Recurring:
    last, pattern, amount = series.last, series.fit.pattern, series.expected_minor
    name, category, state = last.name, last.category_id, RecurringState.FOUND
    if row is not None:
        state, name, category = RecurringState(row.state), row.name or name, row.category_id or category
        amount = amount if row.amount_minor is None else row.amount_minor
        pattern = _pattern(row, pattern)
    known = min(today, findings.seen.get(last.account_id, last.day))
    return Recurring(
        recurring_id, last.account_id, last.currency, name, pattern, amount, category, state, row, series,
        series.bookings, known, today, findings.closed.get(last.account_id),
    )  # fmt: skip


def _of_row(row: RecurringPayment, findings: Findings, today: dt.date) -> Recurring:
    """Return what a person decided or entered where no series was found; its payee's bookings near its days count."""
    cadence = Cadence(row.cadence or row.found_cadence)
    pattern = _pattern(row, DayPattern(cadence, row.seen_on, row.seen_on.day))
    amount = _amount(row)
    same = [
        one
        for one in findings.decided.get(group_of(row), ())
        if abs((pattern.due(pattern.number_of(one.day)) - one.day).days) <= cadence.tolerance
        and (row.found_cadence or _met(amount, one.amount_minor))
    ]
    return Recurring(
        row.id, row.account_id, row.currency, row.name or row.payee_key, pattern, amount, row.category_id,
        RecurringState(row.state), row, None, tuple(same), min(today, findings.seen.get(row.account_id, today)), today,
        findings.closed.get(row.account_id),
    )  # fmt: skip


def _amount(row: RecurringPayment) -> int:
    """Return the amount as a person wants it, else as it was when they decided."""
    return row.seen_minor if row.amount_minor is None else row.amount_minor


def _met(amount_minor: int, booked_minor: int) -> bool:
    """Tell whether a booking may be what was entered: a payee is paid other things too, of quite other amounts."""
    return abs(amount_minor) <= MOST_TIMES * abs(booked_minor) and abs(booked_minor) <= MOST_TIMES * abs(amount_minor)


def _pattern(row: RecurringPayment, found: DayPattern) -> DayPattern:
    """Return the days as a person wants them, else as found."""
    if row.due_on is not None:
        return DayPattern(Cadence(row.cadence or found.cadence), row.due_on, row.due_on.day)
    if row.cadence and row.cadence != found.cadence.value:
        return DayPattern(Cadence(row.cadence), row.seen_on, row.seen_on.day)
    return found
