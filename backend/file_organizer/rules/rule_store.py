"""Keep the rules of each space, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from backend.file_organizer.events import RulesChanged
from backend.file_organizer.rules.definition import RuleBody, RuleDefinition
from backend.file_organizer.rules.errors import RuleChanged, RuleMissing, RulesFull
from backend.file_organizer.rules.rule_models import Rule
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.ids import NewId

MOST_RULES = 500
KEPT_DAYS = 30
"""Days for which a deleted rule can be brought back."""


class Rules:
    """Read and change rules. A space has its own; nothing is shared between spaces, also where a person reads both."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def all(self, actor: Actor, *, enabled_only: bool = False) -> list[Rule]:
        """Return the rules in their order."""

        def work(session: OwnedSession) -> list[Rule]:
            query = _own(session).order_by(Rule.position, Rule.id)
            return list(session.scalars(query.where(Rule.enabled.is_(True)) if enabled_only else query))

        return self._db.read(actor, work)

    def get(self, actor: Actor, rule_id: str) -> Rule:
        """Return one rule; raises `RuleMissing`."""
        return self._db.read(actor, _find, rule_id)

    def create(self, actor: Actor, definitions: Sequence[RuleDefinition]) -> list[Rule]:
        """Add rules at the end, all or none; raises `RulesFull`."""

        def work(session: OwnedSession) -> list[Rule]:
            self._clear_away(session)
            count = session.scalar(select(func.count()).select_from(_own(session).subquery())) or 0
            if count + len(definitions) > MOST_RULES:
                raise RulesFull()
            last = session.scalar(select(func.max(Rule.position)).where(Rule.owner_id == session.actor.owner_id))
            now, first = self._clock.now(), (last if last is not None else -1) + 1
            made = [
                Rule(
                    id=self._new_id(),
                    name=one.name,
                    enabled=one.enabled,
                    position=first + number,
                    body=_stored(one.body),
                    user_id=actor.user_id,
                    created_at=now,
                    updated_at=now,
                    version=1,
                )
                for number, one in enumerate(definitions)
            ]
            session.add_all(made)
            _tell(session)
            return made

        return self._db.write(actor, work)

    def change(
        self,
        actor: Actor,
        rule_id: str,
        *,
        name: str | None = None,
        enabled: bool | None = None,
        body: RuleBody | None = None,
        version: int | None = None,
    ) -> Rule:
        """Change some of a rule. Raises `RuleMissing`, and `RuleChanged` if it is no longer at `version`."""

        def work(session: OwnedSession) -> Rule:
            rule = _find(session, rule_id)
            if version is not None and rule.version != version:
                raise RuleChanged()
            if name is not None:
                rule.name = name
            if enabled is not None:
                rule.enabled = enabled
            if body is not None:
                rule.body = _stored(body)
            rule.version, rule.updated_at = rule.version + 1, self._clock.now()
            _tell(session)
            return rule

        return self._db.write(actor, work)

    def place(self, actor: Actor, rule_id: str, index: int) -> list[Rule]:
        """Put a rule at a place in the order (0 is the first, too large a number the last); returns the order."""

        def work(session: OwnedSession) -> list[Rule]:
            _find(session, rule_id)
            rules = list(session.scalars(_own(session).order_by(Rule.position, Rule.id)))
            moved = next(rule for rule in rules if rule.id == rule_id)
            rules.remove(moved)
            rules.insert(min(index, len(rules)), moved)
            for number, rule in enumerate(rules):
                rule.position = number
            _tell(session)
            return rules

        return self._db.write(actor, work)

    def delete(self, actor: Actor, rule_id: str) -> None:
        """Delete a rule; it can be brought back for `KEPT_DAYS` days. Raises `RuleMissing`."""

        def work(session: OwnedSession) -> None:
            _find(session, rule_id).deleted_at = self._clock.now()
            _tell(session)

        self._db.write(actor, work)

    def restore(self, actor: Actor, rule_id: str) -> Rule:
        """Bring a deleted rule back to its place; one that is not deleted stays as it is. Raises `RuleMissing`."""

        def work(session: OwnedSession) -> Rule:
            rule = _find(session, rule_id, deleted=True)
            rule.deleted_at = None
            _tell(session)
            return rule

        return self._db.write(actor, work)

    def _clear_away(self, session: OwnedSession) -> None:
        before = self._clock.now() - timedelta(days=KEPT_DAYS)
        session.execute(delete(Rule).where(Rule.owner_id == session.actor.owner_id, Rule.deleted_at < before))


def _own(session: OwnedSession) -> Any:
    return select(Rule).where(Rule.owner_id == session.actor.owner_id, Rule.deleted_at.is_(None))


def _find(session: OwnedSession, rule_id: str, *, deleted: bool = False) -> Rule:
    query = select(Rule).where(Rule.owner_id == session.actor.owner_id, Rule.id == rule_id)
    rule = session.scalars(query).first()
    if rule is None or (rule.deleted_at is not None and not deleted):
        raise RuleMissing()
    return rule


def _stored(body: RuleBody) -> dict[str, Any]:
    return body.model_dump(mode="json", exclude_none=True)


def _tell(session: OwnedSession) -> None:
    session.emit(RulesChanged(owner_id=session.actor.owner_id))
