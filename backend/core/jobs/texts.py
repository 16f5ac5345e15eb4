"""Undecodable file names (lone surrogates, PEP 383) in job data: kept exactly in the table, made readable for people.

Neither PostgreSQL's JSON nor pydantic's reader takes a lone surrogate, but a folder may well be called so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

MARK = "\ue000hex:"
"""Begins a text that is stored as the hex of its UTF-8 (with surrogates); a text that happens to begin so is, too."""
LONGEST_NOTE = 500


def storable(value: Any) -> Any:
    """Return JSON data in which every text can be stored; `restored` is its inverse."""
    return _mapped(value, _encoded)


def restored(value: Any) -> Any:
    """Return JSON data as it was before `storable`."""
    return _mapped(value, _decoded)


def readable(value: Any) -> Any:
    """Return JSON data for people: undecodable bytes as `\\udcXX`."""
    return _mapped(value, _visible)


def is_plain(value: Any) -> bool:
    """Tell whether the data holds no undecodable text."""
    return bool(storable(value) == value)


def shown(text: str) -> str:
    """Return a sentence as it can be stored: bounded, without NUL, undecodable file names made visible."""
    return _visible(text).replace("\0", "")[:LONGEST_NOTE]


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {_mapped(key, change): _mapped(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mapped(item, change) for item in value]
    return value


def _encoded(text: str) -> str:
    if not text.startswith(MARK):
        try:
            text.encode()
            return text
        except UnicodeEncodeError:
            pass
    return MARK + text.encode("utf-8", "surrogatepass").hex()


def _decoded(text: str) -> str:
    if not text.startswith(MARK):
        return text
    return bytes.fromhex(text[len(MARK) :]).decode("utf-8", "surrogatepass")


def _visible(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
