"""The shape of a tax pack: rules of one country and year as data, checked when it is loaded.

A rule may only look at rules above it, every rule cites its law, and every purpose that a rule counts is defined. The
kinds of rules are few on purpose: whoever knows the law can read and correct a pack without reading code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from backend.financial_manager.securities import Method
from backend.financial_manager.taxes.facts import Place, SecurityKind

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
Words = Annotated[str, Field(min_length=2, max_length=600)]
Rate = Annotated[Decimal, Field(ge=0, le=1)]
AmountMinor = Annotated[int, Field(ge=0)]
"""Minor units of the pack's currency."""
_OLDEST_TEXT = date(2010, 1, 1)
"""No text of a law from before then is fit to check a rule of these years."""
_LIKE_SHARES = (SecurityKind.STOCK, SecurityKind.FUND_EQUITY, SecurityKind.FUND_MIXED, SecurityKind.FUND_OTHER)
_LIKE_BONDS = (SecurityKind.BOND, SecurityKind.DERIVATIVE)


class _Data(BaseModel):
    """Data is exactly what is described, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PackText(_Data):
    """A text in English and German."""

    en: Words
    de: Words


def _in_both(given: object) -> object:
    """Return a citation that reads the same in both languages as a text."""
    return {"en": given, "de": given} if isinstance(given, str) else given


Law = Annotated[PackText, BeforeValidator(_in_both)]
"""Where a rule comes from: a citation, with words in each language where it has words."""


class Checked(_Data):
    """The text of the law that a rule was read against, and that agreed with it. It says nothing of a form's field.

    `version`: the day of that text (in force since, published, or its latest change), which may be before or after the
    pack's year; whoever reads it judges how far that is.
    """

    text: Law
    version: Annotated[date, Field(ge=_OLDEST_TEXT)]


class Purpose(_Data):
    """What a fact may be for. `group` sorts them on a screen; `losses`: amounts below zero are losses, not refunds."""

    key: Key
    group: Key
    label: PackText
    losses: bool = False


class KindRules(_Data):
    """What a kind of security counts for: realised results, current income, reported income of accumulating funds.

    What was acquired before `exempt_before` is exempt; its results count for `exempt`.
    """

    gain: Key
    income: Key
    deemed: Key | None = None
    exempt: Key | None = None
    exempt_before: date | None = None


class SecuritiesRules(_Data):
    """How cost is counted, for `securities.CostRules`; `tax`: the figure by which the preview of a sale is taxed."""

    method: Method
    fees_in_cost: bool
    tax: Key
    source: Words
    kinds: dict[SecurityKind, KindRules]


class _Rule(_Data):
    """What every rule has. `field` is the Kennzahl or line; empty where nobody was sure: then look at the form.

    `checked`: the rule was read against the law's text; without it, it was compared with secondary sources only.
    """

    id: Key
    section: Key
    form: str = ""
    field: str = ""
    label: PackText
    note: PackText | None = None
    source: Law
    checked: Checked | None = None

    def looks_at(self) -> tuple[str, ...]:
        """Return the rules whose figures this one needs."""
        return ()


class SumRule(_Rule):
    """Add up facts. `part`: of realised results only gains, or only losses (as a positive figure).

    `of` takes a tax kept back instead of the amount (`kept`: with what was kept on top); `per_fact_cap` limits it to a
    share of each fact's own amount.
    `settled`: only what a bank at home settled already; other rules never count that.
    """

    kind: Literal["sum"]
    purposes: tuple[Key, ...] = Field(min_length=1)
    place: Place | None = None
    part: Literal["all", "gains", "losses"] = "all"
    of: Literal["amount", "foreign_withheld", "withheld", "surcharge", "kept"] = "amount"
    per_fact_cap: Rate | None = None
    settled: bool = False


class TotalRule(_Rule):
    """Add and subtract figures; `floor` and `cap` bound the result (`cap_joint`: for two who are assessed together)."""

    kind: Literal["total"]
    plus: tuple[Key, ...] = Field(min_length=1)
    minus: tuple[Key, ...] = ()
    floor: int | None = None
    cap: AmountMinor | None = None
    cap_joint: AmountMinor | None = None

    def looks_at(self) -> tuple[str, ...]:
        """Return what is added and subtracted."""
        return (*self.plus, *self.minus)


class ShareRule(_Rule):
    """Take a rate of a figure, half up, at most `cap`. `drop_fractions`: of a cent, where the law says so."""

    kind: Literal["share"]
    base: Key
    rate: Rate
    drop_fractions: bool = False
    cap: AmountMinor | None = None

    def looks_at(self) -> tuple[str, ...]:
        """Return the figure that the rate is of."""
        return (self.base,)


class LargerRule(_Rule):
    """Take a figure, but at least a flat amount (Pauschale)."""

    kind: Literal["larger"]
    base: Key
    minimum: AmountMinor

    def looks_at(self) -> tuple[str, ...]:
        """Return the figure that is compared."""
        return (self.base,)


class SmallerRule(_Rule):
    """Take the smallest of figures (a credit is at most the tax)."""

    kind: Literal["smaller"]
    among: tuple[Key, ...] = Field(min_length=2)

    def looks_at(self) -> tuple[str, ...]:
        """Return the figures that are compared."""
        return self.among


class FixedRule(_Rule):
    """Give an amount that the law names; another one for two who are assessed together."""

    kind: Literal["fixed"]
    amount: AmountMinor
    amount_joint: AmountMinor | None = None


class Tier(_Data):
    """From an income above `over` on, this rate holds for all of it."""

    over: AmountMinor
    rate: Rate


class TierRule(_Rule):
    """Take a share of the year's income whose rate depends on that income; unknown while the income is."""

    kind: Literal["tier"]
    tiers: tuple[Tier, ...] = Field(min_length=1)


