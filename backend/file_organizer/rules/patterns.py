"""Patterns that people write: regular expressions by RE2, whose time grows with the text only, and shell patterns.

RE2 (https://github.com/google/re2) has no look-around and no back references; a pattern with one is refused by name
instead of being able to keep a worker busy for years (ADR 0165).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

MOST_MEMORY = 8 << 20
_NOT_HERE = {"(?=": "looking ahead", "(?!": "looking ahead", "(?<=": "looking back", "(?<!": "looking back"}


def check_regex(pattern: str) -> None:
    """Raise `ValueError` with a sentence for a pattern that cannot be used."""
    compiled_regex(pattern, case_sensitive=True)


@lru_cache(maxsize=512)
def compiled_regex(pattern: str, *, case_sensitive: bool) -> Any:
    """Return a compiled RE2 pattern; `ValueError` says what is wrong with it."""
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.log_errors = False
    options.case_sensitive = case_sensitive
    try:
        return re2.compile(pattern, options=options)
    except (re2.error, UnicodeError) as error:
        for mark, what in _NOT_HERE.items():
            if mark in pattern:
                raise ValueError(f"The pattern uses {what} ({mark}...), which is not possible here.") from None
        if re.search(r"\\[1-9]|\(\?P=", pattern):
            raise ValueError("The pattern refers back to an earlier group, which is not possible here.") from None
        said = error.args[0] if error.args else ""
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"The pattern is no regular expression: {said[:120]}") from None


def search(pattern: str, text: str, *, case_sensitive: bool) -> dict[str, str] | None:
    """Return the named groups of the first match in `text`, or None without one. Time is linear in the text."""
    # RE2 reads UTF-8: bytes of a name that are none become the replacement character.
    plain = text.encode("utf-8", "replace").decode("utf-8")
    found = compiled_regex(pattern, case_sensitive=case_sensitive).search(plain)
    if found is None:
        return None
    return {name: value or "" for name, value in found.groupdict().items()}


def glob_regex(pattern: str) -> str:
    """Return the regular expression of a shell pattern: `*` any text, `?` one character, the rest as it stands."""
    parts = {"*": ".*", "?": "."}
    return "(?s)^" + "".join(parts.get(character) or re2.escape(character) for character in pattern) + "$"
