"""Kill an execution at every boundary and look whether anything was lost. Run: `python -m <this> --points 500 --json`.

For each point a fresh world is made, a child process carries the plan out and is killed (SIGKILL) at its k-th boundary;
then the parent recovers and compares with the oracle made before. The child is forked, so that a point costs little.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import structlog

from backend.file_organizer import fsck
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.operations import Operation
from backend.file_organizer.file_operation_manager import FileOperationManager
from tests.file_organizer.execution.world import EVA, Fact, World, contents, messy_plan

SCENARIOS = ("apply", "undo", "recovery")


class Counting(Boundaries):
    """Count the boundaries, and die at the k-th."""

    def __init__(self, kill_at: int = 0) -> None:
        self.passed = 0
        self.names: list[str] = []
        self._kill_at = kill_at

    def reach(self, name: str) -> None:
        self.passed += 1
        self.names.append(name)
        if self.passed == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[], None]) -> bool:
    """Run `work` in a forked process; return whether it was killed. An exception there is an exception here."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise AssertionError("the child failed, see above")
    return False


class Point:
    """One world, one kill."""

    def __init__(self, base: Path, other_base: Path | None) -> None:
        self.world = World(base, other_base)
        self.plan: list[Operation] = messy_plan(self.world, across=other_base is not None)
        self.before_all = contents(self.world.everything())
        self.before = self.world.visible()

    def run(self, boundaries: Boundaries, work: Callable[[FileOperationManager], object]) -> None:
        db = self.world.database()
        try:
            work(self.world.manager(db, boundaries))
        finally:
            db.close()

    def apply(self, manager: FileOperationManager) -> object:
        return manager.execute(EVA, "plan", self.plan)

    def undo(self, manager: FileOperationManager) -> object:
        report = manager.execute(EVA, "plan", self.plan)
        return manager.undo_run(EVA, report.run_id, plan_id="undo-plan")

    def check_nothing_lost(self, moment: str) -> None:
        missing = self.before_all - contents(self.world.everything())
        assert not missing, f"{moment}: {len(missing)} contents are gone"
        now = self.world.visible()
        for path in ("home/untouched/letter.txt", "home/untouched/deep/photo.jpg"):
            assert now[path] == self.before[path], f"{moment}: {path} was not in the plan"

    def check_fsck(self, moment: str) -> None:
        db = self.world.database()
        try:
            report = fsck.check(db, EVA, self.world.roots, deep=True)
        finally:
            db.close()
        assert report.clean, f"{moment}: {report.errors[:3]}"
        assert not report.notices, f"{moment}: {report.notices[:3]}"

    def check_same(self, expected: dict[str, Fact], moment: str) -> None:
        now = self.world.visible()
        if "home/packed.zip" in expected and "home/packed.zip" in now:  # made anew: its time is another
            expected = {
                **expected,
                "home/packed.zip": replace(now["home/packed.zip"], content=expected["home/packed.zip"].content),
            }
        wrong = {
            p: (expected.get(p), now.get(p)) for p in expected.keys() | now.keys() if expected.get(p) != now.get(p)
        }
        assert not wrong, f"{moment}: {len(wrong)} differ: {dict(list(wrong.items())[:3])}"


def measure(across: bool) -> tuple[dict[str, int], dict[str, Fact], list[str]]:
    """Return how many boundaries each scenario has, and what a finished plan looks like."""
    with Places(across) as (base, other):
        point = Point(base, other)
        apply = Counting()
        point.run(apply, point.apply)
        finished = point.world.visible()
        point.check_fsck("without a kill")
        undo = Counting()
        point.run(undo, point.undo)
        point.check_same(point.before, "undo without a kill")
        point.check_fsck("undo without a kill")
        return {"apply": apply.passed, "undo": undo.passed}, finished, apply.names


class Places:
    """Two empty folders: one on disk, the other (if needed) in memory, on another filesystem."""

    def __init__(self, across: bool) -> None:
        self._disk = Path(tempfile.mkdtemp(prefix="homie-kill-", dir="/var/tmp"))
        self._memory = Path(tempfile.mkdtemp(prefix="homie-kill-", dir="/dev/shm")) if across else None

    def __enter__(self) -> tuple[Path, Path | None]:
        return self._disk, self._memory

    def __exit__(self, *exc: object) -> None:
        shutil.rmtree(self._disk)
        if self._memory is not None:
            shutil.rmtree(self._memory)


