"""Turn the rules of an `organize` file into ours. What is not taken over is named with its line.

`organize` lets every rule act in turn; here the first rule that fits a file decides. A rule that cannot be said as a
whole is left out, never half taken over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backend.file_organizer.rules import definition as d
from backend.file_organizer.rules.errors import RuleFileNotReadable
from backend.file_organizer.rules.organize_words import (
    REFUSED_ACTIONS,
    NotHere,
    conditions_of,
    problem_of,
    template_of,
)
from backend.file_organizer.rules.organize_yaml import Located, read_yaml
from backend.sdk.errors import FieldProblem, HomieError
from backend.sdk.files import SafePath, VolumePath

MOST_RULES = 200
Resolve = Callable[[str], SafePath]
"""Turn a full path or one with `~` into a place that is open to the household; raises an error of ours."""
_IGNORED = {"echo": "It says something only.", "confirm": "Homie always shows what it would do first."}
_KNOWN = {"name", "enabled", "targets", "locations", "subfolders", "tags", "filters", "filter_mode", "actions"}


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not taken over as it stands. `line`: from 1; `part`: filter or action."""

    line: int
    rule: str
    text: str
    part: str = ""


@dataclass(slots=True)
class Imported:
    """What a file holds."""

    rules: list[d.RuleDefinition] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class _Skip(Exception):
    """Leave the rule out: (line, sentence, and the filter or action that it is about)."""


def import_organize(text: str, resolve: Resolve, *, field: str = "body.text") -> Imported:
    """Return the rules of the file and notes on what was left out; raises `RuleFileNotReadable`. Changes nothing."""
    root = read_yaml(text, field=field)
    rules = (root.keys or {}).get("rules")
    if rules is None or not isinstance(rules.value, list):
        problem = FieldProblem(field, "There is no list 'rules:' in it.", "Choose a file of organize.")
        raise RuleFileNotReadable(fields=[problem])
    if len(rules.parts) > MOST_RULES:
        problem = FieldProblem(field, f"There are more than {MOST_RULES} rules in it.", "Split the file.")
        raise RuleFileNotReadable(fields=[problem])
    found = Imported()
    for number, one in enumerate(rules.parts, start=1):
        _OneRule(found, one, number, resolve).read()
    return found


