"""Say a rule for categories in one sentence of the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.i18n import money, tr


def rule_sentence(rule: Mapping[str, Any], ledger: LedgerProvider, own: str) -> str:
    """Return the sentence; `rule` has `match`, `conditions`, `category_id` and `tags`.

    `own`: the household's own currency, in which amounts are said where the rule names no other.
    """
    glue = tr(" and ") if rule["match"] == "all" else tr(" or ")
    currency = currency_of_rule(rule, ledger, own) or own
    conditions = glue.join(condition_words(one, ledger, currency) for one in rule["conditions"])
    done = []
    if rule["category_id"] is not None:
        category = ledger.category(rule["category_id"])
        name = category_title(category) if category is not None else tr("another category")
        done.append(tr("file it under {category}", category=name))
    if rule["tags"]:
        done.append(tr("tag it {tags}", tags=", ".join(rule["tags"])))
    return tr("If {conditions}: {what}.", conditions=conditions, what=tr(" and ").join(done))


def condition_words(condition: Mapping[str, Any], ledger: LedgerProvider, currency: str) -> str:
    """Say one condition; `currency`: in which the rule's amounts are."""
    said = _plain(condition, ledger, currency)
    return tr("not: {condition}", condition=said) if condition.get("negate") else said


def _plain(condition: Mapping[str, Any], ledger: LedgerProvider, currency: str) -> str:
    what = condition["what"]
    values = [str(one) for one in condition.get("values", ())]
    if what == "text":
        return _text(condition, values)
    if what == "amount":
        return _amount(condition, str(condition.get("currency") or currency))
    if what == "direction":
        return tr("money comes in") if condition.get("value") == "in" else tr("money goes out")
    if what == "account":
        names = [account["name"] if (account := ledger.account(one)) else tr("another account") for one in values]
        return tr("it is on {values}", values=_either(names))
    if what == "iban":
        return tr("the other account is {values}", values=_either(values))
    return tr("it is in {values}", values=_either(values))


def _text(condition: Mapping[str, Any], values: list[str]) -> str:
    part = {"payee": tr("the payee"), "purpose": tr("the purpose")}.get(condition.get("part", "any"), tr("the text"))
    said = _either([tr("“{value}”", value=one) for one in values])
    how = condition.get("how", "contains")
    if how == "is":
        return tr("{part} is exactly {values}", part=part, values=said)
    if how == "begins":
        return tr("{part} begins with {values}", part=part, values=said)
    if how == "regex":
        return tr("{part} fits the pattern {values}", part=part, values=said)
    return tr("{part} has {values}", part=part, values=said)


def _amount(condition: Mapping[str, Any], currency: str) -> str:
    low, high = condition.get("at_least"), condition.get("at_most")
    if low is not None and high is not None:
        if low == high:
            return tr("the amount is {amount}", amount=money(low, currency))
        return tr("the amount is {low} to {high}", low=money(low, currency), high=money(high, currency))
    if low is not None:
        return tr("the amount is at least {amount}", amount=money(low, currency))
    return tr("the amount is at most {amount}", amount=money(high or 0, currency))


def currency_of_rule(rule: Mapping[str, Any], ledger: LedgerProvider, own: str) -> str:
    """Return the one currency that what fits a rule is in; "" where it may be in several. `own`: the household's own.

    It decides how amounts are written and read, and in which currency they count (`with_currency`).
    """
    accounts = {one["id"]: one["currency"] for one in ledger.accounts}
    conditions = rule["conditions"]
    must = conditions if rule.get("match", "all") == "all" or len(conditions) == 1 else ()
    for one in must:
        found = set() if one.get("negate") else _currencies(one, accounts)
        if len(found) == 1:
            return found.pop()
    return own if set(accounts.values()) <= {own} else ""


def with_currency(rule: Mapping[str, Any], ledger: LedgerProvider, own: str) -> list[dict[str, Any]]:
    """Return a rule's conditions with the currency that its amounts count in: the one that the rule is about.

    Where it may be about several: the one that was kept with an amount, else `own`.
    """
    about = currency_of_rule(rule, ledger, own)
    return [
        {**one, "currency": about or one.get("currency") or own} if one["what"] == "amount" else dict(one)
        for one in rule["conditions"]
    ]


def _currencies(condition: Mapping[str, Any], accounts: Mapping[str, str]) -> set[str]:
    """Return the currencies that a condition lets through; none where it says nothing of them, or nothing known."""
    values = [str(one) for one in condition.get("values", ())]
    if condition["what"] == "account":
        return {accounts[one] for one in values if one in accounts}
    if condition["what"] == "currency":
        return {one.upper() for one in values if len(one) == len("EUR")}
    return set()


def _either(values: list[str]) -> str:
    return tr(" or ").join(values)
