"""Read an AI request as a person would: which files it names, and which folders may be chosen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_FENCED = re.compile(r"(DATA-[0-9a-f]+)\n(.*?)\n\1", re.DOTALL)
Listed = tuple[list[dict[str, Any]], list[str]]


def payload_items(body: str) -> Listed | None:
    """Return (files, folder names) of a request's text; None where it has another shape."""
    try:
        whole = json.loads(body)
    except ValueError:
        return None
    for text in _texts(whole):
        for fenced in _FENCED.finditer(text):
            try:
                data = json.loads(fenced.group(2))
            except ValueError:
                continue
            if isinstance(data, dict) and isinstance(data.get("items"), list):
                return _items(data["items"]), _folders(data)
    return None


def _texts(node: Any) -> Iterator[str]:
    """Give every text in a JSON value, however deep: providers wrap the question in different ways."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from _texts(one)
    elif isinstance(node, dict):
        for one in node.values():
            yield from _texts(one)


def _items(listed: list[Any]) -> list[dict[str, Any]]:
    found = [one for one in listed if isinstance(one, dict)]
    return [dict(one["data"]) if isinstance(one.get("data"), dict) else one for one in found]


def _folders(data: dict[str, Any]) -> list[str]:
    choices = data.get("choices")
    found = choices.get("folders") if isinstance(choices, dict) else None
    return [str(one.get("label", "")) for one in found or () if isinstance(one, dict)]
