"""Remember answers about texts while a file is read: most rows say what others said. Forgotten when it is read.

What is kept past its file would hold the memory in which it lies: a few thousand short texts, scattered among all rows,
kept 40 MB of a process that had read 100,000 rows. And nobody's statement stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")
_forgetters: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[_Given, _Told]], Callable[_Given, _Told]]:
    """Let a function of one text remember its last `most` answers until `forget`."""

    def wrap(function: Callable[_Given, _Told]) -> Callable[_Given, _Told]:
        kept = lru_cache(maxsize=most)(function)
        _forgetters.append(kept.cache_clear)
        return kept  # type: ignore[return-value]

    return wrap


def forget() -> None:
    """Forget all answers. A file that is read in another thread meanwhile finds them anew."""
    for one in _forgetters:
        one()
