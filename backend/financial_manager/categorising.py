"""Say what bookings were for: the household's own words first, then what it taught, then what Homie knows of merchants.

What a person or a rule said is counted anew from the ledger where it changed since it was last needed; nothing of the
model is stored. Labels are the keys of shipped categories, and the ids of the household's own ones.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select

from backend.financial_manager.categories import AiWord, Assignment, Categoriser, LearnedModel, Line, Row, Source
from backend.financial_manager.importing.booking import Said
from backend.financial_manager.ledger.accounts import find_account
from backend.financial_manager.ledger.categories import CONVERSION
from backend.financial_manager.ledger.change_log import last_step
from backend.financial_manager.ledger.drafts import Part
from backend.financial_manager.ledger.models import Category, Posting, Transaction
from backend.financial_manager.ledger.transactions import BY_HAND, Entered, find_transaction, with_postings
from backend.financial_manager.lines import LOOKED_AT, RULE, line_of
from backend.financial_manager.rule_rows import book_of, rules_of
from backend.financial_manager.statements import Entry
from backend.sdk.actor import Actor
from backend.sdk.concurrency import native_lock
from backend.sdk.db import Database, OwnedSession, not_by_index

KEPT = 4
"""Households whose model is kept in memory."""
MOST_SIMILAR = 200
MOST_LEARNED = 10_000
"""Bookings that are learned from, the newest: below a second, and what a household does now is what counts."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that a booking may have. `confidence`: 0..1."""

    category_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A booking of the inbox with what Homie would say, the best first, and why."""

    entered: Entered
    suggestions: tuple[Suggestion, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said of a booking once an AI was heard too. `category_id`: None where a person is to be asked."""

    waiting: Waiting
    source: Source
    category_id: str | None
    confidence: float
    reason: str


@dataclass(slots=True)
class _Known:
    """What is known of one household: its model, and how far it is (`step`: the last step that was counted)."""

    step: str | None = None
    categoriser: Categoriser = field(default_factory=Categoriser)
    ids: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=native_lock)


class Categorising:
    """Categorise bookings of the space that an actor acts in."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: OrderedDict[str, _Known] = OrderedDict()
        self._lock = native_lock()

    def say(self, session: OwnedSession, account_id: str, entries: Sequence[Entry]) -> list[Said]:
        """Return what each line that is about to be booked was for; no category where a person is to be asked."""
        known, unit = self._fresh(session), find_account(session, account_id).currency
        with known.lock:
            by_rule: dict[str, Said] = {}  # a rule says the same of each of its lines
            found = []
            for entry in entries:
                assigned = known.categoriser.assign(_line_of_entry(entry, account_id, unit))
                said = by_rule.get(assigned.rule_id or "") if assigned.source is Source.RULE else None
                if said is None:
                    said = _said(known, assigned)
                    if assigned.source is Source.RULE and assigned.rule_id is not None:
                        by_rule[assigned.rule_id] = said
                found.append(said)
            return found

    def waiting(self, actor: Actor, rows: Sequence[Entered]) -> list[Waiting]:
        """Return what Homie would say of bookings that nobody said anything about."""

        def work(session: OwnedSession) -> list[Waiting]:
            known = self._fresh(session)
            with known.lock:
                return [_waiting(known, one) for one in rows]

        return self._db.read(actor, work)

    def offered(self, session: OwnedSession) -> dict[str, str]:
        """Return label -> title of the categories that a booking can get."""
        known = self._fresh(session)
        with known.lock:
            return dict(known.categoriser.titles)

    def heard(self, session: OwnedSession, rows: Sequence[Entered], words: Mapping[str, AiWord]) -> list[Heard]:
        """Return what is said of waiting bookings, with an AI's `words` (by `Line.group_key`) heard last."""
        known = self._fresh(session)
        found = []
        with known.lock:
            for one in rows:
                line = line_of(one)
                said = known.categoriser.assign(line, ai=words.get(line.group_key))
                category_id = known.ids.get(said.category_id) if said.category_id is not None else None
                waiting = _waiting_of(known, one, said)
                found.append(Heard(waiting, said.source, category_id, said.confidence, said.reason.text))
        return found

    def similar(self, actor: Actor, transaction_id: str, category_id: str) -> list[Entered]:
        """Return bookings that are offered the same category as one that a person just corrected, the surest first.

        Never one that a person decided. Raises `TransactionMissing`.
        """

        def work(session: OwnedSession) -> list[Entered]:
            known = self._fresh(session)
            labels = {row_id: label for label, row_id in known.ids.items()}
            row = find_transaction(session, transaction_id)
            (corrected,) = with_postings(session, [row])
            label = labels.get(category_id)
            if label is None:
                return []
            recent = _undecided(session, transaction_id)
            rows = [Row(line_of(one), labels.get(_category(one) or "")) for one in recent]
            with known.lock:
                offers = known.categoriser.similar(rows, line_of(corrected), label)
            return [recent[offer.row] for offer in offers[:MOST_SIMILAR]]

        return self._db.read(actor, work)

    def _fresh(self, session: OwnedSession) -> _Known:
        """Return what is known of the acting space as the database has it now."""
        owner = session.actor.owner_id
        with self._lock:
            known = self._kept.setdefault(owner, _Known())
            self._kept.move_to_end(owner)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        step = last_step(session)
        with known.lock:
            if step != known.step or not known.ids:
                known.categoriser, known.ids = _learn(session)
                known.step = step
        return known


