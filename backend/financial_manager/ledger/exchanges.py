"""Transfers between currencies whose arriving amount is counted by the ECB's rate; the rate stays with the booking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from backend.financial_manager.ledger.drafts import Draft, Part
from backend.financial_manager.ledger.models import UserAccount
from backend.financial_manager.rates.book import changed, quote
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput


def by_rate(
    session: OwnedSession, draft: Draft, account: UserAccount, others: Mapping[str, UserAccount]
) -> tuple[Part, ...]:
    """Return a draft's parts, those that ask for it with the amount that arrives by the rate of the draft's day.

    Raises `RateMissing`, and `InvalidInput` where a part names an amount too, or needs no rate.
    """
    return tuple(
        _counted(session, part, draft, account, others, f"body.parts.{number}") if part.by_rate else part
        for number, part in enumerate(draft.parts)
    )


def _counted(
    session: OwnedSession, part: Part, draft: Draft, account: UserAccount, others: Mapping[str, UserAccount], field: str
) -> Part:
    other = others.get(part.account_id or "")
    if other is None or other.currency == account.currency:
        problem = FieldProblem(f"{field}.by_rate", "No money changes its currency here.", "Leave it out.")
        raise InvalidInput(fields=[problem])
    if part.other_minor is not None:
        problem = FieldProblem(
            f"{field}.other_minor", "It is given, and to be counted.", "Give it, or have it counted."
        )
        raise InvalidInput(fields=[problem])
    found = quote(session, account.currency, other.currency, draft.date, f"{field}.by_rate")
    part = replace(part, fx_rate=found.rate, fx_day=found.as_of)
    return replace(part, other_minor=arrives_by(part, account.currency, other.currency))


def arrives_by(part: Part, source: str, target: str) -> int:
    """Return what arrives (minor units of `target`) by the rate that a part keeps."""
    return changed(-part.amount_minor, source, target, Decimal(part.fx_rate))
