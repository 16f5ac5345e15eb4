"""Search: how typed words are compared with names, the same in core and in every module.

Compared is without case and without accents ("Muller" finds "Müller"). Each typed word must be in the name; a name
that begins with it is better than one with a word that does, and that one better than one that only contains it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_QUERY = 200
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One thing that was found. `kind` groups hits ("file_organizer.file"); `score` is 0 to 1.

    `highlights`: (start, end) in `title` of what was typed. `params` fill places in `subtitle` when it is a template.
    """

    kind: str
    title: str
    route: str
    subtitle: str = ""
    score: float = 0.5
    highlights: tuple[tuple[int, int], ...] = ()
    space_id: str | None = None


@dataclass(frozen=True, slots=True)
class SearchKind:
    """Declare what a module can find; `template` is the heading of the group."""

    kind: str
    template: str


def fold(text: str) -> str:
    """Return the text as it is compared: without accents, case and compatibility forms."""
    if text.isascii():
        return text.lower()
    return "".join(_fold_character(character) for character in text)


def words_of(query: str) -> list[str]:
    """Return the folded words of a query, the longest first, at most `MOST_WORDS`."""
    found = dict.fromkeys(fold(query[:LONGEST_QUERY]).split())
    return sorted(found, key=len, reverse=True)[:MOST_WORDS]


def match(title: str, words: Sequence[str]) -> tuple[float, tuple[tuple[int, int], ...]] | None:
    """Return how well a title fits (0 to 1) and where the words are in it; None if one of them is not.

    `words` are those of `words_of`.
    """
    folded, origin = _folded_with_origin(title)
    if not words:
        return None
    score, places = 0.0, list[tuple[int, int]]()
    for word in words:
        at = _best_place(folded, word)
        if at < 0:
            return None
        begins_name, begins_word = at == 0, at > 0 and not folded[at - 1].isalnum()
        score += 1.0 if begins_name else 0.8 if begins_word else 0.5
        places.append((origin[at], origin[at + len(word) - 1] + 1))
    share = sum(map(len, words)) / max(len(folded), 1)
    return round(0.85 * score / len(words) + 0.15 * min(share, 1.0), 4), tuple(sorted(places))


def _best_place(folded: str, word: str) -> int:
    """Return where the word begins, at the start of a word of the name if it can."""
    first = at = folded.find(word)
    while at > 0:
        if not folded[at - 1].isalnum():
            return at
        at = folded.find(word, at + 1)
    return at if at == 0 else first


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters which one of `text` it comes from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded, origin = "", list[int]()
    for index, character in enumerate(text):
        part = _fold_character(character)
        folded += part
        origin += [index] * len(part)
    return folded, origin


def _fold_character(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def name_key(path: str) -> str:
    """Return what a file is found by: the folded last part of its path."""
    return fold(path.rpartition("/")[2])[:255]
