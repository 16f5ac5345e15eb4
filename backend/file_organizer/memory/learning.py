"""Turn what happened to suggestions into lessons for the memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.file_organizer.analysis.names import NameDate
from backend.file_organizer.path_memory_manager import UNDO_WEIGHT, Lesson, SeriesLesson
from backend.file_organizer.planning.suggestions import date_template
from backend.sdk.files import decode_path


@dataclass(frozen=True, slots=True)
class Outcome:
    """One lead item and what a person made of it. Folders in text form.

    `folder`: where it went (or was to go); `instead_of`: the folder that Homie had said, if a person changed it.
    """

    features: str
    volume_id: str
    folder: str
    verdict: str
    instead_of: str | None = None
    taught: bool = False


ACCEPTED, REJECTED, UNDONE = "accepted", "rejected", "undone"


def lessons_of(outcomes: Iterable[Outcome]) -> tuple[list[Lesson], list[SeriesLesson]]:
    """Return what to learn: accepted is a yes, rejected a no, changed both, undone a strong no."""
    lessons: list[Lesson] = []
    series: list[SeriesLesson] = []
    for outcome in outcomes:
        lines = outcome.features.split("\n") if outcome.features else []
        features = [line for line in lines if not line.startswith("_")]
        if not features:
            continue
        date = _date(lines)
        folder = date_template(decode_path(outcome.folder), date)
        if outcome.verdict == ACCEPTED:
            lessons.append(Lesson(features, outcome.volume_id, folder, yes=1, taught=outcome.taught))
            if outcome.instead_of is not None and outcome.instead_of != outcome.folder:
                refused = date_template(decode_path(outcome.instead_of), date)
                lessons.append(Lesson(_telling(features), outcome.volume_id, refused, no=1))
            one = _series(lines, outcome)
            if one is not None:
                series.append(one)
        elif outcome.verdict == REJECTED:
            lessons.append(Lesson(_telling(features), outcome.volume_id, folder, no=1))
        elif outcome.verdict == UNDONE:
            lessons.append(Lesson(_telling(features), outcome.volume_id, folder, no=UNDO_WEIGHT))
    return lessons, series


def _telling(features: list[str]) -> list[str]:
    """Return the features that a refusal speaks about: one refused invoice says nothing about all PDF files."""
    return [f for f in features if f.startswith(("name:", "word:", "camera:"))]


def _date(lines: list[str]) -> NameDate:
    for line in lines:
        if line.startswith("_date:"):
            year, _, month = line[6:].partition("-")
            if year.isdigit() and month.isdigit():
                return NameDate(int(year), int(month), 0)
    return NameDate(0, 0, 0)


def _series(lines: list[str], outcome: Outcome) -> SeriesLesson | None:
    """Return where the series of an episode is kept: the folder above its season folder."""
    for line in lines:
        if not line.startswith("_series:"):
            continue
        season, _, title = line[8:].partition(":")
        folder = decode_path(outcome.folder)
        parent, _, leaf = folder.rpartition("/")
        style = _season_style(leaf, season)
        return SeriesLesson(title, outcome.volume_id, parent if style else folder, style, outcome.taught)
    return None


def _season_style(leaf: str, season: str) -> str:
    """Return how the household writes season folders ("Season {n:02d}"), "" if the folder is none."""
    if not season.isdigit():
        return ""
    number = int(season)
    for digits, mark in ((f"{number:02d}", "{n:02d}"), (str(number), "{n}")):
        head = leaf[: -len(digits)]
        if leaf.endswith(digits) and head[-1:] != "0" and not head[-1:].isdigit():
            word = head.strip(" ._-").casefold()
            if word in ("s", "season", "staffel", "saison", "series", ""):
                return head + mark
    return ""
