"""What a booking of the ledger has for paying invoices, and what of it payments stand for already."""

from __future__ import annotations

from sqlalchemy import func, select

from backend.financial_manager.construction.checks import wrong
from backend.financial_manager.construction.models import BuildingPayment
from backend.financial_manager.currencies import minor_text
from backend.financial_manager.errors import TransactionMissing
from backend.financial_manager.ledger.models import Posting, Transaction, TransactionState
from backend.financial_manager.ledger.transactions import find_transaction, postings_of
from backend.sdk.db import OwnedSession


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


def check_booking(session: OwnedSession, transaction_id: str) -> None:
    """Raise `InvalidInput` where payments stand for more than a booking has; a deleted one leaves its payments."""
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
        raise wrong("transaction_id", told, "Take another payment of this booking back first.")
