"""Read the YAML of `organize` (https://organize.readthedocs.io) without trusting it.

Only plain data is made (strings, numbers, lists, mappings); a tag that makes anything else is refused. A file is held
to a size, and what its aliases would unfold to is counted before anything is made, so that a few lines cannot fill the
memory ("billion laughs").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from backend.file_organizer.rules.errors import RuleFileNotReadable
from backend.sdk.errors import FieldProblem

MOST_BYTES = 262_144
MOST_NODES = 20_000
MOST_DEPTH = 40
_PLAIN = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Located:
    """A value of the file: plain data, the line that it begins in (from 1), and the lines of its parts."""

    value: Any
    line: int
    parts: tuple[Located, ...] = ()
    keys: dict[str, Located] | None = None


def read_yaml(text: str, *, field: str = "body.text") -> Located:
    """Return the file's root; raises `RuleFileNotReadable` naming the line."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise _unreadable(field, "The file is too large.", "Split it into smaller files.")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise _unreadable(field, "The file is empty.", "Choose another file.")
        _count(node, [0], 0, field)
        return _located(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}" if mark is not None else "The file"
        raise _unreadable(field, f"{where} is no YAML that Homie reads.", "Mend that line.") from None
    except RecursionError:
        raise _unreadable(field, "The file is nested too deeply.", "Choose another file.") from None


def _count(node: yaml.Node, seen: list[int], depth: int, field: str) -> None:
    """Count what the file unfolds to, each alias as often as it is used."""
    seen[0] += 1
    if seen[0] > MOST_NODES or depth > MOST_DEPTH:
        raise _unreadable(field, "The file unfolds to too much, or refers to itself.", "Write its aliases out.")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _count(key, seen, depth + 1, field)
            _count(value, seen, depth + 1, field)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _count(item, seen, depth + 1, field)


def _located(node: yaml.Node) -> Located:
    line = node.start_mark.line + 1
    if not node.tag.startswith(_PLAIN) or "python" in node.tag:
        raise yaml.MarkedYAMLError(problem="not plain data", problem_mark=node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        parts = tuple(_located(item) for item in node.value)
        return Located([part.value for part in parts], line, parts)
    if isinstance(node, yaml.MappingNode):
        keys: dict[str, Located] = {}
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                merged = _located(value)
                for one in (merged, *merged.parts):
                    keys = (one.keys or {}) | keys
                continue
            found = _located(value)
            keys[str(_located(key).value)] = Located(found.value, key.start_mark.line + 1, found.parts, found.keys)
        return Located({key: value.value for key, value in keys.items()}, line, keys=keys)
    return Located(yaml.SafeLoader("").construct_object(node), line)


def _unreadable(field: str, problem: str, remedy: str) -> RuleFileNotReadable:
    return RuleFileNotReadable(fields=[FieldProblem(field, problem, remedy)])
