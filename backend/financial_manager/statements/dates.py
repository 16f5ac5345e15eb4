"""Dates as banks write them. Which number is the day is decided over a whole column, never row by row."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from backend.financial_manager.statements.digits import DIGITS
from backend.financial_manager.statements.remembering import remembered
from backend.financial_manager.statements.statement import Doubt
from backend.financial_manager.statements.vocabulary import BARE, month_names, weekday_names

_LONGEST = 48
_FAR = 3
_ENOUGH_DAYS = 4
_SHORT_DAY = 3
_FRIDAY = 4
FIRST_YEAR, LAST_YEAR = 1900, 2200
_TIME = (
    r"(?:(?:[T ,/-]{1,3}| (?:um|at|kl\.?|à) )(?:[上下]午 ?|午[前後] ?|오[전후] ?)?"
    r"[0-9]{1,2}[:.h][0-9]{2}(?:[:.][0-9]{2}(?:[:.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r" ?(?:Z|[+-][0-9]{2}:?[0-9]{2}|[A-Z]{2,5}|Uhr)?)?"
)
_NUMBERS = re.compile(rf"([0-9]{{1,4}})([-./ ])\s?([0-9]{{1,2}})\2\s?([0-9]{{1,4}})\.?{_TIME}")
_COMPACT = re.compile(rf"([0-9]{{8}})(?:[0-9]{{6}})?{_TIME}")
_DAY_FIRST = re.compile(
    rf"([0-9]{{1,2}})(?:\.|º|st|nd|rd|th)?[-/ ]?\s?(?:de )?([^\W\d_]{{3,12}})\.?(?: de |[-/ ,]{{0,2}})"
    rf"([0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_MONTH_FIRST = re.compile(rf"([^\W\d_]{{3,12}})\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}}){_TIME}")

_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[- ]([^\W\d_]{{3,12}})[- ]([0-9]{{1,2}}){_TIME}")

_EAST_ASIAN = re.compile(rf"([0-9]{{4}})[年년]\s?([0-9]{{1,2}})[月월]\s?([0-9]{{1,2}})[日일]{_TIME}")
_OF_AN_ERA = re.compile(
    r"(?P<era>令和|平成|[RH]\.?|民國)\s?(?P<year>[0-9]{1,3}|元)(?:年|[./-])\s?(?P<month>[0-9]{1,2})(?:月|[./-])\s?"
    rf"(?P<day>[0-9]{{1,2}})日?{_TIME}"
)
_OF_THE_REPUBLIC = re.compile(
    rf"(?P<year>1[0-9]{{2}})([/.年])(?P<month>[0-9]{{1,2}})(?:\2|月)(?P<day>[0-9]{{1,2}})日?{_TIME}"
)
_YEARS_BEFORE = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "民國": 1911}
"""The year before the first one of an era: of Japan's emperors, and of the Republic of China (Taiwan)."""
_BUDDHIST = 543
_FIRST_BUDDHIST, _LAST_BUDDHIST = 2480, 2640
"""Years that are counted from the death of Buddha, as in Thailand: no bank books five hundred years ahead."""
_DAY_BEHIND = re.compile(r"(.{6,30}?)[ ,]?\s?\(?([^\W\d_]{2,12})\.?\)?")
_IN_TEXT = re.compile(
    r"(?<![0-9./-])(?:[0-9]{1,2}([-./])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"
)
_DAY_NAME = re.compile(r"([^\W\d_]{2,12})(?:\.,?|,)?\s{1,2}(?=\S)")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """Three numbers as written. `order` is known ("ymd", "dmy", "mdy") or empty: then the column decides."""

    numbers: tuple[int, int, int]
    order: str
    separator: str
    short_year: bool = False
    era: str = ""
    """By what years are counted where it is not the usual way; the numbers are of the usual one."""


@remembered(4096)
def written_date(text: str) -> WrittenDate | None:
    """Take a date apart, or return None where the text is no date.

    A time of day behind it and the name of the weekday before it are let go, and the apostrophe that makes a text of a
    cell in a spreadsheet.
    """
    text = text.strip().partition(" as of ")[0].partition(" GMT")[0].removeprefix("'")
    if not 5 <= len(text) <= _LONGEST:
        return None
    if not text.isascii():
        text = text.translate(DIGITS)
    if text[0].isdigit():
        return _numeric(text) or _named(text) or _before_weekday(text) or _of_an_era(_OF_THE_REPUBLIC, text)
    found = _named(text) or _of_an_era(_OF_AN_ERA, text)
    day = _DAY_NAME.match(text) if found is None else None
    if day is None or not (_bare(day[1]) in weekday_names() or _is_short(day)):
        return found
    rest = text[day.end() :]
    return written_date(rest) if rest[0].isdigit() else _named(rest)


def _is_short(day: re.Match[str]) -> bool:
    """Tell whether up to three letters with a point or a comma stand before a date: a weekday of some language."""
    return len(day[1]) <= _SHORT_DAY and day[0].strip()[-1] in ".,"


