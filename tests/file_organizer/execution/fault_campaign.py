"""Two thousand faults over every operation: `python -m tests.file_organizer.execution.fault_campaign --points 2000`.

A point is: a fresh small world (`small_world`), one kind of work (carry out, take back, recover), one fault (`faults`)
at one boundary; then a restart, and the promises are checked one by one (`Point.check`). Deterministic for a seed.
`--one KIND:WORK:LAYOUT:K` looks at a single point again.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from backend.file_organizer import fsck
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import UndoNotPossible
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.errors import HomieError
from tests.file_organizer.execution import faults
from tests.file_organizer.execution.campaign import in_child
from tests.file_organizer.execution.meddling import meddle
from tests.file_organizer.execution.small_world import SmallWorld, forget_template, small_plan
from tests.file_organizer.execution.world import EVA, Fact

LAYOUTS = ("one", "two", "bind")
"""On one filesystem, across two, and across a bind mount of one (EXDEV although the device is the same)."""
WORKS = ("apply", "undo")
Work = Callable[[FileOperationManager], object]


@dataclass(frozen=True)
class Case:
    """One point: what goes wrong, during which work, on which layout, at which boundary."""

    kind: str
    work: str
    layout: str
    k: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.work}:{self.layout}:{self.k}"


def sh(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


class Drives:
    """The places of all points of a campaign: filesystems in memory (as root), else two folders on two filesystems."""

    def __init__(self) -> None:
        self.root = os.geteuid() == 0
        self.base = Path(tempfile.mkdtemp(prefix="homie-faults-", dir="/dev/shm"))
        self.far = Path(tempfile.mkdtemp(prefix="homie-faults-", dir="/var/tmp"))
        self.mounts: list[Path] = []
        if self.root:
            try:
                self.mount(self.far, "-t", "tmpfs", "-o", "size=24m", "tmpfs")
            except subprocess.CalledProcessError:
                self.root = False  # a container that may not mount

    def mount(self, point: Path, *command: str | Path) -> None:
        point.mkdir(parents=True, exist_ok=True)
        sh("mount", *command, point)
        self.mounts.append(point)

    def unmount(self, point: Path) -> None:
        subprocess.run(["umount", "-l", str(point)], check=False, capture_output=True)
        if point in self.mounts:
            self.mounts.remove(point)

    def close(self) -> None:
        for point in reversed(list(self.mounts)):
            self.unmount(point)
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.rmtree(self.far, ignore_errors=True)
        forget_template()

    @contextlib.contextmanager
    def places(self, case: Case) -> Iterator[tuple[Path, Path | None, Path | None]]:
        """Give (base, base of the other root, folder of the database) for one point, and take them away after it."""
        base = Path(tempfile.mkdtemp(dir=self.base))
        other: Path | None = None
        database: Path | None = None
        before = list(self.mounts)
        try:
            if case.kind == "away":
                other = base / "stick"
                shutil.copyfile(self.stick(), base / "stick.img")
                self.mount(other, "-o", "loop", base / "stick.img")
            elif case.layout == "bind":
                (base / "real").mkdir()
                other = base / "bound"
                self.mount(other, "--bind", base / "real")
            elif case.layout == "two":
                other = Path(tempfile.mkdtemp(dir=self.far))
            if case.kind == "full":
                other = base / "small"
                self.mount(other, "-t", "tmpfs", "-o", "size=4m", "tmpfs")
            elif case.kind == "journal full":
                database = base / "database"
                self.mount(database, "-t", "tmpfs", "-o", "size=6m", "tmpfs")
            yield base, other, database
        finally:
            for point in reversed([point for point in self.mounts if point not in before]):
                self.unmount(point)
            shutil.rmtree(base, ignore_errors=True)
            if other is not None:
                shutil.rmtree(other, ignore_errors=True)

    def stick(self) -> Path:
        """Return the image of an empty stick, made once."""
        image = self.base / "empty.img"
        if not image.exists():
            with image.open("wb") as file:
                file.truncate(12 << 20)
            sh("mkfs.ext4", "-q", "-F", "-O", "^has_journal", image)
        return image


class Point:
    """One world and what is checked in it."""

    def __init__(self, case: Case, places: tuple[Path, Path | None, Path | None]) -> None:
        self.case = case
        self.world = SmallWorld(*places)
        self.stick = places[0]
        self.plan = small_plan(self.world, across=case.layout != "one")
        self.before = self.world.visible()
        self.expected = Counter(_content(fact) for fact in self.before.values() if fact.kind in ("file", "link"))
        self.meddled = False

    def run(self, boundaries: Boundaries, work: Work) -> None:
        db = self.world.database()
        try:
            work(self.world.manager(db, boundaries))
        finally:
            db.close()

    def apply(self, manager: FileOperationManager) -> object:
        return manager.execute(EVA, "plan", self.plan)

    def recover(self, manager: FileOperationManager) -> object:
        return manager.recover(EVA)

    def undo(self, manager: FileOperationManager) -> object:
        report = manager.execute(EVA, "plan", self.plan)
        return manager.undo_run(EVA, report.run_id, plan_id="undo-plan")

    def work(self) -> Work:
        return self.undo if self.case.work == "undo" else self.apply

    # ------------------------------------------------------------------ promises

    def check(self, moment: str, *, fsck_too: bool = True) -> None:
        """Every content is there as often as before, what was not in the plan is as it was, fsck is clean."""
        everything = self.world.everything()
        now = Counter(_content(fact) for fact in everything.values() if fact.kind in ("file", "link"))
        missing = self.expected - now
        assert not missing, f"{moment}: {sum(missing.values())} contents are gone"
        for path in ("home/untouched/letter.txt", "home/untouched/deep/photo.jpg"):
            assert everything[path] == self.before[path], f"{moment}: {path} was not in the plan"
        if fsck_too:
            self._check_known(everything, moment)
            self._check_fsck(moment)

    def _check_known(self, everything: dict[str, Fact], moment: str) -> None:
        """What lies where nothing lay before lies there by the journal's word."""
        known = self.world.known_places()
        for path, fact in everything.items():
            if fact.kind in ("file", "link") and path not in self.before and not path.endswith("/hog"):
                above = path
                while above and above not in known:
                    above = above.rpartition("/")[0]
                assert above or self.meddled, f"{moment}: the journal does not know {path}"

    def _check_fsck(self, moment: str) -> None:
        db = self.world.database()
        try:
            report = fsck.check(db, EVA, self.world.roots, deep=True)
        finally:
            db.close()
        assert report.clean, f"{moment}: fsck {report.errors[:2]}"
        assert self.meddled or not report.notices, f"{moment}: fsck {report.notices[:2]}"

    def check_same(self, expected: dict[str, Fact], moment: str) -> None:
        """Everything that can be seen is as expected: path, content, mode, time in ns, extended attributes."""
        now = self.world.visible()
        packed = "home/packed/pack.zip"
        if packed in expected and packed in now:  # made anew: its time is another
            expected = {**expected, packed: replace(now[packed], content=expected[packed].content)}
        paths = expected.keys() | now.keys()
        wrong = {p: (expected.get(p), now.get(p)) for p in paths if expected.get(p) != now.get(p)}
        assert not wrong, f"{moment}: {len(wrong)} differ: {dict(list(wrong.items())[:2])}"

    def take_back(self) -> None:
        """Undo the run; again, where a disturbed undo is finished, with the steps that are still in effect."""

        def work(manager: FileOperationManager) -> object:
            for number in range(3):
                with contextlib.suppress(UndoNotPossible):
                    manager.undo_run(EVA, self.run_id(), plan_id=f"undo-plan{number or ''}")
            return None

        if self.run_id():
            self.run(Boundaries(), work)

    def run_id(self) -> str:
        import sqlalchemy as sa

        from backend.file_organizer.execution.journal_models import Run

        db = self.world.database()
        try:
            with db.session(EVA) as session:
                return session.scalar(sa.select(Run.id).where(Run.plan_id == "plan")) or ""
        finally:
            db.close()


