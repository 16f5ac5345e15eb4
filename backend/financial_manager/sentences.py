"""Sentences of Homie's with what stands in them: said in English, and in German where they are printed.

The app translates the English ones by their templates (`frontend/locale/*/server.po`); files that leave the hub have no
app behind them, so what is printed brings its own German.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.financial_manager.currencies import minor_text

Language: TypeAlias = Literal["en", "de"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in minor units as sentences say it: "12.34 EUR", without a sign, for words say which way it went."""

    minor: int
    currency: str

    def said(self, language: Language = "en") -> str:
        """Return the amount with the language's decimal sign."""
        number = minor_text(abs(self.minor), self.currency)
        return f"{number.replace('.', ',') if language == 'de' else number} {self.currency}"


@dataclass(frozen=True, slots=True)
class Month:
    """A month, given by a day of it."""

    day: dt.date

    def said(self, language: Language = "en") -> str:
        """Return "2026-03", in German "03.2026"."""
        return f"{self.day:%m.%Y}" if language == "de" else self.day.isoformat()[:7]


Value: TypeAlias = str | dt.date | Amount | Month


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and the values of its placeholders; names of people and payees stay as they are."""

    template: str
    values: Mapping[str, Value]

    @classmethod
    def of(cls, template: str, **values: Value) -> Sentence:
        """Return the sentence of a template and its values."""
        return cls(template, values)

    @property
    def text(self) -> str:
        """Return the sentence in English, with days as 2026-03-31."""
        return self.template.format(**{name: _said(one, "en") for name, one in self.values.items()})

    def said(self, language: Language, german: Mapping[str, str]) -> str:
        """Return the sentence in a language; `german`: what each template is called there. Raises `KeyError`."""
        if language == "en":
            return self.text
        return german[self.template].format(**{name: _said(one, "de") for name, one in self.values.items()})


def _said(value: Value, language: Language) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}" if language == "de" else value.isoformat()
    return value if isinstance(value, str) else value.said(language)
