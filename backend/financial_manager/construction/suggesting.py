"""Which bank line may pay which invoice: the open claims for a booking, and the bookings for an open claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend.financial_manager.construction.bookings import (
    INVOICE,
    RELEASE,
    claim_of,
    is_booked,
    paid_by,
    payments_of,
    used_of,
)
from backend.financial_manager.construction.loading import load_site, settled_of
from backend.financial_manager.construction.models import BuildingPayment, BuildingProject
from backend.financial_manager.construction.paying import Settlement, settled_by
from backend.financial_manager.construction.rows import MOST_ROWS, find, project_of
from backend.financial_manager.construction.settlement import Claim
from backend.financial_manager.ledger.models import Posting, Transaction
from backend.financial_manager.ledger.text import fold
from backend.financial_manager.ledger.transactions import find_transaction
from backend.sdk.db import OwnedSession

_BEST = 5
_EARLIER, _LATER = dt.timedelta(days=14), dt.timedelta(days=400)
"""Bookings are looked for from before the invoice's day (paid at once, dated later) until long after it."""
_MOST_BOOKINGS = 5_000


@dataclass(frozen=True, slots=True)
class SuggestedClaim:
    """An open claim that a bank line may pay. `score`: 0 to 1."""

    kind: str
    claim_id: str
    vendor: str
    title: str
    project_id: str
    score: float
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """What a bank line paid already. `source`: the money that it drew, "" for none; amounts in minor units."""

    payment_id: str
    kind: str
    claim_id: str
    vendor: str
    title: str
    project_id: str
    project: str
    amount_minor: int
    skonto_minor: int
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a bank line is to a building project. `left_minor`: what of it pays for nothing yet (minor units)."""

    currency: str
    left_minor: int
    paid: tuple[PaidClaim, ...]
    claims: tuple[SuggestedClaim, ...]


@dataclass(frozen=True, slots=True)
class SuggestedBooking:
    """A bank line that may pay a claim. `amount_minor`: what of it pays for nothing yet; `score`: 0 to 1."""

    transaction_id: str
    date: dt.date
    counterparty: str
    purpose: str
    amount_minor: int
    score: float
    settlement: Settlement


def claims_for(session: OwnedSession, transaction_id: str) -> list[SuggestedClaim]:
    """Return the open claims that a booking may pay, the best first; raises `TransactionMissing`."""
    row = find_transaction(session, transaction_id)
    amount, currency = paid_by(session, row)
    left = amount - used_of(session, row.id)
    if left <= 0 or not is_booked(row):
        return []
    own = BuildingProject.owner_id == session.actor.owner_id
    query = select(BuildingProject).where(own, BuildingProject.currency == currency)
    found = [one for project in session.scalars(query.limit(MOST_ROWS)) for one in _claims(session, project, row, left)]
    return sorted(found, key=lambda one: (-one.score, one.settlement.claim.due_on, one.claim_id))[:_BEST]


def standing_of(session: OwnedSession, transaction_id: str) -> Standing:
    """Return what a booking paid, and what it may still pay; raises `TransactionMissing`."""
    row = find_transaction(session, transaction_id)
    amount, currency = paid_by(session, row)
    paid = payments_of(session, [row.id])
    left = amount - sum(one.amount_minor for one in paid) if is_booked(row) else 0
    told = tuple(_paid(session, one) for one in paid)
    return Standing(currency, left, told, tuple(claims_for(session, transaction_id)))


def _paid(session: OwnedSession, payment: BuildingPayment) -> PaidClaim:
    kind, row_id = claim_of(payment)
    row = find(session, kind, row_id)
    project = project_of(session, kind, row)
    source = find(session, "source", payment.financing_id).title if payment.financing_id is not None else ""
    return PaidClaim(
        payment.id, kind, row_id, find(session, "contract", row.contract_id).vendor,
        row.number if kind == INVOICE else str(row.date), project.id, project.name,
        payment.amount_minor, payment.skonto_minor, source,
    )  # fmt: skip


def _claims(session: OwnedSession, project: BuildingProject, row: Transaction, left: int) -> Iterator[SuggestedClaim]:
    """Give the open claims of a project that a booking may pay."""
    site = load_site(session, project)
    settled = site.status().orders
    vendors = {one.id: one.vendor for one in site.contracts}
    text = fold(f"{row.counterparty} {row.purpose}")
    rows = [(INVOICE, one, one.number) for one in site.invoices] + [(RELEASE, one, "") for one in site.releases]
    for kind, one, number in rows:
        claim, vendor = settled[one.contract_id].claim(one.id), vendors[one.contract_id]
        score = _score(claim, vendor, number, left, text)
        if score > 0:
            told = settled_by(claim, project.currency, left, row.date)
            yield SuggestedClaim(kind, one.id, vendor, number or str(one.date), project.id, score, told)


def bookings_for(session: OwnedSession, kind: str, row_id: str) -> list[SuggestedBooking]:
    """Return the bookings that may pay an invoice or a release, the best first; raises the kind's missing error."""
    row = find(session, kind, row_id)
    contract, project = find(session, "contract", row.contract_id), project_of(session, kind, row)
    claim = settled_of(session, contract).claim(row.id)
    number = row.number if kind == INVOICE else ""
    used = _all_used(session)
    found = []
    for booking, amount in _spent(session, project.currency, claim.date):
        left = amount - used.get(booking.id, 0)
        score = _score(claim, contract.vendor, number, left, fold(f"{booking.counterparty} {booking.purpose}"))
        if score > 0:
            told = settled_by(claim, project.currency, left, booking.date)
            found.append(
                SuggestedBooking(
                    booking.id, booking.date, booking.counterparty, booking.purpose, left, score, told
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (-one.score, one.date, one.transaction_id))[:_BEST]


def _spent(session: OwnedSession, currency: str, day: dt.date) -> list[Any]:
    """Return what was booked as spent around a claim's day, with its amount, the newest first."""
    query = (
        select(Transaction, -Posting.amount_minor)
        .join(Posting, (Posting.owner_id == Transaction.owner_id) & (Posting.transaction_id == Transaction.id))
        .where(
            Transaction.owner_id == session.actor.owner_id,
            Posting.position == 0,
            Posting.booked.is_(True),
            Posting.currency == currency,
            Posting.amount_minor < 0,
            Transaction.date.between(day - _EARLIER, day + _LATER),
        )
        .order_by(Transaction.date.desc(), Transaction.id.desc())
        .limit(_MOST_BOOKINGS)
    )
    return list(session.execute(query))


def _all_used(session: OwnedSession) -> dict[str, int]:
    """Return how much of each booking payments stand for already."""
    query = (
        select(BuildingPayment.transaction_id, func.sum(BuildingPayment.amount_minor))
        .where(BuildingPayment.owner_id == session.actor.owner_id, BuildingPayment.transaction_id.is_not(None))
        .group_by(BuildingPayment.transaction_id)
    )
    return {str(booking): int(amount) for booking, amount in session.execute(query)}


def _score(claim: Claim, vendor: str, number: str, left: int, text: str) -> float:
    """Say how well a booking and a claim fit: the amount (with or without Skonto), the company, the number; 0 to 1."""
    if claim.open_minor <= 0 or left <= 0:
        return 0.0
    exact = left in (claim.open_minor, claim.open_minor - claim.skonto_left_minor)
    words = {word for word in fold(vendor).split() if len(word) > 2}
    named = bool(words) and sum(word in text for word in words) / len(words) >= 0.5
    numbered = len(number) > 2 and fold(number) in text
    return round(0.6 * exact + 0.25 * named + 0.15 * numbered, 2)
