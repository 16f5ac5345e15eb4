"""Text as the ledger compares and searches it: as the hub's search does, with single spaces."""

from __future__ import annotations

import re

from backend.sdk import finding

_NOT_STORED = re.compile("[\x00\ud800-\udfff]")

MOST_SEARCHED = 20_000
"""Letters by which a transaction is found: more than a person can enter for one, its name and tags at the end too."""


def fold(text: str) -> str:
    """Return text as it is compared: without case and accents, one space between words."""
    return " ".join(finding.fold(text).split())


def storable(text: str) -> str:
    """Return text without what no database keeps: NUL and halves of a surrogate pair."""
    return _NOT_STORED.sub("", text)


def searchable(*parts: str) -> str:
    """Return what a transaction is found by."""
    return fold(" ".join(part for part in parts if part))[:MOST_SEARCHED]
