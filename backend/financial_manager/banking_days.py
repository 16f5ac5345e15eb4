"""The days on which banks move euros: all but Saturdays, Sundays and the closing days of TARGET; pure.

Closing days: 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December (European Central Bank, "TARGET Services
calendar", the long-term calendar of 14 December 2000). They decide the value date of transfers and direct debits in
SEPA, whatever holidays a country has besides. Other currencies have calendars of their own: only weekends count there.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

EURO = "EUR"


def is_banking_day(day: dt.date, currency: str = EURO) -> bool:
    """Tell whether banks move money on a day."""
    return day.weekday() < 5 and (currency != EURO or day not in closing_days(day.year))


def banking_day(day: dt.date, step: int = 1, currency: str = EURO) -> dt.date:
    """Return the day itself, or the next (`step` 1) or previous (-1) one on which banks move money."""
    while not is_banking_day(day, currency):
        day += dt.timedelta(days=step)
    return day


@lru_cache(maxsize=512)
def closing_days(year: int) -> frozenset[dt.date]:
    """Return the days of a year on which TARGET is closed besides weekends."""
    easter = easter_sunday(year)
    moving = (easter - dt.timedelta(days=2), easter + dt.timedelta(days=1))
    return frozenset((*moving, *(dt.date(year, month, day) for month, day in ((1, 1), (5, 1), (12, 25), (12, 26)))))


def easter_sunday(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, place = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon_shift + 15) % 30
    weekday = (32 + 2 * place + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
