"""By which signs the memory knows a file: words, their stems, the shape of its name, type, camera, sender, project and
paper, and where it lay.

A sign is a short text "family:value". Pure functions of names and facts; nothing is read from disk.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind, kind_of_extension, split_extension

_WORDS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RUNS = re.compile(r"\d+")
_PIECES = re.compile(r"[A-Za-z0-9_-]{10,}")
_CLASS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_HEX = re.compile(r"(?=[a-f-]*\d)[0-9a-f-]{16,}", re.IGNORECASE)
_MAX_VALUE = 100
_MAX_WORDS = 16
_MAX_TEXT_WORDS = 12
STEM = 5
"""Letters of a word that make its stem: long enough to tell subjects apart, short enough to join word forms."""

LONG = 9
"""From here a word may be a compound, and its last letters are a sign of their own ("Stromrechnung")."""

TELLING = frozenset({"name", "word", "camera", "series", "project", "sender"})
"""Families that speak of one subject, not of a kind of file: only these are refused by a "no"."""


def folded(text: str) -> str:
    """Return `text` for comparing: small letters, accents away where they join (NFKD), undecodable bytes as "?"."""
    clean = text.encode("utf-8", "replace").decode()
    if clean.isascii():
        return clean.lower()
    parts = unicodedata.normalize("NFKD", clean.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def words_of(stem: str) -> list[str]:
    """Return the words of a name in order, with repeats: split at signs, digits and camelCase; no numbers, no ids."""
    text = unicodedata.normalize("NFC", stem.encode("utf-8", "replace").decode())
    text = _CAMEL.sub(" ", _PIECES.sub(lambda m: " " if _is_random(m[0]) else m[0], text))
    return [folded(word)[:60] for word in _WORDS.findall(text)[:_MAX_WORDS]]


def _is_random(piece: str) -> bool:
    """Tell whether a piece of a name is an id that no person wrote: letters and digits change all the time."""
    if _HEX.fullmatch(piece):
        return True
    runs = _CLASS.findall(piece)
    return any(c.isdigit() for c in piece) and len(runs) >= 5 and len(runs) * 2.5 >= len(piece)


def stem_of(word: str) -> str:
    """Return what a word shares with its other forms ("functional", "functions"): its first letters."""
    if not word.isascii():
        return word[: STEM - 1] if len(word) >= STEM else word
    return word[:STEM]


def shape_of(stem: str) -> str:
    """Return how a name is built, numbers and random ids as marks: "img_#", "pasted image #", "~"."""
    text = stem.encode("utf-8", "replace").decode()
    text = _PIECES.sub(lambda m: "~" if _is_random(m[0]) else m[0], text)
    return _RUNS.sub("#", folded(text))[:60]


def has_pattern(shape: str) -> bool:
    """Tell whether a shape joins names that differ: one without marks is just the name."""
    return "#" in shape or "~" in shape


def signs_of_name(name: str, source_folder: str | None = None) -> tuple[str, ...]:
    """Return the signs that a name alone gives, and the folder it lay in (text form) if that is known."""
    clean = name.encode("utf-8", "replace").decode()
    stem, extension = split_extension(clean)
    found = dict.fromkeys([f"name:{folded(clean)[:_MAX_VALUE]}"])
    words = words_of(stem)
    for word in words:
        found[f"word:{word}"] = None
    for word in words:
        found[f"stem:{stem_of(word)}"] = None
        if len(word) >= LONG:
            found[f"end:{word[-STEM:]}"] = None
    for first, second in pairwise(words):
        found[f"pair:{first} {second}"[:_MAX_VALUE]] = None
    found[f"shape:{shape_of(stem)}"] = None
    if extension:
        found[f"ext:{extension.lower()[:20]}"] = None
        kind = kind_of_extension(extension)
        if kind is not Kind.UNKNOWN:
            found[f"kind:{kind.value}"] = None
    if source_folder is not None:
        found[f"from:{source_folder}"[:_MAX_VALUE]] = None
    return tuple(found)


def signs_of(facts: FileFacts, source_folder: str | None = None) -> tuple[str, ...]:
    """Return all signs of a file that was looked at, the most telling first."""
    found = dict.fromkeys(signs_of_name(facts.name, source_folder))
    if facts.camera:
        found[f"camera:{facts.camera[:60].casefold()}"] = None
    if facts.sender:
        found[f"sender:{folded(facts.sender)[:_MAX_VALUE]}"] = None
    if facts.project:
        found[f"project:{folded(facts.project)[:_MAX_VALUE]}"] = None
    if facts.paper is not None:
        found[f"paper:{facts.paper.value}"] = None
    if facts.kind is not Kind.UNKNOWN:
        found[f"kind:{facts.kind.value}"] = None
    if facts.media is not None and facts.media.title:
        found[f"series:{folded(facts.media.title)[:_MAX_VALUE]}"] = None
    for word in distinct(facts.words, _MAX_TEXT_WORDS):
        found[f"text:{word}"] = None
    return tuple(found)


def distinct(words: Iterable[str], limit: int) -> list[str]:
    """Return the first different longer words of a document, as the memory keeps them."""
    found: dict[str, None] = {}
    for word in words:
        lower = folded(word)
        if len(lower) >= 4 and not lower.isdigit():
            found.setdefault(lower[:60])
            if len(found) >= limit:
                break
    return list(found)
