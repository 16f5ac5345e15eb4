"""Search the timeline of 100,000 steps, page by page, against `grep` over the same paths in a file.

    python -m benchmarks.timeline [--steps 100000] [--rounds 20]

The database is SQLite as a household has it. Each question is asked `rounds` times for its first page of 50; the number
of all steps that fit is compared with grep's count before any time is shown. Printed is the p95 of each question, and
the ratio of the slowest to grep, which reads all of its file and knows neither accents nor pages.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backend.file_organizer.base import Base
from backend.file_organizer.execution.journal import search_key
from backend.file_organizer.execution.journal_models import FileAction, Run
from backend.file_organizer.timeline import Timeline, Wanted
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.files import VolumePath

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("invoice", "letter", "photo", "scan", "tax", "holiday", "school", "car", "house", "garden", "music", "film")


def make(db: Database, steps: int, log: Path) -> None:
    """Store runs of 500 steps, and the same paths as lines of a file."""
    chance, actor = random.Random(7), Actor.of("anna")
    with log.open("w") as out:
        for start in range(0, steps, 500):
            run_id = f"run-{start:08d}"
            when = BEGIN + timedelta(minutes=start // 50)
            run = {"id": run_id, "plan_id": run_id, "kind": "apply", "state": "done", "title": "", "user_id": "anna"}
            rows = []
            for number in range(start, min(steps, start + 500)):
                a, b, c = chance.choice(WORDS), chance.choice(WORDS), chance.choice(WORDS)
                name = f"{a} {b} {number:06d}.pdf"
                source, target = f"Inbox/{name}", f"{c.title()}/{2000 + number % 26}/{name}"
                rows.append(
                    {
                        "id": f"a-{number:08d}", "run_id": run_id, "seq": number - start, "step_id": f"s-{number}",
                        "op": "move", "state": "done", "source_volume": "v", "source_path": source,
                        "target_volume": "v", "target_path": target, "search_key": search_key(source, target),
                        "created_at": when,
                    }
                )  # fmt: skip
                out.write(f"{source}\t{target}\n")
            db.write(actor, _store, run | {"created_at": when, "heartbeat_at": when}, rows)


def _store(session: OwnedSession, run: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    insert_rows(session, Run, [run])
    insert_rows(session, FileAction, rows)


def count(timeline: Timeline, wanted: Wanted) -> int:
    """Return how many steps fit, over all pages."""
    found, after = 0, None
    while True:
        steps = timeline.steps(Actor.of("anna"), wanted, limit=200, after=after)
        found += min(len(steps), 200)
        if len(steps) <= 200:
            return found
        after = (steps[199].action.run_id, steps[199].action.seq)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    import backend.file_organizer.models  # noqa: F401

    with tempfile.TemporaryDirectory() as place:
        db = Database(Path(place) / "module.db", Base, name="file_organizer")
        db.create_all()
        log = Path(place) / "paths.txt"
        make(db, given.steps, log)
        timeline, actor = Timeline(db), Actor.of("anna")
        middle = BEGIN + timedelta(minutes=given.steps // 100)
        rare = f"{given.steps // 3:06d}"
        for word in ("garden", rare, "nothing-like-it"):
            theirs = subprocess.run(["grep", "-ci", word, str(log)], capture_output=True, text=True, check=False)
            assert count(timeline, Wanted(text=word)) == int(theirs.stdout), word
        questions = {
            "newest page": Wanted(),
            "a common word": Wanted(text="garden"),
            "a rare word": Wanted(text=rare),
            "a word that is nowhere": Wanted(text="nothing-like-it"),
            "a kind that is nowhere": Wanted(kinds=("trashed",)),
            "one week": Wanted(since=middle, until=middle + timedelta(days=7)),
            "one folder": Wanted(folder=VolumePath("v", "Music/2003")),
        }
        slowest = 0.0
        for name, wanted in questions.items():
            times = []
            for _ in range(given.rounds):
                begun = time.perf_counter()
                timeline.steps(actor, wanted, limit=50)
                times.append(time.perf_counter() - begun)
            slowest = max(slowest, p95(times))
            print(f"  {name:<26} p95 {p95(times):7.1f} ms")
        times = []
        for number in range(given.rounds):
            begun = time.perf_counter()
            timeline.chain_of(actor, f"a-{number * (given.steps // given.rounds):08d}")
            times.append(time.perf_counter() - begun)
        print(f"  {'the story of one file':<26} p95 {p95(times):7.1f} ms")
        times = []
        for _ in range(given.rounds):
            begun = time.perf_counter()
            subprocess.run(["grep", "-ci", rare, str(log)], stdout=subprocess.DEVNULL, check=False, env=os.environ)
            times.append(time.perf_counter() - begun)
        print(f"  {'grep -i over the paths':<26} p95 {p95(times):7.1f} ms")
        print(f"  slowest of ours / grep     {slowest / p95(times):7.2f}")
        db.close()


if __name__ == "__main__":
    main()
