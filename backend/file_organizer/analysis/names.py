"""Understand a file's name: words, dates, and what kind of paper it speaks of. Pure functions, no input or output."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from backend.file_organizer.analysis.words import words_in

_WORDS = re.compile(r"[^\W\d_]{2,}", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_FULL_DATE = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)([-_. ]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
    r"|(0?[1-9]|[12]\d|3[01])[-_. ](0?[1-9]|1[0-2])[-_. ]((?:19|20)\d\d))(?!\d)"
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ](0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?![\d]|[.,]\d)")
_COPY = re.compile(r"(?: ?\(\d{1,3}\)| ?- ?(?:copy|kopie)(?: ?\(?\d*\)?)?|_copy\d*| copy ?\d*)$", re.IGNORECASE)

STOPWORDS = words_in(
    "the and for with from of to in on at by is it my our your a an der die das und mit von für zum "
    "zur im am den dem des ein eine einer final new neu copy kopie file datei doc document dokument "
    "img image scan version rev draft entwurf untitled unbenannt tmp temp download downloads com www "
    "http https pdf jpg png txt"
)


class NameDate(NamedTuple):
    """A date found in a name; `month` and `day` are 0 where the name does not say."""

    year: int
    month: int
    day: int


def tokens_of(stem: str) -> tuple[str, ...]:
    """Return the telling words of a name: lower case, in order, without numbers, stop words and repeats."""
    found: dict[str, None] = {}
    for word in _WORDS.findall(_CAMEL.sub(" ", stem)):
        lower = word.lower()
        if lower not in STOPWORDS:
            found[lower] = None
    return tuple(found)


def date_of(stem: str, *, this_year: int = 2100) -> NameDate | None:
    """Return the date that a name carries: full, year and month, or year alone; impossible ones are ignored."""
    match = _FULL_DATE.search(stem)
    if match:
        year, month, day = (match[1], match[3], match[4]) if match[1] is not None else (match[7], match[6], match[5])
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            pass
        else:
            if 1970 <= found.year <= this_year + 1:
                return NameDate(found.year, found.month, found.day)
    match = _MONTH.search(stem)
    if match and 1970 <= int(match[1]) <= this_year + 1:
        return NameDate(int(match[1]), int(match[2]), 0)
    match = _YEAR.search(stem)
    if match and 1970 <= int(match[1]) <= this_year + 1:
        return NameDate(int(match[1]), 0, 0)
    return None


def without_copy_mark(stem: str) -> str:
    """Return a name without " (1)", " - Copy" and the like."""
    return _COPY.sub("", stem) or stem


CAMERA_NAME = re.compile(
    r"^(?:IMG|DSC|DSCN|DSCF|DSC_|_DSC|PXL|MVIMG|VID|MOV|GOPR|GH0|GX0|DJI|PANO|BURST|P\d{3}|SAM_|IMGP|CIMG|PICT|WP)"
    r"[_-]?[\dE]{3,}|^\d{8}[_-]\d{6}|^IMG-\d{8}-WA\d+|^VID-\d{8}-WA\d+|^signal-\d{4}-",
    re.IGNORECASE,
)
SCREENSHOT_NAME = re.compile(
    r"screen ?shot|screenshot|bildschirmfoto|screen[ _-]?cap|screen ?recording|bildschirmaufnahme|capture d.écran",
    re.IGNORECASE,
)
