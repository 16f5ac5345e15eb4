"""Payees: who money goes to, however their banks write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.financial_manager.errors import PayeeMissing
from backend.financial_manager.ledger.change_log import ChangeLog, Recorded, recorded, step_of
from backend.financial_manager.ledger.models import Payee, PayeeAlias, Transaction
from backend.financial_manager.ledger.text import fold, searchable
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.names import plain_name

TEXT, IBAN = "text", "iban"
NAME = "name"
"""Beside the kinds of aliases: a payee is written as it is called."""


@dataclass(frozen=True, slots=True)
class PayeeSeen:
    """A payee with how often it was seen, and the ways in which it is written."""

    payee: Payee
    transactions: int
    aliases: tuple[PayeeAlias, ...]


class Payees:
    """Keep the payees of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id

    def all(self, actor: Actor) -> list[PayeeSeen]:
        """Return the payees by name."""

        def work(session: OwnedSession) -> list[PayeeSeen]:
            owner = session.actor.owner_id
            rows = session.scalars(select(Payee).where(Payee.owner_id == owner).order_by(Payee.name, Payee.id))
            count = select(Transaction.payee_id, func.count()).where(
                Transaction.owner_id == owner, Transaction.payee_id.is_not(None)
            )
            seen = {row[0]: int(row[1]) for row in session.execute(count.group_by(Transaction.payee_id))}
            aliases: dict[str, list[PayeeAlias]] = {}
            for alias in session.scalars(select(PayeeAlias).where(PayeeAlias.owner_id == owner)):
                aliases.setdefault(alias.payee_id, []).append(alias)
            return [PayeeSeen(row, seen.get(row.id, 0), tuple(aliases.get(row.id, ()))) for row in rows]

        return self._db.read(actor, work)

    def name(self, actor: Actor, written: Sequence[str], name: str) -> Payee:
        """Call everybody who is written in one of these ways by one name, also in what is booked already.

        `written`: counterparties as banks wrote them. An existing payee of that name takes them over.
        """
        title = plain_name(name)[:200]
        keys = list(dict.fromkeys(key for one in written if (key := fold(one)[:200])))
        if not title or not keys:
            problem = FieldProblem("body.name", "There is nothing to name.", "Give a name and a counterparty.")
            raise InvalidInput(fields=[problem])

        def work(session: OwnedSession) -> Payee:
            payee = payee_named(session, title)
            if payee is None:
                payee = Payee(id=self._new_id(), name=title)
                session.add(payee)
                session.flush()
            step_of(session).title = title
            for key in keys:
                self._alias(session, payee, TEXT, key)
            self._take_over(session, payee, frozenset(keys))
            return payee

        return self._log.write(actor, "payee.name", work)

    def _alias(self, session: OwnedSession, payee: Payee, kind: str, value: str) -> None:
        query = select(PayeeAlias).where(
            PayeeAlias.owner_id == session.actor.owner_id, PayeeAlias.kind == kind, PayeeAlias.value == value
        )
        alias = session.scalars(query).first()
        if alias is None:
            session.add(PayeeAlias(id=self._new_id(), payee_id=payee.id, kind=kind, value=value))
        else:
            alias.payee_id = payee.id
        session.flush()

    def _keep_name(self, session: OwnedSession, payee: Payee, name: str, rows: Sequence[Transaction]) -> None:
        """Let a name that nobody has any more stay a way in which a payee is written, where bookings are."""
        key = fold(name)[:200]
        if key and any(row.counterparty == name for row in rows) and known_payee(session, name, "") is None:
            self._alias(session, payee, TEXT, key)

    def _take_over(self, session: OwnedSession, payee: Payee, keys: frozenset[str]) -> None:
        """Give the payee to every transaction that is written so."""
        owner = session.actor.owner_id
        distinct = session.scalars(select(Transaction.counterparty).where(Transaction.owner_id == owner).distinct())
        written = [text for text in distinct if fold(text)[:200] in keys]
        for start in range(0, len(written), 200):
            some = written[start : start + 200]
            query = select(Transaction).where(Transaction.owner_id == owner, Transaction.counterparty.in_(some))
            for row in session.scalars(query):
                _give(row, payee)
        session.flush()

    def rename(self, actor: Actor, payee_id: str, name: str) -> Payee:
        """Give a payee another name; raises `PayeeMissing`."""
        title = plain_name(name)[:200]
        if not title:
            raise InvalidInput(fields=[FieldProblem("body.name", "A payee has a name.", "Give it a name.")])

        def work(session: OwnedSession) -> Payee:
            payee = find_payee(session, payee_id)
            other = payee_named(session, title)
            if other is not None and other.id != payee.id:
                problem = FieldProblem(
                    "body.name", f"There is a payee called {title} already.", "Choose another name, or merge the two."
                )
                raise InvalidInput(fields=[problem])
            was, payee.name = payee.name, title
            rows = _transactions_of(session, payee.id)
            for row in rows:
                _give(row, payee)
            self._keep_name(session, payee, was, rows)
            step_of(session).title = title
            return payee

        return self._log.write(actor, "payee.rename", work)

    def merge(self, actor: Actor, payee_id: str, into_id: str) -> Recorded:
        """Make one payee of two: what is written as the first is called as the second, also in what is booked.

        Returns how many transactions moved. Raises `PayeeMissing`, and `InvalidInput` for one and the same.
        """
        if payee_id == into_id:
            problem = FieldProblem("body.into_id", "This is the payee itself.", "Choose another one.")
            raise InvalidInput(fields=[problem])

        def work(session: OwnedSession) -> Recorded:
            payee, into = find_payee(session, payee_id), find_payee(session, into_id)
            rows = _transactions_of(session, payee.id)
            for row in rows:
                _give(row, into)
            for alias in _aliases_of(session, payee.id):
                alias.payee_id = into.id
            session.flush()
            self._keep_name(session, into, payee.name, rows)
            step_of(session).title = f"{payee.name} → {into.name}"
            session.delete(payee)
            return recorded(session, len(rows))

        return self._log.write(actor, "payee.merge", work)

    def forget(self, actor: Actor, payee_id: str, written: Sequence[str]) -> Recorded:
        """Take ways of being written away from a payee; what is written so is called as its bank wrote it again.

        `written`: as `all` names them. Returns how many transactions changed. Raises `PayeeMissing`.
        """
        keys = frozenset(written)

        def work(session: OwnedSession) -> Recorded:
            payee = find_payee(session, payee_id)
            aliases = [one for one in _aliases_of(session, payee.id) if one.value in keys]
            if not aliases:
                problem = FieldProblem("body.written", f"{payee.name} is not written so.", "Look at the list again.")
                raise InvalidInput(fields=[problem])
            rows = [one for one in _transactions_of(session, payee.id) if _key_of(one) in keys or one.iban in keys]
            for row in rows:
                _give(row, None)
            for alias in aliases:
                session.delete(alias)
            step_of(session).title = payee.name
            return recorded(session, len(rows))

        return self._log.write(actor, "payee.forget", work)

    def delete(self, actor: Actor, payee_id: str) -> Recorded:
        """Delete a payee; its transactions stay, and are called as their bank wrote them. Raises `PayeeMissing`."""

        def work(session: OwnedSession) -> Recorded:
            payee = find_payee(session, payee_id)
            rows = _transactions_of(session, payee.id)
            for row in rows:
                _give(row, None)
            for alias in _aliases_of(session, payee.id):
                session.delete(alias)
            session.flush()
            step_of(session).title = payee.name
            session.delete(payee)
            return recorded(session, len(rows))

        return self._log.write(actor, "payee.delete", work)


