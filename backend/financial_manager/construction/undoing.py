"""What must still hold in a building project after a step was taken back, or done again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from backend.financial_manager.construction.agreement import IN_CONTRACT, check_contract
from backend.financial_manager.construction.checks import check_row, wrong
from backend.financial_manager.construction.errors import BuildingBroken
from backend.financial_manager.construction.following import follow_booking
from backend.financial_manager.construction.rows import KINDS
from backend.financial_manager.ledger.models import ChangedRow, Posting, Transaction
from backend.sdk.db import OwnedSession
from backend.sdk.errors import InvalidInput

_KIND_OF = {str(kind.model.__tablename__): kind.name for kind in KINDS.values()}


def check_building_undone(session: OwnedSession, rows: Iterable[ChangedRow]) -> None:
    """Raise `BuildingBroken` where a project, a line, a contract or a booking would be in a state that cannot be."""
    rows = list(rows)
    try:
        for transaction_id in sorted({one for row in rows if (one := _booking(row)) is not None}):
            _check_booking(session, transaction_id)
        for contract_id in sorted({one for row in rows if (one := _checked(session, row)) is not None}):
            if _found(session, "contract", contract_id) is not None:
                check_contract(session, contract_id, "undo")
    except InvalidInput as error:
        raise BuildingBroken.by(error) from None


def _booking(row: ChangedRow) -> str | None:
    """Return the booking that a row is, or stands in."""
    if row.table_name == Transaction.__tablename__:
        return row.row_id
    if row.table_name != Posting.__tablename__:
        return None
    found: str | None = (row.after or row.before or {}).get("transaction_id")
    return found


def _check_booking(session: OwnedSession, transaction_id: str) -> None:
    """Refuse a booking that no longer has what was paid by it; one that is gone took its payments along."""
    row = _transaction(session, transaction_id)
    if row is not None:
        follow_booking(session, row)


def _check_paid_by(session: OwnedSession, transaction_id: str) -> None:
    """Refuse a payment that comes back after its booking went, or became one that could not have paid it."""
    row = _transaction(session, transaction_id)
    if row is None:
        remedy = "Bring the booking back first, or enter the payment anew."
        raise wrong("transaction_id", "The booking that this payment was is gone.", remedy)
    follow_booking(session, row)


def _transaction(session: OwnedSession, transaction_id: str) -> Transaction | None:
    own = Transaction.owner_id == session.actor.owner_id
    return session.scalars(select(Transaction).where(own, Transaction.id == transaction_id)).first()


def _checked(session: OwnedSession, row: ChangedRow) -> str | None:
    """Check a row by itself; return the contract in which it stands or stood."""
    kind = _KIND_OF.get(row.table_name)
    if kind is None:
        return None
    found = _found(session, kind, row.row_id)
    if found is not None:
        check_row(session, kind, found)
    if kind not in IN_CONTRACT:
        return None
    if kind == "contract":
        return row.row_id
    if found is not None:
        if kind == "payment" and found.transaction_id is not None:
            _check_paid_by(session, found.transaction_id)
        return str(found.contract_id)
    return (row.before or row.after or {}).get("contract_id")


def _found(session: OwnedSession, kind: str, row_id: str) -> Any:
    model = KINDS[kind].model
    return session.scalars(select(model).where(model.owner_id == session.actor.owner_id, model.id == row_id)).first()
