"""Tags: words that people put on transactions, across categories ("holiday 2026")."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, or_, select

from backend.financial_manager.errors import TagMissing
from backend.financial_manager.ledger.change_log import ChangeLog, Recorded, recorded, step_of
from backend.financial_manager.ledger.models import CategoryRule, Payee, Transaction
from backend.financial_manager.ledger.text import searchable
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.names import plain_name

LONGEST = 60


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag with how many transactions have it."""

    name: str
    transactions: int


class Tags:
    """Read and change the tags of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog) -> None:
        self._db = db
        self._log = log

    def all(self, actor: Actor) -> list[TagSeen]:
        """Return the tags that transactions have, by name."""

        def work(session: OwnedSession) -> list[TagSeen]:
            owner = session.actor.owner_id
            query = select(Transaction.tags).where(
                Transaction.owner_id == owner, cast(Transaction.tags, String) != "[]"
            )
            counts = Counter(tag for row in session.execute(query) for tag in set(row[0]))
            return [TagSeen(name, counts[name]) for name in sorted(counts, key=lambda one: (one.casefold(), one))]

        return self._db.read(actor, work)

    def rename(self, actor: Actor, tag: str, name: str) -> Recorded:
        """Call a tag otherwise, on transactions and in rules; where the new name is a tag, both become one.

        Raises `TagMissing`, and `InvalidInput` for an empty name.
        """
        title = plain_name(name)
        if not title or len(title) > LONGEST:
            problem = FieldProblem("body.name", f"A tag has 1 to {LONGEST} letters.", "Give it another name.")
            raise InvalidInput(fields=[problem])
        return self._log.write(actor, "tag.rename", _exchange, tag, title)

    def remove(self, actor: Actor, tag: str) -> Recorded:
        """Take a tag away from every transaction and rule. Raises `TagMissing`."""
        return self._log.write(actor, "tag.remove", _exchange, tag, None)


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Return tags as they are kept, each once; raises `InvalidInput` for one of which nothing can be seen."""
    found = [plain_name(tag) for tag in tags]
    if "" in found:
        problem = f"A tag has 1 to {LONGEST} letters."
        raise InvalidInput(fields=[FieldProblem(f"body.tags.{found.index('')}", problem, "Give it another name.")])
    return list(dict.fromkeys(found))


def has_tag(tag: str) -> ColumnElement[bool]:
    """Return the condition that a transaction has a tag, however the engine writes letters in JSON."""
    text = cast(Transaction.tags, String)
    spellings = {json.dumps(tag), json.dumps(tag, ensure_ascii=False)}
    return or_(*(text.contains(one, autoescape=True) for one in sorted(spellings)))


def _exchange(session: OwnedSession, tag: str, new: str | None) -> Recorded:
    """Put `new` in the place of a tag; None: nothing."""
    owner = session.actor.owner_id
    names = {row[0]: row[1] for row in session.execute(select(Payee.id, Payee.name).where(Payee.owner_id == owner))}
    changed = 0
    for row in session.scalars(select(Transaction).where(Transaction.owner_id == owner, has_tag(tag))):
        row.tags = _exchanged(row.tags, tag, new)
        row.search = searchable(row.counterparty, row.purpose, row.note, names.get(row.payee_id or "", ""), *row.tags)
        row.version += 1
        changed += 1
    if not changed:
        raise TagMissing()
    for rule in session.scalars(select(CategoryRule).where(CategoryRule.owner_id == owner)):
        action = dict(rule.body.get("action", {}))
        if tag in action.get("tags", ()):
            left = _exchanged(action["tags"], tag, new)
            if left or action.get("category_id"):  # a rule that only gave this tag stays as it is
                rule.body = {**rule.body, "action": {**action, "tags": left}}
                rule.version += 1
    step_of(session).title = tag if new is None else f"{tag} → {new}"
    return recorded(session, changed)


def _exchanged(tags: list[str], tag: str, new: str | None) -> list[str]:
    return list(dict.fromkeys(name for one in tags if (name := new if one == tag else one) is not None))
