"""Read films: their year is in brackets, or bare before a word about quality; the last such year counts."""

from __future__ import annotations

import re

from backend.file_organizer.analysis.media_names import vocabulary as v
from backend.file_organizer.analysis.media_names.result import MediaName
from backend.file_organizer.analysis.media_names.titles import clean_title

_YEAR = re.compile(r"(?<![^\W_])(?:[(\[{](?P<marked>(?:19|20)\d\d)[)\]}]|(?P<bare>(?:19|20)\d\d))(?![^\W_])")
_UNLIKE = re.compile(r"^\s*\d{3}(?=\s*\x00)|special(?=[^\w])", re.I)
_COUNTED = re.compile(r"^(?:\d\d\.\d\d\.\d\d\.|\(\d{1,2}\)\s?)(?=[^\W\d_])")
"""A day or a number of a collection before a film's title."""
_BRACKET = re.compile(r"(?<=[\w!?.'])\s*[(\[{](?!\s*[A-Z]{2}\s*[)\]])")


def film_in(stem: str, masked: str) -> MediaName | None:
    """Return the film that a name without numbers is, or None."""
    years = [found for found in _YEAR.finditer(masked) if found.start() > 0]
    marked = [found for found in years if found["marked"]]
    for found in reversed(marked or years):
        end = found.end()
        if not found["marked"] and v.technical_start(masked, end) == v.soft_start(masked, end) == len(masked):
            continue
        if not found["marked"] and _UNLIKE.search(masked[found.end() :]):
            return None
        before = masked[: found.start()]
        bracket = _BRACKET.search(before, 1)
        end = min(v.technical_start(masked, 0), v.soft_tail(before), bracket.start() if bracket else found.start())
        title = clean_title(_COUNTED.sub("", stem[:end]) if found["marked"] else stem[:end])
        if title:
            return MediaName("film", title, int(found["marked"] or found["bare"]))
    return None
