"""Transactions: enter, change, delete, categorise; each step is recorded, and nothing moves in a locked time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from backend.financial_manager.days import check_day
from backend.financial_manager.errors import RowChanged, TransactionMissing
from backend.financial_manager.ledger.accounts import find_account
from backend.financial_manager.ledger.categories import check_category, conversion_category
from backend.financial_manager.ledger.change_log import ChangeLog, recorded, step_of
from backend.financial_manager.ledger.drafts import Draft, Part, Side, sides_of
from backend.financial_manager.ledger.exchanges import arrives_by, by_rate
from backend.financial_manager.ledger.locks import check_days, check_unlocked
from backend.financial_manager.ledger.models import (
    Attachment,
    Payee,
    Posting,
    Transaction,
    TransactionState,
    TransferLink,
    UserAccount,
)
from backend.financial_manager.ledger.openings import check_begun, check_open
from backend.financial_manager.ledger.payees import find_payee, known_payee, payee_named
from backend.financial_manager.ledger.tags import clean_tags
from backend.financial_manager.ledger.text import searchable
from backend.financial_manager.ledger.transfer_links import half_of, separate
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId

MOST_AT_ONCE = 1000
BY_HAND = "hand"


@dataclass(frozen=True, slots=True)
class Entered:
    """A transaction with its postings in order, and the payee's name, if it has one."""

    transaction: Transaction
    postings: tuple[Posting, ...]
    payee: str = ""


Follow = Callable[[OwnedSession, Transaction, dt.date], None]
"""Let what stands on a changed booking follow it (from the day it was on); raises `InvalidInput` where it cannot."""
LetGo = Callable[[OwnedSession, Sequence[str]], int]
"""Let what stands on bookings (by their ids) go before they are deleted; returns how many payments that were."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What deleting did: to how many bookings, the step that takes it back, how many payments went along."""

    count: int
    change_id: str | None
    payments: int


