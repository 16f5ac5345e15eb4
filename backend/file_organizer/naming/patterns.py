"""Learn how a household names the episodes of a series from the names that are there already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from backend.file_organizer.analysis.media_names import understand
from backend.file_organizer.analysis.media_names import vocabulary as v
from backend.file_organizer.naming.templates import plain

_FEWEST = 2
_NUMBERS = (
    re.compile(r"(?<![A-Za-z0-9])(?P<a>[Ss])(?P<s>\d{1,2})(?P<b>[Ee])(?P<e>\d{1,3})(?![\dEex-])"),
    re.compile(r"(?<![A-Za-z0-9])(?P<a>)(?P<s>\d{1,2})(?P<b>x)(?P<e>\d{1,3})(?![\dx-])"),
)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?P<sep>[-. _])\d\d(?P=sep)\d\d(?!\d)")
_ABSOLUTE = re.compile(r"(?<=\s-\s)(?P<n>\d{2,4})(?=$|\s-\s)")
_TAIL = re.compile(r"^(?P<sep>\s-\s|[\s._-])(?P<title>\S.*)$")


class Shape(NamedTuple):
    """How one name is written: what stands before the numbers, the numbers, and what joins the episode's title."""

    before: str
    numbers: str
    joint: str = ""


def learn_pattern(stems: Iterable[str]) -> str | None:
    """Return the template that most of these names (without extension) follow, or None if they follow none.

    The title stands in it as the household writes it. At least two names and more than half must agree.
    """
    shapes = [shape for stem in stems if (shape := shape_of(stem)) is not None]
    heads = Counter((shape.before, shape.numbers) for shape in shapes)
    if not heads:
        return None
    (before, numbers), count = heads.most_common(1)[0]
    if count < _FEWEST or count * 2 <= len(shapes):
        return None
    joints = Counter(s.joint for s in shapes if (s.before, s.numbers) == (before, numbers) and s.joint)
    tail = ""
    if joints:
        joint = joints.most_common(1)[0][0]
        field = "{episode_title:" + joint + "}" if joint in "._" else "{episode_title}"
        tail = f"[{joint}{field}]"
    return plain(before) + numbers + tail


def shape_of(stem: str) -> Shape | None:
    """Return how one episode's name is written; None for a name with technical words or several episodes."""
    found = understand(stem)
    if found is None or found.kind != "episode" or v.MARK in v.mask(v.flat(stem)):
        return None
    if found.date is not None and (dated := _DATE.search(stem)):
        spec = "" if dated["sep"] == "-" else f":{dated['sep']}"
        return _shape(stem, dated, "{date" + spec + "}")
    for pattern in _NUMBERS:
        match = pattern.search(stem)
        if match and len(found.episodes) == 1:
            season = "{season:" + "0" * len(match["s"]) + "}" if match["s"][0] == "0" or match["a"] else "{season}"
            episode = "{episode:" + "0" * len(match["e"]) + "}"
            return _shape(stem, match, match["a"] + season + match["b"] + episode)
    single = _ABSOLUTE.search(stem)
    if single and found.season is None:
        return _shape(stem, single, "{absolute:" + "0" * len(single["n"]) + "}")
    return None


def _shape(stem: str, match: re.Match[str], numbers: str) -> Shape | None:
    before, after = stem[: match.start()], stem[match.end() :]
    if not before.strip(" ._-"):
        before = ""
    if not after:
        return Shape(before, numbers)
    tail = _TAIL.match(after)
    return Shape(before, numbers, tail["sep"]) if tail else None
