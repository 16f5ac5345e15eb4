"""Whole months of a question, within any household's time."""

from __future__ import annotations

import datetime as dt

from backend.financial_manager.days import EARLIEST, LATEST
from backend.sdk.errors import FieldProblem, InvalidInput

_LONGEST = dt.timedelta(days=366 * 60)


def whole_months(since: dt.date, until: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the months of two days; raises `InvalidInput` beyond 60 years or any time."""
    if not dt.timedelta(0) <= until - since <= _LONGEST or since < EARLIEST or until > LATEST:
        problem = FieldProblem("query.until", "It is not within 60 years after `since`.", "Choose other days.")
        raise InvalidInput(fields=[problem])
    return since.replace(day=1), month_end(until)


def month_end(day: dt.date) -> dt.date:
    """Return the last day of a day's month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def month_ends(today: dt.date, months: int) -> list[dt.date]:
    """Return the last days of so many months in order; of this month, today."""
    days = [today]
    while len(days) < months:
        days.append(days[-1].replace(day=1) - dt.timedelta(days=1))
    return days[::-1]
