"""Text as the ledger compares and searches it: as the hub's search does, with single spaces."""

from __future__ import annotations

from backend.sdk import finding


def fold(text: str) -> str:
    """Return text as it is compared: without case and accents, one space between words."""
    return " ".join(finding.fold(text).split())


def searchable(*parts: str) -> str:
    """Return what a transaction is found by."""
    return fold(" ".join(part for part in parts if part))[:2000]
