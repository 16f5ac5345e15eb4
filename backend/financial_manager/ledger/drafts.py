"""What a person or an import wants to enter, as plain data, and the postings that it becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backend.financial_manager.currencies import minor_text
from backend.financial_manager.errors import PostingsUnbalanced
from backend.financial_manager.ledger.models import UserAccount
from backend.sdk.errors import FieldProblem, InvalidInput

MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a transaction, seen from its account: what was spent is negative (minor units).

    Either a category, or another account of the household (a transfer), or neither. `other_minor`: what arrives at an
    account of another currency, in that currency. `by_rate`: Homie counts that by the ECB's rate of the day; `fx_rate`
    and `fx_day` are the rate by which it was counted.
    """

    amount_minor: int
    category_id: str | None = None
    account_id: str | None = None
    other_minor: int | None = None
    memo: str = ""
    source: str = ""
    confidence: float = 0.0
    reason: str = ""
    by_rate: bool = False
    fx_rate: str = ""
    fx_day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A transaction of one account. `amount_minor`: negative for what left it. No `parts`: it waits in the inbox."""

    account_id: str
    date: dt.date
    amount_minor: int
    counterparty: str = ""
    purpose: str = ""
    note: str = ""
    iban: str = ""
    tags: tuple[str, ...] = ()
    value_date: dt.date | None = None
    planned: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One posting to be written: an account, a category, or neither."""

    amount_minor: int
    currency: str
    account_id: str | None = None
    category_id: str | None = None
    memo: str = ""
    source: str = ""
    confidence: float = 0.0
    reason: str = ""
    fx_rate: str = ""
    fx_day: dt.date | None = None


def sides_of(
    amount_minor: int, account: UserAccount, parts: Sequence[Part], others: dict[str, UserAccount], conversion: str
) -> list[Side]:
    """Return the postings of a transaction; they sum to zero in each currency.

    `others`: the accounts that parts name. `conversion`: the id of the category through which money changes currency.
    Raises `PostingsUnbalanced` if the parts do not add up, `InvalidInput` for a part that cannot be booked.
    """
    if not parts:
        parts = (Part(amount_minor),)
    total = sum(part.amount_minor for part in parts)
    if total != amount_minor:
        unit = account.currency
        problem = f"They add up to {minor_text(total, unit)}, the amount is {minor_text(amount_minor, unit)}."
        raise PostingsUnbalanced(fields=[FieldProblem("body.parts", problem, "Change a part, or add what is missing.")])
    sides = [Side(amount_minor, account.currency, account_id=account.id)]
    for number, part in enumerate(parts):
        if part.account_id is None:
            sides.append(
                Side(
                    -part.amount_minor, account.currency, None, part.category_id, part.memo, part.source,
                    part.confidence, part.reason,
                )
            )  # fmt: skip
        else:
            sides += _transfer(part, account, others[part.account_id], conversion, f"body.parts.{number}")
    return sides


def _transfer(part: Part, account: UserAccount, other: UserAccount, conversion: str, field: str) -> list[Side]:
    """Return the postings of a part that goes to, or comes from, another account."""
    if part.category_id is not None:
        raise InvalidInput(fields=[FieldProblem(field, "It names an account and a category.", "Name one of the two.")])
    if other.id == account.id:
        same = FieldProblem(f"{field}.account_id", "It is the same account.", "Choose another account.")
        raise InvalidInput(fields=[same])
    if other.currency == account.currency:
        return [Side(-part.amount_minor, account.currency, account_id=other.id, memo=part.memo)]
    arrives = part.other_minor
    if arrives is None or (arrives > 0) == (part.amount_minor > 0) or arrives == 0:
        problem = f"{other.name} is in {other.currency}: how much of that moved is not said."
        raise InvalidInput(
            fields=[FieldProblem(f"{field}.other_minor", problem, "Give the amount in the currency of that account.")]
        )
    return [
        Side(-part.amount_minor, account.currency, category_id=conversion, memo=part.memo),
        Side(-arrives, other.currency, category_id=conversion, memo=part.memo),
        Side(arrives, other.currency, other.id, memo=part.memo, fx_rate=part.fx_rate, fx_day=part.fx_day),
    ]