def _before_weekday(text: str) -> WrittenDate | None:
    """Read "13/02/2026 (Fri)"."""
    match = _DAY_BEHIND.fullmatch(text) if text[-1] == ")" or text[-1].isalpha() else None
    return _numeric(match[1]) if match is not None and _bare(match[2]) in weekday_names() else None


def _numeric(text: str) -> WrittenDate | None:
    """Read "2024-03-01", "1.3.24", "03/01/2024" and "20240301"."""
    match = _NUMBERS.fullmatch(text)
    if match is not None:
        first, separator, middle, last = match.groups()
        numbers = (int(first), int(middle), int(last))
        if len(first) == 4:
            return _in_usual_years(WrittenDate(numbers, "ymd", separator), 0) if len(last) <= 2 else None
        if len(first) == 3 or len(last) in (1, 3):
            return None
        if len(last) == 4:
            return _in_usual_years(WrittenDate(numbers, "", separator), 2)
        return WrittenDate(numbers, "", separator, len(last) == 2)
    match = _EAST_ASIAN.fullmatch(text)
    if match is not None:
        return WrittenDate((int(match[1]), int(match[2]), int(match[3])), "ymd", "")
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    digits = match[1]
    for order, cut in (("ymd", (4, 6)), ("dmy", (2, 4))):
        parts = (digits[: cut[0]], digits[cut[0] : cut[1]], digits[cut[1] :])
        found = WrittenDate((int(parts[0]), int(parts[1]), int(parts[2])), order, "")
        made = as_date(found, order)
        if made is not None and 1970 <= made.year <= 2100:
            return found
    return None


def _in_usual_years(one: WrittenDate, at: int) -> WrittenDate:
    """Return a date whose year may be counted as in Thailand; `at`: where its year stands."""
    if not _FIRST_BUDDHIST <= one.numbers[at] <= _LAST_BUDDHIST:
        return one
    numbers = list(one.numbers)
    numbers[at] -= _BUDDHIST
    return replace(one, numbers=(numbers[0], numbers[1], numbers[2]), era="buddhist")


def _of_an_era(pattern: re.Pattern[str], text: str) -> WrittenDate | None:
    """Read "R8.2.3", "令和8年2月3日", "民國115年2月3日" and "115/02/03"; None where there is no such day."""
    match = pattern.fullmatch(text)
    if match is None:
        return None
    era = match.groupdict().get("era", "民國").rstrip(".")
    year = 1 if match["year"] == "元" else int(match["year"])
    found = WrittenDate((year + _YEARS_BEFORE[era], int(match["month"]), int(match["day"])), "ymd", "", era=era)
    return found if as_date(found, "ymd") is not None else None


def _named(text: str) -> WrittenDate | None:
    """Read "23-Jan-15", "1. März 2024" and "Mar 1, 2024"."""
    match = _DAY_FIRST.fullmatch(text)
    if match is not None:
        month = _month(match[2])
        year = match[3]
        return WrittenDate((int(match[1]), month, int(year)), "dmy", "", len(year) == 2) if month else None
    match = _YEAR_FIRST.fullmatch(text)
    if match is not None:
        month = _month(match[2])
        return WrittenDate((int(match[1]), month, int(match[3])), "ymd", "") if month else None
    match = _MONTH_FIRST.fullmatch(text)
    if match is None:
        return None
    month = _month(match[1])
    return WrittenDate((int(match[2]), month, int(match[3])), "dmy", "") if month else None


def _month(word: str) -> int:
    """Return the number of a month's name, or 0."""
    return month_names().get(_bare(word), 0)


def _bare(word: str) -> str:
    """Return a word without case and accents, in its own script."""
    word = word.casefold()
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word.translate(BARE)) if not unicodedata.combining(c))


def in_our_time(day: date) -> date | None:
    """Return a day of 1900 to 2200; None for "0001-01-01" and "9999-12-31": programs write them for "none"."""
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def dates_in(text: str) -> list[WrittenDate]:
    """Return the dates that a text names ("01/02/2024 - 08/03/2024")."""
    return [found for match in _IN_TEXT.finditer(text[:300]) if (found := written_date(match[0])) is not None]


@remembered(4096)
def as_date(one: WrittenDate, order: str) -> date | None:
    """Return the day that is meant with an order, or None where there is no such day."""
    at = dict(zip(one.order or order, one.numbers, strict=True))
    year = at["y"]
    if one.short_year:
        year += 2000 if year < 70 else 1900
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= at["m"] <= 12:
        return None
    if not 1 <= at["d"] <= calendar.monthrange(year, at["m"])[1]:
        return None
    return date(year, at["m"], at["d"])


def possible_orders(dates: Sequence[WrittenDate]) -> list[str]:
    """Return the orders under which the most of these dates exist (all of them, in a sound file)."""
    open_ones = [one for one in dates if not one.order]
    if not open_ones:
        return ["ymd"]
    orders = ["dmy", "mdy", *(["ymd"] if all(one.short_year for one in open_ones) else [])]
    fits = {order: sum(as_date(one, order) is not None for one in open_ones) for order in orders}
    best = max(fits.values())
    found = [order for order in orders if fits[order] == best]
    return [order for order in found if order != "ymd"] or found


