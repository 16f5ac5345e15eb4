"""Say a rule in words, for lists, the command line and screen readers. The app has its own words in each language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from backend.financial_manager.categories import rules as r
from backend.financial_manager.currencies import exponent

_TEXT = {
    "contains": "has {v} in {p}",
    "is": "has exactly {v} as {p}",
    "begins": "has {p} that begins with {v}",
    "regex": "has {p} that fits the pattern {v}",
}
_PART = {"any": "its text", "payee": "its payee", "purpose": "its purpose"}


def sentence_of(
    rule: r.RuleDefinition, titles: Mapping[str, str], accounts: Mapping[str, str] | None = None, currency: str = "EUR"
) -> str:
    """Return the rule as one sentence. `titles`, `accounts`: names of categories and accounts by id.

    `currency`: in which amounts are said that name none.
    """
    joined = (" and " if rule.match == "all" else " or ").join(
        _condition(one, accounts or {}, currency) for one in rule.conditions
    )
    return f"If a payment {joined}, {_action(rule.action, titles)}."


def _condition(condition: r.Condition, accounts: Mapping[str, str], currency: str) -> str:
    said = _plain(condition, accounts, currency)
    return f"not ({said})" if condition.negate else said


def _plain(condition: r.Condition, accounts: Mapping[str, str], currency: str) -> str:
    match condition:
        case r.TextCondition(part=part, how=how, values=values):
            return _TEXT[how].format(v=_either(values), p=_PART[part])
        case r.IbanCondition(values=values):
            return f"is with the account {_either(values)}"
        case r.AmountCondition(at_least=low, at_most=high):
            currency = condition.currency or currency
            if low is not None and low == high:
                return f"is of {_money(low, currency)}"
            parts = [f"of {_money(low, currency)} or more"] if low is not None else []
            parts += [f"of {_money(high, currency)} or less"] if high is not None else []
            return "is " + " and ".join(parts)
        case r.DirectionCondition(value=value):
            return "came in" if value == "in" else "went out"
        case r.AccountCondition(values=values):
            known = [accounts[one] for one in values if one in accounts]
            gone = ["an account that is gone"] if len(known) < len(values) else []
            return f"is on {' or '.join([*([_either(known)] if known else []), *gone])}"
        case r.CurrencyCondition(values=values):
            return f"is in {' or '.join(values)}"


def _either(values: list[str]) -> str:
    return " or ".join(f"'{value}'" for value in values)


def _money(minor: int, currency: str) -> str:
    places = exponent(currency)
    return f"{Decimal(minor).scaleb(-places):.{places}f} {currency}"


def _action(action: r.RuleAction, titles: Mapping[str, str]) -> str:
    parts = []
    if action.category_id is not None:
        title = titles.get(action.category_id)
        parts.append(f"file it under '{title}'" if title is not None else "file it under a category that is gone")
    if action.payee is not None:
        parts.append(f"call the payee '{action.payee}'")
    if action.tags:
        parts.append(f"tag it {_either(list(action.tags)).replace(' or ', ' and ')}")
    return " and ".join(parts)
