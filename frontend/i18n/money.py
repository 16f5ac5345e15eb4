"""Write and read amounts: integers of a currency's minor unit, never floating point (ISO 4217 decimals)."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from frontend.i18n.language import current_language

LARGEST = 10**15
"""The hub takes no larger amount (minor units)."""
_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: digits for digits, codes in _EXPONENTS.items() for code in codes.split()}
_LOCALES = {"en": "en_GB", "de": "de_DE"}
_MINUS = "\N{MINUS SIGN}"
_SPACES = re.compile(r"[\s'’]")
"""What may stand between thousands besides points and commas."""
_UNIT = r"[^\d.,()+\-]*"
"""A sign or letters of a currency, before or after the number."""
_SHAPE = re.compile(
    rf"{_UNIT}(?P<sign>[+-]?)(?P<open>\(?){_UNIT}(?P<inner>-?)(?P<number>\d[\d.,]*|[.,]\d+){_UNIT}(?P<close>\)?)"
    rf"(?P<after>-?){_UNIT}"
)


def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has."""
    return _DIGITS.get(currency, 2)


def money(minor: int, currency: str, *, signed: bool = False) -> str:
    """Write an amount with its currency, as the language does: €1,234.50. `signed` writes a plus too."""
    pattern = "#,##0.00 ¤" if current_language() == "de" else "¤#,##0.00"
    value = _value(abs(minor), currency)
    digits = minor_digits(currency)
    shown = format_currency(
        value, currency, pattern.replace(".00", "." + "0" * digits if digits else ""), _locale(), currency_digits=False
    )
    return f"{_sign(minor, signed)}{shown}"


def plain_amount(minor: int, currency: str) -> str:
    """Write an amount as it is typed: 1234.50 in English, 1234,50 in German."""
    digits = minor_digits(currency)
    shown = format_decimal(
        _value(abs(minor), currency), format="0." + "0" * digits if digits else "0", locale=_locale()
    )
    return f"{'-' if minor < 0 else ''}{shown}"


def parse_amount(text: str, currency: str) -> int | None:
    """Read a typed amount in minor units, however it is written ("12,34", "12.34", "1.234,50 €"); None if it is none.

    A single sign before three digits parts thousands, unless the currency itself has three decimals: then the
    language decides.
    """
    plain = _SPACES.sub("", text.replace(_MINUS, "-").replace("–", "-"))
    plain = re.sub(r"(?<=\d)[.,]-+", "", plain)  # "7,-" is how prices are written
    found = _SHAPE.fullmatch(plain)
    if found is None or bool(found["open"]) != bool(found["close"]) or plain.count("-") > 1:
        return None
    whole, _, part = _split(found["number"], minor_digits(currency))
    if whole is None:
        return None
    digits = minor_digits(currency)
    if len(part.rstrip("0")) > digits:
        return None
    minor: int = int(whole or "0") * 10**digits + int((part[:digits]).ljust(digits, "0") or "0")
    if minor > LARGEST:
        return None
    return -minor if "-" in (found["sign"], found["inner"], found["after"]) or found["open"] else minor


def _split(number: str, digits: int) -> tuple[str | None, str, str]:
    """Part a number into its whole and its decimals; the whole is None where thousands are parted wrongly."""
    marks = [sign for sign in number if sign in ".,"]
    point = ""
    if len(set(marks)) == 2:
        point = marks[-1]
        if marks.count(point) > 1:
            return None, "", ""
    elif len(marks) == 1 and (len(number.split(marks[0])[1]) != 3 or _is_point(marks[0], digits)):
        point = marks[0]
    whole, _, part = number.rpartition(point) if point else (number, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and groups[0] != "0" and all(len(g) == 3 for g in groups[1:])):
        return None, "", ""
    return "".join(groups), point, part


def _is_point(mark: str, digits: int) -> bool:
    return digits >= 3 and mark == ("," if current_language() == "de" else ".")


def _value(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-minor_digits(currency))


def _sign(minor: int, signed: bool) -> str:
    return _MINUS if minor < 0 else "+" if signed and minor > 0 else ""


def _locale() -> str:
    return _LOCALES.get(current_language(), "en_GB")
