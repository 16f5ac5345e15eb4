"""The household's rules for categories, the one that is edited, and what that one would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import CategoryRuleOut, CategoryRuleTrialOut, RecordedOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import Loading, undone_on_error


@dataclass(eq=False)
class CategoryRulesProvider(MoneyProvider):
    """Hold the rules in their order.

    `draft`: what is edited, as the hub takes it (None: nothing is); `trial`: what it would do, None while it says
    nothing yet; `trial_error`: why that is not known.
    """

    rules: tuple[CategoryRuleOut, ...] = ()
    draft: dict[str, Any] | None = None
    draft_id: str = ""
    version: int = 0
    trial: CategoryRuleTrialOut | None = None
    trial_error: ApiError | None = None
    _opened: int = field(default=0, init=False, repr=False)
    _trying: Loading = field(default_factory=Loading, init=False, repr=False)

    async def fetch(self) -> None:
        """Read the rules."""
        self.rules = tuple((await self.money.list_category_rules(space=self._space))["items"])

    def rule(self, rule_id: str) -> CategoryRuleOut | None:
        """Return a rule, or None."""
        return next((one for one in self.rules if one["id"] == rule_id), None)

    # ------------------------------------------------------------------ the list

    async def switch(self, rule: CategoryRuleOut, on: bool) -> None:
        """Switch a rule on or off: at once, back if the hub refuses; raises `ApiError`."""
        switched = [{**one, "enabled": on} if one["id"] == rule["id"] else one for one in self.rules]
        undo = self.replace("rules", tuple(switched))
        async with undone_on_error(undo):
            body: Any = {"rule": {**definition_of(rule), "enabled": on}, "version": rule["version"]}
            told = await self.money.change_category_rule(rule["id"], body, space=self._space)
        self.rules = tuple(told if one["id"] == told["id"] else one for one in self.rules)

    async def place(self, rule: CategoryRuleOut, index: int) -> None:
        """Put a rule at a place in the order: at once, back if the hub refuses; raises `ApiError`."""
        rest = [one for one in self.rules if one["id"] != rule["id"]]
        rest.insert(max(0, index), rule)
        undo = self.replace("rules", tuple(rest))
        async with undone_on_error(undo):
            space = self._space
            told = await self.money.place_category_rule(rule["id"], {"index": max(0, index)}, space=space)
        if space == self._space:
            self.rules = tuple(told["items"])

    async def delete(self, rule: CategoryRuleOut) -> RecordedOut:
        """Delete a rule: at once, back if the hub refuses; raises `ApiError`."""
        undo = self.replace("rules", tuple(one for one in self.rules if one["id"] != rule["id"]))
        async with undone_on_error(undo):
            return await self.money.delete_category_rule(rule["id"], space=self._space)

    async def apply(self) -> RecordedOut:
        """Let the rules decide about what is booked; raises `ApiError`."""
        return await self.money.apply_category_rules(space=self._space)

    # ------------------------------------------------------------------ the one that is edited

    async def open(self, rule_id: str | None, fresh: dict[str, Any]) -> bool | None:
        """Begin to edit a rule, or (None) a new one; tell whether it is there; raises `ApiError`.

        None: another one was opened meanwhile, and nothing was done with the answer.
        """
        self._opened += 1
        opened = self._opened
        self.draft, self.trial, self.trial_error, self.draft_id = None, None, None, rule_id or ""
        if rule_id is None:
            self.draft, self.version = fresh, 0
        else:
            await self.fetch()
            if opened != self._opened:
                return None
            rule = self.rule(rule_id)
            if rule is None:
                return False
            self.draft, self.version = definition_of(rule), rule["version"]
        self.loaded = True
        await self.look()
        return True

    async def change(self, **parts: Any) -> None:
        """Change some of the draft, and say what it would do now."""
        self.draft = {**(self.draft or {}), **parts}
        await self.look()

    async def look(self) -> None:
        """Say what the draft would do among the newest bookings; several calls meanwhile cause one more."""
        await self._trying.loading(self._look)

    async def _look(self) -> None:
        draft = self.draft
        if draft is None or not is_whole(draft):
            self.trial, self.trial_error = None, None
            return
        body: Any = {"rule": {**draft, "name": draft.get("name") or "?"}}
        if self.draft_id:
            body["rule_id"] = self.draft_id
        try:
            self.trial, self.trial_error = await self.money.try_category_rule(body, space=self._space), None
        except ApiError as error:
            self.trial, self.trial_error = None, error

    async def save(self, name: str) -> None:
        """Keep the draft under a name; raises `ApiError`."""
        rule: Any = {**(self.draft or {}), "name": name}
        if self.draft_id:
            body: Any = {"rule": rule, "version": self.version}
            await self.money.change_category_rule(self.draft_id, body, space=self._space)
        else:
            await self.money.create_category_rule(rule, space=self._space)
        self.draft = None
        await self.load()


def definition_of(rule: CategoryRuleOut) -> dict[str, Any]:
    """Return what a rule says, as the hub takes it."""
    action: dict[str, Any] = {"tags": list(rule["tags"])}
    if rule["category_id"] is not None:
        action["category_id"] = rule["category_id"]
    return {
        "name": rule["name"],
        "enabled": rule["enabled"],
        "match": rule["match"],
        "conditions": [dict(one) for one in rule["conditions"]],
        "action": action,
    }


def is_whole(draft: dict[str, Any]) -> bool:
    """Tell whether a draft says enough to be tried: each condition has a value, and something is done."""
    action = draft.get("action", {})
    return bool(action.get("category_id") or action.get("tags")) and all(map(_has_value, draft.get("conditions", ())))


def _has_value(condition: dict[str, Any]) -> bool:
    if condition["what"] == "amount":
        return condition.get("at_least") is not None or condition.get("at_most") is not None
    return bool(condition.get("value") or condition.get("values"))
