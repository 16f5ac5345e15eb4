"""The household's rules for categories: kept in an order, tried before they are saved, applied to what is booked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from backend.financial_manager.categories import RuleDefinition, preview
from backend.financial_manager.errors import CategoryRuleMissing, RowChanged
from backend.financial_manager.ledger.categories import check_category
from backend.financial_manager.ledger.change_log import ChangeLog, Recorded, recorded, step_of
from backend.financial_manager.ledger.models import Category, CategoryRule, Posting, Transaction
from backend.financial_manager.ledger.transactions import BY_HAND, Entered, with_postings
from backend.financial_manager.ledger.transfer_links import SOURCE
from backend.financial_manager.lines import LOOKED_AT, RULE, line_of
from backend.financial_manager.rule_rows import book_of, rules_of
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId

MOST = 500
EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do among the newest bookings.

    `fits` of `looked_at`; `decides`: get its category, `changes` of them had another one; `by_hand`: keep what a
    person said; `earlier`: another rule comes first. `examples`: some that would change.
    """

    looked_at: int
    fits: int
    decides: int
    changes: int
    by_hand: int
    earlier: int
    examples: tuple[Entered, ...]


class CategoryRules:
    """Keep the rules of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id

    def all(self, actor: Actor) -> list[CategoryRule]:
        """Return the rules in their order."""
        return self._db.read(actor, rules_of)

    def create(self, actor: Actor, definition: RuleDefinition) -> CategoryRule:
        """Add a rule at the end; raises `CategoryMissing`, and `InvalidInput` where there are too many."""

        def work(session: OwnedSession) -> CategoryRule:
            rows = rules_of(session)
            if len(rows) >= MOST:
                problem = FieldProblem("body", f"There are {MOST} rules already.", "Delete one that is not used.")
                raise InvalidInput(fields=[problem])
            check_category(session, definition.action.category_id, "body.action.category_id")
            last = session.scalar(
                select(func.max(CategoryRule.position)).where(CategoryRule.owner_id == session.actor.owner_id)
            )
            row = CategoryRule(id=self._new_id(), position=(last if last is not None else -1) + 1)
            _fill(row, definition)
            session.add(row)
            step_of(session).title = row.name
            return row

        return self._log.write(actor, "rule.create", work)

    def change(
        self, actor: Actor, rule_id: str, definition: RuleDefinition, version: int | None = None
    ) -> CategoryRule:
        """Replace what a rule says. Raises `CategoryRuleMissing`, `CategoryMissing`, `RowChanged`."""

        def work(session: OwnedSession) -> CategoryRule:
            row = _find(session, rule_id)
            if version is not None and row.version != version:
                raise RowChanged()
            if definition.action.category_id != row.body["action"].get("category_id"):
                # One whose category is gone decides nothing; it can still be switched off, or called differently.
                check_category(session, definition.action.category_id, "body.rule.action.category_id")
            _fill(row, definition)
            row.version += 1
            step_of(session).title = row.name
            return row

        return self._log.write(actor, "rule.change", work)

    def place(self, actor: Actor, rule_id: str, index: int) -> list[CategoryRule]:
        """Put a rule at a place in the order (0 comes first); returns the order. Raises `CategoryRuleMissing`."""

        def work(session: OwnedSession) -> list[CategoryRule]:
            moved = _find(session, rule_id)
            rows = [row for row in rules_of(session) if row.id != rule_id]
            rows.insert(min(index, len(rows)), moved)
            for number, row in enumerate(rows):
                row.position = number
            step_of(session).title = moved.name
            return rows

        return self._log.write(actor, "rule.place", work)

    def delete(self, actor: Actor, rule_id: str) -> Recorded:
        """Delete a rule; the record of changes brings it back. Raises `CategoryRuleMissing`."""

        def work(session: OwnedSession) -> Recorded:
            row = _find(session, rule_id)
            step_of(session).title = row.name
            session.delete(row)
            return recorded(session, 1)

        return self._log.write(actor, "rule.delete", work)

    def try_out(self, actor: Actor, definition: RuleDefinition, rule_id: str | None = None) -> Trial:
        """Say what a rule would do among the newest bookings; changes nothing. `rule_id`: the one that is edited."""

        def work(session: OwnedSession) -> Trial:
            check_category(session, definition.action.category_id, "body.rule.action.category_id")
            rows = _recent(session)
            earlier = []
            for row in rules_of(session):
                if row.id == rule_id:
                    break
                earlier.append(row)
            found = preview(
                definition,
                [line_of(one) for one in rows],
                by_hand=[one.postings[1].source == BY_HAND for one in rows],
                earlier=book_of(earlier, _existing(session)),
            )
            wanted = definition.action.category_id
            changes = [rows[n] for n in found.decides if wanted not in (None, rows[n].postings[1].category_id)]
            return Trial(
                looked_at=len(rows),
                fits=len(found.fits),
                decides=len(found.decides),
                changes=len(changes),
                by_hand=len(found.by_hand),
                earlier=len(found.earlier),
                examples=tuple(changes[:EXAMPLES]),
            )

        return self._db.read(actor, work)

    def apply(self, actor: Actor) -> Recorded:
        """Let the rules decide about what is booked, the newest first; what a person said stays. Returns how many."""

        def work(session: OwnedSession) -> Recorded:
            book = book_of(rules_of(session), _existing(session))
            changed = 0
            for one in _recent(session):
                part = one.postings[1]
                ruled = book.first(line_of(one)) if part.source != BY_HAND else None
                if ruled is None or ruled.category_id is None or ruled.category_id == part.category_id:
                    continue
                part.category_id, part.source, part.confidence = ruled.category_id, RULE, 1.0
                rule = ruled.rule_name
                part.reason = f"Your rule '{rule}' says so."
                one.transaction.version += 1
                changed += 1
            step_of(session).title = f"{changed} transactions"
            return recorded(session, changed)

        return self._log.write(actor, "rule.apply", work)


def _existing(session: OwnedSession) -> dict[str, str]:
    """Return the categories that exist: a rule whose category was deleted decides nothing."""
    ids = session.scalars(select(Category.id).where(Category.owner_id == session.actor.owner_id))
    return {one: one for one in ids}


def _fill(row: CategoryRule, definition: RuleDefinition) -> None:
    row.name, row.enabled = definition.name, definition.enabled
    row.body = definition.model_dump(mode="json", exclude_none=True, exclude={"name", "enabled"})


def _find(session: OwnedSession, rule_id: str) -> CategoryRule:
    query = select(CategoryRule).where(CategoryRule.owner_id == session.actor.owner_id, CategoryRule.id == rule_id)
    row = session.scalars(query).first()
    if row is None:
        raise CategoryRuleMissing()
    return row


def _recent(session: OwnedSession) -> list[Entered]:
    """Return the newest bookings that are neither split nor half of a transfer: of those no rule decides."""
    owner = session.actor.owner_id
    ids = (
        select(Posting.transaction_id)
        .where(Posting.owner_id == owner, Posting.account_id.is_(None))
        .order_by(Posting.date.desc())
        .limit(LOOKED_AT)
    )
    rows = session.scalars(
        select(Transaction)
        .where(Transaction.owner_id == owner, Transaction.id.in_(ids))
        .order_by(Transaction.date.desc(), Transaction.id.desc())
    )
    found = [one for one in with_postings(session, list(rows)) if len(one.postings) == 2]
    return [one for one in found if one.postings[1].source != SOURCE]
