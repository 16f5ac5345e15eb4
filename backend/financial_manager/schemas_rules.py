"""Wire types of the household's rules for categories."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from backend.financial_manager.categories.rules import MOST_CONDITIONS, Condition, RuleAction, RuleDefinition
from backend.financial_manager.schemas import TransactionOut
from backend.sdk.http import In, Out


class CategoryRuleActionIn(In):
    """What a line gets that fits: a category, tags, or both."""

    category_id: str | None = Field(None, min_length=1, max_length=64)
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)] = []


class CategoryRuleIn(In):
    """Say what lines a rule is for, and what they get. The first rule that fits a line decides."""

    name: str = Field(min_length=1, max_length=120)
    enabled: bool = True
    match: Literal["all", "any"] = "all"
    conditions: Annotated[list[Condition], Field(min_length=1, max_length=MOST_CONDITIONS)]
    action: CategoryRuleActionIn

    def definition(self) -> RuleDefinition:
        """Return the rule as the engine takes it; raises `ValidationError` where it does nothing."""
        action = RuleAction(category_id=self.action.category_id, tags=self.action.tags)
        return RuleDefinition(
            name=self.name, enabled=self.enabled, match=self.match, conditions=self.conditions, action=action
        )


class CategoryRuleChangeIn(In):
    """Replace what a rule says."""

    rule: CategoryRuleIn
    version: int | None = Field(None, ge=1, description="What you saw; refused if somebody changed it since.")


class CategoryRuleTrialIn(In):
    """Try a rule without saving it. `rule_id`: the one that is edited."""

    rule: CategoryRuleIn
    rule_id: str | None = Field(None, max_length=64)


class CategoryRulePlaceIn(In):
    """Put a rule at a place in the order."""

    index: int = Field(ge=0, le=10_000, description="0 comes first; too large a number is the last.")


class CategoryRuleOut(Out):
    """Show a rule."""

    id: str
    name: str
    enabled: bool
    position: int
    version: int
    match: Literal["all", "any"]
    conditions: list[dict[str, object]]
    category_id: str | None
    tags: list[str]
    sentence: str = Field(description="The rule in words.")


class CategoryRulesOut(Out):
    """List the rules in their order."""

    items: list[CategoryRuleOut]


class CategoryRuleTrialOut(Out):
    """Say what a rule would do among the newest bookings; nothing was changed."""

    looked_at: int
    fits: int
    decides: int = Field(description="Get its category.")
    changes: int = Field(description="Of those, had another category or none: what applying the rules would change.")
    by_hand: int = Field(description="Keep what you said.")
    earlier: int = Field(description="Another rule comes first.")
    examples: list[TransactionOut]
