"""The experts: what a look at one file says about each folder that it could go to.

Naive Bayes over words, the nearest earlier files, the likeness of the folder's name, where such types, shapes of name
and sources go, where this session files, how often the folder is used, and what was refused. Each gives a number of
about -4..8 in which more speaks for the folder; how much they count is `ranking.Weights`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.file_organizer.memory.learner import LATELY, Cell, Folder, Learner, idf

EXPERTS = (
    "bayes",
    "nearest",
    "votes",
    "leaf",
    "way",
    "usual",
    "type",
    "shape",
    "pair",
    "session",
    "recent",
    "from",
    "strong",
    "subject",
    "empty",
    "refused",
    "fresh",
    "lately",
    "above",
    "below",
    "branch",
    "ending",
    "day",
    "blind",
    "blind_session",
    "fits",
    "peers",
    "likes",
)
"""The last two are filled in for a batch, when all its files were looked at (`ranking.rank_batch`)."""
NEW_EXPERTS = ("bias", "rate", "unlike", "unnamed", "odd", "shapeless", "moved", "peers")
CANDIDATES = 80
_MANY = 40
_PER_SIGN = 15
_VOTERS = 12
_DAYS = 2 * 86400.0
_UNKNOWN_WORD = 20.0
"""How much a word that only the other file has takes from the likeness of two files (squared rarity)."""
_STRONG = ("name", "camera", "paper", "series", "sender", "project")
_WORDY = ("word:", "stem:", "text:", "end:")
_NOT_SHARED = frozenset({"word", "stem", "text", "kind"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One file to find a folder for. `source`: the folder that it lies in (text form); `leaving`: it will not stay."""

    signs: Sequence[str]
    source: str | None = None
    leaving: bool = False


