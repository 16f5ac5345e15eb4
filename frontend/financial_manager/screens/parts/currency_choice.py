"""The currencies of a menu."""

from __future__ import annotations

CURRENCIES = ("EUR", "CHF", "USD", "GBP", "CZK", "DKK", "HUF", "NOK", "PLN", "RON", "SEK")
"""Offered in the menu; an account that has another one keeps it."""


def currency_choices(currency: str) -> list[tuple[str, str]]:
    """Return the currencies of a menu; `currency`: what it begins with, also where few households have it."""
    rest = () if currency in CURRENCIES else (currency,)
    return [(one, one) for one in (*rest, *CURRENCIES)]
