"""Say a rule in words, for lists, the command line and screen readers. The app has its own words in each language."""

from __future__ import annotations

from backend.file_organizer.rules import definition as d

_NAME = {
    "is": "is called {v}",
    "contains": "has {v} in its name",
    "begins": "has a name that begins with {v}",
    "ends": "has a name that ends with {v}",
    "glob": "has a name like {v}",
    "regex": "has a name that fits the pattern {v}",
}
_TEXT = {"words": "has the words {v} inside", "phrase": "says {v} inside", "regex": "has text that fits {v}"}
_SINCE = {"modified": "was changed", "created": "was made", "taken": "was taken"}


def sentence_of(body: d.RuleBody) -> str:
    """Return the rule as one sentence."""
    parts = [_condition(condition) for condition in body.conditions]
    joined = (" and " if body.match == "all" else " or ").join(parts)
    return f"If a file {joined}, {_action(body.action)}."


def _condition(condition: d.Condition) -> str:
    said = _plain(condition)
    return f"not ({said})" if condition.negate else said


def _plain(condition: d.Condition) -> str:
    if isinstance(condition, d.SizeCondition):
        low = f"has {condition.at_least} bytes or more" if condition.at_least is not None else ""
        high = f"has {condition.at_most} bytes or less" if condition.at_most is not None else ""
        return " and ".join(part for part in (low, high) if part)
    if isinstance(condition, d.AgeCondition):
        how = "more" if condition.how == "older" else "less"
        return f"{_SINCE[condition.since]} {how} than {condition.amount} {condition.unit} ago"
    if isinstance(condition, d.FolderCondition):
        where = "lies below " if condition.below else "lies in "
        return where + " or ".join(f"'{place.text or '/'}'" for place in condition.places)
    if isinstance(condition, d.DuplicateCondition):
        return "is a copy of another file"
    values = " or ".join(f"'{value}'" for value in condition.values)
    if isinstance(condition, d.NameCondition):
        return _NAME[condition.how].format(v=values)
    if isinstance(condition, d.TextCondition):
        return _TEXT[condition.how].format(v=values)
    what = {"extension": "ends in", "kind": "is of the kind", "mimetype": "has the type", "camera": "was taken with"}
    return f"{what[condition.what]} {values}"


def _action(action: d.Action) -> str:
    if isinstance(action, d.MoveAction | d.CopyAction):
        verb = "move" if action.do == "move" else "copy"
        named = f" as '{action.name}'" if action.name else ""
        return f"{verb} it to '{action.folder.path or '/'}'{named}"
    if isinstance(action, d.RenameAction):
        return f"call it '{action.name}'"
    return {"trash": "put it into the trash", "leave": "leave it where it is", "ask": "ask me"}[action.do]
