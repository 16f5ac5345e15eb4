"""Turn facts into figures by the rules of a pack. Pure: the same facts, in any order, give the same report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from backend.financial_manager.taxes.errors import TaxFactInvalid
from backend.financial_manager.taxes.facts import Checked, Figure, TaxableFact, TaxOptions, TaxReport, Text, TrailLine
from backend.financial_manager.taxes.pack import (
    FixedRule,
    LargerRule,
    PackText,
    Rule,
    ShareRule,
    SmallerRule,
    SumRule,
    TaxPack,
    TierRule,
    TotalRule,
)

_FACTS = Text("sum of the entries", "Belege zusammen")
_FLOOR = Text("not below", "nicht unter")
_CAP = Text("at most", "höchstens")
_LEAST = Text("at least", "mindestens")
_INCOME = Text("income of the year", "Einkommen des Jahres")
_PER_FACT = Text("of each amount at most", "je Betrag höchstens")


@dataclass(frozen=True, slots=True)
class _Made:
    """What a rule came to. `amount` is None where something was not given."""

    amount: int | None
    trail: tuple[TrailLine, ...]
    facts: tuple[TaxableFact, ...] = ()
    needs: str = ""


def compute(pack: TaxPack, facts: Iterable[TaxableFact], options: TaxOptions | None = None) -> TaxReport:
    """Return every figure of a pack for some facts. Facts of other years are named and do not count.

    Raises `TaxFactInvalid` for a purpose that the pack does not have, and for taxes kept back below zero; only what
    has losses may have taxes that a bank of the pack's country paid back.
    """
    options = options or TaxOptions()
    ordered = sorted(facts, key=lambda fact: (fact.date, fact.source_id, fact.purpose, fact.amount_minor))
    known = {purpose.key: purpose.losses for purpose in pack.purposes}
    for fact in ordered:
        _check(fact, known, pack)
    counted = [fact for fact in ordered if fact.date.year == pack.year]
    made: dict[str, _Made] = {}
    labels = {rule.id: said(rule.label) for rule in pack.rules}
    figures = []
    for rule in pack.rules:
        made[rule.id] = _make(rule, counted, made, labels, options)
        figures.append(_figure(rule, made[rule.id]))
    outside = tuple(fact.source_id for fact in ordered if fact.date.year != pack.year)
    return TaxReport(
        pack.country, pack.year, said(pack.title), said(pack.status), said(pack.disclaimer), tuple(figures), outside
    )


def _check(fact: TaxableFact, known: dict[str, bool], pack: TaxPack) -> None:
    """Refuse what cannot be placed. `known`: purposes, and whether they have losses."""
    if fact.purpose not in known:
        raise TaxFactInvalid(
            "purpose",
            f"The tax rules of {pack.country} {pack.year} do not know the purpose {fact.purpose[:60]}.",
            "Choose a purpose from the list of that year.",
            source_id=fact.source_id,
        )
    kept = 0 if known[fact.purpose] else min(fact.withheld_minor, fact.surcharge_minor)
    if min(fact.foreign_withheld_minor, kept) < 0:
        raise TaxFactInvalid(
            "withheld_minor",
            "A tax that was kept back cannot be negative.",
            "Enter it without a minus sign.",
            source_id=fact.source_id,
        )


def _figure(rule: Rule, made: _Made) -> Figure:
    """Return what a rule made, with all that explains it."""
    sources = tuple(dict.fromkeys(fact.source_id for fact in made.facts))
    documents = tuple(dict.fromkeys(one for fact in made.facts for one in fact.document_ids))
    note = None if rule.note is None else said(rule.note)
    checked = None if rule.checked is None else Checked(said(rule.checked.text), rule.checked.version)
    return Figure(
        rule.id,
        rule.section,
        rule.form,
        rule.field,
        said(rule.label),
        note,
        made.amount,
        made.trail,
        sources,
        documents,
        said(rule.source),
        checked,
        made.needs,
    )


def _make(
    rule: Rule, facts: list[TaxableFact], made: dict[str, _Made], labels: dict[str, Text], options: TaxOptions
) -> _Made:
    """Work out one rule."""
    if isinstance(rule, SumRule):
        return _sum(rule, facts)
    if isinstance(rule, FixedRule):
        joint = options.joint and rule.amount_joint is not None
        amount = rule.amount_joint if joint and rule.amount_joint is not None else rule.amount
        return _Made(amount, (TrailLine("=", labels[rule.id], amount),))
    if isinstance(rule, TierRule):
        return _tier(rule, options)
    parts = {name: made[name] for name in rule.looks_at()}
    behind = tuple(dict.fromkeys(fact for part in parts.values() for fact in part.facts))
    needs = next((part.needs for part in parts.values() if part.amount is None), "")
    values = {name: part.amount for name, part in parts.items() if part.amount is not None}
    if len(values) < len(parts):
        return _Made(None, (), behind, needs)
    amount, trail = _derived(rule, values, labels, options)
    return _Made(amount, trail, behind)


def _sum(rule: SumRule, facts: list[TaxableFact]) -> _Made:
    """Add up the facts of a rule."""
    counted: list[TaxableFact] = []
    total = 0
    for fact in facts:
        if fact.purpose not in rule.purposes or (rule.place is not None and fact.place != rule.place):
            continue
        if fact.settled is not rule.settled:
            continue
        amount = _of(fact, rule)
        if (rule.part == "gains" and amount <= 0) or (rule.part == "losses" and amount >= 0) or amount == 0:
            continue
        total += -amount if rule.part == "losses" else amount
        counted.append(fact)
    trail = [TrailLine("+", _FACTS, total)]
    if rule.per_fact_cap is not None:
        trail.append(TrailLine("min", _PER_FACT, None, str(rule.per_fact_cap)))
    return _Made(total, tuple(trail), tuple(counted))


def _of(fact: TaxableFact, rule: SumRule) -> int:
    """Return what a rule counts of a fact."""
    if rule.of == "amount":
        return fact.amount_minor
    kept = {
        "foreign_withheld": fact.foreign_withheld_minor,
        "withheld": fact.withheld_minor,
        "surcharge": fact.surcharge_minor,
        "kept": fact.withheld_minor + fact.surcharge_minor,
    }[rule.of]
    if rule.per_fact_cap is None:
        return kept
    return min(kept, max(0, _rate_of(fact.amount_minor, rule.per_fact_cap)))


def _tier(rule: TierRule, options: TaxOptions) -> _Made:
    """Take the share of the income that its height asks for."""
    if options.income_minor is None:
        return _Made(None, (), needs="income_minor")
    income = max(0, options.income_minor)
    fitting = [tier for tier in rule.tiers if income > tier.over]
    rate = max(fitting, key=lambda tier: tier.over).rate if fitting else Decimal(0)
    amount = _rate_of(income, rate)
    return _Made(amount, (TrailLine("+", _INCOME, income), TrailLine("x", _INCOME, None, str(rate))))


def _derived(
    rule: TotalRule | ShareRule | LargerRule | SmallerRule,
    values: dict[str, int],
    labels: dict[str, Text],
    options: TaxOptions,
) -> tuple[int, tuple[TrailLine, ...]]:
    """Work out a rule that looks at figures, all of which are known."""
    if isinstance(rule, TotalRule):
        return _total(rule, values, labels, options)
    if isinstance(rule, SmallerRule):
        lines = tuple(TrailLine("min", labels[name], values[name]) for name in rule.among)
        return min(values[name] for name in rule.among), lines
    base = TrailLine("+", labels[rule.base], values[rule.base])
    if isinstance(rule, LargerRule):
        return max(values[rule.base], rule.minimum), (base, TrailLine("max", _LEAST, rule.minimum))
    amount = _rate_of(values[rule.base], rule.rate, ROUND_DOWN if rule.drop_fractions else ROUND_HALF_UP)
    trail = [base, TrailLine("x", labels[rule.id], None, str(rule.rate))]
    if rule.cap is not None and amount > rule.cap:
        amount = rule.cap
        trail.append(TrailLine("min", _CAP, rule.cap))
    return amount, tuple(trail)


def _total(
    rule: TotalRule, values: dict[str, int], labels: dict[str, Text], options: TaxOptions
) -> tuple[int, tuple[TrailLine, ...]]:
    """Add and subtract figures, within bounds."""
    trail = [TrailLine("+", labels[name], values[name]) for name in rule.plus]
    trail += [TrailLine("-", labels[name], values[name]) for name in rule.minus]
    amount = sum(values[name] for name in rule.plus) - sum(values[name] for name in rule.minus)
    if rule.floor is not None and amount < rule.floor:
        amount = rule.floor
        trail.append(TrailLine("max", _FLOOR, rule.floor))
    cap = rule.cap_joint if options.joint and rule.cap_joint is not None else rule.cap
    if cap is not None and amount > cap:
        amount = cap
        trail.append(TrailLine("min", _CAP, cap))
    return amount, tuple(trail)


def _rate_of(amount_minor: int, rate: Decimal, rounding: str = ROUND_HALF_UP) -> int:
    """Return a share of an amount, half up unless said otherwise."""
    return int((Decimal(amount_minor) * rate).to_integral_value(rounding=rounding))


def said(text: PackText) -> Text:
    """Return a pack's text as a plain one."""
    return Text(text.en, text.de)
