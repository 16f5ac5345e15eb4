"""What a payment of a house does when the booking that it is changes or goes: it follows, or the change is refused.

ADR 0200. A day follows, and a deletion takes the payment with it, in the same step, so that undoing brings both back.
An amount, a currency or a state in which the booking could not have paid is refused. Taking back an import is refused
too while bookings of it paid something: it could not be undone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from backend.financial_manager.construction.agreement import check_contract
from backend.financial_manager.construction.bookings import check_booking, claim_of, is_booked, paid_by, payments_of
from backend.financial_manager.construction.checks import wrong
from backend.financial_manager.construction.errors import BookingPays
from backend.financial_manager.construction.models import BuildingPayment
from backend.financial_manager.construction.rows import find, project_of, title_of
from backend.financial_manager.ledger.models import Transaction
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem

_REMEDY = "Take the payment back first, in the building project."


def follow_booking(session: OwnedSession, row: Transaction, before: dt.date | None = None) -> None:
    """Let payments of a changed booking follow its day; `before`: on which it was, None where it did not move.

    Raises `InvalidInput` where it no longer has what was paid by it, is only planned, or has another currency.
    """
    paid = payments_of(session, [row.id])
    if not paid:
        return
    what = _name_of(session, paid[0])
    if not is_booked(row):
        raise wrong("planned", f"This booking paid {what}.", _REMEDY)
    _, currency = paid_by(session, row)
    if any(project_of(session, "payment", one).currency != currency for one in paid):
        raise wrong("account_id", f"This booking paid {what}, in another currency.", _REMEDY)
    check_booking(session, row.id, "amount_minor")
    for one in paid:
        if before is not None and one.date == before and one.date != row.date:
            one.date = row.date
            one.version += 1
    session.flush()
    for contract_id in sorted({one.contract_id for one in paid}):
        check_contract(session, contract_id, "payment")


def let_payments_go(session: OwnedSession, ids: Sequence[str]) -> int:
    """Delete the payments that bookings are which are about to go; return how many. What they paid is open again."""
    paid = payments_of(session, ids)
    for one in paid:
        session.delete(one)
    session.flush()
    for contract_id in sorted({one.contract_id for one in paid}):
        check_contract(session, contract_id, "payment")
    return len(paid)


def refuse_import_that_paid(session: OwnedSession, batch_id: str) -> None:
    """Raise `BookingPays` where bookings that an import brought paid something."""
    query = (
        select(BuildingPayment)
        .join(
            Transaction,
            (Transaction.owner_id == BuildingPayment.owner_id) & (Transaction.id == BuildingPayment.transaction_id),
        )
        .where(BuildingPayment.owner_id == session.actor.owner_id, Transaction.batch_id == batch_id)
        .order_by(BuildingPayment.id)
    )
    paid = session.scalars(query.limit(1)).first()
    if paid is not None:
        what = _name_of(session, paid)
        raise BookingPays(fields=[FieldProblem("", f"A booking of this import paid {what}.", _REMEDY)])


def _name_of(session: OwnedSession, payment: BuildingPayment) -> str:
    """Return what was paid, as a step about it is called."""
    kind, row_id = claim_of(payment)
    return title_of(session, kind, find(session, kind, row_id))
