"""How large a statement may be. A household's year is some thousand lines; the bounds stop what is no statement."""

from __future__ import annotations

from backend.financial_manager.statements.errors import AGAIN, StatementError

MOST_BYTES = 64 * 1024 * 1024
MOST_ENTRIES = 500_000
MOST_TEXT = 4_000
"""Characters of one text (purpose, name) that are kept."""

SMALLER = "Download a shorter span of time from the bank."


def check_size(data: bytes) -> None:
    """Refuse a file that is empty or larger than any statement."""
    if not data.strip():
        raise StatementError("The file is empty.", remedy=AGAIN)
    if len(data) > MOST_BYTES:
        raise StatementError(f"The file is larger than {MOST_BYTES // 2**20} MB.", remedy=SMALLER)


def check_count(entries: int) -> None:
    """Refuse more entries than one file may have."""
    if entries > MOST_ENTRIES:
        raise StatementError(f"The file has more than {MOST_ENTRIES} lines.", remedy=SMALLER)


def clip(text: str) -> str:
    """Return a text on one line with single spaces, without control characters, at most `MOST_TEXT` long."""
    if not text:
        return ""
    if text.isprintable() and len(text) <= MOST_TEXT:
        if "  " not in text and text[0] != " " and text[-1] != " ":
            return text  # no other space is printable
        return " ".join(text.split())
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * MOST_TEXT]).split())[:MOST_TEXT]
