"""Say why: what was learned that speaks for a folder, in words to check ("11 of 12 files with 'Stadtwerke' ...")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.file_organizer.memory.learner import Cell, Learner, Target
from backend.file_organizer.memory.signs import has_pattern

_WORTH = {
    "name": 1.0,
    "word": 1.0,
    "series": 1.0,
    "camera": 0.97,
    "sender": 0.97,
    "project": 0.97,
    "paper": 0.93,
    "shape": 0.9,
    "from": 0.85,
}
_WORTH |= {"text": 0.8, "ext": 0.7, "kind": 0.65}
_LEAST = {"ext": 3, "kind": 4, "from": 2, "shape": 2, "text": 2}
"""How many files it takes until a general sign is a reason."""
LATELY_WITHIN = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: `yes` of `total` files with the sign `family:value` went to the folder, last on `last_at` (Unix s).

    The families "called" (the folder is called like a word), "similar" (files with similar names) and "lately" (used in
    this or the last days) carry no counts.
    """

    family: str
    value: str
    yes: int = 0
    total: int = 0
    last_at: float = 0.0


def evidence_for(learner: Learner, signs: Sequence[str], target: Target, limit: int = 3) -> list[Evidence]:
    """Return what speaks for `target`, the strongest first."""
    number = learner.numbers.get(target)
    if number is None:
        return []
    found: list[tuple[float, Evidence]] = []
    for place, sign in enumerate(signs):
        family, _, value = sign.partition(":")
        cells = learner.cells.get(sign)
        cell = cells.get(number) if cells else None
        if cell is None or cells is None or family not in _WORTH or cell.yes < _LEAST.get(family, 1):
            continue
        if family == "shape" and not has_pattern(value):
            continue
        total = sum(c.yes for c in cells.values())
        worth = _WORTH[family] * (cell.yes + 1) / (total + cell.no + 2) - place * 1e-4
        found.append((worth, Evidence(family, value, cell.yes, total, cell.last_at)))
    folder = learner.folders[number]
    called = [s for s in signs if s.startswith("word:") and s in folder.leaf]
    if called:
        found.append((0.62, Evidence("called", called[0][5:])))
    alike = [s for s in signs if s.startswith("stem:") and number in learner.cells.get(s, {})]
    if alike:
        found.append((0.3, Evidence("similar", alike[0][5:])))
    if number in learner.recent and learner.files - learner.recent[number] <= LATELY_WITHIN:
        found.append((0.2, Evidence("lately", "", folder.yes, learner.files, folder.last_at)))
    if not found and folder.yes:
        found.append((0.0, Evidence("used", "", folder.yes, learner.files, folder.last_at)))
    found.sort(key=lambda one: -one[0])
    return [one for _, one in found[:limit]]


def sentence(evidence: Evidence, stem: str, folder: str) -> str:
    """Say one reason; `stem`: the file's name as written, `folder`: where it would go (text form)."""
    yes, total, value = evidence.yes, evidence.total, evidence.value
    shown, date = folder or "/", day(evidence.last_at)
    match evidence.family:
        case "name":
            return f"{yes} of {total} files with this name went to {shown}, last on {date}."
        case "word" | "series":
            word = as_written(stem, value)
            return f"{yes} of {total} files with '{word}' went to {shown}, last on {date}."
        case "text":
            return f"{yes} of {total} documents that say '{value}' went to {shown}, last on {date}."
        case "sender":
            return f"{yes} of {total} papers from {value} went to {shown}, last on {date}."
        case "project":
            return f"{yes} of {total} files about the project {value} went to {shown}, last on {date}."
        case "camera":
            return f"{yes} of {total} pictures of {value} went to {shown}, last on {date}."
        case "paper":
            return f"{yes} of {total} papers of this kind ({value}) went to {shown}, last on {date}."
        case "ext":
            return f"{yes} of {total} .{value} files went to {shown}, last on {date}."
        case "kind":
            return f"{yes} of {total} files of this kind ({value}) went to {shown}, last on {date}."
        case "from":
            return f"{yes} of {total} files from {value or '/'} went to {shown}, last on {date}."
        case "shape":
            return f"{yes} of {total} files named like '{value}' went to {shown}, last on {date}."
        case "called":
            word = as_written(stem, value)
            return f"The folder {shown} is called like '{word}' in its name."
        case "similar":
            return f"Files with similar names went to {shown}."
        case "lately":
            return f"You put files into {shown} lately."
    return f"{yes} of {total} files went to {shown}, last on {date}."


def as_written(stem: str, word: str) -> str:
    """Return a word as the file's name spells it."""
    place = stem.lower().find(word)
    return stem[place : place + len(word)] if place >= 0 else word


def day(at: float) -> str:
    """Return a day as ISO 8601 writes it."""
    return datetime.fromtimestamp(max(0.0, at), UTC).date().isoformat()


def is_telling(cell: Cell) -> bool:
    """Tell whether a person sent such a file there and did not refuse it more."""
    return cell.yes > 0 and cell.weight > cell.against
