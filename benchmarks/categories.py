"""How well bank lines are categorised: what the owner's history teaches, and what is known without any.

    python -m benchmarks.categories [FILE.jsonl...]      the shared sets if none is named

Lines `{"input": {"date"?, "description", "amount", "currency"?}, "expected": {"category", "subcategory"?}}`. A set with
dates is put in their order: the first 70 % are learned, the rest is foretold (frozen); then all is replayed day by day,
each day foretold before it is learned. A set without dates is replayed in the file's order, 50 lines at once, and shows
what shipped merchant knowledge gives a new household. The learner is the product's (`LearnedModel`, `Categoriser`).
Peers: the commonest category, the exact payee's commonest category, and scikit-learn (TF-IDF, linear SVM) in a process
of its own if a Python has it ($HOMIE_SKLEARN_PYTHON, else /tmp/sk-venv/bin/python).
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.financial_manager.categories import (
    Categoriser,
    LearnedModel,
    Line,
    Rule,
    RuleBook,
    Source,
    leaves,
    read_rule,
)
from backend.financial_manager.categories.features import features_of
from backend.financial_manager.categories.merchants import look_up
from backend.financial_manager.categories.text import read_text
from backend.financial_manager.currencies import exponent
from benchmarks.categories_map import mapping
from benchmarks.report import Figure, show

PRECISION = 0.95
TRAINED = 0.7
SHARED = (Path(__file__).resolve().parents[2] / "shared/data/transactions", Path("/work/shared/data/transactions"))
PEER = os.environ.get("HOMIE_SKLEARN_PYTHON", "/tmp/sk-venv/bin/python")


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its truth."""

    line: Line
    category: str
    sub: str | None = None


@dataclass(slots=True)
class Score:
    """Predictions against the truth. `sure`: those that may stand without a person."""

    name: str
    made: list[tuple[str | None, str, bool]] = field(default_factory=list)
    unseen: list[bool] = field(default_factory=list)
    ranked: list[tuple[float, bool]] = field(default_factory=list)
    """(how sure, right), for `best_coverage`."""
    fit: float | None = None
    predict: float | None = None

    def take(self, predicted: str | None, truth: str, sure: bool, unseen: bool, value: float = 0.0) -> None:
        self.ranked.append((value, predicted == truth))
        self.made.append((predicted, truth, sure))
        if unseen:
            self.unseen.append(predicted == truth)

    @property
    def accuracy(self) -> float:
        return sum(p == t for p, t, _ in self.made) / max(1, len(self.made))

    @property
    def precision(self) -> float:
        sure = [p == t for p, t, s in self.made if s]
        return sum(sure) / len(sure) if sure else float("nan")

    @property
    def coverage(self) -> float:
        return sum(s for _, _, s in self.made) / max(1, len(self.made))

    @property
    def macro_f1(self) -> float:
        """Return the mean F1 over the categories of the truth."""
        hits, said, true = Counter[str](), Counter[str](), Counter[str]()
        for predicted, truth, _ in self.made:
            true[truth] += 1
            if predicted is not None:
                said[predicted] += 1
                hits[truth] += predicted == truth
        return sum(2 * hits[c] / (said[c] + true[c]) for c in true) / max(1, len(true))

    @property
    def best_coverage(self) -> float:
        """Return the coverage at `PRECISION` of a threshold that knows the truth: how well the sure are told apart."""
        best = hits = 0
        for number, (_, right) in enumerate(sorted(self.ranked, key=lambda one: -one[0]), 1):
            hits += right
            if hits >= PRECISION * number:
                best = number
        return best / max(1, len(self.ranked))

    @property
    def calibration_error(self) -> float:
        """Return the expected calibration error over ten equal bins."""
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for value, right in self.ranked:
            bins[min(9, int(value * 10))].append((value, right))
        off = (abs(sum(v for v, _ in one) - sum(r for _, r in one)) for one in bins.values())
        return sum(off) / max(1, len(self.ranked))

    def text(self) -> str:
        line = f"  {self.name:<26} accuracy {self.accuracy:.3f}  macro-F1 {self.macro_f1:.3f}"
        if self.unseen:
            line += f"  unseen payees {sum(self.unseen) / len(self.unseen):.3f} ({len(self.unseen)})"
        if any(s for _, _, s in self.made):
            line += f"  at the threshold: precision {self.precision:.3f}  coverage {self.coverage:.3f}"
        return line


