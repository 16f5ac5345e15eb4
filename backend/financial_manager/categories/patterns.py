"""Regular expressions that people write, matched by RE2: time grows with the text only (ADR 0165)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2

MOST_MEMORY = 8 << 20
_SET_MEMORY = 128 << 20


@lru_cache(maxsize=1024)
def compiled_regex(pattern: str) -> Any:
    """Return a compiled pattern, small and capital letters the same; `ValueError` says what is wrong with it."""
    try:
        return re2.compile(pattern, options=_options(MOST_MEMORY))
    except (re2.error, UnicodeError) as error:
        said = error.args[0] if error.args else ""
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"The pattern is no regular expression: {said[:120]}") from None


def found_in(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found anywhere in a text."""
    readable = text.encode("utf-8", "replace").decode("utf-8")
    return compiled_regex(pattern).search(readable) is not None


class WordsIn:
    """Find which of many plain texts stand in a line, in one pass over it (RE2's set of patterns)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._set = re2.Set.SearchSet(_options(_SET_MEMORY))
        self.size = 0
        for text in texts:
            self._set.Add(re2.escape(text))
            self.size += 1
        self._set.Compile()

    def standing_in(self, text: str) -> list[int]:
        """Return the numbers of the texts that stand in `text`."""
        if not self.size:
            return []
        readable = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
        return self._set.Match(readable) or []


def _options(memory: int) -> Any:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.case_sensitive = False
    return options
