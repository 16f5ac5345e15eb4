"""What is handed to the tax engine, and what comes back: facts in, figures out. Money in minor units of the pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Place(StrEnum):
    """Where a fact was paid: `HOME` is a bank of the pack's country, which keeps the tax back; else `ABROAD`."""

    HOME = "home"
    ABROAD = "abroad"


class SecurityKind(StrEnum):
    """What a security is, as far as countries tax it differently."""

    STOCK = "stock"
    BOND = "bond"
    FUND_EQUITY = "fund_equity"
    FUND_MIXED = "fund_mixed"
    FUND_OTHER = "fund_other"
    DERIVATIVE = "derivative"
    CRYPTO = "crypto"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxableFact:
    """One thing that counts for tax. `purpose` is a key of the pack; `source_id` is the transaction or sale behind it.

    `amount_minor`: income and expenses are positive (a refund of an expense is negative), a realised loss is negative.
    It is gross: `foreign_withheld_minor` is withholding tax of `country` (ISO 3166), `withheld_minor` the tax that a
    bank of the pack's own country kept, `surcharge_minor` what it kept on top (Germany's Soli); both are below zero
    where the bank paid tax back on a loss. `settled`: a bank took the tax before it paid, nobody knows how much;
    such a fact only informs.
    """

    date: date
    amount_minor: int
    purpose: str
    source_id: str
    document_ids: tuple[str, ...] = ()
    place: Place = Place.HOME
    country: str = ""
    foreign_withheld_minor: int = 0
    withheld_minor: int = 0
    surcharge_minor: int = 0
    settled: bool = False


@dataclass(frozen=True, slots=True)
class TaxOptions:
    """What the figures need beside facts. `income_minor`: the year's income where it is known (thresholds need it)."""

    joint: bool = False
    """Assessed together with the spouse: doubles allowances that the pack says so of."""
    income_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the languages of the packs."""

    en: str
    de: str


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of how a figure was made: `sign` is "+", "-", "x", "max", "min" or "="; `rate` is a decimal text."""

    sign: str
    label: Text
    amount_minor: int | None = None
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """Against which text of the law a rule was read, and agreed; `version` is the day of that text."""

    text: Text
    version: date


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a tax report, with everything that explains it.

    `field` is the Kennzahl or line of `form`; empty means: look it up on the form. `amount_minor` is None where the
    figure needs something that was not given (`needs` says what). `source` cites the law behind the rule; `checked` is
    None where the rule was compared with secondary sources only.
    """

    id: str
    section: str
    form: str
    field: str
    label: Text
    note: Text | None
    amount_minor: int | None
    trail: tuple[TrailLine, ...]
    source_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    source: Text
    checked: Checked | None = None
    needs: str = ""


@dataclass(frozen=True, slots=True)
class TaxReport:
    """All figures of a country and year. `outside` are the facts of other years; they count for nothing here."""

    country: str
    year: int
    title: Text
    status: Text
    disclaimer: Text
    figures: tuple[Figure, ...]
    outside: tuple[str, ...]

    def figure(self, name: str) -> Figure:
        """Return a figure by its id; KeyError where the pack has none."""
        return {one.id: one for one in self.figures}[name]
