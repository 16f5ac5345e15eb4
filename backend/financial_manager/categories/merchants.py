"""What Homie knows of merchants before a household taught it anything: names and words of its own data files.

Patterns are words that stand next to each other in a line, folded; "*" at the end of a word stands for any ending, at
the start for any beginning (German compounds). They are found by an index over words, never one by one. A name is
surer than a word, a longer pattern than a shorter one; where two speak of different categories, nothing is certain.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.text import folded_words, is_telling, mixed_payees
from backend.financial_manager.categories.tree import shipped

_PACKAGE = "backend.financial_manager.categories"
FILES = ("merchants_dach.toml", "merchants_world.toml")
SECTIONS = {
    "names": (0.95, 4.0),
    "income": (0.93, 3.7),
    "expense": (0.93, 3.7),
    "sure": (0.92, 3.6),
    "words": (0.75, 3.0),
    "kinds": (0.92, 2.0),
    "weak": (0.6, 1.0),
}
"""How sure a pattern of each section is on its own, and its rank against others.

names: brands. income, expense: count only where money came in, or left. sure, words: generic words that nearly always,
or mostly, mean one thing. kinds, weak: how the money moved, which only counts where nothing says what for.
"""
MIXED = 0.85
"""What is left for a payee that sells everything."""

KNOWN_ENOUGH = 0.9
"""Knowledge below is a proposal only."""
REFUND = 0.85
"""What is left of the certainty where money came back from a merchant."""
_UNSURE = 0.65
"""What is left where another category is nearly as likely."""
_SHORT = 3
"""Letters of a name that is only believed where it begins the payee ("dm", "aep")."""
_SHORTEST_AFFIX = 3
_MOST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a line. `pattern`: the words that say so, as in the data; `confidence`: 0 to 1."""

    category_id: str
    confidence: float
    pattern: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: tuple[str, ...]
    category: str
    section: str
    text: str


@dataclass(slots=True)
class _Index:
    """Patterns by their first word: whole, by beginning, by ending."""

    whole: dict[str, list[_Pattern]] = field(default_factory=dict)
    starts: dict[str, list[_Pattern]] = field(default_factory=dict)
    ends: dict[str, list[_Pattern]] = field(default_factory=dict)


def known_of(line: Line) -> Known | None:
    """Return what the shipped data say of a line, or None."""
    return look_up(line.text, line.is_income)


@lru_cache(maxsize=16384)
def look_up(text: str, is_income: bool) -> Known | None:
    """Return what the shipped data say of a text, for money that came in or left."""
    found: dict[str, tuple[float, float, str]] = {}
    wrong, mixed = ("expense" if is_income else "income"), mixed_payees()
    for place, pattern, size in _matches(folded_words(text)[:_MOST_WORDS]):
        direction = shipped()[pattern.category].direction
        if pattern.section == wrong or (direction == "income" and not is_income):
            continue
        sure, rank = SECTIONS[pattern.section]
        if is_income and direction == "expense":
            sure, rank = sure * REFUND, rank - 0.5
        if place and size <= _SHORT:
            sure *= _UNSURE
        if pattern.words[0] in mixed and pattern.category.startswith(("shopping.", "food.")):
            sure *= MIXED
        # Longer beats shorter, and what stands first is rather the payee than its address.
        weight = rank + min(size, 20) / 10 - min(place, 8) / 10
        if pattern.category not in found or weight > found[pattern.category][0]:
            found[pattern.category] = (weight, sure, pattern.text)
    if not found:
        return None
    ranked = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    category, (weight, sure, said) = ranked[0]
    if len(ranked) > 1 and weight - ranked[1][1][0] < 0.3:
        sure *= _UNSURE
    return Known(category, sure, said, tuple(other for other, _ in ranked[1:4]))


def _matches(words: Sequence[str]) -> Iterator[tuple[int, _Pattern, int]]:
    """Yield (telling words before it, pattern, matched letters) for each pattern that stands in the words."""
    place = 0
    for start, word in enumerate(words):
        for pattern in _candidates(word):
            size = len(word)
            for offset, wanted in enumerate(pattern.words[1:], start + 1):
                if offset >= len(words) or not _fits(words[offset], wanted):
                    break
                size += len(words[offset]) + 1
            else:
                yield place, pattern, size if "*" not in pattern.text else min(size, len(pattern.text))
        place += is_telling(word)


@lru_cache(maxsize=32768)
def _candidates(word: str) -> tuple[_Pattern, ...]:
    """Return the patterns that may begin with a word."""
    index = _index()
    found = list(index.whole.get(word, ()))
    for length in range(_SHORTEST_AFFIX, len(word) + 1):
        found += index.starts.get(word[:length], ())
        found += index.ends.get(word[-length:], ())
    return tuple(found)


def _fits(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    return word.endswith(wanted[1:]) if wanted.startswith("*") else word == wanted


@cache
def _index() -> _Index:
    index = _Index()
    for pattern in patterns():
        first = pattern.words[0]
        if first.endswith("*"):
            index.starts.setdefault(first[:-1], []).append(pattern)
        elif first.startswith("*"):
            index.ends.setdefault(first[1:], []).append(pattern)
        else:
            index.whole.setdefault(first, []).append(pattern)
    return index


@cache
def patterns() -> tuple[_Pattern, ...]:
    """Return every pattern of the data files, each once for its category and section."""
    found: dict[tuple[tuple[str, ...], str, str], _Pattern] = {}
    for name in FILES:
        data = tomllib.loads(files(_PACKAGE).joinpath(name).read_text("utf-8"))
        for section, table in data.items():
            for category, listed in table.items():
                for text in _listed(listed):
                    words = tuple(_pattern_words(text))
                    found.setdefault((words, category, section), _Pattern(words, category, section, text))
    return tuple(found.values())


def _listed(text: str) -> Iterable[str]:
    return (" ".join(one.split()) for one in text.split(",") if one.strip())


def _pattern_words(text: str) -> Iterator[str]:
    for part in text.split():
        words = folded_words(part.strip("*"))
        if part.startswith("*"):
            yield "*" + words[0]
        elif part.endswith("*"):
            yield from words[:-1]
            yield words[-1] + "*"
        else:
            yield from words
