"""Rules as a file: our own JSON out and in, and what a file is by its look. Volumes travel by the path they have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from backend.file_organizer.rules.definition import RuleBody, RuleDefinition
from backend.file_organizer.rules.errors import RuleFileNotReadable
from backend.file_organizer.rules.organize_import import Imported, Note, Resolve, import_organize
from backend.file_organizer.rules.organize_words import problem_of
from backend.file_organizer.rules.organize_yaml import MOST_BYTES
from backend.file_organizer.rules.rule_models import Rule
from backend.sdk.errors import FieldProblem
from backend.sdk.files import OwnerRoots

MOST_RULES = 500


def exported(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return the rules as they stand in a file."""
    return [{"name": rule.name, "enabled": rule.enabled, "body": rule.body} for rule in rules]


def read_rule_file(text: str, roots: OwnerRoots, resolve: Resolve, *, field: str = "body.text") -> tuple[str, Imported]:
    """Return what kind of file it is and what it holds; raises `RuleFileNotReadable`. Changes nothing.

    A rule about a folder that is not open to the household comes in switched off, with a note.
    """
    if not text.lstrip().startswith("{"):
        return "organize", import_organize(text, resolve, field=field)
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise _unreadable(field, "The file is too large.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise _unreadable(field, "It is no JSON.") from None
    rules = document.get("rules") if document.get("homie_rules") == 1 else None
    if not isinstance(rules, list) or len(rules) > MOST_RULES:
        raise _unreadable(field, "It is no file of Homie's rules.")
    found = Imported()
    for number, one in enumerate(rules, start=1):
        try:
            rule = RuleDefinition.model_validate(one)
        except ValidationError as error:
            raise _unreadable(field, f"Rule {number}: {problem_of(error)}") from None
        strange = [volume for volume in volumes_of(rule.body) if roots.root(volume) is None]
        if strange:
            rule = rule.model_copy(update={"enabled": False})
            found.notes.append(Note(0, rule.name, "It is switched off: its folder is not open to Homie here."))
        found.rules.append(rule)
    return "homie", found


def volumes_of(body: RuleBody) -> list[str]:
    """Return the volumes that a rule names."""
    found = [place.volume_id for one in body.conditions if one.what == "folder" for place in one.places]
    folder = getattr(body.action, "folder", None)
    if folder is not None and folder.volume_id is not None:
        found.append(folder.volume_id)
    return found


def _unreadable(field: str, problem: str) -> RuleFileNotReadable:
    return RuleFileNotReadable(fields=[FieldProblem(field, problem, "Choose a file of rules.")])
