"""Write and read decimal numbers that are no money: quantities, prices, rates, returns. Never floating point."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import format_decimal, format_percent

from frontend.i18n.language import current_language

_LOCALES = {"en": "en_GB", "de": "de_DE"}
_NUMBER = re.compile(r"(\d{1,15})(?:[.,](\d{1,12}))?")


def decimal_text(number: str) -> str:
    """Write the hub's decimal text as the language does, all its decimals: 1,234.5 or 1.234,5."""
    return format_decimal(Decimal(number), format="#,##0.############", locale=_locale())


def plain_decimal(number: str) -> str:
    """Write a decimal text as it is typed, without signs between thousands: 1234.5 or 1234,5."""
    return format_decimal(Decimal(number), format="0.############", locale=_locale())


def rate_text(share: str, *, signed: bool = False) -> str:
    """Write a share of 1 (decimal text) as percent with two decimals: 10.25%."""
    value = Decimal(share)
    pattern = "#,##0.00 %" if current_language() == "de" else "#,##0.00%"
    told = format_percent(abs(value), format=pattern, locale=_locale())
    return f"{'−' if value < 0 else '+' if signed and value > 0 else ''}{told}"


def parse_decimal(text: str) -> str | None:
    """Read a typed positive number as the hub takes it ("12,5" is "12.5"); None where it is none."""
    found = _NUMBER.fullmatch(re.sub(r"[\s'’]", "", text))
    if found is None:
        return None
    plain = f"{int(found[1])}.{found[2]}".rstrip("0").rstrip(".") if found[2] else str(int(found[1]))
    return plain if Decimal(plain) > 0 else None


def _locale() -> str:
    return _LOCALES.get(current_language(), "en_GB")
