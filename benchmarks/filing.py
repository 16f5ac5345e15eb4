"""How well the memory learns where people put things: replay of real filing in time order, against simple peers.

    python -m benchmarks.filing PATH...

PATH is a file of JSON lines `{"batch", "time", "action", "name", "to_folder", "from"?}` in time order: a file `name`
was added to or moved to `to_folder` (`from`: its path before). Each batch is predicted before it is learned. The
learner is the product's own (`DestinationModel`), given names alone. Peers: naive Bayes over name tokens, and the
folder used most.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.file_organizer.memory.experts import Asked
from backend.file_organizer.memory.learner import Example
from backend.file_organizer.memory.model import DestinationModel, Prediction
from backend.file_organizer.memory.signs import signs_of_name

SURE = 0.9
VOLUME = "v"
Row = dict[str, Any]


@dataclass(slots=True)
class Score:
    """What a method got right, over files whose folder was known already."""

    known: int = 0
    first: int = 0
    third: int = 0

    def take(self, ranked: Sequence[str], truth: str) -> None:
        """Count one file."""
        self.known += 1
        self.first += ranked[:1] == [truth]
        self.third += truth in ranked[:3]

    def text(self) -> str:
        """Return top-1 and top-3."""
        known = self.known or 1
        return f"top-1 {self.first / known:.3f}  top-3 {self.third / known:.3f}"


@dataclass(slots=True)
class Result:
    """All figures of one stream."""

    files: int = 0
    ours: Score = field(default_factory=Score)
    bayes: Score = field(default_factory=Score)
    majority: Score = field(default_factory=Score)
    confidences: list[tuple[float, bool, bool]] = field(default_factory=list)
    """(confidence, right, was the true folder known)"""
    new: list[tuple[bool, bool]] = field(default_factory=list)
    """(said that a new folder is needed, it was)"""
    seconds: float = 0.0

    def precision_when_sure(self, known_only: bool) -> tuple[float, int]:
        """Return precision at `SURE` and how many files that are."""
        sure = [right for c, right, known in self.confidences if c >= SURE and (known or not known_only)]
        return (sum(sure) / len(sure) if sure else math.nan), len(sure)

    def calibration_error(self) -> float:
        """Return the expected calibration error over ten equal bins."""
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for confidence, right, _ in self.confidences:
            bins[min(9, int(confidence * 10))].append((confidence, right))
        off = (abs(sum(c for c, _ in b) - sum(r for _, r in b)) for b in bins.values())
        return sum(off) / max(1, len(self.confidences))

    def new_folder(self) -> tuple[float, float]:
        """Return precision and recall of "a new folder is needed"."""
        hits = sum(said and was for said, was in self.new)
        return hits / max(1, sum(s for s, _ in self.new)), hits / max(1, sum(w for _, w in self.new))


class NaiveBayes:
    """The peer: multinomial naive Bayes over the name's tokens, Laplace smoothing."""

    def __init__(self) -> None:
        self.folders: Counter[str] = Counter()
        self.tokens: dict[str, Counter[str]] = defaultdict(Counter)
        self.vocabulary: set[str] = set()

    def rank(self, name: str) -> list[str]:
        """Return the known folders, the best first."""
        tokens = re.findall(r"[^\W_]+", name.lower())
        total, size = sum(self.folders.values()), len(self.vocabulary)

        def worth(folder: str) -> float:
            mass = sum(self.tokens[folder].values())
            words = sum(math.log((self.tokens[folder][t] + 1) / (mass + size)) for t in tokens)
            return math.log(self.folders[folder] / total) + words

        return sorted(self.folders, key=worth, reverse=True)

    def learn(self, name: str, folder: str) -> None:
        """Count one file."""
        tokens = re.findall(r"[^\W_]+", name.lower())
        self.folders[folder] += 1
        self.tokens[folder].update(tokens)
        self.vocabulary.update(tokens)


