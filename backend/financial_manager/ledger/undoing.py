"""What must still hold in the ledger after a step was taken back: what is refused when it is entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from backend.financial_manager.errors import ChangeOutdated
from backend.financial_manager.ledger.accounts import refuse_same_iban
from backend.financial_manager.ledger.models import Category, ChangedRow, Payee, UserAccount
from backend.sdk.db import OwnedSession
from backend.sdk.errors import InvalidInput


def check_ledger_undone(session: OwnedSession, rows: Iterable[ChangedRow]) -> None:
    """Raise `ChangeOutdated` where two accounts have one IBAN, two payees one name, or categories three levels."""
    checks: tuple[tuple[Any, str, Callable[[OwnedSession, Any], None]], ...] = (
        (UserAccount, "iban", _check_account),
        (Category, "parent_id", _check_category),
        (Payee, "name", _check_payee),
    )
    put_back = [(row.table_name, row.row_id, row.before) for row in rows if row.before is not None]
    for model, name, check in checks:
        ids = {row_id for table, row_id, before in put_back if table == model.__tablename__ and name in before}
        query = select(model).where(model.owner_id == session.actor.owner_id, model.id.in_(ids))
        for found in session.scalars(query) if ids else ():
            check(session, found)


def _check_account(session: OwnedSession, account: UserAccount) -> None:
    try:
        refuse_same_iban(session, account)
    except InvalidInput:
        raise ChangeOutdated() from None


def _check_category(session: OwnedSession, category: Category) -> None:
    """Insist on two levels, both of one direction."""
    owner = session.actor.owner_id
    query = select(Category).where(Category.owner_id == owner)
    below = list(session.scalars(query.where(Category.parent_id == category.id)))
    above = session.scalars(query.where(Category.id == category.parent_id)).first() if category.parent_id else None
    if above is not None and (above.parent_id is not None or below):
        raise ChangeOutdated()
    if any(one.direction != category.direction for one in (above, *below) if one is not None):
        raise ChangeOutdated()


def _check_payee(session: OwnedSession, payee: Payee) -> None:
    query = select(Payee.id).where(
        Payee.owner_id == session.actor.owner_id, Payee.name == payee.name, Payee.id != payee.id
    )
    if session.scalars(query.limit(1)).first() is not None:
        raise ChangeOutdated()
