"""Names that people give to things: what can be seen of them, the same in every module.

Format characters (Unicode category Cf) draw nothing, some turn the direction of all that follows, and a few letters are
blank. A name of nothing else looks like no name, and two that differ by them look like one. Joiners inside of a name
stay: Persian and emoji are written with them. Embeddings and overrides of direction (UAX #9) go wherever they are.
"""

from __future__ import annotations

import re
import unicodedata

_TURNS = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the text after it; and what no database keeps."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and signs that are drawn as nothing."""
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_TAGS = range(0xE0020, 0xE0080)
"""Tag characters: they end the flags of regions, and are nothing alone."""


def plain_name(text: str) -> str:
    """Return a name with single spaces and nothing unseen at its ends; "" where nothing in it can be seen."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    found = " ".join(_TURNS.sub("", text).split())
    first, last = 0, len(found)
    while first < last and (_unseen(found[first]) or ord(found[first]) in _TAGS):
        first += 1
    while last > first and _unseen(found[last - 1]):
        last -= 1
    found = found[first:last]
    return found if any(_drawn(sign) for sign in found) else ""


def _unseen(sign: str) -> bool:
    return sign in _BLANK or (unicodedata.category(sign) in _UNSEEN and ord(sign) not in _TAGS)


def _drawn(sign: str) -> bool:
    """Tell whether a sign draws something by itself: no mark on another one, no tag."""
    return not _unseen(sign) and unicodedata.category(sign) not in ("Mn", "Me") and ord(sign) not in _TAGS
