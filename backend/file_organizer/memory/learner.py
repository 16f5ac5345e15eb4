"""The online learner: where files with these signs go, learned one lesson after the other.

What it counts is here: per sign and folder, per folder, per file. How candidates are compared is in `ranking.py`, how
sure a comparison is in `calibration.py`. Pure Python, no clock, no database: lessons come in, predictions come out. One
learner belongs to one set of owners.

Recency: each lesson counts `2 ** (1 / HALF_LIFE)` times the one before it, so that what was learned `HALF_LIFE` lessons
ago counts half. Counts that people read ("11 of 12") are plain counts.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from backend.file_organizer.memory.signs import stem_of, words_of

Target = tuple[str, str]
"""(volume id, folder in path form, with the marks of year and month)."""

HALF_LIFE = 300.0
LATELY = 20.0
_GROWTH = 2.0 ** (1.0 / HALF_LIFE)
_RESCALE_ABOVE = 1e100
_NEIGHBOURS_PER_SIGN = 60
_RECENT_FOLDERS = 24


@dataclass(frozen=True, slots=True)
class Example:
    """One lesson as the learner takes it. `yes`/`no`: how much it counts for and against; `at`: Unix seconds.

    `batch`: lessons of one session share it. `taught`: a person decided about this very file.
    """

    signs: Sequence[str]
    target: Target
    yes: float = 1.0
    no: float = 0.0
    at: float = 0.0
    batch: int = 0
    taught: bool = False
    left: Target | None = None
    """The folder that the file lay in before, if that was a learned one: it holds one file less."""
    files: int = 1
    """How many files it stands for: more than one only where an older memory had counted."""
    part: bool = False
    """Only the signs count: the files themselves are counted by another lesson."""


@dataclass(slots=True)
class Cell:
    """What is known of one sign in one folder: decayed and plain counts, and the last time."""

    weight: float = 0.0
    against: float = 0.0
    yes: int = 0
    no: int = 0
    taught: int = 0
    last_at: float = 0.0


@dataclass(slots=True)
class Folder:
    """What is known of one folder."""

    target: Target
    number: int
    weight: float = 0.0
    against: float = 0.0
    mass: float = 0.0
    """Decayed number of words learned here: the denominator of naive Bayes."""
    yes: int = 0
    no: int = 0
    taught: int = 0
    live: float = 0.0
    """Files that went there and were not moved on."""
    last_at: float = 0.0
    last_batch: int = -1
    burst: int = 0
    """Files that went there in its last batch."""
    lately: float = 0.0
    """Files that went there, each counting half after `LATELY` other files."""
    lately_at: int = 0
    leaf: frozenset[str] = frozenset()
    way: frozenset[str] = frozenset()


@dataclass(slots=True)
class Learner:
    """Counts of one memory. `learn` adds one lesson; readers look at the fields."""

    cells: dict[str, dict[int, Cell]] = field(default_factory=dict)
    folders: list[Folder] = field(default_factory=list)
    numbers: dict[Target, int] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=dict)
    """Folders by the words and stems of their own path."""
    recent: OrderedDict[int, int] = field(default_factory=OrderedDict)
    """Folders used last, the newest at the end, with the lesson's number."""
    neighbours: dict[str, list[int]] = field(default_factory=dict)
    """Numbers of the last lessons that had a sign."""
    examples: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    files: int = 0
    scale: float = 1.0
    total: float = 0.0
    batches: int = 0
    last_batch: int = -1
    new_rate: float = 0.5
    """Recent share of files that needed a folder nobody had used before."""

    def number_of(self, target: Target) -> int:
        """Return a folder's number, making it known."""
        number = self.numbers.get(target)
        if number is None:
            number = self.numbers[target] = len(self.folders)
            leaf, way = folder_words(target[1])
            self.folders.append(Folder(target, number, leaf=leaf, way=way))
            for word in leaf | way:
                self.by_name.setdefault(word, set()).add(number)
            short = initials_of(target[1].rpartition("/")[2])
            if short is not None:
                self.by_name.setdefault(f"word:{short}", set()).add(number)
        return number

    def learn(self, example: Example) -> None:
        """Take one lesson in; costs time only for its own signs."""
        is_new = example.target not in self.numbers
        number = self.number_of(example.target)
        folder = self.folders[number]
        self.scale *= _GROWTH
        if self.scale > _RESCALE_ABOVE:
            self._rescale()
        if example.batch != self.last_batch:
            self.last_batch = example.batch
            self.batches += 1
        counted = 0
        for sign in example.signs:
            self._count(sign, number, example)
            counted += sign.startswith(("word:", "stem:"))
        folder.mass += example.yes * self.scale * counted
        folder.last_at = max(folder.last_at, example.at)
        if example.part:
            return
        if example.no > 0:
            folder.against += example.no * self.scale
            folder.no += 1
        if example.yes > 0:
            self._fill(folder, example, is_new)
        else:
            folder.live = max(0.0, folder.live - 1)

    def _fill(self, folder: Folder, example: Example, is_new: bool) -> None:
        """Count a file that went to a folder."""
        folder.burst = folder.burst + 1 if folder.last_batch == self.batches else 1
        some = example.yes * self.scale / math.sqrt(folder.burst)  # eighty at once say less than eighty in a year
        folder.weight += some
        self.total += some
        folder.yes += example.files
        folder.live += example.files
        folder.taught += example.taught
        folder.last_batch = self.batches
        folder.lately = folder.lately * 0.5 ** ((self.files - folder.lately_at) / LATELY) + example.yes
        folder.lately_at = self.files
        self.new_rate += (float(is_new) - self.new_rate) * 0.05
        self.recent.pop(folder.number, None)
        self.recent[folder.number] = self.files
        while len(self.recent) > _RECENT_FOLDERS:
            self.recent.popitem(last=False)
        self._leave(example)
        self._remember(folder.number, example)

    def _count(self, sign: str, number: int, example: Example) -> None:
        cells = self.cells.get(sign)
        if cells is None:
            cells = self.cells[sign] = {}
        cell = cells.get(number)
        if cell is None:
            cell = cells[number] = Cell()
        cell.weight += example.yes * self.scale
        cell.against += example.no * self.scale
        if example.yes > 0:
            cell.yes += example.files
            cell.taught += example.taught
            cell.last_at = max(cell.last_at, example.at)
        if example.no > 0:
            cell.no += example.files

    def _leave(self, example: Example) -> None:
        """Take the file out of the folder that it lay in: what moved on speaks less for its old place."""
        old = self.numbers.get(example.left) if example.left is not None else None
        if old is None:
            return
        folder = self.folders[old]
        folder.live = max(0.0, folder.live - 1)
        for sign in example.signs:
            cell = self.cells.get(sign, {}).get(old)
            if cell is not None:
                cell.weight *= 1.0 - 1.0 / (cell.yes + 1.0)

    def _remember(self, number: int, example: Example) -> None:
        """Keep the file as a neighbour for later ones."""
        words = frozenset(s for s in example.signs if s.startswith(("word:", "stem:", "text:")))
        place = len(self.examples)
        self.examples.append((number, words))
        self.files += 1
        for sign in words:
            places = self.neighbours.setdefault(sign, [])
            places.append(place)
            if len(places) > _NEIGHBOURS_PER_SIGN:
                del places[0]

    def _rescale(self) -> None:
        """Divide all decayed counts, before they leave the range of floats."""
        by = self.scale
        for cells in self.cells.values():
            for cell in cells.values():
                cell.weight /= by
                cell.against /= by
        for folder in self.folders:
            folder.weight /= by
            folder.against /= by
            folder.mass /= by
        self.total /= by
        self.scale = 1.0


def folder_words(path: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words and stems of a folder's own name, and those of the way to it."""
    way, _, leaf = path.replace("{year}", "").replace("{month}", "").rpartition("/")
    return frozenset(word_signs(leaf)), frozenset(word_signs(way.replace("/", " ")))


def initials_of(leaf: str) -> str | None:
    """Return how a long name is abbreviated ("frp" for "functional_reactive_programming"), None for short names."""
    words = words_of(leaf)
    return "".join(word[0] for word in words) if len(words) >= 3 else None


def word_signs(text: str) -> Iterable[str]:
    """Yield the words and stems of a text as signs."""
    for word in words_of(text):
        yield f"word:{word}"
        yield f"stem:{stem_of(word)}"


def idf(learner: Learner, sign: str) -> float:
    """Return how telling a sign is: rare ones tell more."""
    seen = learner.cells.get(sign)
    count = sum(cell.yes for cell in seen.values()) if seen else 0
    return math.log(1.0 + (learner.files + 1.0) / (count + 1.0))
