"""Read season and episode numbers that a name states: S01E02, 1x02, "Season 1 Episode 2", "2 of 6", 第02話, and ranges.

Each rule is a pattern over the masked flat name. The first rule that matches wins, and what follows its match is read
as more episodes ("E02", "-03", "& 04", "-2x05").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.file_organizer.analysis.media_names import vocabulary as v

_LONGEST_RANGE = 400
_OF = r"(?:\s?(?:of|von|из)\s?)"


@dataclass(slots=True)
class Numbers:
    """Numbers and where they stand in the name (`start`, `end`)."""

    start: int
    end: int
    season: int | None = None
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()


_LEFT = r"(?<![^\W_])"
_S_E = re.compile(
    _LEFT + r"s(?P<s>\d{1,4})[\s,-]{0,3}(?:x\s?)?(?:e|" + v.EPISODE + r")[\s#:-]{0,2}(?P<e>\d{1,5})(?!\d)", re.I
)
_S_X = re.compile(_LEFT + r"[st](?P<s>\d{1,2})[\s-]?x\s?e?(?P<e>\d{1,4})(?!\d)", re.I)
_T_E = re.compile(_LEFT + r"t(?P<s>\d{1,2})[\s-]?(?:e|ep|c|cap)(?P<e>\d{1,3})(?!\d)", re.I)
_GLUED = re.compile(r"(?<=[a-z])S(?P<s>\d{2})E(?P<e>\d{2,3})(?!\d)")
_CROSS = re.compile(
    r"(?<![\dx])(?<![a-z])(?P<s>\d{1,2}|(?:19|20)\d\d)(?:x|\sx\s(?=\d\d))\s?(?:ep?)?(?P<e>\d{1,3})(?!\d|x?26[45]|\s?[pi](?![a-z]))",
    re.I,
)
_WORDS = (
    re.compile(
        _LEFT + v.SEASON + r"\s*(?P<s>\d{1,4})[\s,:()\[\]-]*" + v.EPISODE + r"\s*[#:-]?\s*(?P<e>\d{1,4})(?!\d)", re.I
    ),
    re.compile(
        r"(?<!\d)(?P<s>\d{1,2})\s?(?:st|nd|rd|th|ª|º|\s)?\s*" + v.SEASON + r"[\s,:-]*"
        r"(?:" + v.EPISODE + r"\s*(?P<e>\d{1,4})(?!\d)|(?P<e2>\d{1,4})\s*" + v.EPISODE + ")",
        re.I,
    ),
    re.compile(
        r"第\s?(?P<s>\d{1,2}|"
        + v.HAN_NUMBER
        + r")\s?[季期部]\s*(?:\[?第?)\s?(?P<e>\d{1,4}|"
        + v.HAN_NUMBER
        + r")\s?[話话集回]"
    ),
    re.compile(_LEFT + r"(?:s|series\s*)(?P<s>\d{1,2})\s*,?\s+" + v.EPISODE + r"\s*(?P<e>\d{1,4})(?!\d)", re.I),
    re.compile(_LEFT + r"series\s*(?P<s>\d{1,2})[\s,-]+(?:part\s?)?(?P<e>\d{1,2})" + _OF + r"\d{1,2}(?!\d)", re.I),
    re.compile(
        _LEFT
        + r"(?:series|book|volume|"
        + v.SEASON
        + r")\s*(?P<s>\d{1,2})[\s,-]+(?:part|chapter|kapitel|teil)\s*(?P<e>\d{1,2})(?!\d)",
        re.I,
    ),
    re.compile(
        _LEFT
        + v.EPISODE
        + r"\s*(?P<e>\d{1,4})[\s,:()-]+(?:(?:of|der|von|de la)\s)?"
        + v.SEASON
        + r"\s*(?P<s>\d{1,2})(?!\d)",
        re.I,
    ),
    re.compile(
        _LEFT
        + v.SEASON
        + r"\s(?P<s>\d{1,2}|"
        + v.SPOKEN_WORD
        + r")[\s,-]+"
        + v.EPISODE
        + r"\s(?P<e>\d{1,3}|"
        + v.SPOKEN_WORD
        + r")(?![^\W_])",
        re.I,
    ),
)
_CAP = re.compile(_LEFT + r"cap\s?(?P<s>\d{1,2})(?P<e>\d\d)(?:\s(?P<s2>\d{1,2})(?P<e2>\d\d)(?:\sfinal)?)?(?!\d)", re.I)
_COUNTED = re.compile(r"(?<=\s)-\s(?P<s>\d{1,2})(?P<e>\d\d)\s\((?P<a>\d{1,3})\)")
_SEASON_DASH = (
    re.compile(
        _LEFT
        + r"(?:s|"
        + v.SEASON
        + r"\s*)(?P<s>\d{1,2})\s+-\s+(?P<e>\d{1,4})(?:v\d)?(?![\d])(?=\s*(?:$|[\[\](){}\x00-]|\s))"
        r"(?!\s?-?\s?\d{3}\b)",
        re.I,
    ),
    re.compile(
        r"(?<!\d)(?P<s>\d{1,2})(?:st|nd|rd|th)\s"
        + v.SEASON
        + r"[\s-]+(?:e|ep)?(?P<e>\d{1,4})(?:v\d)?(?=\s*(?:$|[\[(\x00-]))",
        re.I,
    ),
    re.compile(_LEFT + r"(?:s|" + v.SEASON + r"\s)(?P<s>\d{1,2})\s+(?P<e>\d{2,3})(?:v\d)?(?=\s*(?:$|[\[(]))", re.I),
    re.compile(_LEFT + r"s(?P<s>\d{1,2})\s?\[(?P<e>\d{1,3})(?:v\d)?\]", re.I),
)
_SEASON_NUMBER = (
    re.compile(_LEFT + r"s(?P<s>\d{1,2})\s(?P<e>\d{2})(?=\s+[^\W\d_]{2})", re.I),
    re.compile(_LEFT + r"s(?P<s>\d)-(?P<e>\d{2})(?=\s+[^\W\d_]{2})(?!\s+(?:complete|season|staffel))", re.I),
    re.compile(_LEFT + v.SEASON + r"\s(?P<s>\d{1,2})\s?\[(?P<e>\d{1,3})(?:v\d)?\]", re.I),
)
_COUNT = re.compile(
    r"(?<![\d-])(?<!cd)(?<!cd )(?<!dis[ck])(?<!dis[ck] )(?<!dvd)(?<!season )(?<!staffel )(?<!saison )(?:"
    + v.PART
    + r"\s?|"
    + v.EPISODE
    + r"\s?)?(?P<e>\d{1,3})"
    + _OF
    + r"(?P<of>\d{1,3})(?![\dx])",
    re.I,
)
_EPISODE = re.compile(
    r"(?<![^\W\d_])(?:"
    + v.EPISODE
    + r"[\s]*[#:-]?\s*(?P<e>\d{1,4})|e(?P<e2>\d{2,4}))(?:v\d)?(?![\d]|\s?of\b)(?!st\b|nd\b|th\b)",
    re.I,
)
_JAPANESE = re.compile(r"(?:第\s?(?P<e>\d{1,4}|" + v.HAN_NUMBER + r")\s?[話话集回]|#(?P<e2>\d{1,4})(?!\d))")
_POSTFIX = re.compile(r"(?<!\d)(?P<e>\d{1,4})\s{0,2}(?:bölüm|серия|серии|rész|díl|회|화)", re.I)
_SPECIAL = re.compile(r"(?<![A-Za-z0-9])(?:SP|Special\s?)(?P<e>\d{1,2})(?!\d)")
_PART = re.compile(
    _LEFT + v.PART + r"\s?[#:-]?\s?(?P<e>\d{1,2}|" + v.ROMAN_WORD + "|" + v.SPOKEN_WORD + r")(?![^\W_])", re.I
)
_SEASON_ONLY = (
    re.compile(_LEFT + r"(?:complete\s)?" + v.SEASON + r"[\s:#]*(?P<s>\d{1,4})(?!\d)", re.I),
    re.compile(_LEFT + r"s(?P<s>\d{1,2}|(?:19|20)\d\d)(?:d\d{1,2})?(?![^\W_])", re.I),
    re.compile(r"(?<!\d)(?P<s>\d{1,2})\s?(?:st|nd|rd|th|ª|º|\s)\s?" + v.SEASON, re.I),
    re.compile(_LEFT + r"(?P<s>" + v.ORDINAL_WORD + r"|" + v.SPOKEN_WORD + r")\s" + v.SEASON, re.I),
    re.compile(_LEFT + v.SEASON + r"\s(?P<s>" + v.SPOKEN_WORD + r")(?![^\W_])", re.I),
    re.compile(r"第\s?(?P<s>\d{1,2}|" + v.HAN_NUMBER + r")\s?[季期部]"),
)
_MORE = re.compile(
    r"(?P<gap>\s*)(?P<sep>-|~|to|bis|&|\+|,|and|und|et|y|a(?=\s\d))?(?P<gap2>\s*)(?P<again>[st]?(?P<s>\d{1,2})\s?(?:x|e|ep)\s?(?=\d))?"
    r"(?P<word>(?:ep?|x)\s?(?=\d))?(?P<e>\d{1,4})(?!\d|st\b|nd\b|rd\b|th\b|\s?-?\s?bit|[pi]\b)(?!(?(word)[^\W\dx_]{3}|x\d))",
    re.I,
)
_ABSOLUTE_AFTER = re.compile(
    r"\s*-?\s*[\[(]?(?P<a>\d{2,4})(?:v\d)?(?:\s?-\s?(?P<b>\d{2,4}))?[\])]?(?=\s*(?:$|[-\[(\x00]))"
)
_ABSOLUTE_BEFORE = re.compile(r"(?:^|\s)[\[(]?(?P<a>\d{2,4})(?:\s?-\s?(?P<b>\d{2,4}))?[\])]?\s*-?\s*$")


def stated_numbers(masked: str) -> Numbers | None:
    """Return the numbers that a masked name states, or None."""
    for pattern in (_S_E, _CROSS, _S_X, _T_E, _GLUED, *_WORDS):
        found = pattern.search(masked)
        if found and _possible(found):
            return _with_more(masked, found)
    found = _CAP.search(masked)
    if found:
        first, last = int(found["e"]), int(found["e2"] or found["e"])
        season = season_of(masked, found.start())
        return Numbers(
            season[1] if season else found.start(), found.end(), int(found["s"]), _span(first, last) or (first,)
        )
    found = _COUNTED.search(masked)
    if found:
        episode, over_all = int(found["e"]), int(found["a"])
        return Numbers(found.start(), found.end(), int(found["s"]), (episode,), (over_all,))
    for pattern in (*_SEASON_DASH, *_SEASON_NUMBER):
        found = pattern.search(masked)
        if found:
            return _with_more(masked, found)
    return _without_season(masked)


def has_clear_numbers(masked: str) -> bool:
    """Tell whether a name states both season and episode."""
    return any(pattern.search(masked) for pattern in (_S_E, _CROSS, _GLUED, *_WORDS))


def _without_season(masked: str) -> Numbers | None:
    """Return numbers of a name that states an episode; its season may stand elsewhere in the name."""
    found = _COUNT.search(masked)
    if found and 0 < int(found["e"]) <= int(found["of"]):
        season = season_of(masked, found.start())
        start = min(found.start(), season[1]) if season else found.start()
        return Numbers(start, found.end(), season[0] if season else 1, (int(found["e"]),))
    for pattern in (_JAPANESE, _EPISODE, _POSTFIX):
        found = pattern.search(masked)
        if found:
            numbers = _with_more(masked, found)
            season = season_of(masked, len(masked))
            if season is not None and not found.start() <= season[1] < found.end():
                numbers.season, numbers.start = season[0], min(season[1], numbers.start)
            return numbers
    found = _SPECIAL.search(masked)
    if found:
        return Numbers(found.start(), found.end(), 0, (int(found["e"]),))
    return None


def part_of(masked: str) -> Numbers | None:
    """Return "Part Two" and the like: an episode of a miniseries, or a film in parts."""
    found = list(_PART.finditer(masked))
    numbers = {number for one in found if (number := v.number_of(one["e"]))}
    if not numbers:
        return None
    return Numbers(found[0].start(), found[-1].end(), None, tuple(sorted(numbers)))


def season_of(masked: str, before: int) -> tuple[int, int] | None:
    """Return (season, where it stands) that a name states without an episode, or None."""
    for pattern in _SEASON_ONLY:
        found = pattern.search(masked[:before])
        number = v.number_of(found["s"]) if found else None
        if found is not None and number is not None:
            return number, found.start()
    return None


def season_pack(masked: str) -> Numbers | None:
    """Return the season of a whole pack ("S03", "Seasons 1-3", "2. Staffel")."""
    found = season_of(masked, len(masked))
    return None if found is None else Numbers(found[1], found[1], found[0])


def _possible(found: re.Match[str]) -> bool:
    """Tell whether "16x9" and the like are an episode and not the shape of a picture."""
    return found.re is not _CROSS or (found["s"], found["e"]) not in (("16", "9"), ("4", "3"))


def _with_more(masked: str, found: re.Match[str]) -> Numbers:
    """Return a match's numbers with the episodes that follow it."""
    groups = found.groupdict()
    first = v.number_of(groups.get("e") or groups.get("e2") or "") or 0
    season = v.number_of(groups["s"]) if groups.get("s") else None
    episodes, end = [first], found.end()
    while True:
        more = _MORE.match(masked, end)
        if more is None or not _continues(more, episodes[-1], season):
            break
        last = int(more["e"])
        ranged = (more["sep"] or "").lower() in ("-", "~", "to", "bis", "a")
        episodes += (_span(episodes[-1] + 1, last) if ranged else None) or (last,)
        end = more.end()
    numbers = Numbers(found.start(), end, season, tuple(sorted(set(episodes))))
    _add_absolute(masked, numbers)
    return numbers


