"""How often something comes again, and on which day of its period; pure calendar arithmetic."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from dataclasses import dataclass

from backend.financial_manager.banking_days import banking_day


class Cadence(enum.StrEnum):
    """Say how often something comes again."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"

    @property
    def days(self) -> int:
        """Return the days of a period that is counted in weeks, or 0."""
        return {Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14}.get(self, 0)

    @property
    def months(self) -> int:
        """Return the months of a period that is counted in months, or 0."""
        return {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.HALF_YEARLY: 6, Cadence.YEARLY: 12}.get(self, 0)

    @property
    def length(self) -> float:
        """Return the average days of a period."""
        return float(self.days) or self.months * 365.2425 / 12

    def per_year(self, amount_minor: int) -> int:
        """Return what an amount of each period comes to in a year (minor units): 52 weeks, or 12 months."""
        return amount_minor * (364 // self.days if self.days else 12 // self.months)

    def per_month(self, amount_minor: int) -> int:
        """Return the twelfth of a year's sum, to the nearest minor unit."""
        return round(self.per_year(amount_minor) / 12)

    @property
    def tolerance(self) -> int:
        """Return by how many days a due day may be missed: weekends, holidays, slow banks."""
        return {
            Cadence.WEEKLY: 2, Cadence.FORTNIGHTLY: 4, Cadence.MONTHLY: 7, Cadence.QUARTERLY: 14,
            Cadence.HALF_YEARLY: 21, Cadence.YEARLY: 30,
        }[self]  # fmt: skip


class DayRule(enum.StrEnum):
    """Say to which day a due day moves on which banks are closed: none, the next or the banking day before."""

    FIXED = "fixed"
    NEXT_WORKING = "next_working"
    WORKING_BEFORE = "working_before"


@dataclass(frozen=True, slots=True)
class DayPattern:
    """When something is due: every period from `first` on; `day`: of the month (31: its last), unused for weeks."""

    cadence: Cadence
    first: dt.date
    day: int
    rule: DayRule = DayRule.FIXED

    def due(self, number: int) -> dt.date:
        """Return the due day of a period; 0 is that of `first`."""
        if self.cadence.days:
            return self.first + dt.timedelta(days=number * self.cadence.days)
        months = self.first.year * 12 + self.first.month - 1 + number * self.cadence.months
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        day = dt.date(year, month + 1, min(self.day, last))
        if self.rule is DayRule.NEXT_WORKING:
            return banking_day(day, 1)
        return banking_day(day, -1) if self.rule is DayRule.WORKING_BEFORE else day

    def number_of(self, day: dt.date) -> int:
        """Return the period whose due day is nearest to a day."""
        guess = round((day - self.first).days / self.cadence.length)
        return min((guess - 1, guess, guess + 1), key=lambda one: (abs((self.due(one) - day).days), one))

    def after(self, day: dt.date) -> dt.date:
        """Return the first due day after a day."""
        number = self.number_of(day)
        while self.due(number) > day:
            number -= 1
        while (found := self.due(number)) <= day:
            number += 1
        return found


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the day so many months later, the last of the month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
