"""The rules of one space while a plan is built: which one decides about a file, and what it suggests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from backend.file_organizer.analysis.kinds import Kind, kind_of_extension, split_extension
from backend.file_organizer.planning.suggestions import Source, Suggestion, join
from backend.file_organizer.rules import definition as d
from backend.file_organizer.rules.matching import captured, matches
from backend.file_organizer.rules.placeholders import KNOWN, PlaceholderEmpty, fill
from backend.file_organizer.rules.rule_models import Rule
from backend.file_organizer.rules.subject import Subject, dated
from backend.sdk.errors import HomieError
from backend.sdk.files import check_new_name, decode_path

CERTAIN = 1.0
UNSURE = 0.0


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule that can decide."""

    id: str
    name: str
    body: d.RuleBody


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a rule puts a file: folder in text form and the name there. `problem`: why it cannot, in words."""

    volume_id: str
    folder: str
    name: str
    problem: str = ""


def known_rules(rows: Sequence[Rule]) -> list[KnownRule]:
    """Return the rules that can be read; one of a newer Homie is left out rather than misunderstood."""
    found = []
    for row in rows:
        try:
            found.append(KnownRule(row.id, row.name, d.RuleBody.model_validate(row.body)))
        except ValidationError:
            continue
    return found


class RuleBook:
    """Decide by the first rule that fits. `base`: the folder that is filed into, as (volume, text form)."""

    def __init__(
        self,
        rules: Sequence[KnownRule],
        base: tuple[str, str],
        *,
        now: datetime,
        may_write: Callable[[str], bool] = lambda _volume: True,
    ) -> None:
        self.rules = rules
        self._base = base
        self._now = now
        self._may_write = may_write

    def deciding(self, subject: Subject) -> KnownRule | None:
        """Return the first rule that fits; one about which it cannot be told does not."""
        return next((rule for rule in self.rules if matches(rule.body, subject, self._now)), None)

    def suggest(self, subject: Subject, category: str) -> Suggestion | None:
        """Return what the deciding rule says, as a suggestion; None without one. `op` "ask" leaves the place open."""
        rule = self.deciding(subject)
        if rule is None:
            return None
        action, here = rule.body.action, subject.folder
        reason = f"Your rule '{rule.name}'."
        found = Suggestion(
            here.volume_id, here.relpath, CERTAIN, reason, Source.OWNER_RULE, category, specific=True, op=action.do
        )
        if isinstance(action, d.TrashAction):
            found.reason = f"Your rule '{rule.name}' puts it into the trash."
        elif isinstance(action, d.CopyAction):
            found.reason = f"Your rule '{rule.name}' copies it."
        elif isinstance(action, d.AskAction):
            found.reason = f"Your rule '{rule.name}' asks you."
        if isinstance(action, d.TrashAction | d.LeaveAction | d.AskAction):
            return found
        place = destination(rule.body, subject, self._base)
        if place.problem or not self._may_write(place.volume_id):
            problem = place.problem or "Its folder is not open to Homie any more."
            found.op, found.confidence, found.reason = "ask", UNSURE, f"{reason} {problem}"
            return found
        found.op = "copy" if action.do == "copy" else "move"
        found.volume_id, found.folder, found.name = place.volume_id, decode_path(place.folder), decode_path(place.name)
        return found


def destination(body: d.RuleBody, subject: Subject, base: tuple[str, str]) -> Destination:
    """Return where the rule's action puts a file (also where it stays in its folder)."""
    action, here = body.action, subject.folder
    volume, folder, name = here.volume_id, here.text, subject.name
    values = _values(body, subject)
    try:
        if isinstance(action, d.MoveAction | d.CopyAction):
            volume, folder = _filled_folder(action.folder, values, base)
        template = action.name if isinstance(action, d.MoveAction | d.CopyAction | d.RenameAction) else None
        if template is not None:
            name = _filled_name(template, values, subject)
    except PlaceholderEmpty as empty:
        what = KNOWN.get(str(empty.args[0]), f"the part '{empty.args[0]}'")
        return Destination(volume, folder, name, f"It needs {what}, which this file does not tell.")
    except HomieError as error:
        problem = error.fields[0].problem if error.fields else error.message
        return Destination(volume, folder, name, f"It gives a name that is not possible: {problem}")
    return Destination(volume, folder, name)


def _values(body: d.RuleBody, subject: Subject) -> dict[str, str]:
    """Return what placeholders stand for; the dear ones only where a template asks for them."""
    values = subject.values() | captured(body, subject)
    if "{created_" in body.model_dump_json():
        values |= dated("created", subject.known_created())
    return values


def _filled_folder(folder: d.Folder, values: dict[str, str], base: tuple[str, str]) -> tuple[str, str]:
    filled = "/".join(_checked(fill(part, values)) for part in folder.path.split("/")) if folder.path else ""
    if folder.volume_id is not None:
        return folder.volume_id, filled
    return base[0], join(base[1], filled)


def _filled_name(template: str, values: dict[str, str], subject: Subject) -> str:
    """Return the new name; a template without an ending keeps the file's own."""
    name = fill(template, values)
    if subject.extension and "{ext" not in template:
        ending = split_extension(name)[1]
        if ending != subject.extension and kind_of_extension(ending) is Kind.UNKNOWN:
            name += "." + values["ext"]
    return _checked(name)


def _checked(name: str) -> str:
    check_new_name(name)
    return name