def settle_order(
    dates: Sequence[WrittenDate],
    pairs: Sequence[tuple[WrittenDate, WrittenDate]],
    usual: str,
    around: Sequence[WrittenDate] = (),
) -> tuple[str, bool]:
    """Return the order of day and month of a file, and whether it is a guess.

    `dates`: the booking dates, in the file's order. `pairs`: booking and value dates of the same rows, which lie near
    each other. `around`: dates above the bookings, as of the period. `usual`: the order where nothing tells. What
    tells: days that do not exist, points, a period that holds all days, days that run one way only, value dates, and a
    span of time that is far shorter: bookings of a week are not spread over a year.
    """
    alike = [one for one in around if dates and (one.order or one.separator == dates[0].separator)]
    orders = possible_orders([*dates, *(other for _, other in pairs), *(one for one in alike if not one.order)])
    if "ymd" not in orders and _year_first(dates, orders):
        return "ymd", True
    if len(orders) == 1:
        return orders[0], False
    if any(one.separator == "." for one in (*dates, *(other for _, other in pairs))):
        return "dmy", False
    inside = [order for order in orders if _held(dates, alike, order)]
    if len(inside) == 1:
        return inside[0], False
    straight = [order for order in orders if steady(dates, order)]
    if len(straight) == 1:
        return straight[0], False
    near = {order: _apart(pairs, order) for order in orders}
    if len(set(near.values())) > 1:
        return min(near, key=lambda order: near[order]), False
    shorter = _shorter(dates, orders)
    if shorter is None:
        return _on_workdays(dates, orders) or usual, True
    return shorter, not steady(dates, shorter) or len({as_date(one, shorter) for one in dates}) < _ENOUGH_DAYS


def _year_first(dates: Sequence[WrittenDate], orders: Sequence[str]) -> bool:
    """Tell whether the year must be the first number: all days lie in far less time so ("26-02-27", "26-02-25").

    The other way round the same day of many years would be booked.
    """
    if not dates or any(one.order or not one.short_year or one.separator == "." for one in dates):
        return False
    spans = {}
    for order in ("ymd", *orders):
        days = {day for one in dates if (day := as_date(one, order)) is not None}
        spans[order] = (max(days) - min(days)).days if len(days) > 2 else 0
    shortest = spans.pop("ymd")
    all_exist = all(as_date(one, "ymd") is not None for one in dates)
    return all_exist and shortest > 0 and all(_FAR * shortest < span for span in spans.values())


def _held(dates: Sequence[WrittenDate], around: Sequence[WrittenDate], order: str) -> bool:
    """Tell whether a period that the file names (from its earliest to its latest date) holds all days of the rows."""
    told = [day for one in around if (day := as_date(one, order)) is not None]
    days = [day for one in dates if (day := as_date(one, order)) is not None]
    return bool(days) and len(set(told)) > 1 and min(told) <= min(days) and max(days) <= max(told)


def _on_workdays(dates: Sequence[WrittenDate], orders: Sequence[str]) -> str | None:
    """Return the only order under which no day is a Saturday or Sunday while others have several; None without one."""
    rest = {}
    for order in orders:
        days = {day for one in dates if (day := as_date(one, order)) is not None}
        rest[order] = sum(day.weekday() > _FRIDAY for day in days)
    free = [order for order in orders if not rest[order]]
    return free[0] if len(free) == 1 and max(rest.values()) > 1 else None


def order_doubt(order: str) -> Doubt:
    """Return the doubt for dates whose order is a guess."""
    words = {"mdy": "month/day", "dmy": "day/month"}.get(order, "year/month/day")
    return Doubt("date_order_assumed", f"Day and month could be the other way round: read as {words}.")


def _apart(pairs: Sequence[tuple[WrittenDate, WrittenDate]], order: str) -> int:
    """Return how many days lie between the dates of all pairs under an order."""
    days = [(as_date(one, order), as_date(other, order)) for one, other in pairs]
    return sum(abs((one - other).days) for one, other in days if one is not None and other is not None)


def _shorter(dates: Sequence[WrittenDate], orders: Sequence[str]) -> str | None:
    """Return the order under which the days span far less time; None where none does, or where it may be chance.

    As many bookings on each day may be a standing order a month: "01/01, 01/02, 01/03" are three days or months.
    """
    days = {order: [day for one in dates if (day := as_date(one, order)) is not None] for order in orders}
    spans = {order: (max(found) - min(found)).days for order, found in days.items() if found}
    best = min(spans, key=lambda order: spans[order], default=None)
    if best is None or any(_FAR * spans[best] > span for order, span in spans.items() if order != best):
        return None
    counted = Counter(days[best])
    return best if len(counted) > 2 and len(set(counted.values())) > 1 else None


def steady(dates: Sequence[WrittenDate], order: str) -> bool:
    """Tell whether the days only rise or only fall under an order, and are not all the same."""
    days = [day for one in dates if (day := as_date(one, order)) is not None]
    rising = all(a <= b for a, b in pairwise(days))
    falling = all(a >= b for a, b in pairwise(days))
    return len(set(days)) > 2 and (rising or falling)