def _content(fact: Fact) -> tuple[str, str]:
    return fact.kind, fact.content


# ---------------------------------------------------------------------- the kinds of faults


def killed(point: Point, finished: dict[str, Fact], chance: random.Random, times: int = 1) -> None:
    """Killed at the boundary, and again while what that left is brought to an end."""
    k = point.case.k
    at = faults.At(k, faults.kill)
    assert in_child(lambda: point.run(at, point.work())), f"boundary {k} was not reached"
    for _ in range(times - 1):
        again = faults.At(chance.randrange(1, 14), faults.kill)
        work = point.work() if chance.random() < 0.5 else point.recover
        in_child(functools.partial(point.run, again, work))
    point.check("after the kill", fsck_too=False)
    after_restart(point, finished)


def after_restart(point: Point, finished: dict[str, Fact] | None) -> None:
    """Recover; every second time go on to the end; then take everything back."""
    point.run(Boundaries(), point.recover)
    point.check("after recovery")
    if finished is not None and point.case.work == "apply" and point.case.k % 2:
        point.run(Boundaries(), point.apply)
        point.check("after going on")
        point.check_same(finished, "after going on")
    point.take_back()
    point.check("after undo")
    point.check_same(point.before, "after undo")


def disturbed(point: Point, boundaries: faults.At | faults.Dying | faults.JournalGone) -> None:
    """The work meets the fault; it reports steps that failed, or ends with an error that people can read."""
    try:
        point.run(boundaries, point.work())
    except (HomieError, OSError):
        pass
    point.check("after the fault", fsck_too=False)


