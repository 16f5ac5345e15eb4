"""Paths into JSON, in the small part of JSONPath (RFC 9535) that lists of prices need: names, indexes, "all".

    $.chart.result[0].timestamp[*]      prices[*][1]      data['Time Series'][*]['4. close']      days.~

A `~` at the end means the names of an object instead of its values, for feeds that write days as names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_STEP = re.compile(r"\.?(?:(?P<all>\[\*\]|\*)|\[(?P<index>-?\d{1,6})\]|\[(?P<q>['\"])(?P<key>.*?)(?P=q)\]|(?P<keys>~)|"
                   r"(?P<name>[^.\[\]~*'\"]+))")  # fmt: skip
LONGEST = 200


def check_path(path: str) -> bool:
    """Tell whether this is a path."""
    return bool(path) and len(path) <= LONGEST and _steps(path) is not None


def values_at(data: Any, path: str) -> list[Any]:
    """Return what lies at a path, in the order of the data; nothing where the path leads nowhere."""
    found = [data]
    for kind, word in _steps(path) or ():
        found = [one for value in found for one in _follow(value, kind, word)]
    return found


def _follow(value: Any, kind: str, word: str) -> Iterator[Any]:
    if kind == "all":
        yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    elif kind == "keys":
        yield from value if isinstance(value, dict) else ()
    elif kind == "index":
        if isinstance(value, list) and -len(value) <= int(word) < len(value):
            yield value[int(word)]
    elif isinstance(value, dict) and word in value:
        yield value[word]


def _steps(path: str) -> list[tuple[str, str]] | None:
    """Return the steps of a path, or None where it is none."""
    rest, steps = path.strip().removeprefix("$"), []
    while rest:
        found = _STEP.match(rest)
        if found is None:
            return None
        kind = next(name for name in ("all", "index", "key", "keys", "name") if found.group(name) is not None)
        steps.append(("key" if kind == "name" else kind, found.group(kind).strip()))
        rest = rest[found.end() :]
    if any(kind == "keys" for kind, _ in steps[:-1]):
        return None
    return steps