class _OneRule:
    """Read one rule into `found`."""

    def __init__(self, found: Imported, rule: Located, number: int, resolve: Resolve) -> None:
        self._found = found
        self._rule = rule
        self._keys = rule.keys or {}
        self._resolve = resolve
        given = self._value("name")
        self.name = " ".join(str(given).split())[:110] if given else f"Rule {number}"

    def read(self) -> None:
        try:
            made = self._read()
        except _Skip as skip:
            line, sentence, *part = skip.args
            self._note(line, f"This rule was left out. {sentence}", *part)
            return
        self._found.rules += made

    def _read(self) -> list[d.RuleDefinition]:
        if self._rule.keys is None:
            raise _Skip(self._rule.line, "It is no rule.")
        for key, part in self._keys.items():
            if key not in _KNOWN:
                raise _Skip(part.line, f"'{key[:40]}' is not known here.")
        if self._value("targets") == "dirs":
            raise _Skip(self._keys["targets"].line, "Rules here are for files, not for folders.")
        if "tags" in self._keys:
            self._note(self._keys["tags"].line, "Tags are not kept.")
        mode = str(self._value("filter_mode") or "all")
        filters = self._filters(negated=mode == "none")
        places = self._places()
        action = self._action()
        enabled = self._value("enabled") is not False
        if mode not in ("all", "any", "none"):
            raise _Skip(self._keys["filter_mode"].line, "The mode is all, any or none.")
        sets = filters if mode == "any" and filters else [[one for some in filters for one in some]]
        return [
            self._definition(
                self.name if len(sets) == 1 else f"{self.name} ({number})", enabled, conditions, places, action
            )
            for number, conditions in enumerate(sets, start=1)
        ]

    def _definition(
        self, name: str, enabled: bool, conditions: list[d.Condition], places: list[d.Condition], action: d.Action
    ) -> d.RuleDefinition:
        everything: list[d.Condition] = [*places, *conditions] or [d.NameCondition(how="glob", values=["*"])]
        try:
            body = d.RuleBody(match="all", conditions=everything, action=action)
            return d.RuleDefinition(name=name, enabled=enabled, body=body)
        except ValueError as error:
            raise _Skip(self._rule.line, problem_of(error)) from None

    def _filters(self, *, negated: bool) -> list[list[d.Condition]]:
        """Return the conditions of each filter."""
        found = []
        for part in self._list("filters"):
            for said, value, line in _named(part):
                turned, name = said.startswith("not "), said.removeprefix("not ").strip()
                try:
                    conditions = conditions_of(name, value, negate=turned != negated)
                except NotHere as refused:
                    raise _Skip(line, str(refused), said[:40]) from None
                except (TypeError, KeyError):
                    raise _Skip(line, "It is not written as organize writes it.", said[:40]) from None
                if conditions:
                    found.append(conditions)
        return found

    def _places(self) -> list[d.Condition]:
        """Return the condition on the folder, for places that are searched alike."""
        below = self._value("subfolders") is True
        found: dict[bool, list[VolumePath]] = {}
        parts = self._list("locations")
        for part in parts:
            given = part.value if isinstance(part.value, dict) else {"path": part.value}
            for key in sorted(set(map(str, given)) - {"path", "max_depth", "search", "ignore_errors"}):
                raise _Skip(part.line, f"'{key[:40]}' of a place is not known here.")
            deep = below if given.get("max_depth", "inherit") == "inherit" else given["max_depth"] is None
            if given.get("max_depth", "inherit") not in ("inherit", None, 0):
                raise _Skip(part.line, "How deep to look can only be 0 or everything.")
            paths = given.get("path")
            for path in paths if isinstance(paths, list) else [paths]:
                found.setdefault(deep, []).append(self._place(str(path), part.line).volume_path)
        if len(found) > 1:
            raise _Skip(parts[0].line, "Places with and without their subfolders need a rule each.")
        return [d.FolderCondition(places=places, below=deep) for deep, places in found.items()]

    def _place(self, path: str, line: int) -> SafePath:
        try:
            return self._resolve(path)
        except HomieError as error:
            problem = error.fields[0].problem if error.fields else error.message
            raise _Skip(line, f"The folder '{path[:200]}' is not open to Homie: {problem}") from None

    def _action(self) -> d.Action:
        """Return the rule's action; several are only understood where one is for show."""
        found: list[tuple[d.Action, int]] = []
        for part in self._list("actions"):
            for name, value, line in _named(part):
                if name in _IGNORED:
                    self._note(line, f"This is not needed. {_IGNORED[name]}", name)
                    continue
                if name in REFUSED_ACTIONS:
                    raise _Skip(line, REFUSED_ACTIONS[name], name)
                try:
                    found.append((self._one_action(name, value, line), line))
                except NotHere as refused:
                    raise _Skip(line, str(refused), name[:40]) from None
                except ValueError as error:
                    raise _Skip(line, problem_of(error), name[:40]) from None
        if not found:
            raise _Skip(self._rule.line, "It does nothing.")
        if len(found) > 1:
            raise _Skip(found[1][1], "A rule here does one thing; this one does several.")
        return found[0][0]

    def _one_action(self, name: str, value: Any, line: int) -> d.Action:
        if name == "delete":
            self._note(line, "Nothing is deleted: such files go to the trash, from where they can be taken back.")
            return d.TrashAction()
        if name == "trash":
            return d.TrashAction()
        given = value if isinstance(value, dict) else {"dest" if name != "rename" else "new_name": value}
        if "on_conflict" in given:
            self._note(line, "What happens to a taken name is one setting for everything here.")
        if name == "rename":
            return d.RenameAction(name=template_of(str(given.get("new_name", given.get("name", "")))))
        if name not in ("move", "copy"):
            raise NotHere("It is not known here.")
        folder, new_name = self._destination(str(given.get("dest", "")), given.get("autodetect_folder", True), line)
        return (
            d.MoveAction(folder=folder, name=new_name) if name == "move" else d.CopyAction(folder=folder, name=new_name)
        )

    def _destination(self, dest: str, autodetect: object, line: int) -> tuple[d.Folder, str | None]:
        """Return folder and new name of a destination; what has no dot at its end is a folder, as there."""
        template = template_of(dest)
        head, _, last = template.rpartition("/")
        is_folder = template.endswith("/") or (autodetect is not False and "." not in last)
        folder, name = (template.rstrip("/"), None) if is_folder else (head, last)
        parts = folder.split("/")
        fixed = next((number for number, part in enumerate(parts) if "{" in part), len(parts))
        start = "/".join(parts[:fixed])
        if not start.startswith(("/", "~")):
            raise NotHere("A destination begins with / or ~.")
        place = self._place(start, line).volume_path
        path = "/".join(part for part in (place.text, *parts[fixed:]) if part)
        return d.Folder(volume_id=place.volume_id, path=path), name

    def _value(self, key: str) -> Any:
        return self._keys[key].value if key in self._keys else None

    def _list(self, key: str) -> list[Located]:
        """Return the parts of a list, also of one in lists; a single thing is a list of one."""
        part = self._keys.get(key)
        if part is None or part.value is None:
            return []
        return _flat(part)

    def _note(self, line: int, text: str, part: str = "") -> None:
        self._found.notes.append(Note(line, self.name, text, part))


def _flat(part: Located) -> list[Located]:
    if isinstance(part.value, list):
        return [one for inner in part.parts for one in _flat(inner)]
    return [part]


def _named(part: Located) -> list[tuple[str, Any, int]]:
    """Return (name, value, line) of a filter or action: a word alone, or a mapping of one."""
    if part.keys is not None:
        return [(key, value.value, value.line) for key, value in part.keys.items()]
    return [(str(part.value), None, part.line)]
