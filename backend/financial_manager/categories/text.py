"""Read out of a bank line who was paid: its words without case, numbers and what banks print around them.

Folding joins spellings: "MÜLLER", "Mueller" and "MULLER" are all "muller". Its results are for comparing, not for
showing. The word lists are data (`words.toml`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_PACKAGE = "backend.financial_manager.categories"
_LONGEST = 600
_MOST_WORDS = 24
KEY_WORDS = 5
"""Words that make a payee's key: enough to tell payees apart, few enough to leave changing references out."""

_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "a", "đ": "d", "ı": "i", "œ": "o", "_": " ", "\0": " "})
_UMLAUT = re.compile(r"(?<=[aou])e(?=[a-z]{2})|(?<=[a-z][aou])e(?=[a-z])|(?<=[a-z]{2}[aou])e")
"""The "e" of ae, oe, ue in words of four letters and more; "AEP" is no "ÄP"."""
_APOSTROPHE = re.compile(r"['’`´]")
_AND = re.compile(r"(?<![a-z0-9])([a-z0-9]{1,2})\s?[&+]\s?([a-z0-9]{1,2})(?![a-z0-9])")
_INITIAL = re.compile(r"(?<![a-z0-9.])([a-z])\.([a-z]{1,2})(?![a-z0-9])")
_WORD = re.compile(r"[^\W_]+")
_MASK = re.compile(r"x{3,}")
_TAG = re.compile(r"\b(?:svwz|eref|kref|mref|cred|debt|abwa|purp)\+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?:[A-Z0-9]{4,30})?$")
_BANK_CODES = frozenset({"bic", "swift"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says.

    `words`: the telling words in order, each once; `tail`: places cut from the end; `around`: what the bank printed
    around them ("lastschrift"); `key`: the payee; `mixed`: a payee that sells everything.
    """

    words: tuple[str, ...]
    tail: tuple[str, ...]
    around: tuple[str, ...]
    key: str
    mixed: bool


@dataclass(frozen=True, slots=True)
class _Words:
    noise: frozenset[str]
    processors: frozenset[str]
    mixed: frozenset[str]
    tails: frozenset[str]
    party: re.Pattern[str]
    label: re.Pattern[str]


def plain(text: str) -> str:
    """Return `text` in small letters, without accents and with single spaces; the rest as it was written."""
    found = text.casefold()
    if not found.isascii():
        found = unicodedata.normalize("NFKD", found.translate(_PLAIN)).casefold()
        found = "".join(c for c in found if not unicodedata.combining(c))
    return " ".join(found.split())


def fold(text: str) -> str:
    """Return `plain` of a text's start, umlauts as their plain vowel however they are spelled."""
    return _UMLAUT.sub("", plain(text[:_LONGEST]))


@lru_cache(maxsize=8192)
def folded_words(text: str) -> tuple[str, ...]:
    """Return all words of a text in order, folded, with numbers and without labels of SEPA; "H&M" is one word."""
    found = _APOSTROPHE.sub("", fold(text))
    if "&" in found or "+" in found:
        found = _TAG.sub(" ", found)
        found = _AND.sub(r"\1n\2", found)
    if "." in found:
        found = _INITIAL.sub(r"\1\2", found)
    return tuple(_WORD.findall(found))


@lru_cache(maxsize=32768)
def is_reference(word: str) -> bool:
    """Tell whether a word is a number, a date's part, a masked card or an id, which says nothing of who was paid."""
    if word.isalpha():
        return len(word) < 2 or (word[0] == "x" and _MASK.fullmatch(word) is not None)
    digits = sum(c.isdigit() for c in word)
    return digits >= 3 or len(word) >= 8 or word[:2].isdigit() or digits == len(word)


def looks_like_iban(word: str) -> bool:
    """Tell whether a word is written like an IBAN, or the start of one (ISO 13616)."""
    return _IBAN.match(word.upper()) is not None


@lru_cache(maxsize=32768)
def read_text(text: str) -> Reading:
    """Return what a text says; the same text always gives the same reading."""
    words = _words()
    found: dict[str, None] = {}
    around: dict[str, None] = {}
    before = ""
    for word in folded_words(text)[:_MOST_WORDS]:
        if before in _BANK_CODES:
            before = ""
            continue
        before = word
        if not is_reference(word):
            (around if word in words.noise else found)[word] = None
    kept, tail = _without_tail([*found], words.tails)
    named = [word for word in kept if word not in words.processors]
    who = named or kept or list(around) or folded_words(text)
    key = " ".join(who[:KEY_WORDS])
    return Reading(
        tuple(named or kept), tuple(tail), tuple(around), key, bool(who) and not words.mixed.isdisjoint(who[:2])
    )


def _without_tail(words: list[str], tails: frozenset[str]) -> tuple[list[str], list[str]]:
    """Cut places off the end while a word is left before them."""
    end = len(words)
    while end > 1 and words[end - 1] in tails:
        end -= 1
    return words[:end], words[end:]


@lru_cache(maxsize=8192)
def party_of(text: str) -> str:
    """Return the payee that a labelled text names ("Zahlungsempfänger: ... IBAN ..."), folded, or ""."""
    if ":" not in text:
        return ""
    words = _words()
    folded = fold(text)
    found = words.party.search(folded)
    if found is None:
        return ""
    rest = folded[found.end() :]
    end = words.label.search(rest)
    return (rest[: end.start()] if end else rest).strip()


@lru_cache(maxsize=8192)
def is_processor(text: str) -> bool:
    """Tell whether a payee only passes money on ("PayPal Europe"), so that the purpose says more."""
    said = folded_words(text)
    return bool(said) and said[0] in _words().processors


def mixed_payees() -> frozenset[str]:
    """Return the words that name payees which sell everything."""
    return _words().mixed


def is_telling(word: str) -> bool:
    """Tell whether a folded word is part of a name, and not of what banks print around it."""
    return word not in _words().noise and not is_reference(word)


def words_of_all(texts: Iterable[str]) -> list[str]:
    """Return the folded words of data files' texts, however long they are."""
    return [word for text in texts for part in text.split() for word in folded_words(part)]


@cache
def _words() -> _Words:
    data = tomllib.loads(files(_PACKAGE).joinpath("words.toml").read_text("utf-8"))
    party = "|".join(re.escape(fold(word)) for word in data["party_labels"].split())
    other = "|".join(re.escape(fold(word)) for word in data["other_labels"].split())
    return _Words(
        noise=frozenset(words_of_all(data["noise"])),
        processors=frozenset(words_of_all([data["processors"]])),
        mixed=frozenset(words_of_all([data["mixed"]])),
        tails=frozenset(words_of_all(data["tails"])),
        party=re.compile(rf"(?<!iban )(?<!bic )\b(?:{party})\s*:\s*"),
        label=re.compile(rf"\b(?:{party}|{other})\b(?:\s\w+)?\s*:|\b(?:iban|bic)\b"),
    )
