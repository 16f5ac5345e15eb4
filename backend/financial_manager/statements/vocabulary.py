"""The words of banks, kept as data: headings per role, words in cells, names of months, presets of banks."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from backend.financial_manager.currencies import KNOWN, SYMBOLS
from backend.financial_manager.statements.remembering import remembered

_PACKAGE = "backend.financial_manager.statements"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")
BARE = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "ı": "i", "œ": "oe"})
_BETTER = {"account_amount": 100, "net_amount": 50, "gross_amount": -100}
"""Roles that are amounts, and how much rather (or less) than others they are what moved in the account."""
_SHORT_SIDE = 3
_UNIT = re.compile(r"[(\[]?\s?(?:\bin\s)?([A-Z]{3}|€|£|₪|zł|Kč|[Ee][Uu][Rr][Oo][SsAa]?)\s?[)\]]?\s*$")
_UNIT_OF_THE_EAST = re.compile(r"[(（]\s?([円원])\s?[)）]\s*$")


@remembered(4096)
def plain(text: str) -> str:
    """Return words without case, accents and punctuation: "RunningBalance" is "running balance"."""
    text = _CAMEL.sub(" ", text[:200]).casefold().translate(BARE)
    if text.isascii():
        return _APART.sub(" ", text).strip()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _APART.sub(" ", text).strip()


def heading(text: str) -> tuple[str, str | None]:
    """Return a heading in plain words, and the currency it names ("Betrag (EUR)", "Umsatz in €")."""
    text = text.strip()
    if text.rstrip("$") in KNOWN:
        return "amount", text.rstrip("$")
    match = _UNIT.search(text[:200]) or (None if text.isascii() else _UNIT_OF_THE_EAST.search(text[:200]))
    if match is not None and match.start() > 0:
        unit = (
            match[1]
            if match[1] in KNOWN
            else SYMBOLS.get(match[1], "EUR" if match[1][1:4].casefold() == "uro" else None)
        )
        if unit is not None:
            words = plain(text[: match.start()])
            return (words if match[0][0] in "([" else words.removesuffix(" in")) or plain(text), unit
    return plain(text), None


@dataclass(frozen=True, slots=True)
class Preset:
    """One bank's file: by the start of its heading, or by what the columns hold."""

    name: str
    country: str
    heading: tuple[str, ...]
    shape: tuple[str, ...]
    columns: dict[str, int]
    purchases_positive: bool


@cache
def roles() -> dict[str, tuple[str, ...]]:
    """Return the words of headings per role."""
    return {role: tuple(dict.fromkeys(map(plain, words))) for role, words in _load("header_words.toml").items()}


@cache
def cell_words(kind: str) -> frozenset[str]:
    """Return a set of words that stand in cells ("not_booked")."""
    words = _load("table_words.toml")[kind]
    return frozenset(word if word in "+-" else plain(word) for word in words)


@cache
def balance_words() -> tuple[tuple[str, str], ...]:
    """Return the words that name a balance, each with "opening", "closing" or "turnover"."""
    return tuple((word, kind) for kind in ("opening", "closing", "turnover") for word in sorted(cell_words(kind)))


@cache
def balance_starts() -> tuple[str, ...]:
    """Return how a text begins that may name a balance."""
    return tuple(word for word, _ in balance_words())


@cache
def month_names() -> dict[str, int]:
    """Return the names of months, each with its number."""
    return {word: n for n, words in enumerate(_load("date_words.toml")["months"].values(), start=1) for word in words}


@cache
def weekday_names() -> frozenset[str]:
    """Return the names of the days of the week."""
    return frozenset(_load("date_words.toml")["weekdays"]["words"])


@cache
def presets() -> tuple[Preset, ...]:
    """Return the banks that are known."""
    return tuple(
        Preset(
            one["name"],
            one["country"],
            tuple(one.get("heading", ())),
            tuple(one.get("shape", ())),
            dict(one.get("columns", {})),
            bool(one.get("purchases_positive", False)),
        )
        for one in _load("presets.toml")["bank"]
    )


def _load(name: str) -> dict[str, Any]:
    """Read one of the data files of this package."""
    return tomllib.loads(files(_PACKAGE).joinpath(name).read_text("utf-8"))


@remembered(4096)
def role_scores(words: str) -> dict[str, int]:
    """Return how well a heading in plain words fits each role: 1000 and more when it is the phrase itself.

    A heading that names both sides ("Credit/Debit Amount") is one signed amount, no side.
    """
    found: dict[str, int] = {}
    padded = f" {words} "
    length = len(words.split())
    for role, phrases in roles().items():
        best = 0
        for phrase in phrases:
            if phrase == words:
                best = max(best, 1000 + _BETTER.get(role, 0))
            elif len(phrase) > 2 and f" {phrase} " in padded:
                share = len(phrase.split()) * 100 // max(length, 1)
                best = max(best, 200 + 4 * share + len(phrase))
        if best:
            role = "amount" if role in _BETTER else role
            found[role] = max(best, found.get(role, 0))
    side = _side_of_amount(words)
    if side and not {"balance", "not_amount"} & found.keys():
        found.pop("amount", None)
        of_account = bool(set(words.split()) & set(roles()["account_amount"]))
        found[side] = 1000 + (_BETTER["account_amount"] if of_account else 0)
    sides = [one for one in ("debit", "credit") if found.get(one, 0) >= 1000]
    if len(sides) == 1:  # the phrase itself names one side ("Payments and credits")
        found.pop("credit" if sides == ["debit"] else "debit", None)
    if {"debit", "credit"} <= found.keys() and not {"balance", "not_amount"} & found.keys():
        del found["debit"], found["credit"]
        found["amount"] = max(1000, found.get("amount", 0))
    return found


@remembered(4096)
def initials(words: str) -> dict[str, bool]:
    """Return which letter is money out under a heading of both sides ("cargo abono": c is, a is not); {} elsewhere."""
    parts = words.split()
    if len(parts) != 2:
        return {}
    sides = {part: [role for role in ("debit", "credit") if part in roles()[role]] for part in parts}
    told = {part[0]: found == ["debit"] for part, found in sides.items() if len(found) == 1}
    return told if len(told) == 2 and len(set(told.values())) == 2 else {}


def _side_of_amount(words: str) -> str:
    """Return "debit" or "credit" for an amount with a short word for its side ("Beløp ut", "Bedrag af"), else ""."""
    first, _, last = words.partition(" ")
    for amount, side in ((first, last), (last, first)):
        if 2 <= len(side) <= _SHORT_SIDE and (amount in roles()["amount"] or amount in roles()["account_amount"]):
            return next((role for role in ("debit", "credit") if side in roles()[role]), "")
    return ""
