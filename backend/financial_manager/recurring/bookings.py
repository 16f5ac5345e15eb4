"""Read the ledger's bookings as the detector sees them: one for each account's side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from backend.financial_manager.categories import Line
from backend.financial_manager.ledger.models import Category, Payee, Posting, Transaction, UserAccount
from backend.financial_manager.recurring.detector import Booking
from backend.sdk.db import OwnedSession

LOOKED_BACK = dt.timedelta(days=5 * 366)
"""Five years: six bookings of what comes once a year."""


def load_bookings(session: OwnedSession, first: dt.date, last: dt.date) -> list[Booking]:
    """Return what was booked on accounts of the acting space from one day to another, oldest first."""
    owner = session.actor.owner_id
    purposes, moved = _purposes(session, owner, first, last), _moved(session, owner, first, last)
    query = (
        select(
            Posting.date, Posting.amount_minor, Posting.transaction_id, Posting.account_id, Posting.currency,
            Posting.position, Transaction.counterparty, Transaction.purpose, Transaction.payee_id, Payee.name,
        )
        .join(Transaction, (Transaction.owner_id == Posting.owner_id) & (Transaction.id == Posting.transaction_id))
        .outerjoin(Payee, (Payee.owner_id == Transaction.owner_id) & (Payee.id == Transaction.payee_id))
        .where(
            Posting.owner_id == owner, Posting.account_id.is_not(None), Posting.booked.is_(True),
            Posting.date.between(first, last),
        )
        .order_by(Posting.date, Posting.transaction_id)
    )  # fmt: skip
    found = []
    for day, amount, row_id, account, currency, place, counterparty, purpose, payee_id, payee in session.execute(query):
        line = Line(counterparty, purpose, amount)
        category, transfer = purposes.get(row_id, (None, True))
        far = place > 0  # the far side of a transfer, such as what a loan is lowered by
        key = line.payee_key[:200]
        found.append(
            Booking(
                day, int(amount), row_id, account or "", currency, payee_id or key, payee or line.short_name, category,
                transfer or far, key, int(amount) if far else -moved.get((row_id, currency), 0),
            )
        )  # fmt: skip
    return found


def _purposes(session: OwnedSession, owner: str, first: dt.date, last: dt.date) -> dict[str, tuple[str | None, bool]]:
    """Return the category of each transaction, and whether it only moved money between own accounts."""
    moves = set(
        session.scalars(select(Category.id).where(Category.owner_id == owner, Category.direction == "transfer"))
    )
    query = select(Posting.transaction_id, Posting.category_id).where(
        Posting.owner_id == owner, Posting.account_id.is_(None), Posting.date.between(first, last)
    )
    found: dict[str, tuple[str | None, bool]] = {}
    for row_id, category in session.execute(query.order_by(Posting.transaction_id, Posting.position.desc())):
        found[row_id] = (category, category in moves)
    return found


def _moved(session: OwnedSession, owner: str, first: dt.date, last: dt.date) -> dict[tuple[str, str], int]:
    """Return (transaction, currency) -> what of it went to other own accounts, or is said to be a transfer."""
    moves = select(Category.id).where(Category.owner_id == owner, Category.direction == "transfer")
    query = (
        select(Posting.transaction_id, Posting.currency, func.sum(Posting.amount_minor))
        .where(
            Posting.owner_id == owner, Posting.position > 0, Posting.date.between(first, last),
            Posting.account_id.is_not(None) | Posting.category_id.in_(moves),
        )
        .group_by(Posting.transaction_id, Posting.currency)
    )  # fmt: skip
    return {(row_id, currency): int(total) for row_id, currency, total in session.execute(query)}


def key_of(name: str) -> str:
    """Return the key under which a typed payee's bookings are found."""
    return Line(name).payee_key[:200]


def closings(session: OwnedSession) -> dict[str, dt.date]:
    """Return account -> the day on which it was closed, or will be."""
    owner = session.actor.owner_id
    query = select(UserAccount.id, UserAccount.closed_on).where(UserAccount.owner_id == owner)
    return {account_id: day for account_id, day in session.execute(query) if day is not None}


def last_days(bookings: Sequence[Booking], closed: Mapping[str, dt.date], today: dt.date) -> dict[str, dt.date]:
    """Return the day up to which all bookings of each account are known: its last one, or today where it is closed."""
    ends = [account_id for account_id, day in closed.items() if day <= today]
    return {one.account_id: one.day for one in sorted(bookings)} | dict.fromkeys(ends, today)
