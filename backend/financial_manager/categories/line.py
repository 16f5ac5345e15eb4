"""One bank line as the categoriser sees it, and what is known of it."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from backend.financial_manager.categories.text import (
    KEY_WORDS,
    Reading,
    folded_words,
    is_processor,
    party_of,
    read_text,
)


class Line(NamedTuple):
    """A bank line. `amount_minor`: signed minor units of `currency`; what went out is negative.

    A bank that gives one text only puts it into `purpose` and leaves `payee` empty.
    """

    payee: str = ""
    purpose: str = ""
    amount_minor: int = 0
    currency: str = "EUR"
    iban: str = ""
    account_id: str = ""
    day: date | None = None

    @property
    def who(self) -> str:
        """Return the text that names the payee; behind a payment service it is the purpose that does."""
        if self.payee.strip():
            return f"{self.payee} {self.purpose}" if self.purpose and is_processor(self.payee) else self.payee
        return party_of(self.purpose) or self.purpose

    @property
    def reading(self) -> Reading:
        """Return what `who` says."""
        return read_text(self.who)

    @property
    def payee_key(self) -> str:
        """Return what lines of the same payee share; empty where the line says nothing."""
        return self.reading.key

    @property
    def group_key(self) -> str:
        """Return what lines of the same payee and direction share."""
        return f"{self.payee_key}{'+' if self.is_income else '-'}"

    @property
    def short_name(self) -> str:
        """Return the payee for people: the telling words as the bank wrote them, with the small ones between them.

        "Kleine Eisdiele am Platz" stays whole, "A. Berger" keeps the initial, "BILLA 2231 DANKT" is BILLA.
        """
        telling, parts = set(self.reading.key.split()), self.who.split()
        places = [n for n, part in enumerate(parts) if telling.intersection(folded_words(part))][:KEY_WORDS]
        if not places:
            return self.who.strip()[:60]
        first, last = places[0], places[-1]
        while first and re.fullmatch(r"[^\W\d_]\.", parts[first - 1]):
            first -= 1
        small = range(first, last + 1)
        return " ".join(
            parts[n].strip("*") for n in small if n in places or not any(sign.isdigit() for sign in parts[n])
        )

    @property
    def is_income(self) -> bool:
        """Tell whether money came in."""
        return self.amount_minor > 0

    @property
    def text(self) -> str:
        """Return all that the bank wrote."""
        return f"{self.payee} {self.purpose}".strip()
