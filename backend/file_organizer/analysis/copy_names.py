"""Names that programs give to second copies: "letter (1).pdf", "Copy of letter.pdf", "letter - Kopie (2).pdf"."""

from __future__ import annotations

import re

_COUNTER = re.compile(r"^(?P<stem>.*\S)\s?\((?P<number>[1-9]\d?)\)$")
_AFTER = re.compile(
    r"^(?P<stem>.*\S)(?:\s-\s|\s|_|-)(?:copy|kopie|copie|copia|kopia|kopi)(?:\s?\(?(?P<number>\d{1,2})\)?)?$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:copy(?:\s\(?\d{1,2}\)?)? of|kopie(?:\s\(?\d{1,2}\)?)? von|copie de|copia de)\s+(?P<stem>\S.*)$", re.IGNORECASE
)


def original_stem(stem: str) -> str | None:
    """Return the name without its marks of a copy, or None where there are none. Extension not included.

    A year in brackets ("Heat (1995)") is no counter: counters have at most two digits.
    """
    found, plain = False, stem
    for _ in range(4):
        for pattern in (_COUNTER, _AFTER, _BEFORE):
            match = pattern.match(plain)
            if match is not None:
                plain, found = match["stem"], True
                break
        else:
            break
    return plain if found else None
