"""Whose a transaction is: of the person who entered it by hand, or who imported the statement that brought it.

Reports by person and budgets of one person both count by this; nobody is known of what came some other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from backend.financial_manager.ledger.models import ChangedRow, LedgerChange, Transaction
from backend.sdk.actor import Actor
from backend.sdk.db import OwnedSession

NamesOf = Callable[[Actor], Mapping[str, str]]
"""Return how the people of an actor's space are shown, by user id."""


@dataclass(frozen=True, slots=True)
class EnteredBy:
    """`by_hand`: transaction -> person; `imported`: import -> person."""

    by_hand: Mapping[str, str]
    imported: Mapping[str, str]

    def of(self, transaction_id: str, batch_id: str | None) -> str:
        """Return whose a transaction is; "" where nobody is known. `batch_id`: the import that brought it."""
        return self.imported.get(batch_id or "") or self.by_hand.get(transaction_id, "")


def entered_by(session: OwnedSession) -> EnteredBy:
    """Return who entered and imported what in the acting space."""
    owner = session.actor.owner_id
    return EnteredBy(
        {row[0]: row[1] for row in session.execute(entered_rows(owner).order_by(LedgerChange.seq))},
        {row[0]: row[1] for row in session.execute(entered_batches(owner).order_by(LedgerChange.seq))},
    )


def entered_rows(owner: str) -> Select[str, str]:
    """Return (transaction, person) of what was entered by hand."""
    return (
        select(ChangedRow.row_id, LedgerChange.user_id)
        .join(LedgerChange, (LedgerChange.owner_id == ChangedRow.owner_id) & (LedgerChange.id == ChangedRow.change_id))
        .where(
            ChangedRow.owner_id == owner, ChangedRow.table_name == Transaction.__tablename__,
            LedgerChange.kind == "transaction.create",
        )
    )  # fmt: skip


def entered_batches(owner: str) -> Select[str, str]:
    """Return (import, person) of the statements that were booked."""
    return select(LedgerChange.subject_id, LedgerChange.user_id).where(
        LedgerChange.owner_id == owner, LedgerChange.subject_id != "", LedgerChange.undoes.is_(None)
    )