def find_payee(session: OwnedSession, payee_id: str) -> Payee:
    """Return a payee of the acting space; raises `PayeeMissing`."""
    query = select(Payee).where(Payee.owner_id == session.actor.owner_id, Payee.id == payee_id)
    payee = session.scalars(query).first()
    if payee is None:
        raise PayeeMissing()
    return payee


def _transactions_of(session: OwnedSession, payee_id: str) -> list[Transaction]:
    query = select(Transaction).where(Transaction.owner_id == session.actor.owner_id, Transaction.payee_id == payee_id)
    return list(session.scalars(query))


def _aliases_of(session: OwnedSession, payee_id: str) -> list[PayeeAlias]:
    query = select(PayeeAlias).where(PayeeAlias.owner_id == session.actor.owner_id, PayeeAlias.payee_id == payee_id)
    return list(session.scalars(query))


def _key_of(row: Transaction) -> str:
    return fold(row.counterparty)[:200]


def _give(row: Transaction, payee: Payee | None) -> None:
    """Give a transaction a payee (None: none), also where it is searched."""
    row.payee_id = payee.id if payee is not None else None
    row.search = searchable(row.counterparty, row.purpose, row.note, payee.name if payee else "", *row.tags)


def payee_named(session: OwnedSession, name: str) -> Payee | None:
    """Return the payee of that very name."""
    if not name:
        return None
    query = select(Payee).where(Payee.owner_id == session.actor.owner_id, Payee.name == name)
    return session.scalars(query).first()


def known_payee(session: OwnedSession, counterparty: str, iban: str) -> Payee | None:
    """Return the payee that is written so, by its text first."""
    key = fold(counterparty)[:200]
    wanted = [(TEXT, key)] if key else []
    if iban:
        wanted.append((IBAN, iban))
    for kind, value in wanted:
        query = (
            select(Payee)
            .join(PayeeAlias, (PayeeAlias.payee_id == Payee.id) & (PayeeAlias.owner_id == Payee.owner_id))
            .where(Payee.owner_id == session.actor.owner_id, PayeeAlias.kind == kind, PayeeAlias.value == value)
        )
        found = session.scalars(query).first()
        if found is not None:
            return found
    return None
