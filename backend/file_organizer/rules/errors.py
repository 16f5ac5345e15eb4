"""What can go wrong with rules.

NotFound      RuleMissing
Conflict      RuleChanged (somebody else edited it meanwhile), RulesFull
InvalidInput  RuleNotPossible, RuleFileNotReadable
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, InvalidInput, NotFound


class RuleMissing(NotFound):
    """No such rule for this caller."""

    code, message = "rule_missing", "This rule does not exist."


class RuleChanged(Conflict):
    """The rule is no longer what the caller saw."""

    code, message = "rule_changed", "Somebody changed this rule meanwhile. Look at it again."


class RulesFull(Conflict):
    """There are as many rules as a household can have."""

    code, message = "rules_full", "There are too many rules. Delete one that is not needed any more."


class RuleNotPossible(InvalidInput):
    """What the rule says cannot be carried out."""

    code, message = "rule_not_possible", "This rule is not possible."


class RuleFileNotReadable(InvalidInput):
    """The file to import is not one of rules."""

    code, message = "rule_file_not_readable", "This file holds no rules that Homie can read."
