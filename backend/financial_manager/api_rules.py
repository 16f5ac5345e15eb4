"""API of the household's rules for categories: keep, order, try, apply."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from backend.financial_manager.categories import RuleDefinition, read_rule
from backend.financial_manager.categories.rule_sentence import sentence_of
from backend.financial_manager.finances import Finances
from backend.financial_manager.ledger.models import CategoryRule
from backend.financial_manager.rule_rows import definition_json
from backend.financial_manager.schemas import IdPath, RecordedOut
from backend.financial_manager.schemas_rules import (
    CategoryRuleChangeIn,
    CategoryRuleIn,
    CategoryRuleOut,
    CategoryRulePlaceIn,
    CategoryRulesOut,
    CategoryRuleTrialIn,
    CategoryRuleTrialOut,
)
from backend.financial_manager.views import transaction_out
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, current_actor


def rule_group(finances: Finances) -> Group:
    """Return the group of rules."""
    group = Group("category_rules", url_prefix="/category-rules", tag="Category rules")
    _add_keeping(group, finances)
    _add_trying(group, finances)
    return group


def _listed(finances: Finances, actor: Actor) -> CategoryRulesOut:
    titles = {one.id: one.title for one in finances.categories.all(actor)}
    names = {one.account.id: one.account.name for one in finances.accounts.all(actor)}
    unit = finances.settings.get(actor).currency
    return CategoryRulesOut(items=[rule_out(row, titles, names, unit) for row in finances.category_rules.all(actor)])


def _add_keeping(group: Group, finances: Finances) -> None:
    rules = finances.category_rules

    def shown(actor: Actor, rule_id: str) -> CategoryRuleOut:
        return next(one for one in _listed(finances, actor).items if one.id == rule_id)

    @group.get("", returns=CategoryRulesOut)
    def list_category_rules() -> CategoryRulesOut:
        """List your rules in their order: the first that fits a line decides."""
        return _listed(finances, current_actor())

    @group.post("", returns=CategoryRuleOut, status=201, errors=[404])
    def create_category_rule(body: CategoryRuleIn) -> CategoryRuleOut:
        """Add a rule; it comes last in the order. It decides what is imported from now on."""
        actor = current_actor()
        return shown(actor, rules.create(actor, _definition(body, "body")).id)

    @group.put("/<id>", returns=CategoryRuleOut, errors=[404, 409])
    def change_category_rule(path: IdPath, body: CategoryRuleChangeIn) -> CategoryRuleOut:
        """Replace what a rule says, or switch it on or off."""
        actor = current_actor()
        return shown(actor, rules.change(actor, path.id, _definition(body.rule, "body.rule"), body.version).id)

    @group.post("/<id>/place", returns=CategoryRulesOut, status=200, errors=[404])
    def place_category_rule(path: IdPath, body: CategoryRulePlaceIn) -> CategoryRulesOut:
        """Put a rule at another place in the order."""
        actor = current_actor()
        rules.place(actor, path.id, body.index)
        return _listed(finances, actor)


def _add_trying(group: Group, finances: Finances) -> None:
    rules = finances.category_rules

    @group.delete("/<id>", returns=RecordedOut, errors=[404])
    def delete_category_rule(path: IdPath) -> RecordedOut:
        """Delete a rule; undoing the change brings it back. What it said of bookings stays."""
        return RecordedOut.model_validate(rules.delete(current_actor(), path.id))

    @group.post("/try", returns=CategoryRuleTrialOut, status=200, errors=[404])
    def try_category_rule(body: CategoryRuleTrialIn) -> CategoryRuleTrialOut:
        """Say what a rule would do among the newest bookings. Changes nothing."""
        definition = _definition(body.rule, "body.rule")
        found = run_blocking(rules.try_out, current_actor(), definition, body.rule_id)
        return CategoryRuleTrialOut(
            looked_at=found.looked_at,
            fits=found.fits,
            decides=found.decides,
            changes=found.changes,
            by_hand=found.by_hand,
            earlier=found.earlier,
            examples=[transaction_out(one) for one in found.examples],
        )

    @group.post("/apply", returns=RecordedOut, status=200)
    def apply_category_rules() -> RecordedOut:
        """Let your rules decide about what is booked; what you said by hand stays. One step, which can be undone."""
        return RecordedOut.model_validate(run_blocking(rules.apply, current_actor()))


def _definition(body: CategoryRuleIn, place: str) -> RuleDefinition:
    try:
        return body.definition()
    except ValidationError:
        problem = FieldProblem(f"{place}.action", "The rule does nothing.", "Choose a category, or a tag.")
        raise InvalidInput(fields=[problem]) from None


def rule_out(
    row: CategoryRule, titles: Mapping[str, str], accounts: Mapping[str, str], currency: str
) -> CategoryRuleOut:
    """Return a rule as the API shows it, amounts in `currency`; what only a newer Homie understands has no words."""
    body = row.body
    action = body.get("action", {})
    try:
        sentence = sentence_of(read_rule(definition_json(row)), titles, accounts, currency)
    except InvalidInput:
        sentence = ""
    return CategoryRuleOut(
        id=row.id,
        name=row.name,
        enabled=row.enabled,
        position=row.position,
        version=row.version,
        match=body.get("match", "all"),
        conditions=list(body.get("conditions", [])),
        category_id=action.get("category_id"),
        tags=list(action.get("tags", [])),
        sentence=sentence,
    )
