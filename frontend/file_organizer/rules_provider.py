"""The household's rules, the one that is being edited, and what it would do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import RuleImportOut, RuleIn, RuleOut, RulePatch, RuleTrialIn, RuleTrialOut
from frontend.providers.base import Provider, undone_on_error

CALM = 0.4
"""Seconds without typing after which a rule is tried."""


@dataclass(eq=False)
class RulesProvider(Provider):
    """Hold the rules in their order. `draft`: the rule that is edited, as it would be stored."""

    hears = ("file_organizer.rules_changed",)

    rules: tuple[RuleOut, ...] = ()
    rule_id: str | None = None
    version: int | None = None
    body: Mapping[str, Any] | None = None
    name: str = ""
    trial: RuleTrialOut | None = None
    trying: bool = False
    problem: ApiError | None = None
    folder: str = ""
    _asked: int = 0
    _opened: int = 0

    async def fetch(self) -> None:
        """Read the rules."""
        self.rules = tuple((await self.api.file_organizer.list_rules())["items"])

    async def switch(self, rule: RuleOut, on: bool) -> None:
        """Switch a rule on or off: at once, taken back if the hub refuses; raises `ApiError`."""
        undo = self.replace(
            "rules", tuple({**one, "enabled": on} if one["id"] == rule["id"] else one for one in self.rules)
        )
        async with undone_on_error(undo):
            await self.api.file_organizer.change_rule(rule["id"], {"enabled": on})

    async def place(self, rule: RuleOut, index: int) -> None:
        """Put a rule at another place in the order; raises `ApiError`."""
        found = await self.api.file_organizer.place_rule(rule["id"], {"index": max(0, index)})
        self.rules = tuple(found["items"])

    async def delete(self, rule: RuleOut) -> None:
        """Delete a rule: at once, taken back if the hub refuses; raises `ApiError`."""
        undo = self.replace("rules", tuple(one for one in self.rules if one["id"] != rule["id"]))
        async with undone_on_error(undo):
            await self.api.file_organizer.delete_rule(rule["id"])

    async def restore(self, rule_id: str) -> None:
        """Bring a deleted rule back; raises `ApiError`."""
        await self.api.file_organizer.restore_rule(rule_id)
        await self.load()

    async def duplicate(self, rule: RuleOut, name: str) -> None:
        """Make another rule that says the same, switched off; raises `ApiError`."""
        body: RuleIn = {"name": name, "enabled": False, "body": cast("Any", rule["body"])}
        await self.api.file_organizer.create_rule(body)
        await self.load()

    async def read_file(self, text: str, *, preview: bool) -> RuleImportOut:
        """Bring rules in from the text of a file, or only show what would come; raises `ApiError`."""
        found = await self.api.file_organizer.import_rules({"text": text, "preview": preview})
        if not preview:
            await self.load()
        return found

    async def export(self) -> Any:
        """Return the rules as a file for keeping; raises `ApiError`."""
        return await self.api.file_organizer.export_rules()

    # ------------------------------------------------------------------ editing

    async def open(self, rule_id: str | None, fresh: Mapping[str, Any]) -> None:
        """Begin to edit a rule, or a new one that says `fresh`; only the newest call counts; raises `ApiError`."""
        self._opened += 1
        opened = self._opened
        self.body = self.trial = self.problem = None
        self.rule_id, self.version, self.name, self.folder = None, None, "", ""
        body = fresh
        if rule_id is not None:
            rule = await self.api.file_organizer.get_rule(rule_id)
            if opened != self._opened:
                return
            self.rule_id, self.version, self.name, body = rule_id, rule["version"], rule["name"], rule["body"]
        self.body = body
        await self.try_it()

    async def change(self, **changes: Any) -> None:
        """Change what the rule says (`match`, `conditions`, `action`), and try it when nobody types for a moment."""
        if self.body is not None:
            self.body = {**self.body, **changes}
        self._asked += 1
        asked = self._asked
        await asyncio.sleep(CALM)
        if asked == self._asked:
            await self.try_it()

    async def try_on(self, path: str) -> None:
        """Try the rule on a folder too."""
        self.folder = path
        await self.try_it()

    async def try_it(self) -> None:
        """Ask what the rule would do; only the newest answer counts."""
        self._asked += 1
        asked = self._asked
        if self.body is None:
            return
        self.trying = True
        body: RuleTrialIn = {"body": cast("Any", self.body)}
        if self.rule_id is not None:
            body["rule_id"] = self.rule_id
        if self.folder:
            body["path"] = self.folder
        try:
            found = await self.api.file_organizer.try_rule(body)
        except ApiError as error:
            if asked == self._asked:
                self.problem, self.trial, self.trying = error, None, False
            return
        if asked == self._asked:
            self.problem, self.trial, self.trying = None, found, False

    async def save(self) -> None:
        """Store the rule; raises `ApiError`."""
        body = cast("Any", self.body)
        if self.rule_id is None:
            await self.api.file_organizer.create_rule({"name": self.name, "body": body})
        else:
            patch: RulePatch = {"name": self.name, "body": body}
            if self.version is not None:
                patch["version"] = self.version
            await self.api.file_organizer.change_rule(self.rule_id, patch)
        await self.load()

    def reset(self) -> None:
        """Forget the rules."""
        super().reset()
        self.rules, self.body, self.trial, self.problem = (), None, None, None