Rule = Annotated[
    SumRule | TotalRule | ShareRule | LargerRule | SmallerRule | FixedRule | TierRule, Field(discriminator="kind")
]


class TaxPack(_Data):
    """One country's rules for one year. `status` says how far they were checked; screens show it."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    year: Annotated[int, Field(ge=2000, le=2100)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    status: PackText
    title: PackText
    disclaimer: PackText
    securities: SecuritiesRules | None = None
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = Field(min_length=1)

    @property
    def settled(self) -> frozenset[str]:
        """Return the purposes of which a bank at home settles the tax before it pays."""
        sums = (rule for rule in self.rules if isinstance(rule, SumRule) and rule.settled)
        return frozenset(key for rule in sums for key in rule.purposes)

    @property
    def credited(self) -> frozenset[str]:
        """Return the purposes of which a tax kept abroad is credited, up to a share."""
        sums = (rule for rule in self.rules if isinstance(rule, SumRule) and rule.of == "foreign_withheld")
        return frozenset(
            key
            for rule in sums
            if rule.place is Place.ABROAD and rule.per_fact_cap is not None
            for key in rule.purposes
        )

    @property
    def uncredited(self) -> frozenset[str]:
        """Return the purposes of which the pack tells what was kept abroad and is not credited."""
        sums = (rule for rule in self.rules if isinstance(rule, SumRule) and rule.of == "kept")
        return frozenset(key for rule in sums if rule.place is Place.ABROAD for key in rule.purposes)

    @property
    def incomes(self) -> frozenset[str]:
        """Return the purposes of current income: what securities pay, and what a bank settles."""
        kinds = self.securities.kinds.values() if self.securities is not None else ()
        return self.settled | {one.income for one in kinds}

    def kin(self, purpose: str) -> frozenset[str]:
        """Return what a household may mean by a purpose: a fund's distribution is often booked as a dividend."""
        kinds = self.securities.kinds if self.securities is not None else {}
        shares = {one.income for kind, one in kinds.items() if kind in _LIKE_SHARES}
        lent = {one.income for kind, one in kinds.items() if kind in _LIKE_BONDS}
        found = {purpose}
        found |= shares if purpose == "dividend" else set()
        found |= lent if purpose in ("interest", "bank_interest") else set()
        return frozenset(found)

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        """Refuse a pack whose rules point to nothing, or that counts what it does not define."""
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        """Give everything that is not sound."""
        known = {purpose.key for purpose in self.purposes}
        if len(known) != len(self.purposes):
            yield "a purpose is defined twice"
        above: set[str] = set()
        used: set[str] = set()
        for rule in self.rules:
            if rule.id in above:
                yield f"{rule.id} is defined twice"
            for name in rule.looks_at():
                if name not in above:
                    yield f"{rule.id} looks at {name}, which is not above it"
            if isinstance(rule, SumRule):
                used.update(rule.purposes)
                for key in rule.purposes:
                    if key not in known:
                        yield f"{rule.id} counts {key}, which is no purpose"
            above.add(rule.id)
        for key in sorted(known - used):
            yield f"no rule counts {key}"
        if self.securities is not None and self.securities.tax not in above:
            yield f"the preview of a sale looks at {self.securities.tax}, which is no rule"
        for kind, of in (self.securities.kinds if self.securities else {}).items():
            for counted in (of.gain, of.income, of.deemed, of.exempt):
                if counted is not None and counted not in known:
                    yield f"{kind} counts for {counted}, which is no purpose"