def load(path: Path) -> tuple[list[Row], bool]:
    """Return a set's rows and whether they have dates (then in their order)."""
    rows = []
    with path.open(encoding="utf-8") as lines:
        for text in lines:
            if text.strip():
                one = json.loads(text, parse_float=Decimal)
                rows.append(_row(one["input"], one["expected"]))
    dated = sum(row.line.day is not None for row in rows) * 2 > len(rows)
    if rows and not any(row.line.amount_minor < 0 for row in rows):
        print(f"  {path.name} has no signs: taken as spending")
        rows = [replace(row, line=replace(row.line, amount_minor=-row.line.amount_minor)) for row in rows]
    if dated:
        rows.sort(key=lambda row: row.line.day or date.min)
    return rows, dated


def _row(given: dict[str, Any], expected: dict[str, Any]) -> Row:
    currency = str(given.get("currency") or "EUR")
    amount = Decimal(str(given.get("amount") or 0)).scaleb(exponent(currency))
    try:
        day = date.fromisoformat(str(given.get("date"))[:10])
    except ValueError:
        day = None
    text, minor = str(given.get("description") or ""), int(amount.to_integral_value())
    line = Line(purpose=text, amount_minor=minor, currency=currency, day=day)
    return Row(line, str(expected["category"]), expected.get("subcategory"))


def frozen(rows: Sequence[Row]) -> list[Score]:
    """Learn the first part, foretell the rest without learning."""
    kept = int(len(rows) * TRAINED)
    train, test = rows[:kept], rows[kept:]
    seen = {row.line.payee_key for row in train}
    new = [row.line.payee_key not in seen for row in test]
    ours, majority, memory = Score("Homie"), Score("commonest category"), Score("exact payee's commonest")
    forget_texts()
    model = LearnedModel(PRECISION)
    begun = time.process_time()
    model.fit((row.line, row.category) for row in train)
    ours.fit = time.process_time() - begun
    begun = time.process_time()
    guesses = [model.guess(row.line) for row in test]
    ours.predict = time.process_time() - begun
    common = Counter(row.category for row in train).most_common(1)[0][0]
    payees: dict[str, Counter[str]] = defaultdict(Counter)
    for row in train:
        payees[row.line.purpose][row.category] += 1
    for row, guess, unseen in zip(test, guesses, new, strict=True):
        if guess is None:
            ours.take(None, row.category, False, unseen)
        else:
            ours.take(guess.category_id, row.category, guess.sure, unseen, guess.confidence)
        majority.take(common, row.category, False, unseen)
        known = payees.get(row.line.purpose)
        memory.take(known.most_common(1)[0][0] if known else common, row.category, known is not None, unseen)
    return [ours, majority, memory, *_peer(train, test, new)]


def forget_texts() -> None:
    """Empty what is kept of texts, so that the first reading of each is timed too (the rows' own as well)."""
    read_text.cache_clear()
    look_up.cache_clear()
    features_of.__globals__["_of_text"].cache_clear()


def _peer(train: Sequence[Row], test: Sequence[Row], new: Sequence[bool]) -> Iterator[Score]:
    if not Path(PEER).exists():
        print(f"  (no peer: {PEER} does not exist; python -m venv /tmp/sk-venv, then pip install scikit-learn there)")
        return
    asked = {
        "train": [[row.line.purpose, row.category] for row in train],
        "test": [row.line.purpose for row in test],
        "precision": PRECISION,
    }
    script = str(Path(__file__).with_name("categories_peer.py"))
    done = subprocess.run([PEER, script], input=json.dumps(asked), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  (no peer: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'it failed'})")
        return
    answer = json.loads(done.stdout)
    score = Score("scikit-learn TF-IDF + SVM", fit=answer["fit"], predict=answer["predict"])
    said = zip(answer["predicted"], answer["sure"], answer["margins"], strict=True)
    for row, unseen, (predicted, sure, margin) in zip(test, new, said, strict=True):
        score.take(predicted, row.category, sure, unseen, margin)
    yield score


