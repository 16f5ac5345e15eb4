"""Days that a household's money can have: what lies outside is a slip of the pen."""

from __future__ import annotations

import datetime as dt

from backend.sdk.errors import FieldProblem, InvalidInput

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


def check_day(day: dt.date | None, field: str) -> None:
    """Raise `InvalidInput`, naming the field, for a day that no household lives in."""
    if day is not None and not EARLIEST <= day <= LATEST:
        raise InvalidInput(fields=[FieldProblem(field, "This day is not in any household's time.", "Check the year.")])
