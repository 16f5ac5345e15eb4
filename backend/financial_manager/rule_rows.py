"""Stored rules as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend.financial_manager.categories import Rule, RuleBook, read_rule
from backend.financial_manager.ledger.models import CategoryRule
from backend.sdk.db import OwnedSession
from backend.sdk.errors import InvalidInput


def rules_of(session: OwnedSession) -> list[CategoryRule]:
    """Return the rules of the acting space in their order."""
    query = select(CategoryRule).where(CategoryRule.owner_id == session.actor.owner_id)
    return list(session.scalars(query.order_by(CategoryRule.position, CategoryRule.id)))


def book_of(rows: Sequence[CategoryRule], labels: Mapping[str, str]) -> RuleBook:
    """Return rules ready to be asked; `labels`: what their categories are called there (their ids, if nothing else).

    A rule whose category is gone, or that only a newer Homie understands, is left out.
    """
    found = []
    for row in rows:
        try:
            definition = read_rule(definition_json(row))
        except InvalidInput:
            continue
        category_id = definition.action.category_id
        if category_id is not None and labels:
            if category_id not in labels:
                continue
            action = definition.action.model_copy(update={"category_id": labels[category_id]})
            definition = definition.model_copy(update={"action": action})
        found.append(Rule(row.id, definition))
    return RuleBook(found)


def definition_json(row: CategoryRule) -> dict[str, Any]:
    """Return a stored rule in the form that the engine reads."""
    return {**row.body, "name": row.name, "enabled": row.enabled}