@dataclass(slots=True)
class Look:
    """What one look at a file found out; `numbers` and `new_numbers` then speak about folders."""

    learner: Learner
    asked: Asked
    now: float
    tokens: list[str] = field(init=False)
    rarity: dict[str, float] = field(init=False)
    best: dict[int, float] = field(default_factory=dict)
    """Per folder, the likeness (cosine, 0..1) of its nearest file."""
    votes: dict[int, float] = field(default_factory=dict)
    """Per folder, its share of the nearest files."""
    branches: dict[str, float] = field(default_factory=dict)
    """The same per top folder."""
    named: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Per folder that is called like a word of the file: how much of its own name and of its way that says."""
    shares: dict[str, dict[int, float]] = field(default_factory=dict)
    """Per family of signs, the share of each folder among earlier files with the same sign."""
    bayes: dict[int, float] = field(default_factory=dict)
    odd: float = 0.0
    """How much of the name was never seen before (0..1)."""
    _type: Mapping[int, Cell] | None = None
    _type_base: float = 1.0

    def __post_init__(self) -> None:
        learner, signs = self.learner, self.asked.signs
        self.tokens = [s for s in signs if s.startswith(_WORDY)]
        self.rarity = {s: idf(learner, s) for s in self.tokens}
        known = sum([v for s, v in self.rarity.items() if s in learner.cells])
        self.odd = 1.0 - known / (sum(self.rarity.values()) or 1.0)
        self._look_for_neighbours()
        self._look_at_names()
        self._look_at_shares()
        self._type = next((learner.cells.get(s, {}) for s in signs if s.startswith("ext:")), None)
        if self._type is not None:
            self._type_base = (sum([c.yes for c in self._type.values()]) + 0.5) / (learner.files + 1.0)

    def candidates(self, must: int | None) -> list[int]:
        """Return the folders worth comparing: those any expert points to, the usual ones, and `must`."""
        learner, asked, folders = self.learner, self.asked, self.learner.folders
        found: dict[int, None] = dict.fromkeys(self.best)
        by_name = sorted(self.named, key=lambda n: -sum(self.named[n]))[:_PER_SIGN]
        found.update(dict.fromkeys(by_name))
        for sign in asked.signs:
            cells = learner.cells.get(sign)
            if cells:
                many = len(cells) > _PER_SIGN
                found.update(
                    dict.fromkeys(heapq.nlargest(_PER_SIGN, cells, key=lambda n: cells[n].weight) if many else cells)
                )
        found.update(dict.fromkeys(learner.recent))
        if asked.leaving:
            found = {n: None for n in found if folders[n].target[1] != asked.source}
        alive = [n for n in found if folders[n].yes > 0 and n != must]
        if len(alive) > CANDIDATES:
            keep = {*self.best, *by_name}
            alive.sort(key=lambda n: (n not in keep, -folders[n].weight))
            del alive[CANDIDATES:]
        return alive if must is None else [*alive, must]

    def numbers(self, folder: Folder) -> list[float]:
        """Return what the experts say about one folder, in the order of `EXPERTS`."""
        learner, n, shares = self.learner, folder.number, self.shares
        leaf, way = self.named.get(n, (0.0, 0.0))
        above, below = _kin(self.asked.source, folder.target[1])
        kind = math.log(_share(shares, "ext", n) + 0.01)
        ago = learner.batches - folder.last_batch if folder.last_batch >= 0 else 1000
        session = 1.0 / (1.0 + ago)
        used = learner.recent.get(n)
        lately = folder.lately * 0.5 ** ((learner.files - folder.lately_at) / LATELY)
        return [
            self.bayes[n],
            self.best.get(n, 0.0),
            self.votes.get(n, 0.0),
            leaf,
            way,
            math.log((folder.weight + 0.3 * learner.scale) / (learner.total + learner.scale)),
            kind,
            math.log(_share(shares, "shape", n) + 0.05),
            _share(shares, "pair", n),
            session,
            0.0 if used is None else 1.0 / (1.0 + (learner.files - used) / 10.0),
            _share(shares, "from", n),
            max([_share(shares, family, n) for family in _STRONG]),
            len(folder.leaf.intersection(self.rarity)) / len(folder.leaf) if folder.leaf else 0.0,
            1.0 if folder.live <= 0 else 0.0,
            self._refused(folder),
            1.0 if folder.yes <= 1 else 0.0,
            math.log(lately + 0.1),
            above,
            below,
            self.branches.get(folder.target[1].partition("/")[0], 0.0),
            _share(shares, "end", n),
            math.exp(-max(0.0, self.now - folder.last_at) / _DAYS) if self.now else 0.0,
            self.odd * kind,
            self.odd * session,
            self._fits(folder),
            0.0,
            0.0,
        ]

    def new_numbers(self, choices: Sequence[Sequence[float]]) -> list[float]:
        """Return what speaks for a new folder, in the order of `NEW_EXPERTS`; `choices`: the known ones' numbers."""
        shape = EXPERTS.index("shape")
        return [
            1.0,
            math.log(self.learner.new_rate + 0.02),
            1.0 - max(self.best.values(), default=0.0),
            1.0 - min(1.0, max((leaf for leaf, _ in self.named.values()), default=0.0)),
            self.odd,
            -max([numbers[shape] for numbers in choices], default=-3.0) / 3,
            float(self.asked.leaving),
            0.0,
        ]

    def compare_words(self, candidates: Sequence[int]) -> None:
        """Fill `bayes`: per candidate, how much likelier its files have these words than files at large."""
        learner, folders = self.learner, self.learner.folders
        mass = sum([f.mass for f in folders]) + learner.scale
        rows = []
        for sign in self.tokens:
            cells = learner.cells.get(sign)
            if cells:
                base = (sum([c.weight for c in cells.values()]) + 0.5 * learner.scale) / mass
                rows.append((cells, base))
        pseudo = 3.0 * learner.scale
        root = math.sqrt(len(rows) + 1.0)
        for n in candidates:
            total, own = 0.0, folders[n].mass + pseudo
            for cells, base in rows:
                cell = cells.get(n)
                here = ((cell.weight if cell is not None else 0.0) + pseudo * base) / own
                total += math.log(here / base)
            self.bayes[n] = max(-4.0, min(8.0, total / root))

    def _look_for_neighbours(self) -> None:
        """Fill `best`, `votes` and `branches` from the files whose names are most alike."""
        learner, rarity = self.learner, self.rarity
        dots: dict[int, float] = {}
        for sign, value in rarity.items():
            for place in learner.neighbours.get(sign, ()):
                dots[place] = dots.get(place, 0.0) + value * value
        norm = math.sqrt(sum([v * v for v in rarity.values()])) or 1.0
        likes = []
        for place, dot in heapq.nsmallest(_MANY, dots.items(), key=lambda i: (-i[1], -i[0])):
            number, words = learner.examples[place]
            shared = [rarity[w] for w in words if w in rarity]
            other = math.sqrt(sum([v * v for v in shared]) + _UNKNOWN_WORD * (len(words) - len(shared))) or 1.0
            likes.append((min(1.0, dot / (norm * other)), place, number))
        likes.sort(reverse=True)
        votes: dict[int, float] = {}
        for like, place, number in likes[:_VOTERS]:
            self.best[number] = max(self.best.get(number, 0.0), like)
            age = 0.5 ** ((learner.files - place) / 300.0)
            votes[number] = votes.get(number, 0.0) + like * like * (0.3 + 0.7 * age)
        whole = sum(votes.values()) + 0.1
        for number, vote in votes.items():
            self.votes[number] = vote / whole
            top = learner.folders[number].target[1].partition("/")[0]
            self.branches[top] = self.branches.get(top, 0.0) + vote / whole

    def _look_at_names(self) -> None:
        """Fill `named`."""
        learner = self.learner
        found: dict[int, tuple[float, float]] = {}
        for sign, rarity in self.rarity.items():
            for number in learner.by_name.get(sign, ()):
                leaf, way = found.get(number, (0.0, 0.0))
                folder = learner.folders[number]
                if sign in folder.leaf:
                    leaf += rarity / (len(folder.leaf) + 1)
                elif sign in folder.way:
                    way += rarity / (len(folder.way) + 2)
                else:
                    leaf += rarity  # the initials of its name
                found[number] = (leaf, way)
        self.named = {n: (math.tanh(leaf / 2), math.tanh(way / 2)) for n, (leaf, way) in found.items()}

    def _look_at_shares(self) -> None:
        """Fill `shares`."""
        learner = self.learner
        for sign in self.asked.signs:
            family = sign.partition(":")[0]
            cells = learner.cells.get(sign)
            if not cells or family in _NOT_SHARED:
                continue
            whole = sum([c.weight for c in cells.values()]) + learner.scale * (2.0 if family == "ext" else 0.5)
            shares = self.shares.setdefault(family, {})
            for n, c in cells.items():
                shares[n] = max(shares.get(n, 0.0), c.weight / whole)

    def _fits(self, folder: Folder) -> float:
        """Return how much commoner files of this type are there than elsewhere (log ratio, -4..2)."""
        if self._type is None:
            return 0.0
        cell = self._type.get(folder.number)
        here = ((cell.yes if cell is not None else 0) + self._type_base) / (folder.yes + 1.0)
        return max(-4.0, min(2.0, math.log(here / self._type_base)))

    def _refused(self, folder: Folder) -> float:
        """Return how strongly such files were refused there (0..1)."""
        worst = 0.0
        if folder.no > 0:
            for sign in self.asked.signs:
                cell = self.learner.cells.get(sign, {}).get(folder.number)
                if cell is not None and cell.against > 0:
                    worst = max(worst, cell.against / (cell.against + cell.weight))
        return worst


def _share(shares: Mapping[str, Mapping[int, float]], family: str, number: int) -> float:
    found = shares.get(family)
    return found.get(number, 0.0) if found is not None else 0.0


def _kin(source: str | None, path: str) -> tuple[float, float]:
    """Return (the folder lies above the file's, it lies below or beside it)."""
    if not source:
        return 0.0, 0.0
    if source.startswith(path + "/"):
        return 1.0, 0.0
    parent = source.rpartition("/")[0]
    if path.startswith(source + "/") or (parent and path.startswith(parent + "/")):
        return 0.0, 1.0
    return 0.0, 0.0
