"""Placeholders in folders and names of rules: `{year}`, `{month:02}`, `{name}`, `{camera|Unknown}`.

Only names of this list can stand in braces, so a template can neither read an attribute nor format anything else. What
is filled in is made a possible file name first: a file cannot choose its folder by being called "../x".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from backend.sdk.errors import HomieError
from backend.sdk.files import check_new_name

KNOWN: Mapping[str, str] = {
    "name": "the file's name without its ending",
    "ext": "the file's ending",
    "file": "the file's whole name",
    "year": "the year the file is of",
    "month": "the month, 01 to 12",
    "day": "the day, 01 to 31",
    "camera": "the camera of a picture",
    "kind": "what kind of file it is",
    "folder": "the folder it lies in now",
    "modified_year": "the year it was last changed",
    "modified_month": "the month it was last changed",
    "modified_day": "the day it was last changed",
    "created_year": "the year it was made",
    "created_month": "the month it was made",
    "created_day": "the day it was made",
    "taken_year": "the year a picture was taken",
    "taken_month": "the month a picture was taken",
    "taken_day": "the day a picture was taken",
}
"""Placeholders and what they stand for. Groups of a regular expression come as `{match_NAME}`."""

_BAD = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_PLACE = re.compile(r"\{([a-z_]+[A-Za-z0-9_]*)(?::(upper|lower|plain))?(?:\|([^{}/]*))?\}")


class PlaceholderEmpty(Exception):
    """A placeholder has no value for this file; `args[0]` is its name."""


def check_template(template: str) -> None:
    """Raise `ValueError` for a folder template that could never be a folder."""
    for part in template.split("/") if template else ():
        check_name_template(part, what="folder")


def check_name_template(template: str, *, what: str = "name") -> None:
    """Raise `ValueError` for a template of one name that could never be a name."""
    unknown = [found.group(1) for found in _PLACE.finditer(template) if not _known(found.group(1))]
    if unknown:
        raise ValueError(f"There is no placeholder {{{unknown[0]}}}. Known are: {', '.join(KNOWN)}.")
    rest = _PLACE.sub("x", template)
    if "{" in rest or "}" in rest:
        raise ValueError("A brace stands alone. Placeholders are written like {year} or {camera|Unknown}.")
    if what == "name" and "/" in rest:
        raise ValueError("A name has no slash in it.")
    try:
        check_new_name(rest)
    except HomieError as error:
        problem = error.fields[0].problem if error.fields else error.message
        raise ValueError(f"This is no possible {what}: {problem}") from None


def placeholders_in(template: str) -> list[str]:
    """Return the names of the placeholders of a template."""
    return [found.group(1) for found in _PLACE.finditer(template)]


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill a template; raises `PlaceholderEmpty` where there is no value and no text after `|`.

    What is filled in never makes a folder: slashes and other forbidden characters become spaces.
    """

    def value_of(found: re.Match[str]) -> str:
        name, form, instead = found.groups()
        text = _clean(values.get(name, "")) or _clean(instead or "")
        if not text:
            raise PlaceholderEmpty(name)
        if form == "plain":
            return text.lstrip("0") or "0"
        return text.upper() if form == "upper" else text.lower() if form == "lower" else text

    return _PLACE.sub(value_of, template)


def _clean(text: str) -> str:
    """Return what may stand in a name: never a slash, nothing invisible, no dots or blanks at its ends."""
    return _BAD.sub(" ", text).strip(" .")


def _known(name: str) -> bool:
    return name in KNOWN or (name.startswith("match_") and len(name) > len("match_"))
