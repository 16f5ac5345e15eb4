"""What a rule says, as options of a command."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.file_organizer.rules.definition import RuleBody
    from backend.sdk.files import OwnerRoots

F = TypeVar("F", bound=Callable[..., Any])
_NAMES = {
    "name_is": "is",
    "name_contains": "contains",
    "name_begins": "begins",
    "name_ends": "ends",
    "name_like": "glob",
    "name_regex": "regex",
}
_AGE = re.compile(r"^\s*(\d+)\s*(second|minute|hour|day|week|month|year)s?\s*$")
_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*$", re.IGNORECASE)


def body_options(function: F) -> F:
    """Add the options that say what a rule is about and what it does."""
    some: dict[str, Any] = {"multiple": True, "metavar": "TEXT"}
    options = [
        click.option("--name-contains", **some, help="Text in the name (several: one of them)."),
        click.option("--name-is", **some, help="The name, with or without its ending."),
        click.option("--name-begins", **some, help="How the name begins."),
        click.option("--name-ends", **some, help="How the name ends."),
        click.option("--name-like", **some, help="A name with * and ?."),
        click.option("--name-regex", **some, help="A regular expression (RE2)."),
        click.option("--ext", **some, help="Ending: pdf."),
        click.option("--kind", **some, help="Kind of file: picture, document, video, ..."),
        click.option("--larger-than", metavar="SIZE", help="At least so large: 10MB, 2GiB."),
        click.option("--smaller-than", metavar="SIZE", help="At most so large."),
        click.option("--older-than", metavar="AGE", help='Changed longer ago: "30 days".'),
        click.option("--younger-than", metavar="AGE", help="Changed since then."),
        click.option("--from", "folders", **some, help="The folder it lies in, or below it."),
        click.option("--text", **some, help="Words inside of the document."),
        click.option("--camera", **some, help="Camera of a picture."),
        click.option("--duplicate", is_flag=True, help="It is a copy of another file, which was there first."),
        click.option("--any", "any_of", is_flag=True, help="One of the conditions is enough."),
        click.option("--to", metavar="FOLDER", help="Move it there; {year}, {month}, {name}, ... are filled in."),
        click.option("--copy", is_flag=True, help="With --to: copy instead of move."),
        click.option("--rename", metavar="NAME", help='New name: "{year}-{month} {name}".'),
        click.option("--trash", is_flag=True, help="Put it into the trash."),
        click.option("--leave", is_flag=True, help="Leave it where it is."),
        click.option("--ask", is_flag=True, help="Always ask me."),
        click.option("--body", metavar="JSON", help="All that the rule says, as the API takes it."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def wanted_body(options: dict[str, Any], roots: OwnerRoots) -> RuleBody | None:
    """Return what the options say; None if they say nothing. Raises `InvalidInput` naming the option."""
    from backend.file_organizer.rules.definition import RuleBody

    if options["body"] is not None:
        try:
            given = json.loads(options["body"])
        except ValueError:
            problem = FieldProblem("--body", "It is no JSON.", "Give what `homie rules show --json` prints as body.")
            raise InvalidInput(fields=[problem]) from None
        return checked(RuleBody, given)  # type: ignore[no-any-return]
    conditions, action = _conditions(options, roots), _action(options, roots)
    if not conditions and action is None:
        return None
    if action is None:
        problem = FieldProblem(
            "--to", "What is to be done with these files?", "Add --to, --rename, --trash or --leave."
        )
        raise InvalidInput(fields=[problem])
    if not conditions:
        problem = FieldProblem("--name-contains", "Which files is it about?", "Add a condition, or --name-like '*'.")
        raise InvalidInput(fields=[problem])
    match = "any" if options["any_of"] else "all"
    return checked(RuleBody, {"match": match, "conditions": conditions, "action": action})  # type: ignore[no-any-return]


def checked(model: Any, values: Any) -> Any:
    """Return a checked model; raises `InvalidInput` with the first problem."""
    from pydantic import ValidationError

    from backend.file_organizer.rules.organize_words import problem_of

    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        problem = FieldProblem(field or "--body", problem_of(error), "See homie rules add --help.")
        raise InvalidInput(fields=[problem]) from None


def _conditions(options: dict[str, Any], roots: OwnerRoots) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"what": "name", "how": how, "values": list(options[key])} for key, how in _NAMES.items() if options[key]
    ]
    for key, what in {"ext": "extension", "kind": "kind", "text": "text", "camera": "camera"}.items():
        if options[key]:
            found.append({"what": what, "values": list(options[key])})
    low, high = (_size(options[key], key) for key in ("larger_than", "smaller_than"))
    if low is not None or high is not None:
        found.append({"what": "size", "at_least": low, "at_most": high})
    for key, how in {"older_than": "older", "younger_than": "younger"}.items():
        if options[key] is not None:
            amount, unit = _age(options[key], key)
            found.append({"what": "age", "how": how, "amount": amount, "unit": unit})
    if options["folders"]:
        places = [_place(folder, roots, "--from") for folder in options["folders"]]
        found.append({"what": "folder", "places": places})
    if options["duplicate"]:
        found.append({"what": "duplicate"})
    return found


def _action(options: dict[str, Any], roots: OwnerRoots) -> dict[str, Any] | None:
    to, name = options["to"], options["rename"]
    plain = [key for key in ("trash", "leave", "ask") if options[key]]
    if len(plain) + (to is not None or name is not None) > 1:
        problem = FieldProblem(
            "--to", "A rule does one thing.", "Choose one of --to, --rename, --trash, --leave, --ask."
        )
        raise InvalidInput(fields=[problem])
    if plain:
        return {"do": plain[0]}
    if to is None:
        return {"do": "rename", "name": name} if name is not None else None
    folder = _place(to, roots, "--to")
    found = {"do": "copy" if options["copy"] else "move", "folder": folder}
    return found | {"name": name} if name is not None else found


def folders_named(options: dict[str, Any]) -> list[str]:
    """Return the folders that are named and there; of one that is not there yet, the one that it will lie in."""
    found = []
    for path in [*options["folders"], *([options["to"]] if options["to"] is not None else [])]:
        folder = _fixed(os.path.abspath(os.path.expanduser(path)))
        while not os.path.isdir(folder):
            folder = os.path.dirname(folder)
        if folder != "/":
            found.append(folder)
    return sorted(set(found), key=len)


def _fixed(path: str) -> str:
    """Return the part of a path that has no placeholder."""
    head, brace, _ = path.partition("{")
    return os.path.realpath(head.rpartition("/")[0] if brace else path)


def _place(path: str, roots: OwnerRoots, option: str) -> dict[str, str]:
    """Return a folder as the API names it; what has placeholders need not be there."""
    plain = os.path.abspath(os.path.expanduser(path))
    head, brace, rest = plain.partition("{")
    place = roots.resolve(_fixed(plain), folder=True, field=option).volume_path
    ends = f"{head.rpartition('/')[2]}{brace}{rest}" if brace else ""
    return {"volume_id": place.volume_id, "path": "/".join(part for part in (place.text, ends) if part)}


def _age(text: str, key: str) -> tuple[int, str]:
    found = _AGE.match(text.lower())
    if found is None or int(found[1]) < 1:
        problem = FieldProblem(_option(key), f"'{text}' is no age.", 'Write it like "30 days" or "2 years".')
        raise InvalidInput(fields=[problem])
    return int(found[1]), f"{found[2]}s"


def _size(text: str | None, key: str) -> int | None:
    if text is None:
        return None
    found = _SIZE.match(text)
    if found is None:
        problem = FieldProblem(_option(key), f"'{text}' is no size.", "Write it like 10MB or 2GiB.")
        raise InvalidInput(fields=[problem])
    power = " kmgt".index(found[2].lower()) if found[2] else 0
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def _option(key: str) -> str:
    return "--" + key.replace("_", "-")