class Transactions:
    """Write transactions of the space that an actor writes to."""

    def __init__(
        self, db: Database, log: ChangeLog, clock: Clock, new_id: NewId, follow: Follow, let_go: LetGo
    ) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._follow = follow
        self._let_go = let_go

    def get(self, actor: Actor, transaction_id: str) -> Entered:
        """Return one transaction; raises `TransactionMissing`."""
        return self._db.read(actor, _entered, transaction_id)

    def create(self, actor: Actor, draft: Draft) -> Entered:
        """Enter a transaction. Raises `AccountMissing`, `CategoryMissing`, `PostingsUnbalanced`, `PeriodReconciled`."""

        return self._log.write(actor, "transaction.create", self.create_within, draft)

    def create_within(self, session: OwnedSession, draft: Draft, batch_id: str | None = None) -> Entered:
        """Do what `create` does inside another step. `batch_id`: the import to which it belongs."""
        row = Transaction(id=self._new_id(), created_at=self._clock.now(), batch_id=batch_id)
        self._fill(session, row, draft, [])
        return _entered(session, row.id)

    def change(
        self, actor: Actor, transaction_id: str, values: Mapping[str, Any], version: int | None = None
    ) -> Entered:
        """Change some of a transaction: `values` are fields of `Draft`. Parts keep their shares if they still add up.

        A payment of a house that it is follows its day. A transfer of which it is no half any more is none.
        Raises what `create` raises, `TransactionMissing`, `RowChanged` if it is no longer at `version`, and
        `InvalidInput` where it could not have paid what it paid, or an amount is not said.
        """

        def work(session: OwnedSession) -> Entered:
            row = find_transaction(session, transaction_id)
            if version is not None and row.version != version:
                raise RowChanged()
            check_unlocked(session, [row.id])
            old, day = postings_of(session, [row.id]).get(row.id, []), row.date
            was = half_of(row, old)
            draft = replace(_draft_of(row, old), **values)
            _refuse_other_currency(session, draft, old[0].currency, values)
            if "amount_minor" in values and "parts" not in values:
                draft = replace(draft, parts=_scaled(session, draft, old[0].currency))
            self._fill(session, row, draft, old)
            now = postings_of(session, [row.id])[row.id]
            if half_of(row, now) != was:
                separate(session, [row.id])
            row.version += 1
            self._follow(session, row, day)
            return _entered(session, row.id)

        return self._log.write(actor, "transaction.change", work)

    def delete(self, actor: Actor, ids: Sequence[str]) -> Deleted:
        """Delete transactions with the payments of houses that they are; the other half of a transfer is undecided.

        Raises `TransactionMissing`.
        """
        _bounded(ids)

        def work(session: OwnedSession) -> Deleted:
            check_unlocked(session, ids)
            rows = [find_transaction(session, one) for one in dict.fromkeys(ids)]
            payments = self._let_go(session, [row.id for row in rows])
            separate(session, [row.id for row in rows])
            _drop_children(session, [row.id for row in rows])
            for row in rows:
                session.delete(row)
            step_of(session).title = _title(rows)
            return Deleted(len(rows), recorded(session, len(rows)).change_id, payments)

        return self._log.write(actor, "transaction.delete", work)

    def categorise(self, actor: Actor, ids: Sequence[str], category_id: str | None) -> int:
        """Say what transactions were for (None: nobody knows); what was split into several parts is left alone.

        Returns how many changed. A reconciled time does not matter: no amount and no day changes.
        """
        _bounded(ids)

        def work(session: OwnedSession) -> int:
            category = check_category(session, category_id, "body.category_id")
            rows = [find_transaction(session, one) for one in dict.fromkeys(ids)]
            changed = 0
            for row in rows:
                parts = [p for p in postings_of(session, [row.id]).get(row.id, []) if p.account_id is None]
                if len(parts) == 1 and (parts[0].category_id != category_id or parts[0].source != BY_HAND):
                    parts[0].category_id, parts[0].source = category_id, BY_HAND if category_id else ""
                    parts[0].confidence, parts[0].reason = float(category_id is not None), ""
                    row.version += 1
                    changed += 1
            title = category.title if category is not None else ""
            step_of(session).title = f"{_title(rows)}: {title}" if title else _title(rows)
            return changed

        return self._log.write(actor, "transaction.categorise", work)

    def _fill(self, session: OwnedSession, row: Transaction, draft: Draft, old: Sequence[Posting]) -> None:
        """Write a draft into a row and its postings; reuses postings in their order, so that the record is short."""
        account = find_account(session, draft.account_id, "body.account_id")
        others = {
            part.account_id: find_account(session, part.account_id, f"body.parts.{number}.account_id")
            for number, part in enumerate(draft.parts)
            if part.account_id is not None
        }
        for number, part in enumerate(draft.parts):
            check_category(session, part.category_id, f"body.parts.{number}.category_id")
        check_day(draft.date)
        check_begun([account, *others.values()], draft.date)
        _check_open([account, *others.values()], row, draft.date, old)
        check_days(session, [account, *others.values()], draft.date)
        needs_rate = any(other.currency != account.currency for other in others.values())
        conversion = conversion_category(session, self._new_id) if needs_rate else ""
        parts = by_rate(session, draft, account, others)
        sides = sides_of(draft.amount_minor, account, parts, others, conversion)
        payee = self._payee(session, row, draft)
        row.date, row.value_date = draft.date, draft.value_date
        row.state = (TransactionState.PLANNED if draft.planned else TransactionState.BOOKED).value
        row.counterparty, row.purpose, row.iban = draft.counterparty, draft.purpose, draft.iban
        row.note, tags = draft.note, list(draft.tags)
        row.tags = tags = tags if tags == row.tags else clean_tags(tags)
        row.payee_id = payee.id if payee is not None else None
        row.search = searchable(draft.counterparty, draft.purpose, draft.note, payee.name if payee else "", *tags)
        step_of(session).title = _title([row])
        session.add(row)
        session.flush()
        self._post(session, row, sides, old)

    def _payee(self, session: OwnedSession, row: Transaction, draft: Draft) -> Payee | None:
        """Return who is meant; while nobody is written otherwise, that stays as it was said."""
        if (row.counterparty, row.iban) == (draft.counterparty, draft.iban):
            return find_payee(session, row.payee_id) if row.payee_id is not None else None
        found = known_payee(session, draft.counterparty, draft.iban)
        return found if found is not None else payee_named(session, draft.counterparty)

    def _post(self, session: OwnedSession, row: Transaction, sides: Sequence[Side], old: Sequence[Posting]) -> None:
        for position, side in enumerate(sides):
            posting = old[position] if position < len(old) else Posting(id=self._new_id(), transaction_id=row.id)
            posting.position, posting.date = position, row.date
            posting.booked = row.state == TransactionState.BOOKED.value
            posting.account_id, posting.category_id = side.account_id, side.category_id
            posting.amount_minor, posting.currency, posting.memo = side.amount_minor, side.currency, side.memo
            posting.source, posting.confidence, posting.reason = side.source, side.confidence, side.reason
            posting.fx_rate, posting.fx_day = side.fx_rate, side.fx_day
            session.add(posting)
        for surplus in old[len(sides) :]:
            session.delete(surplus)
        session.flush()


def _check_open(accounts: Sequence[UserAccount], row: Transaction, day: dt.date, old: Sequence[Posting]) -> None:
    """Refuse to move a booking beyond the closing of an account; what a bank sent after it can still get a category."""
    stays = {posting.account_id for posting in old} if row.date == day else set()
    check_open([account for account in accounts if account.id not in stays], day)


def find_transaction(session: OwnedSession, transaction_id: str) -> Transaction:
    """Return a transaction of the acting space; raises `TransactionMissing`."""
    query = select(Transaction).where(Transaction.owner_id == session.actor.owner_id, Transaction.id == transaction_id)
    row = session.scalars(query).first()
    if row is None:
        raise TransactionMissing()
    return row