def _decided() -> tuple[ColumnElement[bool], ...]:
    """Return what a posting is like of which a person or a rule said what it was for; looked up by its transaction."""
    return not_by_index(Posting.category_id).is_not(None), Posting.source.in_((BY_HAND, RULE))


def _learn(session: OwnedSession) -> tuple[Categoriser, dict[str, str]]:
    """Count what people and rules said of the newest bookings, in the order of the days."""
    owner = session.actor.owner_id
    categories = list(session.scalars(select(Category).where(Category.owner_id == owner)))
    groups = {row.parent_id for row in categories}
    labels = {row.id: row.key or row.id for row in categories}
    titles = {
        labels[row.id]: row.title
        for row in categories
        if row.id not in groups and not row.hidden and row.key != CONVERSION
    }
    model = _model(session, labels)
    ids = {label: row_id for row_id, label in labels.items()}
    return Categoriser(model=model, rules=book_of(rules_of(session), labels), titles=titles), ids


def _model(session: OwnedSession, labels: Mapping[str, str]) -> LearnedModel:
    """Return what the newest decisions teach; `labels`: category -> what the model calls it."""
    owner = session.actor.owner_id
    model = LearnedModel()
    decided = (
        select(Posting.id)
        .where(Posting.owner_id == owner, Posting.transaction_id == Transaction.id, *_decided())
        .correlate(Transaction)
        .exists()
    )
    newest = (
        select(Transaction.id)
        .where(Transaction.owner_id == owner, decided)
        .order_by(Transaction.date.desc(), Transaction.id.desc())
        .limit(MOST_LEARNED)
    )
    query = (
        select(
            Transaction.counterparty, Transaction.purpose, Transaction.iban, Posting.amount_minor, Posting.currency,
            Posting.date, Posting.category_id,
        )
        .join(Posting, (Posting.transaction_id == Transaction.id) & (Posting.owner_id == Transaction.owner_id))
        .where(Posting.owner_id == owner, Transaction.id.in_(newest), *_decided())
        .order_by(Posting.date, Transaction.id)
    )  # fmt: skip
    for row in session.execute(query):
        line = Line(row[0], row[1], -row[3], row[4], row[2], day=row[5])
        if row[6] is not None:
            model.learn(line, labels[row[6]])
    return model


def _undecided(session: OwnedSession, but: str) -> list[Entered]:
    """Return the newest bookings that no person decided."""
    owner = session.actor.owner_id
    ids = (
        select(Posting.transaction_id)
        .where(Posting.owner_id == owner, Posting.account_id.is_(None), Posting.source.not_in((BY_HAND, "transfer")))
        .order_by(Posting.date.desc())
        .limit(LOOKED_AT)
    )
    query = select(Transaction).where(Transaction.owner_id == owner, Transaction.id.in_(ids), Transaction.id != but)
    rows = list(session.scalars(query.order_by(Transaction.date.desc(), Transaction.id.desc())))
    return [one for one in with_postings(session, rows) if len(one.postings) == 2]


def _part(known: _Known, found: Assignment) -> Part:
    """Return what is booked for a line: its amount is the booking's own."""
    category_id = known.ids.get(found.category_id) if found.category_id is not None else None
    if category_id is None:
        return Part(0, reason=found.reason.text, confidence=round(found.confidence, 3))
    return Part(
        0, category_id, source=found.source.value, confidence=round(found.confidence, 3), reason=found.reason.text
    )


def _waiting(known: _Known, entered: Entered) -> Waiting:
    return _waiting_of(known, entered, known.categoriser.assign(line_of(entered)))


def _waiting_of(known: _Known, entered: Entered, found: Assignment) -> Waiting:
    ranked: dict[str, float] = {}
    if found.category_id is not None:
        ranked[found.category_id] = found.confidence
    for other in found.alternatives:
        ranked.setdefault(other.category_id, other.confidence)
    usable: Mapping[str, str] = known.ids
    suggestions = tuple(Suggestion(usable[label], round(c, 3)) for label, c in ranked.items() if label in usable)
    return Waiting(entered, suggestions[:3], found.reason.text)


def _said(known: _Known, found: Assignment) -> Said:
    return Said(_part(known, found), found.tags)


def _line_of_entry(entry: Entry, account_id: str, unit: str) -> Line:
    """Return a line of a statement; what names no currency is in the account's (`unit`)."""
    currency = entry.currency or unit
    return Line(entry.counterparty, entry.purpose, entry.amount_minor, currency, entry.iban, account_id, entry.date)


def _category(entered: Entered) -> str | None:
    return entered.postings[1].category_id if len(entered.postings) == 2 else None
