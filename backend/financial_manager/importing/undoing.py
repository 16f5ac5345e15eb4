"""Take an import back: its transactions go, its lines and the batch stay, marked; the same file can be booked again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, or_, select

from backend.financial_manager.errors import AccountImported, BatchMissing, ChangeUndone
from backend.financial_manager.importing.models import ImportBatch
from backend.financial_manager.ledger.locks import locked
from backend.financial_manager.ledger.models import (
    Attachment,
    LinkState,
    Posting,
    Transaction,
    TransferLink,
    UserAccount,
)
from backend.sdk.db import OwnedSession


def find_batch(session: OwnedSession, batch_id: str) -> ImportBatch:
    """Return an import of the acting space; raises `BatchMissing`."""
    query = select(ImportBatch).where(ImportBatch.owner_id == session.actor.owner_id, ImportBatch.id == batch_id)
    batch = session.scalars(query).first()
    if batch is None:
        raise BatchMissing()
    return batch


def refuse_imported(session: OwnedSession, account_id: str) -> None:
    """Raise `AccountImported` where an import into an account stands that is to go: its lines would go for good.

    What was deleted by hand could not come back then, and would be new in the next file.
    """
    query = select(ImportBatch.id).where(
        ImportBatch.owner_id == session.actor.owner_id, ImportBatch.account_id == account_id,
        ImportBatch.undone_at.is_(None),
    )  # fmt: skip
    if session.scalars(query.limit(1)).first() is not None:
        raise AccountImported()


def halves_left(session: OwnedSession, batch_id: str) -> list[str]:
    """Return the bookings that would stay as one half of a linked transfer, were an import taken back."""
    owner = session.actor.owner_id
    brought = set(
        session.scalars(select(Transaction.id).where(Transaction.owner_id == owner, Transaction.batch_id == batch_id))
    )
    links = session.execute(
        select(TransferLink.out_id, TransferLink.in_id).where(
            TransferLink.owner_id == owner, TransferLink.state == LinkState.LINKED.value
        )
    )
    pairs = [(out_id, in_id) for out_id, in_id in links if (out_id in brought) is not (in_id in brought)]
    return [in_id if out_id in brought else out_id for out_id, in_id in pairs]


def undo_batch(session: OwnedSession, batch_id: str, now: dt.datetime) -> ImportBatch:
    """Remove what an import booked. Raises `ChangeUndone`, and `PeriodReconciled` if some of it is locked by now."""
    batch = find_batch(session, batch_id)
    if batch.undone_at is not None:
        raise ChangeUndone()
    owner = session.actor.owner_id
    brought = select(Transaction.id).where(Transaction.owner_id == owner, Transaction.batch_id == batch_id)
    touched = session.execute(
        select(UserAccount.name, UserAccount.reconciled_through)
        .join(Posting, (Posting.account_id == UserAccount.id) & (Posting.owner_id == UserAccount.owner_id))
        .where(Posting.transaction_id.in_(brought), Posting.date <= UserAccount.reconciled_through)
        .limit(1)
    ).first()
    if touched is not None and touched[1] is not None:
        raise locked(touched[0], touched[1])
    for attached in session.scalars(select(Attachment).where(Attachment.transaction_id.in_(brought))):
        session.delete(attached)  # through the session: the step has the rows
    session.flush()
    session.execute(delete(TransferLink).where(or_(TransferLink.out_id.in_(brought), TransferLink.in_id.in_(brought))))
    session.execute(delete(Posting).where(Posting.transaction_id.in_(brought)))
    session.execute(delete(Transaction).where(Transaction.batch_id == batch_id))
    batch.undone_at = now
    return batch
