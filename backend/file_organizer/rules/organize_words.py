"""From the filters, placeholders and actions of `organize` to our conditions, placeholders and actions.

What cannot be said here raises `NotHere` with a sentence; the rule is then left out, because a rule with a filter less
would take files that it was never meant for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from backend.file_organizer.rules import definition as d

_SIZE = re.compile(r"^(?P<op>[<>=]*)(?P<num>(\d*\.)?\d+)(?P<unit>[kmgtpezy]?i?)b?$")
_PLACE = re.compile(r"\{([^{}]*)\}")
_DATE = re.compile(
    r"^(created|lastmodified|exif\.exif\.datetimeoriginal|exif\.image\.datetime)\.(year|month|day)(:02d?)?$"
)
_STRFTIME = re.compile(
    r"^(created|lastmodified|exif\.exif\.datetimeoriginal|exif\.image\.datetime)\.strftime\((['\"])(.*)\2\)$"
)
_CASE = re.compile(r"^(name|path\.stem|extension)(?:\.(upper|lower)\(\)|\s*\|\s*(upper|lower))?$")
_GROUP = re.compile(r"^regex\.(\w+)$")
_MOMENT = {"created": "created", "lastmodified": "modified"}
_UNITS = ("seconds", "minutes", "hours", "days", "weeks")
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
REFUSED_FILTERS: Mapping[str, str] = {
    "duplicate": "Duplicates are found among all open folders here, not among those of one run. Make this rule anew.",
    "hash": "A rule cannot ask for a checksum.",
    "python": "A rule never runs a program.",
    "exif": "A rule can ask for the camera (image.model, image.make) only.",
    "macos_tags": "Tags of macOS are not read.",
    "date_added": "The day on which a file was added is not known here.",
    "date_lastused": "The day on which a file was last used is not known here.",
}
REFUSED_ACTIONS: Mapping[str, str] = {
    "shell": "A rule never runs a program.",
    "python": "A rule never runs a program.",
    "write": "A rule never writes into files.",
    "symlink": "A rule makes no links.",
    "hardlink": "A rule makes no links.",
    "macos_tags": "Tags of macOS are not written.",
}


class NotHere(Exception):
    """Something of a rule that cannot be said here; `args[0]` is a sentence."""


def conditions_of(name: str, value: Any, *, negate: bool) -> list[d.Condition]:
    """Return the conditions of one filter, all of which must be met; raises `NotHere`."""
    if name in REFUSED_FILTERS and not (name == "exif" and _is_camera(value)):
        raise NotHere(REFUSED_FILTERS[name])
    read = _FILTERS.get(name)
    if read is None:
        raise NotHere(f"There is no filter '{name[:40]}' here.")
    try:
        found = read(value)
        if negate and len(found) != 1:
            raise NotHere(f"'not {name}' with several parts cannot be said in one rule.")
        return [type(one).model_validate(one.model_dump() | {"negate": negate}) for one in found]
    except ValueError as error:
        raise NotHere(problem_of(error)) from None


def problem_of(error: ValueError) -> str:
    """Return the first sentence of a refused value."""
    details = getattr(error, "errors", None)
    if details is None:
        return str(error)[:200]
    first = details(include_url=False, include_input=False)[0]
    return str(first["msg"]).removeprefix("Value error, ")[:200]


def _texts(value: Any) -> list[str]:
    """Return one text or a list of them, also nested, as `organize` flattens them."""
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return [str(value)]
    raise NotHere("A text or a list of texts belongs here.")


def _mapping(value: Any, known: set[str], default: str | None = None) -> dict[str, Any]:
    if isinstance(value, dict):
        unknown = sorted(set(map(str, value)) - known)
        if unknown:
            raise NotHere(f"'{unknown[0][:40]}' is not known here.")
        return {str(key): one for key, one in value.items()}
    return {default: value} if default is not None and value not in (None, "", []) else {}


def _extension(value: Any) -> list[d.Condition]:
    found = [part for text in _texts(value) for part in text.split()]
    return [d.EndingCondition(values=found)] if found else []


def _name(value: Any) -> list[d.Condition]:
    given = _mapping(value, {"match", "startswith", "contains", "endswith", "case_sensitive"}, "match")
    exact = bool(given.get("case_sensitive", True))
    found: list[d.Condition] = []
    pattern = str(given.get("match", "*"))
    if "{" in pattern:
        raise NotHere("Names with parts in braces are not known; write them as a regex.")
    if "?" in pattern:
        raise NotHere("A question mark in a name means itself there and any character here; write it as a regex.")
    if pattern != "*":
        found.append(d.NameCondition(how="glob", values=[pattern], part="stem", case_sensitive=exact))
    hows = {"startswith": "begins", "contains": "contains", "endswith": "ends"}
    for key, how in hows.items():
        texts = _texts(given.get(key))
        if texts:
            said = {"how": how, "values": texts, "part": "stem", "case_sensitive": exact}
            found.append(d.NameCondition.model_validate(said))
    return found


def _regex(value: Any) -> list[d.Condition]:
    given = _mapping(value, {"expr"}, "expr")
    return (
        [d.NameCondition(how="regex", values=[str(given["expr"])], part="whole", case_sensitive=True)] if given else []
    )


def _content(value: Any) -> list[d.Condition]:
    given = _mapping(value, {"expr"}, "expr")
    if not given:
        return []
    return [d.TextCondition(how="regex", values=[f"(?ms){given['expr']}"], case_sensitive=True)]


def _age(since: str) -> Callable[[Any], list[d.Condition]]:
    def read(value: Any) -> list[d.Condition]:
        given = _mapping(value, {*_UNITS, "months", "years", "mode"})
        how = {"older": "older", "newer": "younger"}.get(str(given.pop("mode", "older")))
        amounts = {unit: int(amount) for unit, amount in given.items() if amount}
        if how is None:
            raise NotHere("The mode is older or newer.")
        if not amounts:
            return []
        calendar = amounts.pop("years", 0) * 12 + amounts.pop("months", 0)
        if calendar and amounts:
            raise NotHere("Months or years together with days cannot be said here.")
        seconds = sum(_SECONDS[unit] * amount for unit, amount in amounts.items())
        unit = next((one for one in reversed(_UNITS) if seconds % _SECONDS[one] == 0), "seconds")
        amount, unit = (calendar, "months") if calendar else (seconds // _SECONDS[unit], unit)
        said = {"since": since, "how": how, "amount": amount, "unit": unit}
        return [d.AgeCondition.model_validate(said)]

    return read


def _size(value: Any) -> list[d.Condition]:
    low, high = 0, None
    for text in _texts(value):
        for part in text.replace(" ", "").lower().split(","):
            found = _SIZE.match(part)
            if found is None or found["op"] not in ("", "=", "==", "<", "<=", ">", ">="):
                raise NotHere(f"'{part[:40]}' is no size.")
            base = 1024 if found["unit"].endswith("i") else 1000
            power = "kmgtpezy".index(found["unit"][0]) + 1 if found["unit"] not in ("", "i") else 0
            exact = float(found["num"]) * base**power
            whole, fits = int(exact), exact == int(exact)
            if found["op"] in ("", "=", "=="):
                if not fits:
                    raise NotHere("No file has a part of a byte.")
                low, high = max(low, whole), whole if high is None else min(high, whole)
            elif found["op"].startswith(">"):
                low = max(low, whole if found["op"] == ">=" and fits else whole + 1)
            else:
                most = whole - 1 if found["op"] == "<" and fits else whole
                high = most if high is None else min(high, most)
    if high is not None and (high < 0 or low > high):
        raise NotHere("No file has this size.")
    return [d.SizeCondition(at_least=low, at_most=high)] if low or high is not None else []


def _is_camera(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("image.model", "image.make")


def _camera(value: Any) -> list[d.Condition]:
    return [d.CameraCondition(values=_texts(next(iter(value.values()))))]


_FILTERS: dict[str, Callable[[Any], list[d.Condition]]] = {
    "extension": _extension,
    "name": _name,
    "regex": _regex,
    "filecontent": _content,
    "created": _age("created"),
    "lastmodified": _age("modified"),
    "size": _size,
    "empty": lambda _value: [d.SizeCondition(at_most=0)],
    "mimetype": lambda value: [d.MimeCondition(values=_texts(value))],
    "exif": _camera,
}


def template_of(text: str) -> str:
    """Return a template of `organize` with our placeholders; raises `NotHere` for one that cannot be said."""
    if "{%" in text or "{#" in text or "$" in text:
        raise NotHere("Programs and variables of the system in a path are not known here.")
    return _PLACE.sub(lambda found: _placeholder(found.group(1).strip()), text)


def _placeholder(said: str) -> str:
    if said == "path.name":
        return "{file}"
    if found := _CASE.match(said):
        form = found.group(2) or found.group(3)
        name = "ext" if found.group(1) == "extension" else "name"
        return f"{{{name}:{form}}}" if form else f"{{{name}}}"
    if found := _DATE.match(said):
        moment = _MOMENT.get(found.group(1), "taken")
        padded = found.group(3) or found.group(2) == "year"
        return f"{{{moment}_{found.group(2)}}}" if padded else f"{{{moment}_{found.group(2)}:plain}}"
    if found := _STRFTIME.match(said):
        moment = _MOMENT.get(found.group(1), "taken")
        filled = found.group(3)
        for mark, part in (("%Y", "year"), ("%m", "month"), ("%d", "day")):
            filled = filled.replace(mark, f"{{{moment}_{part}}}")
        if "%" not in filled:
            return filled
    if found := _GROUP.match(said):
        return f"{{match_{found.group(1)}}}"
    raise NotHere(f"The placeholder {{{said[:60]}}} is not known here.")