def batches(path: Path) -> Iterator[list[Row]]:
    """Yield a stream's batches in order."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    for _, group in itertools.groupby(rows, key=lambda row: row["batch"]):
        yield list(group)


def asked_of(row: Row) -> Asked:
    """Return what the learner is told of one file: its name, and the folder that it leaves if it was moved."""
    source = str(row["from"]).rpartition("/")[0] if row.get("from") is not None else None
    return Asked(signs_of_name(str(row["name"]), source), source, leaving=source is not None)


def replay(path: Path, peers: bool = True) -> Result:
    """Predict each batch, then learn it."""
    model, bayes, result = DestinationModel(), NaiveBayes(), Result()
    for rows in batches(path):
        asked, now = [asked_of(row) for row in rows], float(rows[0]["time"])
        begun = time.process_time()
        predictions = model.predict(asked, now)
        result.seconds += time.process_time() - begun
        for row, prediction in zip(rows, predictions, strict=True):
            _score(result, str(row["to_folder"]), prediction, model)
            if peers and (VOLUME, row["to_folder"]) in model.learner.numbers:
                result.bayes.take(bayes.rank(str(row["name"])), row["to_folder"])
                result.majority.take([f for f, _ in bayes.folders.most_common(3)], row["to_folder"])
        model.learn(asked, [_example(row, one) for row, one in zip(rows, asked, strict=True)], now)
        for row in rows:
            bayes.learn(str(row["name"]), str(row["to_folder"]))
    return result


def _example(row: Row, asked: Asked) -> Example:
    left = (VOLUME, asked.source) if asked.source is not None else None
    target = (VOLUME, str(row["to_folder"]))
    return Example(asked.signs, target, at=float(row["time"]), batch=int(row["batch"]), left=left)


def _score(result: Result, truth: str, prediction: Prediction, model: DestinationModel) -> None:
    ranked = [place.target[1] for place in prediction.places]
    known = (VOLUME, truth) in model.learner.numbers
    result.files += 1
    result.new.append((prediction.wants_new_folder, not known))
    if prediction.places:
        result.confidences.append((prediction.places[0].confidence, ranked[0] == truth, known))
    if known:
        result.ours.take(ranked, truth)


def time_per_prediction(learned: int = 5000, asked: int = 500) -> tuple[float, float]:
    """Return (milliseconds per file with `learned` files learned, seconds to load them), with made-up names."""
    model = DestinationModel()
    rows = list(synthetic(learned + asked))
    begun = time.process_time()
    model.count(
        [Example(signs_of_name(n), (VOLUME, f), at=t, batch=i // 5) for i, (n, f, t) in enumerate(rows[:learned])]
    )
    loading = time.process_time() - begun
    batch = [Asked(signs_of_name(name)) for name, _, _ in rows[learned:]]
    begun = time.process_time()
    model.predict(batch, rows[-1][2])
    return (time.process_time() - begun) / asked * 1000, loading


def synthetic(count: int) -> Iterator[tuple[str, str, float]]:
    """Yield (name, folder, time) of a made-up household, always the same: 200 folders, 2,000 words."""
    state = 12345
    for number in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        folder = int((state / 2**31) ** 2 * 200)
        words = []
        for _ in range(4):
            state = (state * 1103515245 + 12345) % 2**31
            words.append(_word(folder * 7 + state % 11 if state % 3 else state % 2000))
        name = f"{' '.join(words)} {number}.{('pdf', 'jpg', 'docx')[folder % 3]}"
        yield name, f"Top{folder % 9}/{_word(folder)}", 1_700_000_000.0 + number * 3600


def _word(number: int) -> str:
    letters = "bdfgklmnprst"
    vowels = "aeiou"
    out = ""
    for _ in range(3):
        number, one = divmod(number, 12)
        out += letters[one] + vowels[(number + one) % 5]
    return out


def report(path: Path) -> None:
    """Print one stream's figures."""
    result = replay(path)
    print(f"{path.name}: {result.files} files, {result.ours.known} of them to a folder that was known")
    print(f"  Homie            {result.ours.text()}")
    print(f"  naive Bayes      {result.bayes.text()}")
    print(f"  folder used most {result.majority.text()}")
    for known_only, text in ((True, "where the folder was known"), (False, "over all files")):
        precision, count = result.precision_when_sure(known_only)
        print(f"  precision at confidence >= {SURE}: {precision:.3f} ({count} files), {text}")
    precision, recall = result.new_folder()
    print(f"  calibration error {result.calibration_error():.3f}")
    print(f"  a new folder is needed: precision {precision:.3f}  recall {recall:.3f}")
    print(f"  {result.seconds / max(1, result.files) * 1000:.2f} ms of processor time per file")


def main(paths: Sequence[str]) -> int:
    """Run; returns the exit code."""
    if not paths:
        print("usage: python -m benchmarks.filing PATH...", file=sys.stderr)
        return 2
    for path in paths:
        report(Path(path))
    each, loading = time_per_prediction()
    print(f"with 5,000 learned files: {each:.2f} ms of processor time per file, {loading:.2f} s to load them")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
