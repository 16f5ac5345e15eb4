"""Turn what happened to suggestions into lessons for the memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from backend.file_organizer.analysis.names import NameDate
from backend.file_organizer.path_memory_manager import UNDO_WEIGHT, Lesson, SeriesLesson
from backend.file_organizer.planning.suggestions import date_template
from backend.sdk.files import decode_path, encode_path

_FROM_NAME = ("name:", "word:", "ext:", "kind:")
"""Families that the name gives: items of plans made by an older version carry them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One lead item and what a person made of it. Paths in text form.

    `name`: the file's name; `features`: what else is known of it, a line each; `source`: (volume id, folder) it lay in.
    `folder`: where it went (or was to go); `instead_of`: the folder that Homie had said, if a person changed it.
    """

    name: str
    features: str
    source: tuple[str, str]
    volume_id: str
    folder: str
    verdict: str
    instead_of: tuple[str, str] | None = None
    taught: bool = False


ACCEPTED, REJECTED, UNDONE = "accepted", "rejected", "undone"
CHANGED = "changed"
"""A person sent the file to another folder than Homie had said."""


def lessons_of(outcomes: Iterable[Outcome]) -> tuple[list[Lesson], list[SeriesLesson]]:
    """Return what to learn: accepted is a yes, rejected a no, changed both, undone a strong no."""
    lessons: list[Lesson] = []
    series: list[SeriesLesson] = []
    for outcome in outcomes:
        lines = outcome.features.split("\n") if outcome.features else []
        signs = [line for line in lines if not line.startswith("_") and not line.startswith(_FROM_NAME)]
        date = _date(lines)
        lesson = Lesson(
            outcome.name,
            outcome.volume_id,
            _template(outcome.folder, date),
            signs,
            source=(outcome.source[0], _template(outcome.source[1], date)),
            taught=outcome.taught,
        )
        if outcome.verdict == ACCEPTED:
            wrong = outcome.instead_of
            changed = wrong is not None and wrong != (outcome.volume_id, outcome.folder)
            lessons.append(replace(lesson, yes=1.0, how=CHANGED if changed else ACCEPTED))
            if changed and wrong is not None:
                lessons.append(_no(lesson, 1.0, CHANGED, (wrong[0], _template(wrong[1], date))))
            one = _series(lines, outcome)
            if one is not None:
                series.append(one)
        elif outcome.verdict == REJECTED:
            lessons.append(_no(lesson, 1.0, REJECTED))
        elif outcome.verdict == UNDONE:
            lessons.append(_no(lesson, float(UNDO_WEIGHT), UNDONE))
    return lessons, series


def _no(lesson: Lesson, weight: float, how: str, place: tuple[str, str] | None = None) -> Lesson:
    """Return the refusal of a place: of this subject. One refused invoice says nothing about all invoices."""
    volume_id, folder = place or (lesson.volume_id, lesson.folder)
    telling = [s for s in lesson.signs if s.startswith(("camera:", "sender:", "project:"))]
    return replace(lesson, volume_id=volume_id, folder=folder, signs=telling, no=weight, how=how, taught=False)


def _template(folder: str, date: NameDate) -> str:
    return encode_path(date_template(decode_path(folder), date))


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
