"""Look transactions up: page by page, by account, category, day, amount, words; newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from backend.financial_manager.ledger.entered_by import entered_batches, entered_rows
from backend.financial_manager.ledger.models import (
    Category,
    ChangedRow,
    LedgerChange,
    Posting,
    Transaction,
    TransactionState,
)
from backend.financial_manager.ledger.tags import has_tag
from backend.financial_manager.ledger.text import fold
from backend.financial_manager.ledger.transactions import Entered, with_postings
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, not_by_index

_At = tuple[InstrumentedAttribute[dt.date], InstrumentedAttribute[str]]
_Side = Callable[[ColumnElement[str | None], ColumnElement[str | None]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which transactions are looked for. `inbox`: those of which nobody said what they were for.

    `entered_by`: the person who entered them, or imported them.
    """

    account_id: str | None = None
    category_id: str | None = None
    batch_id: str | None = None
    payee_id: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    words: str = ""
    inbox: bool = False
    planned: bool | None = None
    tag: str | None = None
    entered_by: str | None = None


class Listing:
    """Read transactions of the space that an actor acts in."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def page(
        self, actor: Actor, wanted: Wanted, *, limit: int, after: tuple[dt.date, str] | None = None
    ) -> list[Entered]:
        """Return transactions, newest first, `limit + 1` for paging; `after`: day and id of the last one seen."""

        def work(session: OwnedSession) -> list[Entered]:
            query, at = _filtered(session, select(Transaction), wanted)
            if after is not None:
                query = query.where(tuple_(*at) < after)
            query = query.order_by(*(column.desc() for column in at)).limit(limit + 1)
            return with_postings(session, list(session.scalars(query)))

        return self._db.read(actor, work)

    def count(self, actor: Actor, wanted: Wanted) -> int:
        """Return how many there are."""

        def work(session: OwnedSession) -> int:
            query, _ = _filtered(session, select(func.count()).select_from(Transaction), wanted)
            return int(session.scalar(query) or 0)

        return self._db.read(actor, work)


def _filtered(session: OwnedSession, query: Select[Any], wanted: Wanted) -> tuple[Select[Any], _At]:
    """Narrow a query of transactions down; also say by which columns they are in order: day and id.

    An account, a category, the inbox: the postings lead to the transactions, by their own index and in its order.
    Asking each transaction for its postings reads the whole ledger where few of them fit.
    """
    row, owner = Transaction, session.actor.owner_id
    query, at = query.where(row.owner_id == owner), (row.date, row.id)
    sides = _sides(owner, wanted)
    if sides:
        leading = aliased(Posting)
        at = (leading.date, leading.transaction_id)
        same = not_by_index(leading.transaction_id) == row.id
        query = query.join(leading, and_(leading.owner_id == row.owner_id, same))
        query = query.where(leading.owner_id == owner, _fits(leading, sides[0]), _first_of(leading, sides[0]))
    for side in sides[1:]:
        other = aliased(Posting)
        query = query.where(
            exists().where(other.owner_id == owner, other.transaction_id == row.id, _beside(other, side))
        )
    if wanted.since is not None:
        query = query.where(at[0] >= wanted.since)
    if wanted.until is not None:
        query = query.where(at[0] <= wanted.until)
    if wanted.batch_id is not None:
        query = query.where(row.batch_id == wanted.batch_id)
    if wanted.payee_id is not None:
        query = query.where(row.payee_id == wanted.payee_id)
    if wanted.planned is not None:
        state = TransactionState.PLANNED if wanted.planned else TransactionState.BOOKED
        query = query.where(row.state == state.value)
    if wanted.tag is not None:
        query = query.where(has_tag(wanted.tag))
    if wanted.entered_by is not None:
        entered = (
            entered_rows(owner).where(LedgerChange.user_id == wanted.entered_by).with_only_columns(ChangedRow.row_id)
        )
        imported = entered_batches(owner).where(LedgerChange.user_id == wanted.entered_by)
        brought = imported.with_only_columns(LedgerChange.subject_id)
        query = query.where(or_(row.id.in_(entered), row.batch_id.in_(brought)))
    for word in fold(wanted.words).split()[:8]:
        query = query.where(row.search.contains(word, autoescape=True))
    return query, at


def _sides(owner: str, wanted: Wanted) -> list[_Side]:
    """Return what is wanted of a transaction's postings, the one that lets through fewest first."""
    sides: list[_Side] = []
    if wanted.inbox:
        sides.append(lambda account, category: and_(account.is_(None), category.is_(None)))
    if wanted.category_id is not None:
        below = _below(owner, wanted.category_id)
        sides.append(lambda account, category: category.in_(below))
    if wanted.account_id is not None:
        sides.append(lambda account, category: account == wanted.account_id)
    return sides


def _fits(posting: Any, side: _Side) -> ColumnElement[bool]:
    """Say that a posting fits; its account or category leads to it."""
    return side(posting.account_id, posting.category_id)


def _beside(posting: Any, side: _Side) -> ColumnElement[bool]:
    """Say the same of a posting that its transaction leads to."""
    return side(not_by_index(posting.account_id), not_by_index(posting.category_id))


def _first_of(leading: Any, side: _Side) -> ColumnElement[bool]:
    """Say that a posting is the first of its kind in its transaction, so that the transaction is met once."""
    before = aliased(Posting)
    return ~exists().where(
        before.owner_id == leading.owner_id,
        before.transaction_id == leading.transaction_id,
        before.position < leading.position,
        _beside(before, side),
    )


def _below(owner: str, category_id: str) -> Select[Any]:
    """Return the ids of a category and of those in it."""
    return select(Category.id).where(
        Category.owner_id == owner, or_(Category.id == category_id, Category.parent_id == category_id)
    )


def account_side(entered: Entered, account_id: str | None = None) -> Sequence[Posting]:
    """Return the postings of accounts, or of one account."""
    return [p for p in entered.postings if p.account_id is not None and account_id in (None, p.account_id)]
