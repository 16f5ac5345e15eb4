"""Decide whether a rule fits a file. Three answers: it does, it does not, or it cannot be told (None).

Comparison of names is without case and, unless a rule asks for the exact spelling, without accents and compatibility
forms. Conditions that need the inside of a file come last, so that most files are never opened.
"""

from __future__ import annotations

import mimetypes
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, get_args

from backend.file_organizer.rules import definition as d
from backend.file_organizer.rules.patterns import glob_regex, search
from backend.file_organizer.rules.subject import Subject
from backend.sdk.finding import fold

_DEAR = ("text", "duplicate")
_FIXED = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


def matches(body: d.RuleBody, subject: Subject, now: datetime) -> bool | None:
    """Tell whether the rule fits the file: yes, no, or None when something that it asks for is not known."""
    conditions = sorted(body.conditions, key=lambda condition: condition.what in _DEAR)
    unknown = False
    decisive = body.match == "any"
    for condition in conditions:
        met = is_met(condition, subject, now)
        if met is None:
            unknown = True
        elif met is decisive:
            return decisive
    return None if unknown else not decisive


def is_met(condition: d.Condition, subject: Subject, now: datetime) -> bool | None:
    """Tell whether one condition is met; None when what it asks for is not known."""
    met = _TESTS[condition.what](condition, subject, now)
    return None if met is None else met is not condition.negate


def captured(body: d.RuleBody, subject: Subject) -> dict[str, str]:
    """Return the named groups of the rule's regular expressions on the name, as placeholders."""
    found: dict[str, str] = {}
    for condition in body.conditions:
        if isinstance(condition, d.NameCondition) and condition.how == "regex" and not condition.negate:
            for pattern in condition.values:
                for name in _parts(condition, subject):
                    groups = search(pattern, name, case_sensitive=condition.case_sensitive)
                    if groups:
                        found |= {f"match_{key}": value for key, value in groups.items()}
                        break
    return found


def needs_text(body: d.RuleBody) -> bool:
    """Tell whether documents have to be opened for this rule."""
    return any(condition.what == "text" for condition in body.conditions)


def _parts(condition: d.NameCondition, subject: Subject) -> list[str]:
    name = unicodedata.normalize("NFC", subject.name)
    stem = unicodedata.normalize("NFC", subject.stem)
    return [name] if condition.part == "whole" else [stem] if condition.part == "stem" else [name, stem]


def _name(condition: d.NameCondition, subject: Subject, now: datetime) -> bool:
    parts = _parts(condition, subject)
    if condition.how in ("glob", "regex"):
        exact = condition.case_sensitive
        patterns, texts = condition.values, parts
        if condition.how == "glob":
            patterns = [glob_regex(_plain(unicodedata.normalize("NFC", value), exact)) for value in patterns]
            texts = [_plain(part, exact) for part in parts]
        return any(search(p, text, case_sensitive=exact) is not None for p in patterns for text in texts)
    compare: Callable[[str, str], bool] = {
        "is": str.__eq__,
        "contains": str.__contains__,
        "begins": str.startswith,
        "ends": str.endswith,
    }[condition.how]
    values = [_plain(unicodedata.normalize("NFC", value), condition.case_sensitive) for value in condition.values]
    return any(compare(_plain(part, condition.case_sensitive), value) for part in parts for value in values)


def _plain(text: str, exact: bool) -> str:
    return text if exact else fold(text)


def _extension(condition: d.EndingCondition, subject: Subject, now: datetime) -> bool:
    last = subject.name.rpartition(".")[2].lower() if subject.extension else ""
    return bool(last) and (subject.extension in condition.values or last in condition.values)


def _kind(condition: d.KindCondition, subject: Subject, now: datetime) -> bool | None:
    return None if subject.kind is None else subject.kind in condition.values


def _mimetype(condition: d.MimeCondition, subject: Subject, now: datetime) -> bool:
    found = mimetypes.guess_type(subject.name, strict=False)[0]
    if found is None:
        return False
    return any(found == value or found.startswith(value.rstrip("/") + "/") for value in condition.values)


def _size(condition: d.SizeCondition, subject: Subject, now: datetime) -> bool | None:
    size = subject.size
    if size is None:
        return None
    low = condition.at_least is None or size >= condition.at_least
    return low and (condition.at_most is None or size <= condition.at_most)


def _age(condition: d.AgeCondition, subject: Subject, now: datetime) -> bool | None:
    if condition.since == "created":
        moment = subject.known_created()
    else:
        moment = subject.taken if condition.since == "taken" else subject.modified
    if moment is None:
        return None
    border = before(now, condition.amount, condition.unit)
    return moment < border if condition.how == "older" else moment > border


def before(now: datetime, amount: int, unit: str) -> datetime:
    """Return the moment so long ago; months and years by the calendar (31 March less a month is the last of
    February). Before the first year that a calendar has, it is that year."""
    try:
        if unit in _FIXED:
            return now - timedelta(seconds=amount * _FIXED[unit])
        months = now.year * 12 + now.month - 1 - (amount if unit == "months" else amount * 12)
        year, month = divmod(months, 12)
        last = 31 if month == 11 else (datetime(year, month + 2, 1) - timedelta(days=1)).day
        return now.replace(year=year, month=month + 1, day=min(now.day, last))
    except (OverflowError, ValueError):
        return datetime.min.replace(tzinfo=now.tzinfo)


def _folder(condition: d.FolderCondition, subject: Subject, now: datetime) -> bool:
    here = subject.folder
    for place in condition.places:
        if place.volume_id != here.volume_id:
            continue
        if place.text == here.text:
            return True
        if condition.below and (not place.text or f"{here.text}/".startswith(f"{place.text}/")):
            return True
    return False


def _text(condition: d.TextCondition, subject: Subject, now: datetime) -> bool | None:
    text = subject.known_text()
    if text is None:
        return None
    if condition.how == "regex":
        exact = condition.case_sensitive
        return any(search(pattern, text, case_sensitive=exact) is not None for pattern in condition.values)
    inside = " ".join(fold(text).split())
    if condition.how == "phrase":
        return any(" ".join(fold(value).split()) in inside for value in condition.values)
    words = frozenset(_words(inside))
    return any(words.issuperset(_words(fold(value))) for value in condition.values)


def _words(text: str) -> list[str]:
    return "".join(character if character.isalnum() else " " for character in text).split()


def _camera(condition: d.CameraCondition, subject: Subject, now: datetime) -> bool | None:
    if subject.camera is None:
        return None
    camera = fold(subject.camera)
    return any(fold(value) in camera for value in condition.values)


def _duplicate(condition: d.DuplicateCondition, subject: Subject, now: datetime) -> bool | None:
    return subject.known_copy()


_TESTS: dict[str, Callable[[Any, Subject, datetime], bool | None]] = {
    "name": _name,
    "extension": _extension,
    "kind": _kind,
    "mimetype": _mimetype,
    "size": _size,
    "age": _age,
    "folder": _folder,
    "text": _text,
    "camera": _camera,
    "duplicate": _duplicate,
}
CONDITIONS = tuple(get_args(get_args(d.Condition)[0]))
"""The classes of all conditions; each has its test here."""
