"""Bank statements: how many files are read exactly, per format, and which are not.

python -m benchmarks.statements [FILE.jsonl] [--all]   lines {"input": path beside the file, "format", "expected",
                                                       "malformed"?}; the shared set if none is named

Right: the same dates and signed amounts as the truth, as a multiset, to the smallest coin. A malformed file is right
when it is refused with an error that names a problem. Where the truth contradicts the file's own balances while our
reading proves them, the file is listed as "truth disproved" and counts as wrong all the same.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.financial_manager.currencies import exponent
from backend.financial_manager.statements import StatementError, StatementFile, read_statements

_SET = "shared/data/bank/statements.jsonl"
SHARED = next((path for above in Path(__file__).resolve().parents if (path := above / _SET).exists()), None)
"""The shared set: in a folder `shared` beside the checkout, or beside one of the folders above it; None without it."""
Line = tuple[tuple[str | None, ...], Decimal]


@dataclass
class Verdict:
    """What became of one file."""

    name: str
    format: str
    state: str
    words: str = ""


def judge(one: dict[str, Any], folder: Path) -> Verdict:
    """Read one file and compare it with its truth."""
    name, kind = one["input"], one["format"]
    malformed = bool(one.get("malformed"))
    try:
        file = read_statements((folder / name).read_bytes(), name)
    except StatementError as error:
        return Verdict(name, kind, "refused" if malformed and error.problem else "wrong", f"refused: {error.message}")
    except Exception as error:
        return Verdict(name, kind, "crash", repr(error)[:200])
    if malformed:
        return Verdict(name, kind, "wrong", "malformed, but read without an error")
    if not one["expected"]:
        return Verdict(name, kind, "no truth", f"read {len(file.entries)} entries")
    expected, ours = _compared(one, file)
    if expected == ours:
        return Verdict(name, kind, "right")
    words = f"missing {_show(expected - ours)}; extra {_show(ours - expected)}"
    proven = [statement.proof for statement in file.statements if statement.proof is not None]
    if (
        proven
        and all(proof.holds for proof in proven)
        and sum(a for _, a in expected.elements()) != sum(a for _, a in ours.elements())
    ):
        words = f"truth disproved by the file's own balances; {words}"
    return Verdict(name, kind, "wrong", words)


def _show(lines: Counter[Line]) -> str:
    found = [f"{'/'.join(d or '-' for d in days)} {amount}" for days, amount in lines.elements()]
    return f"{len(found)} ({', '.join(found[:3])}{', …' if len(found) > 3 else ''})"


def _amount(text: Any, currency: str | None) -> Decimal:
    step = Decimal(1).scaleb(-exponent(currency))
    return Decimal(str(text)).quantize(step, rounding="ROUND_HALF_UP").normalize()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _compared(one: dict[str, Any], file: StatementFile) -> tuple[Counter[Line], Counter[Line]]:
    """Return truth and reading in the same shape."""
    kind, expected = one["format"], one["expected"]
    currency = next((entry.currency for entry in file.entries if entry.currency), None)
    if kind == "camt":
        truth = [entry for statement in expected["statements"] for entry in statement["entries"]]
        told = [((e["booking_date"], e["value_date"]), _amount(e["amount"], e["currency"])) for e in truth]
        keys: list[tuple[str | None, ...]] = [(_iso(e.booking_date), _iso(e.value_date)) for e in file.entries]
    elif kind == "mt940":
        truth = expected["transactions"]
        told = [((e["date"], e["entry_date"]), _amount(e["amount"], currency)) for e in truth]
        keys = [(_iso(e.value_date), _iso(e.booking_date)) for e in file.entries]
    else:
        truth = expected["transactions"]
        days = _days([e["date"] for e in truth])
        told = [((day,), _amount(e["amount"], currency)) for day, e in zip(days, truth, strict=True)]
        keys = [(_iso(e.date),) for e in file.entries]
    ours = [
        (key, Decimal(e.amount_minor).scaleb(-exponent(e.currency)).normalize())
        for key, e in zip(keys, file.entries, strict=True)
    ]
    return Counter(told), Counter(ours)


def _days(texts: list[str | None]) -> list[str | None]:
    """Return dates in ISO form; QIF's truth keeps the text, its order is settled over the file (month first else)."""
    parts = [text.split("/") for text in texts if text and "/" in text]
    day_first = any(int(one[0]) > 12 for one in parts)
    found: list[str | None] = []
    for text in texts:
        if not text or "/" not in text:
            found.append(text)
            continue
        first, second, year = (int(one) for one in text.split("/"))
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        month, day = (second, first) if day_first else (first, second)
        found.append(f"{year:04}-{month:02}-{day:02}")
    return found


def main(arguments: list[str]) -> int:
    """Print the score per format and every file that is not right; return 1 if anything crashed."""
    named = [one for one in arguments if not one.startswith("-")]
    path = Path(named[0]) if named else SHARED
    if path is None:
        print(f"Name a file: {_SET} is not on this machine.", file=sys.stderr)
        return 2
    started = time.perf_counter()
    verdicts = [judge(json.loads(line), path.parent) for line in path.read_text("utf-8").splitlines() if line.strip()]
    seconds = time.perf_counter() - started
    print(f"{'format':8} {'right':>12} {'malformed refused':>18} {'no truth':>9} {'crashed':>8}")
    for kind in sorted({one.format for one in verdicts}):
        states = Counter(one.state for one in verdicts if one.format == kind)
        bad = [one for one in verdicts if one.format == kind and one.words.startswith("malformed")]
        sound = states["right"] + states["wrong"] + states["crash"] - len(bad)
        refused = f"{states['refused']} of {states['refused'] + len(bad)}"
        right = f"{states['right']} of {sound}"
        print(f"{kind:8} {right:>12} {refused:>18} {states['no truth']:>9} {states['crash']:>8}")
    print(f"{len(verdicts)} files in {seconds:.2f} s")
    for one in verdicts:
        if one.state in ("wrong", "crash") or "--all" in arguments:
            print(f"{one.state:8} {one.name}: {one.words}")
    return 1 if any(one.state == "crash" for one in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