def _continues(more: re.Match[str], last: int, season: int | None) -> bool:
    """Tell whether what follows an episode number is another one, not a title, a year or an encoder's number."""
    number, sep, word = int(more["e"]), (more["sep"] or "").lower(), more["word"]
    if more["again"] is not None:
        return int(more["s"]) == season and number > last
    if number == last and word:
        return True
    if number <= last or number - last > _LONGEST_RANGE:
        return False
    if word:
        return True
    spaced = bool(more["gap"] or more["gap2"])
    if not sep or number - last > 50 or 1900 <= number <= 2100:
        return False
    if sep in ("-", "~"):
        if more["gap"] and more["gap2"]:
            return number == last + 1 and len(more["e"]) == 2
        return not spaced or number - last < 4
    return sep in ("&", "+", ",", "to", "bis", "and", "und", "et", "y", "a")


def _span(first: int, last: int) -> tuple[int, ...]:
    """Return first..last; empty if that is not a rising, sensible range."""
    return tuple(range(first, last + 1)) if 0 <= last - first <= _LONGEST_RANGE else ()


def _add_absolute(masked: str, numbers: Numbers) -> None:
    """Add the numbers over all seasons that stand right before or after ("S16E03-04 - 313-314")."""
    count = len(numbers.episodes)
    after = _ABSOLUTE_AFTER.match(masked, numbers.end)
    for found in (after, _ABSOLUTE_BEFORE.search(masked[: numbers.start])):
        if found is None:
            continue
        first, last = int(found["a"]), int(found["b"] or found["a"])
        fits = last - first + 1 == count and first >= numbers.episodes[0] and not 1900 <= first <= 2100
        if fits and (count > 1 or (found is after and (len(found["a"]) == 3 or "(" in found.group()))):
            numbers.absolute = _span(first, last)
            numbers.start = min(numbers.start, found.start()) if found is not after else numbers.start
            numbers.end = max(numbers.end, found.end()) if found is after else numbers.end
            return
