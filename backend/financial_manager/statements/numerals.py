"""Amounts as people and banks write them: decimal comma or point, thousands, signs in front, behind or as letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from backend.financial_manager.currencies import KNOWN, currency_of_unit
from backend.financial_manager.statements.digits import DIGITS
from backend.financial_manager.statements.remembering import remembered
from backend.financial_manager.statements.statement import Doubt

_LONGEST = 48
_SIGNS = DIGITS | str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\ufe63": "-",
        "\uff0d": "-",
        "\ufe62": "+",
        "\uff0b": "+",
        "\u200e": "",
        "\u200f": "",
    }
)
_SPACES = re.compile(r"[ \u00a0\u202f\u2009]")
_UNIT = (
    r"(?:[A-Z]{3}|(?:US|AU|CA|HK|NZ|NT|MX|[ACRS])\$|[€$£¥￥₹₺₽₴₩￦₫₪₦฿₱₸₡₲₼₾৳₵円元원]|GH₵|KSh|S/\.?|Rs\.?"
    r"|R(?=\s?[0-9][0-9, ]{0,20}[.,][0-9]{2}\b)|Rp\.?|RM"
    r"|[Ee][Uu][Rr](?:[Oo][Ss]?)?|zł|Kč|Ft|kr\.?|Fr\.?|лв\.?|TL|[Ll]ei|kn|KM|руб\.?|грн\.?)"
)
_NUMBER = r"(?:[0-9][0-9.,'’ \u00a0\u202f\u2009]{0,30}|[.,][0-9]{1,8})"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s?(?P<sign>[+-])?\s?(?P<unit>{_UNIT})?\s?(?P<sign2>[+-])?\s?(?P<inner>\()?"
    rf"(?P<number>{_NUMBER})"
    rf"(?P<sign3>[+-])?\s?(?P<unit2>{_UNIT})?\s?(?P<letter>(?:CR|DR|DB|Cr|Dr|Db|cr|dr|db)\.?|[CDSH])?(?P<close>\))?"
)
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}[.,][0-9]{1,2}")
_OUT = {"DR", "DB", "D", "S"}


class Written(NamedTuple):
    """An amount as written: the bare numeral, whether it is negative, and the currency it names."""

    numeral: str
    negative: bool
    signed: bool
    currency: str | None


@remembered(4096)
def written(text: str) -> Written | None:
    """Take an amount apart, or return None where the text is none. Says nothing yet about comma or point."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        bare = text.lstrip("+-")
        return Written(bare, text[0] == "-", text[0] in "+-", None)
    if not text or len(text) > _LONGEST or not any(c.isdigit() for c in text):
        return None
    text = text.translate(_SIGNS)
    if text.endswith((",-", ",--", ".-", ".--")):  # "12,-" is twelve, as in shops
        text = text.rstrip("-")
    match = _AMOUNT.fullmatch(text)
    if match is None or [match["open"], match["inner"]].count("(") != bool(match["close"]):
        return None
    signs = [sign for sign in (match["sign"], match["sign2"], match["sign3"]) if sign]
    letter = (match["letter"] or "").upper().rstrip(".")
    if len(signs) + bool(letter) + bool(match["close"]) > 1:
        return None
    unit = match["unit"] or match["unit2"]
    if unit and len(unit) == 3 and unit.isascii() and unit.isupper() and unit not in KNOWN:
        return None
    numeral = _SPACES.sub(" ", match["number"]).strip()
    if not _groups_fit(numeral):
        return None
    negative = "-" in signs or bool(match["close"]) or letter in _OUT
    currency = currency_of_unit(unit) if unit else None
    return Written(numeral, negative, bool(signs or letter or match["close"]), currency)


def _groups_fit(numeral: str) -> bool:
    """Tell whether the numeral can be read at all."""
    return value(numeral, ".") is not None or value(numeral, ",") is not None


@remembered(4096)
def value(numeral: str, decimal: str) -> Decimal | None:
    """Return the number that a numeral means with this decimal sign, or None where it cannot be meant."""
    whole, _, part = numeral.partition(decimal)
    if whole.isdigit() and (not part or part.isdigit()) and numeral.isascii():
        return Decimal(f"{whole}.{part or '0'}")
    if part and not (part.isascii() and part.isdigit()):
        return None
    group = "," if decimal == "." else "."
    used = {c for c in whole if not c.isdigit()}
    if len(used) > 1 or used - {group, "'", "’", " "}:
        return None
    if used:
        first, *rest = whole.split(used.pop())
        if not 1 <= len(first) <= 3 or first.startswith("0") or len(rest[-1]) != 3:
            return None
        if any(len(one) not in (2, 3) for one in rest) or not _even(rest, indian=group == ","):
            return None
        whole = first + "".join(rest)
    if not (whole or part) or not (whole + part).isascii():
        return None
    return Decimal(f"{whole or '0'}.{part or '0'}")


def _even(groups: list[str], *, indian: bool) -> bool:
    """Tell whether all groups have three digits, or two each but the last as in India."""
    return all(len(one) == 3 for one in groups) or (indian and all(len(one) == 2 for one in groups[:-1]))


def decimal_doubt(sign: str) -> Doubt:
    """Return the doubt for amounts that may be read with either decimal sign."""
    return Doubt("decimal_assumed", f"Amounts may be read with comma or point: read with {sign!r}.")


def decimal_sign(numerals: Iterable[str]) -> tuple[str | None, bool]:
    """Return the decimal sign that a whole column agrees on, and whether it matters.

    None: both are possible, or no numeral has a sign at all (then it does not matter: False).
    """
    votes = {".": 0, ",": 0}
    matters = False
    for numeral in numerals:
        if _PLAIN.fullmatch(numeral):
            matters = True
            votes["." if "." in numeral else ","] += 1
            continue
        point, comma = value(numeral, "."), value(numeral, ",")
        if point == comma:
            continue
        matters = True
        if point is None:
            votes[","] += 1
        elif comma is None:
            votes["."] += 1
    if votes["."] == votes[","]:
        return None, matters
    return (".", True) if votes["."] > votes[","] else (",", True)
