"""ISIN numbers (ISO 6166): country, nine signs, and a check digit that finds a slip of the finger."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")


def looks_like_isin(text: str) -> bool:
    """Tell whether a text has the shape of an ISIN, whatever its check digit."""
    return _SHAPE.fullmatch(text) is not None


def valid_isin(text: str) -> bool:
    """Tell whether a text is an ISIN with the right check digit (letters as 10 to 35, then Luhn's sum)."""
    if not looks_like_isin(text):
        return False
    digits = "".join(str(int(sign, 36)) for sign in text)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
