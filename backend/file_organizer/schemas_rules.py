"""What the API of rules reads and answers. What a rule says has the shape of `rules.definition` everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from backend.file_organizer.rules.definition import RuleBody, RuleDefinition
from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out


class RuleIn(In):
    """Make a rule; it comes last in the order."""

    name: str = Field(min_length=1, max_length=120)
    enabled: bool = True
    body: RuleBody


class RulePatch(In):
    """Change some of a rule."""

    name: str | None = Field(None, min_length=1, max_length=120)
    enabled: bool | None = None
    body: RuleBody | None = None
    version: int | None = Field(None, ge=1, description="What you saw; refused if somebody changed it since.")


class RulePlaceIn(In):
    """Put a rule at a place in the order."""

    index: int = Field(ge=0, le=10_000, description="0 comes first; too large a number is the last.")


class RuleOut(Out):
    """Show a rule. `position`: its place in the order; the first rule that fits a file decides."""

    id: str
    name: str
    enabled: bool
    position: int
    body: dict[str, Any] = Field(description="What the rule says; empty if a newer Homie wrote it.")
    sentence: str = Field(description="The rule in words.")
    version: int
    created_at: datetime
    updated_at: datetime


class RulesOut(Out):
    """List the rules in their order."""

    items: list[RuleOut]


class RuleTrialIn(In):
    """Try a rule without doing anything."""

    body: RuleBody
    rule_id: str | None = Field(None, max_length=64, description="The rule that is edited; unset for a new one.")
    path: str | None = Field(None, min_length=1, max_length=16384, description="Full path of a folder to try it on.")
    days: int = Field(365, ge=1, le=36500, description="How far back in the history.")


class RuleInsteadOut(Out):
    """Show a file of the history that the rule would have put elsewhere."""

    action_id: str
    source: VolumePath
    did: VolumePath
    would: VolumePath | None = Field(description="Where the rule would have put it; unset for the trash.")
    problem: str


class RuleBeforeOut(Out):
    """Show a rule that comes first for some of the files."""

    rule_id: str
    name: str
    files: int


class RuleHistoryTrialOut(Out):
    """Tell what the rule would have done with what was filed."""

    looked_at: int
    fits: int
    same: int = Field(description="Put where you put them too.")
    elsewhere: int = Field(description="Put elsewhere than you put them.")
    unknown: int = Field(description="The history does not tell what the rule asks about.")
    examples: list[RuleInsteadOut]
    earlier: list[RuleBeforeOut]
    complete: bool


class RuleFitOut(Out):
    """Show a file that the rule fits."""

    source: VolumePath
    target: VolumePath | None
    problem: str


class RuleFolderTrialOut(Out):
    """Tell what the rule would do in a folder now."""

    looked_at: int
    fits: int
    unknown: int
    examples: list[RuleFitOut]
    earlier: list[RuleBeforeOut]
    complete: bool


class RuleTrialOut(Out):
    """Tell what a rule would do; nothing was changed."""

    sentence: str
    history: RuleHistoryTrialOut
    folder: RuleFolderTrialOut | None
    warnings: list[str]


class RuleFileOut(Out):
    """Hold rules as a file, for keeping or for another Homie."""

    homie_rules: Literal[1] = 1
    rules: list[dict[str, Any]]


class RuleFileIn(In):
    """Bring rules in from a file: Homie's own JSON, or the YAML of `organize`."""

    text: str = Field(min_length=1, max_length=262_144, description="What the file holds.")
    preview: bool = Field(False, description="Only show what would come in.")


class RuleNoteOut(Out):
    """Say what of a file was not taken over, and where it stands."""

    line: int | None
    rule: str
    part: str = Field(description="The filter or action that it is about.")
    text: str


class RuleImportOut(Out):
    """Show what came in; imported rules are switched off where something of them could not be taken over."""

    format: Literal["homie", "organize"]
    rules: list[RuleDefinition]
    notes: list[RuleNoteOut]
    created: list[RuleOut]
