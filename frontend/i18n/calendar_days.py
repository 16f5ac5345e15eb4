"""Write and read days of the calendar: a booking's day is a date, which no time zone moves."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from babel.dates import format_date

from frontend.i18n.language import current_language, current_zone

_LOCALES = {"en": "en_GB", "de": "de_AT"}
_EARLIEST, _LATEST = 1900, 2199


def today() -> date:
    """Return the day on the person's clock."""
    return datetime.now(UTC).astimezone(current_zone()).date()


def calendar_day(iso: str | date) -> str:
    """Write a day: 23 Nov 2026."""
    return format_date(_day(iso), format="medium", locale=_locale())


def short_day(iso: str | date) -> str:
    """Write a day with its weekday, without the year where it is this one: Mon, 23 Nov."""
    day = _day(iso)
    pattern = "EEE, d. MMM" if current_language() == "de" else "EEE, d MMM"
    return format_date(day, format=pattern if day.year == today().year else f"{pattern} y", locale=_locale())


def month_name(iso: str | date, *, short: bool = False) -> str:
    """Write a month: November 2026; `short` without the year: Nov."""
    return format_date(_day(iso), format="LLL" if short else "LLLL y", locale=_locale())


def typed_day(day: str | date) -> str:
    """Write a day as it is typed: 23/11/2026 in English, 23.11.2026 in German."""
    return _day(day).strftime("%d.%m.%Y" if current_language() == "de" else "%d/%m/%Y")


def parse_day(text: str) -> date | None:
    """Read a typed day: 2026-11-23, 23.11.2026, 23/11/26, or 23.11. for this year; None if it is none."""
    plain = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", plain):
            year, month, day = (int(part) for part in plain.split("-"))
        else:
            found = re.fullmatch(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}|\d{2})?)?", plain)
            if found is None:
                return None
            day, month, year = int(found[1]), int(found[2]), int(found[3] or today().year)
            year += 2000 if len(found[3] or "") == 2 else 0
        read = date(year, month, day)
    except ValueError:
        return None
    return read if _EARLIEST <= read.year <= _LATEST else None


def _day(iso: str | date) -> date:
    return date.fromisoformat(iso[:10]) if isinstance(iso, str) else iso


def _locale() -> str:
    return _LOCALES.get(current_language(), "en_GB")
