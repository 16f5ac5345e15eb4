"""Transfers between own accounts: found after an import, linked where they are sure, asked about where they may be."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from backend.financial_manager.errors import TransferMissing
from backend.financial_manager.importing.pairing import SURE, WITHIN_DAYS, Half, Pair, find_pairs
from backend.financial_manager.ledger.categories import own_accounts_category
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.models import (
    LinkState,
    Posting,
    Transaction,
    TransferLink,
    UserAccount,
)
from backend.financial_manager.ledger.transactions import Entered, find_transaction, postings_of, with_postings
from backend.financial_manager.ledger.transfer_links import SOURCE, check_halves, links_of, unmark
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.ids import NewId


@dataclass(frozen=True, slots=True)
class Suggested:
    """A pair that may be a transfer."""

    link: TransferLink
    out: Entered
    into: Entered


class Transfers:
    """Find, confirm and deny transfers of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id

    def suggested(self, actor: Actor) -> list[Suggested]:
        """Return the pairs that wait for a person, the surest first."""

        def work(session: OwnedSession) -> list[Suggested]:
            query = select(TransferLink).where(
                TransferLink.owner_id == session.actor.owner_id, TransferLink.state == LinkState.SUGGESTED.value
            )
            links = list(session.scalars(query.order_by(TransferLink.score.desc(), TransferLink.id).limit(200)))
            ids = [one for link in links for one in (link.out_id, link.in_id)]
            rows = list(session.scalars(select(Transaction).where(Transaction.id.in_(ids)))) if ids else []
            found = {one.transaction.id: one for one in with_postings(session, rows)}
            return [Suggested(link, found[link.out_id], found[link.in_id]) for link in links]

        return self._db.read(actor, work)

    def find(self, session: OwnedSession, first: dt.date, last: dt.date) -> int:
        """Look for transfers among the bookings of these days (and some around); link the sure ones. Part of a step.

        Returns how many were linked.
        """
        margin = dt.timedelta(days=WITHIN_DAYS)
        halves, ibans = _halves(session, first - margin, last + margin)
        known = _links(session)
        tied = {one for (out, into), state in known.items() if state != LinkState.REJECTED.value for one in (out, into)}
        free = [half for half in halves if half.transaction_id not in tied]
        rejected = {pair for pair, state in known.items() if state == LinkState.REJECTED.value}
        linked = 0
        for pair in find_pairs(free, ibans, rejected):
            state = LinkState.LINKED if pair.score >= SURE else LinkState.SUGGESTED
            self._store(session, pair, state)
            linked += state is LinkState.LINKED
        session.flush()
        return linked

    def _store(self, session: OwnedSession, pair: Pair, state: LinkState) -> None:
        session.add(
            TransferLink(
                id=self._new_id(), out_id=pair.out.transaction_id, in_id=pair.into.transaction_id, state=state.value,
                score=round(pair.score, 3), reason=pair.reason,
            )
        )  # fmt: skip
        if state is LinkState.LINKED:
            self._mark(session, [pair.out.transaction_id, pair.into.transaction_id], pair.reason, pair.score)

    def confirm(self, actor: Actor, out_id: str, in_id: str) -> None:
        """Say that two bookings are one transfer; raises `TransactionMissing`, `InvalidInput` where they cannot be one.

        What was only suggested for one of them with a third is forgotten.
        """

        def work(session: OwnedSession) -> None:
            rows = [find_transaction(session, out_id), find_transaction(session, in_id)]
            check_halves(session, out_id, in_id)
            for other in links_of(session, [out_id, in_id], LinkState.SUGGESTED):
                if (other.out_id, other.in_id) != (out_id, in_id):
                    session.delete(other)
            link = self._link(session, out_id, in_id)
            link.state, link.score = LinkState.LINKED.value, 1.0
            step_of(session).title = rows[0].counterparty or rows[0].purpose or rows[1].counterparty
            session.flush()
            self._mark(session, [out_id, in_id], "", 1.0)

        self._log.write(actor, "transfer.confirm", work)

    def reject(self, actor: Actor, out_id: str, in_id: str) -> None:
        """Say that two bookings are no transfer; they are not offered again. Raises `TransferMissing`."""

        def work(session: OwnedSession) -> None:
            if (out_id, in_id) not in _links(session):
                raise TransferMissing()
            link = self._link(session, out_id, in_id)
            was_linked = link.state == LinkState.LINKED.value
            link.state = LinkState.REJECTED.value
            step_of(session).title = link.reason
            session.flush()
            if was_linked:
                unmark(session, [out_id, in_id])

        self._log.write(actor, "transfer.reject", work)

    def _mark(self, session: OwnedSession, ids: Sequence[str], reason: str, score: float) -> None:
        """Put both halves into the category of movements between own accounts: neither spent nor earned."""
        category_id = own_accounts_category(session, self._new_id)
        for postings in postings_of(session, ids).values():
            for posting in postings:
                if posting.account_id is None:
                    posting.category_id, posting.source = category_id, SOURCE
                    posting.confidence, posting.reason = round(score, 3), reason
        session.flush()

    def _link(self, session: OwnedSession, out_id: str, in_id: str) -> TransferLink:
        query = select(TransferLink).where(
            TransferLink.owner_id == session.actor.owner_id, TransferLink.out_id == out_id, TransferLink.in_id == in_id
        )
        link = session.scalars(query).first()
        if link is None:
            link = TransferLink(id=self._new_id(), out_id=out_id, in_id=in_id, state=LinkState.SUGGESTED.value)
            session.add(link)
        return link


def _halves(session: OwnedSession, first: dt.date, last: dt.date) -> tuple[list[Half], dict[str, str]]:
    """Return bookings that could be half of a transfer: not split, and nobody said by hand what they were for."""
    owner = session.actor.owner_id
    accounts = session.scalars(select(UserAccount).where(UserAccount.owner_id == owner))
    ibans = {account.id: account.iban for account in accounts}
    query = (
        select(
            Transaction.id, Posting.account_id, Posting.date, Posting.amount_minor, Posting.currency,
            Transaction.iban, Transaction.counterparty, Transaction.purpose,
        )
        .join(Posting, (Posting.transaction_id == Transaction.id) & (Posting.owner_id == Transaction.owner_id))
        .where(
            Posting.owner_id == owner,
            Posting.account_id.is_not(None),
            Posting.booked.is_(True),
            Posting.date.between(first, last),
            Transaction.batch_id.is_not(None),
        )
        .order_by(Posting.date, Transaction.id)
    )  # fmt: skip
    if len(ibans) < 2:
        return [], ibans
    rows = list(session.execute(query))
    split = Posting.position > 1
    decided = set(
        session.scalars(
            select(Posting.transaction_id).where(
                Posting.owner_id == owner, Posting.date.between(first, last),
                or_(Posting.source.in_(("hand", SOURCE)), split),
            )
        )
    )  # fmt: skip
    whole = Counter(row[0] for row in rows)  # one of two accounts is a transfer already
    halves = [
        Half(row[0], row[1] or "", row[2], int(row[3]), row[4], row[5], f"{row[6]} {row[7]}")
        for row in rows
        if row[0] not in decided and whole[row[0]] == 1
    ]
    return halves, ibans


def _links(session: OwnedSession) -> dict[tuple[str, str], str]:
    query = select(TransferLink.out_id, TransferLink.in_id, TransferLink.state)
    rows = session.execute(query.where(TransferLink.owner_id == session.actor.owner_id))
    return {(out_id, in_id): state for out_id, in_id, state in rows}
