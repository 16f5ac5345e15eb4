"""Say rules in the person's language, and what the parts of a rule are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from frontend.api.generated.schemas import FolderOut
from frontend.file_organizer.learned_words import folder_text
from frontend.file_organizer.suggestion_words import KINDS
from frontend.i18n import size as size_words
from frontend.i18n import tr

CONDITIONS: Mapping[str, Callable[[], str]] = {
    "name": lambda: tr("The name"),
    "extension": lambda: tr("The ending"),
    "kind": lambda: tr("The kind of file"),
    "text": lambda: tr("The text inside"),
    "folder": lambda: tr("The folder it lies in"),
    "age": lambda: tr("The age"),
    "size": lambda: tr("The size"),
    "camera": lambda: tr("The camera"),
    "duplicate": lambda: tr("Whether it is a copy"),
    "mimetype": lambda: tr("The MIME type"),
}
NAME_HOWS: Mapping[str, Callable[[], str]] = {
    "contains": lambda: tr("contains"),
    "is": lambda: tr("is"),
    "begins": lambda: tr("begins with"),
    "ends": lambda: tr("ends with"),
    "glob": lambda: tr("looks like (* and ?)"),
    "regex": lambda: tr("fits the pattern"),
}
TEXT_HOWS: Mapping[str, Callable[[], str]] = {
    "words": lambda: tr("has all these words"),
    "phrase": lambda: tr("has this sentence"),
    "regex": lambda: tr("fits the pattern"),
}
AGES: Mapping[str, Callable[[], str]] = {
    "modified": lambda: tr("last changed"),
    "created": lambda: tr("made"),
    "taken": lambda: tr("taken (pictures)"),
}
AGE_HOWS: Mapping[str, Callable[[], str]] = {
    "older": lambda: tr("more than"),
    "younger": lambda: tr("less than"),
}
UNITS: Mapping[str, Callable[[], str]] = {
    "minutes": lambda: tr("minutes ago"),
    "hours": lambda: tr("hours ago"),
    "days": lambda: tr("days ago"),
    "weeks": lambda: tr("weeks ago"),
    "months": lambda: tr("months ago"),
    "years": lambda: tr("years ago"),
    "seconds": lambda: tr("seconds ago"),
}
ACTIONS: Mapping[str, Callable[[], str]] = {
    "move": lambda: tr("Move it to a folder"),
    "copy": lambda: tr("Copy it to a folder"),
    "rename": lambda: tr("Give it another name"),
    "trash": lambda: tr("Put it into the trash"),
    "leave": lambda: tr("Leave it where it is"),
    "ask": lambda: tr("Always ask me"),
}
PLACEHOLDERS: Mapping[str, Callable[[], str]] = {
    "{year}": lambda: tr("Year"),
    "{month}": lambda: tr("Month"),
    "{name}": lambda: tr("Name"),
    "{camera|Camera}": lambda: tr("Camera"),
    "{kind}": lambda: tr("Kind"),
    "{ext}": lambda: tr("Ending"),
}


def options(words: Mapping[str, Callable[[], str]]) -> list[tuple[str, str]]:
    """Return (key, text) pairs for a menu."""
    return [(key, text()) for key, text in words.items()]


def rule_sentence(body: Mapping[str, Any], folders: Sequence[FolderOut]) -> str:
    """Return what a rule says, in one sentence."""
    if not body:
        return tr("A newer Homie wrote this rule. It is not used here.")
    parts = [_condition(one, folders) for one in body["conditions"]]
    joint = tr("and") if body.get("match", "all") == "all" else tr("or")
    said = f" {joint} ".join(parts)
    return tr("{conditions}: {action}", conditions=said[:1].upper() + said[1:], action=_action(body["action"], folders))


def _condition(one: Mapping[str, Any], folders: Sequence[FolderOut]) -> str:
    said = _plain(one, folders)
    return tr("not: {condition}", condition=said) if one.get("negate") else said


def _plain(one: Mapping[str, Any], folders: Sequence[FolderOut]) -> str:
    what = one["what"]
    if what == "size":
        low, high = one.get("at_least"), one.get("at_most")
        if low is not None and high is not None:
            return tr("size from {low} to {high}", low=size_words(low), high=size_words(high))
        if low is not None:
            return tr("{size} or larger", size=size_words(low))
        return tr("{size} or smaller", size=size_words(high or 0))
    if what == "age":
        how, unit = AGE_HOWS[one.get("how", "older")](), UNITS[one.get("unit", "days")]()
        return f"{AGES[one.get('since', 'modified')]()} {how} {one['amount']} {unit}"
    if what == "folder":
        named = [folder_text(place["volume_id"], place["path"], tuple(folders)) for place in one["places"]]
        return tr("lies in {folder}", folder=quoted(named))
    if what == "kind":
        return tr("is one of {values}", values=quoted([kind_text(value) for value in one["values"]]))
    if what == "duplicate":
        return tr("is a copy of another file")
    values = quoted(one["values"])
    if what == "name":
        return tr("name {how} {values}", how=NAME_HOWS[one.get("how", "contains")](), values=values)
    if what == "text":
        return tr("text {how} {values}", how=TEXT_HOWS[one.get("how", "words")](), values=values)
    if what == "extension":
        return tr("ending {values}", values=values)
    return tr("taken with {values}", values=values) if what == "camera" else tr("type {values}", values=values)


def kind_text(kind: str) -> str:
    """Return the name of a kind of file."""
    return KINDS[kind][1]() if kind in KINDS else kind.replace("_", " ").capitalize()


def quoted(values: Sequence[str]) -> str:
    """Return values in quotation marks, with "or" between them."""
    return f" {tr('or')} ".join(f"“{value}”" for value in values)


def _action(action: Mapping[str, Any], folders: Sequence[FolderOut]) -> str:
    do = action["do"]
    if do in ("move", "copy"):
        where = action_folder(action, folders)
        said = tr("move to {folder}", folder=where) if do == "move" else tr("copy to {folder}", folder=where)
        return tr("{action} as “{name}”", action=said, name=action["name"]) if action.get("name") else said
    if do == "rename":
        return tr("call it “{name}”", name=action["name"])
    return {
        "trash": tr("put it into the trash"),
        "leave": tr("leave it where it is"),
        "ask": tr("always ask me"),
    }[do]


def action_folder(action: Mapping[str, Any], folders: Sequence[FolderOut]) -> str:
    """Return where a rule puts files, as people know the folder."""
    folder = action["folder"]
    if not folder.get("volume_id"):
        return tr("a folder “{folder}” beside the files", folder=folder.get("path", ""))
    return folder_text(folder["volume_id"], folder.get("path", ""), tuple(folders))