def postings_of(session: OwnedSession, ids: Sequence[str]) -> dict[str, list[Posting]]:
    """Return the postings of transactions, each in order."""
    found: dict[str, list[Posting]] = {}
    if ids:
        query = (
            select(Posting).where(Posting.transaction_id.in_(ids)).order_by(Posting.transaction_id, Posting.position)
        )
        for posting in session.scalars(query):
            found.setdefault(posting.transaction_id, []).append(posting)
    return found


def _drop_children(session: OwnedSession, ids: Sequence[str]) -> None:
    """Delete postings, links and attachments one by one, so that the record of changes has them."""
    links = session.scalars(select(TransferLink).where(TransferLink.out_id.in_(ids) | TransferLink.in_id.in_(ids)))
    files = session.scalars(select(Attachment).where(Attachment.transaction_id.in_(ids)))
    for row in [*(p for some in postings_of(session, ids).values() for p in some), *links, *files]:
        session.delete(row)
    session.flush()


def _entered(session: OwnedSession, transaction_id: str) -> Entered:
    row = find_transaction(session, transaction_id)
    return with_postings(session, [row])[0]


def with_postings(session: OwnedSession, transactions: Sequence[Transaction]) -> list[Entered]:
    """Return transactions with their postings and the names of their payees."""
    postings = postings_of(session, [one.id for one in transactions])
    ids = {one.payee_id for one in transactions if one.payee_id}
    names: dict[str, str] = {}
    if ids:
        rows = session.execute(select(Payee.id, Payee.name).where(Payee.id.in_(ids)))
        names = {row[0]: row[1] for row in rows}
    return [Entered(one, tuple(postings.get(one.id, ())), names.get(one.payee_id or "", "")) for one in transactions]


def _draft_of(row: Transaction, postings: Sequence[Posting]) -> Draft:
    """Return what a transaction says, as it would be entered anew. The first posting is that of its account."""
    own, rest = postings[0], postings[1:]
    parts = tuple(_parts_of(own.currency, rest))
    return Draft(
        account_id=own.account_id or "",
        date=row.date,
        amount_minor=own.amount_minor,
        counterparty=row.counterparty,
        purpose=row.purpose,
        note=row.note,
        iban=row.iban,
        tags=tuple(row.tags),
        value_date=row.value_date,
        planned=row.state == TransactionState.PLANNED.value,
        parts=parts,
    )


def _parts_of(currency: str, rest: Sequence[Posting]) -> Iterator[Part]:
    """Give the parts that postings came from; one into another currency is three of them (`drafts._transfer`)."""
    number = 0
    while number < len(rest):
        one, changed = rest[number], rest[number + 1 : number + 3]
        number += 1
        part = Part(
            -one.amount_minor, one.category_id, one.account_id, None, one.memo, one.source, one.confidence, one.reason
        )
        if len(changed) == 2 and changed[0].currency != currency:
            into, number = changed[1], number + 2
            part = replace(
                part, category_id=None, account_id=into.account_id, other_minor=into.amount_minor,
                fx_rate=into.fx_rate, fx_day=into.fx_day,
            )  # fmt: skip
        yield part


def _refuse_other_currency(session: OwnedSession, draft: Draft, was: str, values: Mapping[str, Any]) -> None:
    """Refuse to call an amount by another currency: who moves it says what it is there."""
    account = find_account(session, draft.account_id, "body.account_id")
    if account.currency != was and "amount_minor" not in values:
        told = f"{account.name} is in {account.currency}, the amount in {was}."
        problem = FieldProblem("body.account_id", told, "Give the amount in the currency of that account.")
        raise InvalidInput(fields=[problem])


def _scaled(session: OwnedSession, draft: Draft, was: str) -> tuple[Part, ...]:
    """Return the parts for a changed amount: the only part takes it all; several must be named anew.

    What arrives in another currency is counted anew by the part's rate; without one (or from a currency other than
    `was`) it has to be said.
    """
    if len(draft.parts) != 1:
        return draft.parts
    part = replace(draft.parts[0], amount_minor=draft.amount_minor)
    if part.account_id is None or part.other_minor is None:
        return (part,)
    account = find_account(session, draft.account_id, "body.account_id")
    other = find_account(session, part.account_id)
    if part.fx_rate and account.currency == was:
        return (replace(part, other_minor=arrives_by(part, account.currency, other.currency)),)
    same = draft.amount_minor == draft.parts[0].amount_minor and account.currency == was
    return (part if same else replace(part, other_minor=None, fx_rate="", fx_day=None),)


def _bounded(ids: Sequence[str]) -> None:
    if len(ids) > MOST_AT_ONCE:
        problem = FieldProblem("body.ids", f"These are more than {MOST_AT_ONCE}.", "Choose fewer at once.")
        raise InvalidInput(fields=[problem])


def _title(rows: Sequence[Transaction]) -> str:
    """Return what a step about these transactions is called."""
    if len(rows) != 1:
        return f"{len(rows)} transactions"
    name = rows[0].counterparty or rows[0].purpose or rows[0].note
    return f"{name[:200]}, {rows[0].date.isoformat()}" if name else rows[0].date.isoformat()
