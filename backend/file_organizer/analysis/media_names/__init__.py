"""Understand names of films and episodes: rules of our own for the known forms, `guessit` for the rest.

guessit takes 8-20 ms a name and half a second to import, so it is asked only about video and subtitle files whose
name no rule understands, and each answer is remembered (`functools.lru_cache`, by name). The rules, in order: numbers
that the name states (`numbers`), a date (`dates`), numbers that stand alone (`loose`), a film's year (`films`).
"""

from __future__ import annotations

from backend.file_organizer.analysis.media_names.result import MediaName
from backend.file_organizer.analysis.media_names.titles import clean_title, without_country
from backend.file_organizer.analysis.media_names.understanding import (
    read_name,
    split_path,
    understand,
    understand_path,
    without_language,
)

__all__ = [
    "MediaName",
    "clean_title",
    "read_name",
    "split_path",
    "understand",
    "understand_path",
    "without_country",
    "without_language",
]
