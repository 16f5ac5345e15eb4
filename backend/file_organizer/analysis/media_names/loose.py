"""Read numbers that stand alone: "[Group] Title - 05", "Title [05]", "03 - Name" in a season's folder.

Such numbers count over all seasons ("absolute") unless a folder says which season it is.
"""

from __future__ import annotations

import re

from backend.file_organizer.analysis.media_names.numbers import Numbers, season_of

_TAIL = r"(?=\s*(?:$|[\[\](){}\x00]|-\s|\s-|end\b|fin\b|final\b|vostfr|v\d|complete\b))"
_DASHED = re.compile(
    r"(?<=\s)[-~]\s?(?:ep?\s?|#\s?)?(?P<e>\d{1,4})(?:v\d)?(?:\s?(?:[-~]|to)\s?(?P<to>\d{1,4}))?(?![\d])" + _TAIL, re.I
)
_BRACKETED = re.compile(
    r"\[\s?(?:e|ep|第)?\s?(?P<e>\d{1,4})(?:v\d|[話话集])?(?:\s?[-~]\s?(?P<to>\d{1,4}))?\s?(?:v\d|end|fin|完)?\s?\]",
    re.I,
)
_ENDING = re.compile(
    r"(?<=[\s\]])(?P<e>\d{2,4})(?:v\d)?(?:\s?[-~]\s?(?P<to>\d{2,4}))?(?![\d])(?=\s*(?:$|[\[\](\x00]|end\b|vostfr|-\s))",
    re.I,
)
_OVER_ALL = re.compile(r"\s*[(\[](?P<e>\d{1,4})\s?-\s?(?P<to>\d{1,4})[)\]]")
_HASHED = re.compile(r"#\s?(?P<e>\d{1,4})(?!\d)")
_LEADING = re.compile(
    r"^\s*(?:e|ep|episode)?\s?(?P<e>\d{1,3})(?:v\d)?(?:[-&+](?P<to>\d{1,3})(?=\s)|\s[-&+]\s(?P<next>\d{1,3})(?=\s))?(?=$|[\s\-.)\]])",
    re.I,
)
_LAST = re.compile(r"(?<=\s)(?P<e>\d{1,4})(?:v\d)?(?=\s*(?:$|[\[(\x00]))")
_POINT = re.compile(r"^\s*(?P<s>\d{1,2})[.\-](?P<e>\d{2})(?=\D)")


def absolute_numbers(masked: str, *, anime: bool) -> Numbers | None:
    """Return the absolute numbers of a name; `anime`: it has a fan group or the like, so a number at its end counts."""
    patterns = (_DASHED, _BRACKETED, _ENDING, _HASHED) if anime else (_DASHED,)
    for pattern in patterns:
        for found in pattern.finditer(masked):
            numbers = _numbers(found)
            if numbers is None or (not anime and not _plain_dashed(masked, found)):
                continue
            both = _OVER_ALL.match(masked, numbers.end)
            if both and int(both["to"]) - int(both["e"]) == len(numbers.episodes) - 1:
                numbers.absolute = tuple(range(int(both["e"]), int(both["to"]) + 1))
            return numbers
    return None


def in_season_folder(masked: str, original: str, season: int) -> Numbers | None:
    """Return the episode of a file in a season's folder: "03 - Name", "Title 03", "1.03 Name", "103"."""
    point = _POINT.match(original)
    if point and int(point["s"]) == season:
        return Numbers(point.start(), point.end(), season, (int(point["e"]),))
    for pattern in (_DASHED, _LEADING, _BRACKETED, _ENDING, _LAST):
        found = pattern.search(masked)
        numbers = _numbers(found) if found else None
        if numbers is None:
            continue
        numbers.season = season
        first = numbers.episodes[0]
        if len(numbers.episodes) == 1 and first >= 100 and first // 100 == season and first % 100:
            numbers.episodes = (first % 100,)
        numbers.absolute = ()
        return numbers
    return None


def _numbers(found: re.Match[str]) -> Numbers | None:
    first, last = int(found["e"]), int(found.groupdict().get("to") or found["e"])
    if (following := found.groupdict().get("next")) and int(following) == first + 1:
        last = first + 1  # "01 - 02 Name", but not "01 - 24 Hours"
    if 1900 <= first <= 2100 or (last != first and not 0 < last - first < 400):
        return None
    span = tuple(range(first, last + 1))
    return Numbers(found.start(), found.end(), None, span, span)


def _plain_dashed(masked: str, found: re.Match[str]) -> bool:
    """Tell whether "Title - 05" without a fan group is an episode: the number has two digits or ends the name."""
    if not masked[: found.start()].strip(" -"):
        return False
    return len(found["e"]) >= 2 or not masked[found.end() :].strip()


def add_season(masked: str, numbers: Numbers) -> None:
    """Add the season that stands before an absolute number ("Title S2 - 05", "Title 2nd Season [05]")."""
    found = season_of(masked, numbers.start)
    if found is not None:
        numbers.season, numbers.absolute = found[0], ()
        numbers.start = found[1]
