"""Moves per second of the execution layer, journal included, beside plain `os.rename` and the `organize-tool` package.

    python -m benchmarks.execute [--files 5000] [--organize /path/to/organize]

`organize-tool` is looked for on PATH or given; install it in an environment of its own. Each side moves the same small
files from one folder into ten new ones on the same filesystem; the time counts only after a check that every file
arrived with its content. Ours: intents and results committed durably, folders synced, nothing overwritten, undoable.
The peer (jsonl output, its fastest): neither journal nor undo; its figure includes the start of its process.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from backend.file_organizer.base import Base
from backend.file_organizer.execution import journal_models
from backend.file_organizer.execution.operations import Move, Seen
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.actor import Actor
from backend.sdk.db import Database
from backend.sdk.files import LocalRoots, VolumePath
from benchmarks.report import Figure, show

ACTOR = Actor.of("00000000-0000-7000-8000-00000000000a")
assert journal_models.FileAction
RULE = """rules:
  - locations:
      - path: {folder}
        max_depth: 0
    filters:
      - extension
    actions:
      - move: "{folder}/sorted/{{extension}}/"
"""


def make_files(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for index in range(count):
        (folder / f"file {index:05}.ext{index % 10}").write_text(f"content {index}")


def check(folder: Path, count: int) -> None:
    """Raise unless every file is in its place with its content."""
    for index in range(count):
        text = (folder / f"sorted/ext{index % 10}/file {index:05}.ext{index % 10}").read_text()
        assert text == f"content {index}"


def plain_rename(folder: Path, count: int) -> float:
    began = time.perf_counter()
    for kind in range(10):
        (folder / f"sorted/ext{kind}").mkdir(parents=True)
    for entry in list(os.scandir(folder)):
        if entry.is_file():
            os.rename(entry.path, f"{folder}/sorted/{entry.name.rpartition('.')[2]}/{entry.name}")
    return time.perf_counter() - began


class Ours:
    """Execute and undo through the journal."""

    def __init__(self, folder: Path, base: Path) -> None:
        source = LocalRoots([folder])
        self._db = Database(base / "journal.db", Base, name="file_organizer", durable=True)
        self._db.create_all()
        self._manager = FileOperationManager(self._db, source)
        self._volume = source.for_actor(ACTOR).roots[0].volume_id
        self._folder = folder

    def plan(self) -> list[Move]:
        plan = []
        for index, entry in enumerate(sorted(os.scandir(self._folder), key=lambda e: e.name)):
            if entry.is_file():
                target = f"sorted/{entry.name.rpartition('.')[2]}/{entry.name}"
                seen = Seen.of(entry.stat(follow_symlinks=False))
                place, goal = VolumePath(self._volume, entry.name), VolumePath(self._volume, target)
                plan.append(Move(id=f"step-{index}", source=place, target=goal, seen=seen))
        return plan

    def execute(self, plan: list[Move]) -> tuple[float, float, str]:
        began, cpu = time.perf_counter(), time.process_time()
        report = self._manager.execute(ACTOR, "plan", plan)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        assert (report.done, report.failed) == (len(plan), 0)
        return seconds, cpu, report.run_id

    def undo(self, run_id: str) -> float:
        began = time.perf_counter()
        assert self._manager.undo_run(ACTOR, run_id).failed == 0
        return time.perf_counter() - began

    def close(self) -> None:
        self._db.close()


def organize_tool(program: str, folder: Path, base: Path) -> float:
    config = base / "organize.yaml"
    config.write_text(RULE.replace("{folder}", str(folder)).replace("{{", "{").replace("}}", "}"))
    began = time.perf_counter()
    command = [program, "run", "--format", "jsonl", str(config)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.perf_counter() - began


def in_a_fresh_folder(work: Callable[[Path, Path], float], count: int) -> float:
    base = Path(tempfile.mkdtemp(prefix="homie-bench-", dir="/var/tmp"))
    try:
        make_files(base / "mess", count)
        os.sync()
        seconds = work(base / "mess", base)
        check(base / "mess", count)
        return seconds
    finally:
        shutil.rmtree(base)


def ours(base: Path, folder: Path, figures: dict[str, list[float]]) -> float:
    side = Ours(folder, base)
    try:
        began = time.perf_counter()
        plan = side.plan()
        figures.setdefault("plan", []).append(time.perf_counter() - began)
        seconds, cpu, run_id = side.execute(plan)
        figures.setdefault("cpu", []).append(cpu)
        figures.setdefault("undo", []).append(side.undo(run_id))
        assert side._manager.undo_run(ACTOR, _last(side)).failed == 0  # redo, so that the check finds it moved
        return seconds
    finally:
        side.close()


def _last(side: Ours) -> str:
    import sqlalchemy as sa

    with side._db.session(ACTOR) as session:
        query = sa.select(journal_models.Run.id).order_by(journal_models.Run.created_at.desc())
        return str(session.scalars(query).first())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--organize", default=shutil.which("organize") or "")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    extra: dict[str, list[float]] = {}
    times: dict[str, list[float]] = {"ours": [], "rename": [], "organize": []}
    for _ in range(chosen.repeat):
        times["rename"].append(in_a_fresh_folder(lambda f, b: plain_rename(f, chosen.files), chosen.files))
        times["ours"].append(in_a_fresh_folder(lambda f, b: ours(b, f, extra), chosen.files))
        if chosen.organize:
            run = in_a_fresh_folder(lambda f, b: organize_tool(chosen.organize, f, b), chosen.files)
            times["organize"].append(run)
    middle = {name: statistics.median(values) for name, values in {**times, **extra}.items() if values}
    rate = chosen.files / middle["ours"]
    figures = [
        Figure("execute, journaled and synced", middle["ours"], "s", middle["rename"], "os.rename", "<= 1 s for 5,000"),
        Figure("moves per second", rate, "/s", chosen.files / middle["rename"], "os.rename", "", "higher"),
        Figure("processor time of it", middle["cpu"], "s"),
        Figure("undo of the run", middle["undo"], "s"),
    ]
    if "organize" in middle:
        whole = middle["plan"] + middle["ours"]
        figures.append(Figure("plan by extension + execute", whole, "s", middle["organize"], "organize jsonl", "<= 1"))
    show(f"Organise {chosen.files} small files on one filesystem (median of {chosen.repeat})", figures)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