def kill_and_check(scenario: str, k: int, across: bool, finished: dict[str, Fact], chance: random.Random) -> None:
    """Kill the scenario at its k-th boundary, recover, and check every promise."""
    with Places(across) as (base, other):
        point = Point(base, other)
        if scenario == "undo":
            point.run(Boundaries(), point.apply)
            killed = in_child(lambda: point.run(Counting(k), point.undo))
        else:
            killed = in_child(lambda: point.run(Counting(k), point.apply))
        assert killed, f"boundary {k} was not reached"
        if scenario == "recovery":
            at = chance.randrange(1, 12)
            in_child(lambda: point.run(Counting(at), lambda m: m.recover(EVA)))
        point.check_nothing_lost("after the kill")
        point.run(Boundaries(), lambda m: m.recover(EVA))
        point.check_nothing_lost("after recovery")
        point.check_fsck("after recovery")
        if scenario != "undo" and k % 2:
            point.run(Boundaries(), point.apply)
            point.check_nothing_lost("after going on")
            point.check_same(finished, "after going on")
            point.check_fsck("after going on")
        take_back(point, scenario)
        point.check_nothing_lost("after undo")
        point.check_same(point.before, "after undo")
        point.check_fsck("after undo")


def take_back(point: Point, scenario: str) -> None:
    def work(manager: FileOperationManager) -> object:
        from backend.file_organizer.execution.errors import UndoNotPossible

        run_id = _run_id(point)
        if run_id is None:
            return None
        try:
            return manager.undo_run(EVA, run_id, plan_id="undo-plan")
        except UndoNotPossible:
            return None  # killed before anything was done

    point.run(Boundaries(), work)


def _run_id(point: Point) -> str | None:
    import sqlalchemy as sa

    from backend.file_organizer.execution.journal_models import Run

    db = point.world.database()
    try:
        with db.session(EVA) as session:
            return session.scalar(sa.select(Run.id).where(Run.plan_id == "plan"))
    finally:
        db.close()


def campaign(points: int, seed: int) -> dict[str, object]:
    """Spread `points` kills evenly over the boundaries of all scenarios; return the figures."""
    chance = random.Random(seed)
    shares = {("apply", False): 3, ("apply", True): 3, ("undo", False): 1, ("undo", True): 1}
    shares |= {("recovery", False): 1, ("recovery", True): 1}
    failures: list[str] = []
    figures: dict[str, object] = {}
    began = time.monotonic()
    done = 0
    for across in (False, True):
        totals, finished, names = measure(across)
        totals["recovery"] = totals["apply"]
        for scenario in SCENARIOS:
            count = max(1, points * shares[scenario, across] // 10)
            total = totals[scenario]
            offset = chance.random()
            chosen = sorted({min(total, int((i + offset) * total / count) + 1) for i in range(count)})
            figures[f"{scenario}{' across' if across else ''}"] = {"boundaries": total, "kills": len(chosen)}
            for k in chosen:
                done += 1
                try:
                    kill_and_check(scenario, k, across, finished, chance)
                except Exception as error:
                    where = names[k - 1] if scenario != "undo" and k <= len(names) else ""
                    failures.append(f"{scenario} across={across} k={k} {where}: {type(error).__name__}: {error}")
    seconds = round(time.monotonic() - began, 1)
    return {"kills": done, "violations": len(failures), "seconds": seconds, "scenarios": figures, "failures": failures}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", default="", help="scenario:k:across, to look at one kill")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if chosen.one:
        scenario, k, across = chosen.one.split(":")
        finished = measure(across == "1")[1]
        kill_and_check(scenario, int(k), across == "1", finished, random.Random(chosen.seed))
        return
    result = campaign(chosen.points, chosen.seed)
    print(json.dumps(result, indent=1))
    sys.exit(1 if result["failures"] else 0)


if __name__ == "__main__":
    main()
