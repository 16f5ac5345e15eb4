"""Sums by month, category and person: whose a booking is says `entered_by.py`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select

from backend.financial_manager.ledger.entered_by import entered_batches, entered_by
from backend.financial_manager.ledger.models import Category, LedgerChange, Posting, Transaction
from backend.sdk.db import OwnedSession, year_month


@dataclass(frozen=True, slots=True)
class PersonSum:
    """What one person's bookings in a category came to in a month; positive is money that left the household.

    `person_id`: "" for what nobody is known of; the space's own id is what the hub booked by itself. `month`: its
    first day.
    """

    month: dt.date
    person_id: str
    category_id: str
    currency: str
    spent_minor: int


def sum_persons(session: OwnedSession, first: dt.date, last: dt.date, categories: Collection[str]) -> list[PersonSum]:
    """Return month x person x category of the days from `first` to `last`, in order; the sums of all of them together
    are those of `sum_months`. Transfers and what is only planned count nowhere.
    """
    if not categories:
        return []
    owner = session.actor.owner_id
    moves = select(Category.id).where(Category.owner_id == owner, Category.direction == "transfer")
    imported = entered_batches(owner).with_only_columns(LedgerChange.subject_id)
    # Of an import only the import is asked for, so that its lines come as one sum.
    alone = case((Transaction.batch_id.in_(imported), None), else_=Posting.transaction_id)
    lines = (
        select(
            year_month(Posting.date).label("month"), Posting.category_id, Posting.currency, Posting.amount_minor,
            Transaction.batch_id, alone.label("alone"),
        )
        .join(Transaction, (Transaction.owner_id == Posting.owner_id) & (Transaction.id == Posting.transaction_id))
        .where(
            Posting.owner_id == owner, Posting.booked.is_(True), Posting.date.between(first, last),
            Posting.category_id.in_(categories), Posting.category_id.not_in(moves),
        )
        .subquery()
    )  # fmt: skip
    of = lines.c
    keys = (of.month, of.category_id, of.currency, of.batch_id, of.alone)
    who, sums = entered_by(session), defaultdict[tuple[str, str, str, str], int](int)
    for month, category, currency, batch, row_id, total in session.execute(
        select(*keys, func.sum(of.amount_minor)).group_by(*keys)
    ):
        sums[month, who.of(row_id or "", batch), category, currency] += int(total)
    return [
        PersonSum(dt.date.fromisoformat(f"{month}-01"), person, category, currency, total)
        for (month, person, category, currency), total in sorted(sums.items())
    ]