def failing(point: Point, finished: dict[str, Fact], chance: random.Random) -> None:
    disturbed(point, faults.At(point.case.k, faults.failing(chance.randrange(1000))))
    after_restart(point, None)


def dying(point: Point, finished: dict[str, Fact], chance: random.Random) -> None:
    disturbed(point, faults.Dying(point.case.k))
    after_restart(point, None)


def journal_gone(point: Point, finished: dict[str, Fact], chance: random.Random) -> None:
    disturbed(point, faults.JournalGone(point.case.k))
    after_restart(point, finished)


def full(point: Point, finished: dict[str, Fact], chance: random.Random) -> None:
    """The other drive is full from the boundary on (a real ENOSPC); later there is room again."""
    drive = point.world.other.parent
    disturbed(point, faults.At(point.case.k, faults.fill(drive)))
    point.run(Boundaries(), point.recover)
    point.check("while the drive is full")
    (drive / "hog").unlink(missing_ok=True)
    after_restart(point, None)


def journal_full(point: Point, finished: dict[str, Fact], chance: random.Random) -> None:
    """The drive of the database is full from the boundary on (a real SQLITE_FULL); later there is room again."""
    disturbed(point, faults.At(point.case.k, faults.fill(point.world.file.parent)))
    point.check("while the journal's drive is full", fsck_too=False)
    (point.world.file.parent / "hog").unlink(missing_ok=True)
    after_restart(point, finished)


def away(point: Point, finished: dict[str, Fact], chance: random.Random) -> None:
    """The stick is pulled out at the boundary; nothing is written where it was; it comes back."""
    drive = point.world.other.parent
    boundaries = faults.At(point.case.k, faults.pull_out(drive))
    try:
        point.run(boundaries, point.work())
    except (HomieError, OSError):
        pass
    left = os.listdir(drive) if boundaries.happened else []
    assert not left, f"written into the empty mount point: {left}"
    point.run(Boundaries(), point.recover)
    if boundaries.happened:
        sh("mount", "-o", "loop", point.stick / "stick.img", drive)
    after_restart(point, finished)


def meddling(point: Point, finished: dict[str, Fact], chance: random.Random) -> None:
    """Somebody else writes, renames, deletes and makes files in the same folders at the boundary."""
    point.meddled = True

    def deed(name: str) -> None:
        for _ in range(3):
            meddle(point.world, point.plan, point.expected, chance)

    disturbed(point, faults.At(point.case.k, deed))
    point.run(Boundaries(), point.recover)
    point.check("after recovery")
    point.take_back()
    point.check("after undo")


Kind = Callable[[Point, dict[str, Fact], random.Random], None]


@dataclass(frozen=True)
class Family:
    """A kind of fault with its share of the points, where it makes sense, and whether it needs mounts."""

    share: int
    run: Kind
    layouts: tuple[str, ...] = LAYOUTS
    mounts: bool = False
    only: tuple[str, ...] = ()
    """Boundaries at which it is tried; empty: at all."""