def replay(rows: Sequence[Row], dated: bool) -> tuple[Score, list[Score]]:
    """Foretell each batch, then learn it; returns the whole and its fifths."""
    model, whole = LearnedModel(PRECISION), Score("Homie, replay")
    fifths = [Score(f"fifth {number}") for number in range(1, 6)]
    seen: set[str] = set()
    count = itertools.count()
    for batch in _batches(rows, dated):
        for row, guess in [(row, model.guess(row.line)) for row in batch]:
            said = guess.category_id if guess else None
            sure, unseen = guess is not None and guess.sure, row.line.payee_key not in seen
            for score in (whole, fifths[next(count) * 5 // len(rows)]):
                score.take(said, row.category, sure, unseen)
        model.fit((row.line, row.category) for row in batch)
        seen.update(row.line.payee_key for row in batch)
    return whole, fifths


def replay_engine(rows: Sequence[Row], dated: bool) -> Score:
    """Foretell each batch with history and shipped knowledge together, in the set's own names, then learn it."""
    names = mapping((row.category, row.sub) for row in rows)
    model = LearnedModel(PRECISION, filed_as={one.id: names.get(one.id) for one in leaves()})
    engine, score = Categoriser(model, titles={row.category: row.category for row in rows}), Score("with knowledge")
    for batch in _batches(rows, dated):
        for row, answer in [(row, engine.assign(row.line)) for row in batch]:
            proposed = answer.alternatives[0].category_id if answer.alternatives else None
            score.take(answer.category_id or proposed, row.category, answer.category_id is not None, False)
        model.fit((row.line, row.category) for row in batch)
    return score


def _batches(rows: Sequence[Row], dated: bool) -> Iterator[list[Row]]:
    if dated:
        for _, group in itertools.groupby(rows, key=lambda row: row.line.day):
            yield list(group)
    else:
        for start in range(0, len(rows), 50):
            yield list(rows[start : start + 50])


def cold(rows: Sequence[Row]) -> None:
    """Print what a new household gets: shipped knowledge alone, compared by the set's own names."""
    names = mapping((row.category, row.sub) for row in rows)
    engine, stands, proposes, compared = Categoriser(), Score("stands"), Score("with proposals"), 0
    begun = time.process_time()
    answers = [engine.assign(row.line) for row in rows]
    seconds = time.process_time() - begun
    for row, answer in zip(rows, answers, strict=True):
        said = answer.category_id or (answer.alternatives[0].category_id if answer.alternatives else None)
        mapped = names.get(said) if said is not None else None
        compared += mapped is not None
        sure = answer.source is Source.MERCHANTS and mapped is not None
        stands.take(mapped, row.category, sure, False)
        proposes.take(mapped, row.category, mapped is not None, False)
    print(f"  without history: {len(names)} of our categories have a name in this set")
    print(f"    merchant knowledge stands  precision {stands.precision:.3f}  coverage {stands.coverage:.3f}")
    print(f"    with its proposals         precision {proposes.precision:.3f}  coverage {proposes.coverage:.3f}")
    print(f"    {seconds / max(1, len(rows)) * 1e6:.0f} µs of processor time per line")


def report(path: Path) -> None:
    """Print one set's figures."""
    rows, dated = load(path)
    payees = len({row.line.payee_key for row in rows})
    print(f"\n{path.name}: {len(rows)} lines, {len({r.category for r in rows})} categories, {payees} payees")
    if len(rows) < 20:
        print("  too few lines to learn from")
        return
    print("  first 70 % learned, then frozen" + ("" if dated else " (no dates: the file's order)"))
    scores = frozen(rows)
    for score in scores:
        print(score.text())
    print(f"  calibration error of our confidence {scores[0].calibration_error:.3f}")
    whole, fifths = replay(rows, dated)
    print("  replay, each day foretold before it is learned" if dated else "  replay, 50 lines at once")
    print(whole.text())
    shown = "  ".join(f"{one.accuracy:.2f}/{one.coverage:.2f}/{one.precision:.3f}" for one in fifths)
    print(f"    by fifths, accuracy/coverage/precision: {shown}")
    print(replay_engine(rows, dated).text())
    cold(rows)
    _times(scores, len(rows) - int(len(rows) * TRAINED), int(len(rows) * TRAINED))


def _times(scores: Sequence[Score], tested: int, trained: int) -> None:
    ours, peer = scores[0], next((score for score in scores[1:] if score.fit is not None), None)
    if ours.fit is None or ours.predict is None:
        return
    theirs = (peer.fit, (peer.predict or 0.0) * 1000 / tested) if peer is not None else (None, None)
    figures = [
        Figure(f"fit {trained} lines", ours.fit, "s", theirs[0], "scikit-learn"),
        Figure("predict 1,000 lines", ours.predict * 1000 / tested, "s", theirs[1], "scikit-learn"),
    ]
    if peer is not None:
        figures += [
            Figure("accuracy, frozen", ours.accuracy, "", peer.accuracy, "scikit-learn", better="higher"),
            Figure(
                "coverage, had it known the truth",
                ours.best_coverage,
                "",
                peer.best_coverage,
                "scikit-learn",
                "at 0.95",
                "higher",
            ),
            Figure("coverage at the threshold", ours.coverage, "", peer.coverage, "scikit-learn", better="higher"),
            Figure(
                "precision at the threshold", ours.precision, "", peer.precision, "scikit-learn", ">= 0.95", "higher"
            ),
        ]
    show("against the peer (processor time of one run)", figures)


def synthetic(count: int) -> list[tuple[Line, str]]:
    """Return made-up lines of a household, always the same: 800 payees, 60 categories, each text once."""
    state, found = 12345, []
    for number in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        payee = int((state / 2**31) ** 3 * 800)
        name = "".join("bdfgklmnprst"[payee * k % 11] + "aeiou"[(payee // k) % 5] for k in (3, 7, 13, 29))
        other = state % 25 == 0
        text = f"KARTE {number:05d} {name} {'gmbh' if payee % 3 else 'markt'} {number % 97} WIEN"
        found.append((Line(purpose=text, amount_minor=-(state % 9000) - 100), f"c{(payee + other) % 60}"))
    return found


def time_of_ten_thousand() -> float:
    """Return the median seconds of processor time to learn 10,000 made-up lines, no two texts alike."""
    taken = []
    for _ in range(3):
        lines = synthetic(10_000)
        forget_texts()
        begun = time.process_time()
        LearnedModel(PRECISION).fit(lines)
        taken.append(time.process_time() - begun)
    return sorted(taken)[1]


def time_of_rules(lines: int = 100_000, rules: int = 200) -> float:
    """Return the seconds of processor time to put `lines` lines, no two texts alike, to `rules` rules."""
    given = [
        {"name": f"{n}", "conditions": [{"what": "text", "values": [f"payee {n} "]}], "action": {"category_id": "a.b"}}
        for n in range(rules)
    ]
    book = RuleBook(Rule(str(number), read_rule(one)) for number, one in enumerate(given))
    rows = [Line(payee=f"Payee {n % (2 * rules)} GmbH", purpose=f"ref {n}", amount_minor=-n) for n in range(lines)]
    begun = time.process_time()
    ruled = sum(book.first(row) is not None for row in rows)
    seconds = time.process_time() - begun
    assert ruled >= lines / 2
    return seconds


def main(arguments: Sequence[str]) -> int:
    """Run; returns the exit code."""
    paths = [Path(one) for one in arguments]
    if not paths:
        folder = next((one for one in SHARED if one.is_dir()), None)
        paths = sorted(folder.glob("*.jsonl")) if folder is not None else []
    if not paths:
        print("usage: python -m benchmarks.categories FILE.jsonl...", file=sys.stderr)
        return 2
    look_up("", False)  # the data files are read once per process
    for path in paths:
        report(path)
    seconds = time_of_ten_thousand()
    figures = [
        Figure("fit 10,000 lines, no two texts alike", seconds, "s", target="<= 1 s"),
        Figure("100,000 lines by 200 rules", time_of_rules(), "s"),
    ]
    show("time", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
