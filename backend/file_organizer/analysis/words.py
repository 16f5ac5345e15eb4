"""Write a set of words as people read it: one text, words apart by blanks."""

from __future__ import annotations


def words_in(text: str) -> frozenset[str]:
    """Return the words of `text`."""
    return frozenset(text.split())
