"""What a booking of the ledger has for paying invoices, and what of it payments stand for already."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from backend.financial_manager.construction.checks import wrong
from backend.financial_manager.construction.models import BuildingPayment
from backend.financial_manager.currencies import minor_text
from backend.financial_manager.errors import TransactionMissing
from backend.financial_manager.ledger.models import Posting, Transaction, TransactionState
from backend.financial_manager.ledger.transactions import find_transaction, postings_of
from backend.sdk.db import OwnedSession

INVOICE, RELEASE = "invoice", "release"
"""Kinds of rows that a payment pays."""
_LOOKED_UP = 500


def is_booked(row: Transaction) -> bool:
    """Tell whether a booking happened; what is only planned pays nothing."""
    return row.state != TransactionState.PLANNED.value


def paid_by(session: OwnedSession, row: Transaction) -> tuple[int, str]:
    """Return what a booking took from its account (minor units; negative: brought), and the currency."""
    postings: list[Posting] = postings_of(session, [row.id]).get(row.id, [])
    return (-postings[0].amount_minor, postings[0].currency) if postings else (0, "")


def used_of(session: OwnedSession, transaction_id: str) -> int:
    """Return how much of a booking payments stand for already (minor units)."""
    query = select(func.sum(BuildingPayment.amount_minor)).where(
        BuildingPayment.owner_id == session.actor.owner_id, BuildingPayment.transaction_id == transaction_id
    )
    return int(session.scalar(query) or 0)


def payments_of(session: OwnedSession, ids: Sequence[str]) -> list[BuildingPayment]:
    """Return the payments that some bookings are, in the order in which they were entered."""
    found: list[BuildingPayment] = []
    for start in range(0, len(ids), _LOOKED_UP):
        query = select(BuildingPayment).where(
            BuildingPayment.owner_id == session.actor.owner_id,
            BuildingPayment.transaction_id.in_(ids[start : start + _LOOKED_UP]),
        )
        found += session.scalars(query.order_by(BuildingPayment.id))
    return found


def claim_of(payment: BuildingPayment) -> tuple[str, str]:
    """Return the kind and the id of what a payment pays."""
    return (INVOICE, payment.invoice_id) if payment.invoice_id is not None else (RELEASE, payment.release_id or "")


def check_booking(session: OwnedSession, transaction_id: str, field: str = "transaction_id") -> None:
    """Raise `InvalidInput`, naming `field`, where payments stand for more than a booking (that is there) has."""
    session.flush()
    try:
        row = find_transaction(session, transaction_id)
    except TransactionMissing:
        return
    paid, currency = paid_by(session, row)
    used = used_of(session, transaction_id)
    if abs(used) > abs(paid) or used * paid < 0:
        told = (
            f"The booking has {minor_text(paid, currency)}, and payments would stand for {minor_text(used, currency)}."
        )
        raise wrong(field, told, "Take a payment of this booking back first.")
