"""Decide about lines of an import that are perhaps there already: they are, or they are booked after all.

A file is looked at before it is booked, and decided about there. What a bank sends by itself is booked at once, so that
such lines wait in the import. A decision is a step that can be taken back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import select

from backend.financial_manager.importing.booking import Categorise
from backend.financial_manager.importing.errors import LineDecided
from backend.financial_manager.importing.models import ImportBatch, RawRow, RowFate
from backend.financial_manager.importing.transfers import Transfers
from backend.financial_manager.importing.undoing import find_batch
from backend.financial_manager.ledger.accounts import find_account
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.drafts import Draft
from backend.financial_manager.ledger.models import UserAccount
from backend.financial_manager.ledger.transactions import Transactions
from backend.financial_manager.statements import Entry
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput

MOST_WAITING = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that nobody has decided about. `row.transaction_id`: the transaction that may be the same."""

    row: RawRow
    batch: ImportBatch
    account: UserAccount


class Deciding:
    """Decide for the space that an actor writes to."""

    def __init__(
        self, db: Database, log: ChangeLog, transactions: Transactions, transfers: Transfers, categorise: Categorise
    ) -> None:
        self._db = db
        self._log = log
        self._transactions = transactions
        self._transfers = transfers
        self._categorise = categorise

    def waiting(self, actor: Actor, format: str) -> list[Waiting]:
        """Return the lines that came in a format and wait for a decision, the oldest first."""

        def work(session: OwnedSession) -> list[Waiting]:
            owner = session.actor.owner_id
            query = (
                select(RawRow, ImportBatch)
                .join(ImportBatch, (ImportBatch.id == RawRow.batch_id) & (ImportBatch.owner_id == RawRow.owner_id))
                .where(
                    RawRow.owner_id == owner, RawRow.fate == RowFate.TWIN.value, ImportBatch.format == format,
                    ImportBatch.undone_at.is_(None),
                )
                .order_by(RawRow.batch_id, RawRow.position)
                .limit(MOST_WAITING)
            )  # fmt: skip
            return [Waiting(row, batch, find_account(session, row.account_id)) for row, batch in session.execute(query)]

        return self._db.read(actor, work)

    def decide(self, actor: Actor, batch_id: str, position: int, *, book: bool) -> str:
        """Say that a line is the transaction that is there, or book it beside that; returns its transaction's id.

        Raises `BatchMissing`, `InvalidInput` for no such line, `LineDecided` for one that does not wait (any more),
        `PeriodReconciled` where its day is locked by now.
        """

        def work(session: OwnedSession) -> str:
            batch = find_batch(session, batch_id)
            row = _find_line(session, batch, position)
            if batch.undone_at is not None or row.fate != RowFate.TWIN.value:
                raise LineDecided()
            if book:
                row.transaction_id = self._book(session, batch, row)
                row.fate = RowFate.NEW.value
            else:
                row.fate = RowFate.KNOWN.value
            session.flush()
            who = str(row.data.get("counterparty") or row.data.get("purpose") or "")
            step_of(session).title = ", ".join(text for text in (who[:200], _day_of(row)) if text)
            return row.transaction_id or ""

        return self._log.write(actor, "import.book_line" if book else "import.same_line", work)

    def _book(self, session: OwnedSession, batch: ImportBatch, row: RawRow) -> str:
        """Enter a line as a transaction of its import, so that undoing that takes it back too."""
        entry = _entry(row)
        said = self._categorise(session, row.account_id, [entry])[0]
        amount, day = entry.amount_minor, entry.date
        assert day is not None
        draft = Draft(
            row.account_id, day, amount, counterparty=entry.counterparty, purpose=entry.purpose, iban=entry.iban[:34],
            tags=said.tags, value_date=entry.value_date, parts=(replace(said.part, amount_minor=amount),),
        )  # fmt: skip
        made = self._transactions.create_within(session, draft, batch_id=batch.id)
        self._transfers.find(session, day, day)
        return made.transaction.id


def _find_line(session: OwnedSession, batch: ImportBatch, position: int) -> RawRow:
    query = select(RawRow).where(
        RawRow.owner_id == session.actor.owner_id, RawRow.batch_id == batch.id, RawRow.position == position
    )
    row = session.scalars(query).first()
    if row is None:
        problem = FieldProblem("body.position", "The import has no such line.", "Choose one that is shown.")
        raise InvalidInput(fields=[problem])
    return row


def _entry(row: RawRow) -> Entry:
    """Return a kept line as it was read."""
    said, value = row.data, row.data.get("value_date")
    return Entry(
        row.date, dt.date.fromisoformat(str(value)) if value else None, row.amount_minor or 0, None,
        counterparty=str(said.get("counterparty", "")), iban=str(said.get("iban", "")),
        purpose=str(said.get("purpose", "")), bank_id=row.bank_id, reference=str(said.get("reference", "")),
        type_code=str(said.get("type_code", "")),
    )  # fmt: skip


def _day_of(row: RawRow) -> str:
    return row.date.isoformat() if row.date is not None else ""
