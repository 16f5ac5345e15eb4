"""Write dates, sizes and numbers as the person's language does (CLDR data through Babel)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent

from frontend.i18n.language import current_language, current_zone
from frontend.i18n.translation import tr

_LOCALES = {"en": "en_GB", "de": "de_AT"}
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def _locale() -> str:
    return _LOCALES.get(current_language(), "en_GB")


def _local(when: datetime | str) -> datetime:
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(current_zone())


def count(n: int | float) -> str:
    """Write a number with the language's separators."""
    return format_decimal(n, locale=_locale())


def percent(share: float) -> str:
    """Write a share (0..1) as whole percent."""
    return format_percent(share, format="#,##0 %" if current_language() == "de" else "#,##0%", locale=_locale())


def exact(number: Decimal | str) -> str:
    """Write a decimal number with all its digits, as the language does: 1,234.5."""
    return format_decimal(Decimal(number), format="#,##0.####################", locale=_locale())


def basis_points(n: int) -> str:
    """Write hundredths of a percent: 250 is 2.5%."""
    shown = exact(Decimal(n).scaleb(-2))
    return f"{shown} %" if current_language() == "de" else f"{shown}%"


def size(n: int | None) -> str:
    """Write bytes as people know them (powers of 1000, as drives are sold)."""
    if n is None:
        return tr("unknown")
    value, unit = float(n), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    digits = 0 if unit == 0 or value >= 99.5 else 1
    return f"{format_decimal(round(value, digits), locale=_locale())} {_UNITS[unit]}"


def day(when: datetime | str) -> str:
    """Write a day: 23 Nov 2026."""
    return format_date(_local(when), format="medium", locale=_locale())


def weekday_and_day(when: datetime | str) -> str:
    """Write a day with its weekday, without the year: Monday, 23 November."""
    pattern = "EEEE, d. MMMM" if current_language() == "de" else "EEEE, d MMMM"
    return format_date(_local(when), format=pattern, locale=_locale())


def clock_time(when: datetime | str) -> str:
    """Write the time of day: 18:05."""
    return format_time(_local(when), format="short", locale=_locale())


def date_and_time(when: datetime | str) -> str:
    """Write day and time."""
    return f"{day(when)}, {clock_time(when)}"


def ago(when: datetime | str | None, now: datetime | None = None) -> str:
    """Write how long ago something was: "3 minutes ago"; a date when it is over a month."""
    if when is None:
        return tr("never")
    passed = (now or datetime.now(UTC)) - _local(when)
    if abs(passed) < timedelta(seconds=45):
        return tr("just now")
    if abs(passed) > timedelta(days=30):
        return day(when)
    return format_timedelta(-passed, add_direction=True, locale=_locale())


def duration(seconds: float) -> str:
    """Write a length of time: 5 seconds, 3 minutes."""
    return format_timedelta(timedelta(seconds=max(1, round(seconds))), locale=_locale(), threshold=1.2)
