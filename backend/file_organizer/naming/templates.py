"""Naming templates: "{title} - S{season:00}E{episode:00}[ - {episode_title}]".

A field in braces is filled from what the name says; `:00` pads a number, `:.` joins words (or a date) with dots. What
stands in square brackets falls out as a whole when a field in it is empty. A backslash makes a bracket plain text.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from backend.file_organizer.analysis.media_names import MediaName
from backend.file_organizer.planning.suggestions import folder_name
from backend.sdk.errors import FieldProblem, InvalidInput

LONGEST = 200


class NameKind(enum.StrEnum):
    """Name the kinds of files that have a template of their own."""

    FILM = "film"
    EPISODE = "episode"
    DAILY = "daily"
    ABSOLUTE = "absolute"


DEFAULTS: dict[NameKind, str] = {
    NameKind.FILM: "{title}[ ({year})]",
    NameKind.EPISODE: "{title} - S{season:00}E{episode:00}[ - {episode_title}]",
    NameKind.DAILY: "{title} - {date}[ - {episode_title}]",
    NameKind.ABSOLUTE: "{title} - {absolute:000}[ - {episode_title}]",
}
FIELDS: dict[NameKind, tuple[str, ...]] = {
    NameKind.FILM: ("title", "year"),
    NameKind.EPISODE: ("title", "year", "season", "episode", "episode_title"),
    NameKind.DAILY: ("title", "year", "date", "episode_title"),
    NameKind.ABSOLUTE: ("title", "year", "absolute", "episode_title"),
}
_NEEDED: dict[NameKind, tuple[str, ...]] = {
    NameKind.FILM: ("title",),
    NameKind.EPISODE: ("season", "episode"),
    NameKind.DAILY: ("date",),
    NameKind.ABSOLUTE: ("absolute",),
}
_NUMBERS = frozenset({"season", "episode", "absolute"})
_JOINED = frozenset({"title", "episode_title", "date"})
_TOKEN = re.compile(
    r"\\(?P<plain>.)|\{(?P<field>[a-z_]+)(?::(?P<spec>[^{}]*))?\}|(?P<open>\[)|(?P<close>\])|(?P<text>[^\\{}\[\]]+|.)"
)
_NOT_IN_NAMES = re.compile(r'[/\\<>:"|?*\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    spec: str
    before: str


def kind_of(media: MediaName) -> NameKind | None:
    """Return which template a name takes; None for a season pack and whatever has no number."""
    if media.kind == "film":
        return NameKind.FILM
    if media.season is not None and media.episodes:
        return NameKind.EPISODE
    if media.date is not None:
        return NameKind.DAILY
    return NameKind.ABSOLUTE if media.absolute or media.episodes else None


def check_template(kind: NameKind, template: str, *, field: str) -> str:
    """Return the template without blanks around it; raises `InvalidInput` that says what is wrong."""
    text = template.strip()
    problem = _problem(kind, text)
    if problem is not None:
        raise InvalidInput(fields=[FieldProblem(field, problem[0], problem[1])])
    return text


def _problem(kind: NameKind, text: str) -> tuple[str, str] | None:
    """Return (what is wrong, what to do) or None."""
    if not text or len(text) > LONGEST:
        longest = LONGEST
        return f"A template has 1 to {longest} characters.", f"For example: {DEFAULTS[kind]}"
    try:
        parts = _parse(text)
    except ValueError as error:
        return str(error), "Close every brace and bracket; write \\[ for a bracket in the name."
    fields = [part for part in _flat(parts) if isinstance(part, _Field)]
    for one in fields:
        if one.name not in FIELDS[kind]:
            name, known = one.name, ", ".join(f"{{{known}}}" for known in FIELDS[kind])
            problem = f"The field {name} is not known here."
            return problem, f"Use {known}."
        allowed = r"0{1,6}" if one.name in _NUMBERS else r"[._ -]" if one.name in _JOINED else r""
        if one.spec and not re.fullmatch(allowed, one.spec):
            name, spec = one.name, one.spec
            problem = f"The sign {spec} after {name} is not known."
            return problem, "Zeros pad a number; a dot, dash or _ joins words."
    always = {part.name for part in parts if isinstance(part, _Field)}
    missing = [name for name in _NEEDED[kind] if name not in always]
    if missing:
        names = " and ".join(f"{{{name}}}" for name in missing)
        return f"{names} must stand outside of square brackets.", "Without it, files would take each other's names."
    plain = "".join(part for part in _flat(parts) if isinstance(part, str))
    if _NOT_IN_NAMES.search(plain):
        return "A file's name cannot hold / \\ : * ? \" < > |.", "Use a dash or a blank instead."
    return None


def fill(template: str, media: MediaName, *, title: str | None = None) -> str | None:
    """Return the name (without extension) that a template gives, or None if what it needs is not known.

    `title`: how this household writes the title, instead of how the name does.
    """
    values = _values(media, title)
    made = _fill(_parse(template), values)
    return folder_name(made) if made is not None else None


def _values(media: MediaName, title: str | None) -> dict[str, object]:
    absolute = media.absolute or (media.episodes if media.season is None else ())
    return {
        "title": title or media.title,
        "year": media.year,
        "season": media.season,
        "episode": media.episodes,
        "absolute": absolute,
        "date": media.date,
        "episode_title": media.episode_title,
    }


Part = "str | _Field | list[Part]"


def _parse(text: str) -> list[object]:
    """Split a template into texts, fields and optional groups; raises `ValueError` in words."""
    outer: list[object] = []
    inner: list[object] | None = None
    before = ""
    for token in _TOKEN.finditer(text):
        here = outer if inner is None else inner
        if token["open"]:
            if inner is not None:
                problem = "There are brackets within brackets."
                raise ValueError(problem)
            inner = []
        elif token["close"]:
            if inner is None:
                problem = "A ] has no [ before it."
                raise ValueError(problem)
            outer.append(inner)
            inner = None
        elif token["field"]:
            here.append(_Field(token["field"], token["spec"] or "", before))
        elif token["text"] in ("{", "}"):
            problem = "A brace stands alone."
            raise ValueError(problem)
        else:
            here.append(token["plain"] or token["text"])
        before = (token["plain"] or token["text"] or "")[-1:]
    if inner is not None:
        problem = "A [ is not closed."
        raise ValueError(problem)
    return outer


def _flat(parts: list[object]) -> list[object]:
    found: list[object] = []
    for part in parts:
        found += part if isinstance(part, list) else [part]
    return found


def _fill(parts: list[object], values: dict[str, object]) -> str | None:
    """Return the filled parts; None if a field outside of brackets is empty."""
    made = []
    for part in parts:
        if isinstance(part, list):
            made.append(_fill(part, values) or "")
        elif isinstance(part, _Field):
            text = _text(part, values.get(part.name))
            if not text:
                return None
            made.append(text)
        else:
            made.append(str(part))
    return "".join(made)


def _text(field: _Field, value: object) -> str:
    """Return one field's text, "" if it is empty. Several episodes: the first and the last, or all of them."""
    if value is None or value == () or value == "":
        return ""
    if isinstance(value, tuple):
        numbers = [str(number).zfill(len(field.spec)) for number in value]
        mark = field.before if field.before in ("E", "e", "x", "X") else ""
        if len(numbers) > 1 and value[-1] - value[0] == len(value) - 1:
            return f"{numbers[0]}-{mark}{numbers[-1]}"
        return (mark or "+").join(numbers)
    if isinstance(value, int):
        return str(value).zfill(len(field.spec)) if field.name in _NUMBERS else str(value)
    if field.name == "date":
        return str(value).replace("-", field.spec or "-")
    text = _as_title(str(value))
    return re.sub(r"\s+", field.spec, text) if field.spec else text


_SMALL = frozenset(
    ("a", "an", "and", "at", "de", "der", "des", "du", "in", "la", "le", "of", "on", "or", "the", "to", "und", "von")
)


def _as_title(text: str) -> str:
    """Return a title that was written in small letters only ("the silver coast") as titles are written."""
    if text != text.lower():
        return text
    words = text.split(" ")
    return " ".join(w if i and w in _SMALL else w[:1].upper() + w[1:] for i, w in enumerate(words))


def plain(text: str) -> str:
    """Return `text` as it must stand in a template, so that its brackets and braces are no marks."""
    return re.sub(r"([\\{}\[\]])", r"\\\1", text)
