"""The days that a household's books can hold."""

from __future__ import annotations

import datetime as dt

from backend.sdk.errors import FieldProblem, InvalidInput

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


def check_day(day: dt.date | None, field: str = "body.date") -> None:
    """Refuse a day outside of any household's time, so that terms can be added to it; None is no day."""
    if day is not None and not EARLIEST <= day <= LATEST:
        problem = FieldProblem(field, "This day is not in any household's time.", "Check the year.")
        raise InvalidInput(fields=[problem])