FAMILIES: dict[str, Family] = {
    "kill": Family(26, killed),
    "kill twice": Family(10, lambda p, f, c: killed(p, f, c, 2)),
    "kill thrice": Family(6, lambda p, f, c: killed(p, f, c, 3)),
    "error": Family(20, failing),
    "dying": Family(8, dying),
    "journal gone": Family(6, journal_gone),
    "meddling": Family(10, meddling),
    "full": Family(5, full, ("two",), mounts=True),
    "journal full": Family(3, journal_full, ("one", "two"), mounts=True),
    "away": Family(6, away, ("two",), mounts=True),
}


def measure(drives: Drives, work: str, layout: str) -> tuple[list[str], dict[str, Fact]]:
    """Return the boundaries of the work, and what is there when it is finished undisturbed."""
    case = Case("none", work, layout, 0)
    with drives.places(case) as places:
        point = Point(case, places)
        counting = faults.Counting()
        point.run(counting, point.apply)
        done = point.run_id()
        assert done
        finished = point.world.visible()
        left = [path for path in finished if path.startswith("home/project/")]
        assert not left, f"undisturbed: {left} stayed, although nothing was in the way"
        point.check("undisturbed")
        if work == "undo":
            point.run(counting, point.undo)
            point.check_same(point.before, "undo, undisturbed")
            point.check("undo, undisturbed")
        return counting.names, finished


def cases(points: int, drives: Drives, totals: dict[tuple[str, str], int], seed: int) -> list[Case]:
    """Spread the points over families, layouts, work and boundaries, evenly and the same for a seed."""
    chance = random.Random(seed)
    families = {name: f for name, f in FAMILIES.items() if drives.root or not f.mounts}
    shares = sum(f.share for f in families.values())
    found: list[Case] = []
    for kind, family in families.items():
        layouts = [layout for layout in family.layouts if drives.root or layout != "bind"]
        places = [(work, layout) for work in WORKS for layout in layouts]
        weights = [totals[place] for place in places]
        for (work, layout), weight in zip(places, weights, strict=True):
            count = max(1, round(points * family.share / shares * weight / sum(weights)))
            total, offset = totals[work, layout], chance.random()
            found += [Case(kind, work, layout, min(total, int((i + offset) * total / count) + 1)) for i in range(count)]
    return found


def try_case(drives: Drives, case: Case, finished: dict[str, Fact], seed: int) -> None:
    """Do one point; raises `AssertionError` for a broken promise."""
    with drives.places(case) as places:
        FAMILIES[case.kind].run(Point(case, places), finished, random.Random(f"{seed}{case}"))


def campaign(points: int, seed: int, only: str = "") -> dict[str, object]:
    """Try `points` faults; return the figures and what broke."""
    began = time.monotonic()
    drives = Drives()
    failures: list[str] = []
    counts: Counter[str] = Counter()
    try:
        measured = {
            (work, layout): measure(drives, work, layout)
            for work in WORKS
            for layout in LAYOUTS
            if drives.root or layout != "bind"
        }
        totals = {place: len(names) for place, (names, _) in measured.items()}
        for case in cases(points, drives, totals, seed):
            if only and case.kind != only:
                continue
            counts[f"{case.kind}, {case.work}, {case.layout}"] += 1
            names, finished = measured[case.work, case.layout]
            try:
                try_case(drives, case, finished, seed)
            except Exception as error:
                failures.append(f"{case} {names[case.k - 1]}: {type(error).__name__}: {error}")
    finally:
        drives.close()
    return {
        "points": counts.total(),
        "violations": len(failures),
        "seconds": round(time.monotonic() - began, 1),
        "boundaries": {f"{work} {layout}": total for (work, layout), total in totals.items()},
        "kinds": dict(counts),
        "failures": failures,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="one kind of fault")
    parser.add_argument("--one", default="", help="kind:work:layout:k, to look at one point")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if chosen.one:
        kind, work, layout, k = chosen.one.split(":")
        drives = Drives()
        try:
            finished = measure(drives, work, layout)[1]
            try_case(drives, Case(kind, work, layout, int(k)), finished, chosen.seed)
        except Exception:
            traceback.print_exc()
        finally:
            drives.close()
        return
    result = campaign(chosen.points, chosen.seed, chosen.only)
    print(json.dumps(result, indent=1))
    sys.exit(1 if result["failures"] else 0)


if __name__ == "__main__":
    main()
