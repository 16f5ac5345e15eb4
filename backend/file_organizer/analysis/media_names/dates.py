"""Read the day on which a daily programme was aired from its name."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    ("jan", "january", "januar", "janvier", "enero", "gennaio"),
    ("feb", "february", "februar", "février", "febrero", "febbraio"),
    ("mar", "march", "märz", "mars", "marzo"),
    ("apr", "april", "avril", "abril", "aprile"),
    ("may", "mai", "mayo", "maggio"),
    ("jun", "june", "juni", "juin", "junio", "giugno"),
    ("jul", "july", "juli", "juillet", "julio", "luglio"),
    ("aug", "august", "août", "agosto"),
    ("sep", "sept", "september", "septembre", "septiembre", "settembre"),
    ("oct", "october", "oktober", "octobre", "octubre", "ottobre", "okt"),
    ("nov", "november", "novembre", "noviembre"),
    ("dec", "december", "dezember", "décembre", "diciembre", "dicembre", "dez"),
)
_MONTH_NUMBER = {word: number for number, words in enumerate(_MONTHS, 1) for word in words}
_WORD = "(?P<month>" + "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True)) + ")"
_YEAR = r"(?P<y>19[5-9]\d|20[0-4]\d)"
_YMD = re.compile(r"(?<!\d)" + _YEAR + r"(?P<sep>[\s./-])\s?(?P<m>\d{1,2})[\s./-]\s?(?P<d>\d{1,2})(?!\d|x\d)")
_DMY = re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[\s./-])(?P<b>\d{1,2})[\s./-]" + _YEAR + r"(?!\d)")
_COMPACT = re.compile(r"(?<!\d)" + _YEAR + r"(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_SHORT = re.compile(r"(?<!\d)(?P<y>[0-4]\d)(?P<sep>[.-])(?P<m>\d\d)[.-](?P<d>\d\d)(?!\d)")
_SIX = re.compile(r"(?<![\w.-])(?P<y>[0-2]\d)(?P<m>\d\d)(?P<d>\d\d)(?!\w)")
_WORDY = (
    re.compile(
        r"(?i)(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[\s./-]+(?:of\s)?" + _WORD + r"[.,]?[\s./-]+" + _YEAR + r"(?!\d)"
    ),
    re.compile(r"(?i)(?<![a-z])" + _WORD + r"[.]?[\s./-]+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[\s./-]+" + _YEAR + r"(?!\d)"),
    re.compile(r"(?i)(?<!\d)" + _YEAR + r"[\s./-]+" + _WORD + r"[\s./-]+(?P<d>\d{1,2})(?!\d)"),
)


def date_in(text: str) -> tuple[date, int, int] | None:
    """Return (day, start, end) of the date that a flat name states; only days that exist count."""
    for pattern in (_YMD, _COMPACT, *_WORDY):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            month = groups.get("m") or _MONTH_NUMBER[groups["month"].lower()]
            day = _day(int(found["y"]), int(month), int(found["d"])) or (
                _day(int(found["y"]), int(found["d"]), int(month)) if pattern is _YMD else None
            )
            if day is not None:
                return day, found.start(), found.end()
    for found in _DMY.finditer(text):
        year, a, b = int(found["y"]), int(found["a"]), int(found["b"])
        # 07.01.2015: the day first, as most of the world writes; 01/31/2015 can only be the other way round.
        day = _day(year, b, a) or _day(year, a, b)
        if day is not None:
            return day, found.start(), found.end()
    return None


def short_date_in(text: str, original: str) -> tuple[date, int, int] | None:
    """Return the day that six digits state ("16-02-17", "140722"): asked only where nothing else is a number."""
    for pattern, where in ((_SHORT, original), (_SIX, text)):
        found = pattern.search(where)
        day = _day(2000 + int(found["y"]), int(found["m"]), int(found["d"])) if found else None
        if found is not None and day is not None:
            return day, found.start(), found.end()
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
