"""Index of every file: the first look, then a rescan after a 1 % change, against `find -printf` and `os.walk` + stat.

python -m benchmarks.index                    100,000 files in folders of 100
python -m benchmarks.index --files 1000000    a million (several minutes, most of them for making the tree)
python -m benchmarks.index --scratch /dev/shm elsewhere than in the temporary folder

The changes are created, deleted, modified (same size too) and renamed files, a quarter each, spread evenly, which is
the worst case: two thirds of all folders differ. Before any time is printed, what each look told is compared with the
truth, file by file, and the number of files and the sum of their sizes with what `find` says.

The peer is `find -type f -printf '%p %s %T@ %i' > /dev/null`: it asks every file what a rescan must ask, and compares
nothing. Plain `find`, which asks no file anything, is printed beside it. Times are the best of three (`--turns`), taken
in turns, with a fresh 1 % change for each of our looks: of the processor, user and system, which other work on the
machine disturbs least, and of the clock. Ours are those of the look, in a process of its own that has looked at two
files before, because in the hub a worker that runs already does it. Peak memory is VmHWM of that process.

Figures: docs/adr/0156-fast-and-full-looks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, show
from benchmarks.scan import ROOT, walk

SETTLED = 2.5
"""Seconds after which the time of a folder is believed. Rescans are hours apart; only here they would come sooner."""
FIND = ["-type", "f", "-printf", "%p %s %T@ %i\n"]


def make_tree(root: Path, files: int) -> None:
    """Make `files` files of 0 to 900 bytes (holes, so that they take no room), 100 in a folder, three folders deep."""
    for folder in range(files // 100):
        path = root / f"shelf {folder // 1000:03d}" / f"year {folder // 20 % 50:02d}" / f"event {folder % 20:02d}"
        path.mkdir(parents=True)
        for number in range(100):
            fd = os.open(path / f"IMG_{folder:05d}_{number:03d}.jpg", os.O_CREAT | os.O_WRONLY)
            os.ftruncate(fd, number % 10 * 100)
            os.close(fd)


def find(root: Path) -> int:
    """Say size, time and inode of everything."""
    subprocess.run(["find", str(root), *FIND], stdout=subprocess.DEVNULL, check=True)
    return 0


def plain_find(root: Path) -> int:
    """Say the names."""
    subprocess.run(["find", str(root)], stdout=subprocess.DEVNULL, check=True)
    return 0


def totals(root: Path) -> tuple[int, int]:
    """Return how many files `find` sees, and the sum of their sizes; without Homie's own folder."""
    command = ["find", str(root), "-name", ".homie", "-prune", "-o", "-type", "f", "-printf", "%s\n"]
    sizes = subprocess.run(command, capture_output=True, check=True).stdout.split()
    return len(sizes), sum(map(int, sizes))


def change(root: Path, share: float, seed: int) -> dict[str, set[str]]:
    """Change a share of the files and return the truth: paths that came, went and were changed."""
    dice = random.Random(seed)
    files = [
        os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names if ".homie" not in folder
    ]
    files.sort()
    chosen = dice.sample(files, max(4, int(len(files) * share)))
    quarter = len(chosen) // 4
    truth: dict[str, set[str]] = {"came": set(), "gone": set(), "changed": set()}
    for path in chosen[:quarter]:
        Path(f"{path}.new{seed}").write_text("new")
        truth["came"].add(f"{path}.new{seed}")
    for path in chosen[quarter : 2 * quarter]:
        os.unlink(path)
        truth["gone"].add(path)
    for path in chosen[2 * quarter : 3 * quarter]:
        size = os.path.getsize(path)
        Path(path).write_bytes(os.urandom(max(size, 1)))
        truth["changed"].add(path)
    for path in chosen[3 * quarter :]:
        os.rename(path, f"{path}.renamed{seed}")
        truth["gone"].add(path)
        truth["came"].add(f"{path}.renamed{seed}")
    return {what: {os.path.relpath(path, root) for path in paths} for what, paths in truth.items()}


PROBE = """
import json, sys, time
from pathlib import Path
from backend.file_organizer.index.file_index import FileIndex
from backend.sdk.actor import Actor
from backend.sdk.clock import SystemClock
from backend.sdk.files import AllowedRoot, claim_root
from backend.sdk.ids import new_id
tree, data, full, out = sys.argv[1:]
import logging, structlog
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
small = Path(data + "-small")
small.mkdir(exist_ok=True)
index = FileIndex(Path(data + "-of-small"), SystemClock(), new_id)
for name in ("one", "two"):
    (small / name).touch()
    root = AllowedRoot(str(small), claim_root(str(small)).volume_id)
    index.look(Actor.of("me"), root, full=True, on_change=lambda change: None)
index.close()
index = FileIndex(Path(data), SystemClock(), new_id)
index.states(Actor.of("me"))
found = {"came": [], "gone": [], "changed": []}
began, used = time.perf_counter(), time.process_time()
report = index.look(Actor.of("me"), AllowedRoot(tree, claim_root(tree).volume_id), full=full == "full", exact=True,
    on_change=lambda c: found[c.what].append(c.path))
figures = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used, "folders": report.folders,
    "listed": report.listed}
(state,) = index.states(Actor.of("me"))
(peak,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
figures |= {"files": state.files, "bytes": state.size, "size": index.size(), "memory": int(peak.split()[1]) / 1024}
index.close()
json.dump({"figures": figures, "found": found}, open(out, "w"))
"""


def look(tree: Path, scratch: Path, kind: str) -> dict[str, Any]:
    """Look at the tree in a process of its own and return its figures and what it told."""
    out = scratch / "look.json"
    command = [sys.executable, "-c", PROBE, str(tree), str(scratch / "index"), kind, str(out)]
    subprocess.run(command, cwd=ROOT, check=True)
    answer: dict[str, Any] = json.loads(out.read_text())
    return answer


def check(found: dict[str, list[str]], truth: dict[str, set[str]], blind: bool) -> None:
    """Compare what was told with the truth; a fast look may only miss files whose content alone changed."""
    for what in ("came", "gone", "changed"):
        told = set(found[what])
        assert len(told) == len(found[what]), f"something {what} was told twice"
        if what == "changed" and blind:
            assert told <= truth[what]
        else:
            assert told == truth[what], (what, list(told ^ truth[what])[:5])


def timed(work: Callable[[Path], int], tree: Path) -> tuple[float, float]:
    """Return wall and processor seconds, children included."""
    began, used = time.perf_counter(), sum(os.times()[:4])
    work(tree)
    return time.perf_counter() - began, sum(os.times()[:4]) - used


def run(scratch: Path, files: int, turns: int) -> None:
    tree = scratch / "tree"
    make_tree(tree, files)
    time.sleep(SETTLED)
    first = look(tree, scratch, "full")
    assert first["figures"]["files"] == files
    assert not any(first["found"].values())
    peers: dict[str, list[tuple[float, float]]] = {"find": [], "plain": [], "walk": []}
    ours: dict[str, list[dict[str, float]]] = {"full": [], "fast": []}
    missed: set[str] = set()
    for turn in range(turns):
        for kind in ("fast", "full"):
            truth = change(tree, 0.01, 2 * turn + (kind == "full"))
            time.sleep(SETTLED)
            answer = look(tree, scratch, kind)
            # What a fast look did not see stays for the full one that follows it.
            truth["changed"] |= missed - truth["gone"]
            check(answer["found"], truth, blind=kind == "fast")
            missed = truth["changed"] - set(answer["found"]["changed"])
            if kind == "full":
                assert (answer["figures"]["files"], answer["figures"]["bytes"]) == totals(tree)
            ours[kind].append(answer["figures"])
        for name, work in (("find", find), ("plain", plain_find), ("walk", walk)):
            peers[name].append(timed(work, tree))
    report(first["figures"], ours, peers)


def report(first: dict[str, float], ours: dict[str, list[dict[str, float]]], peers: dict[str, list[Any]]) -> None:
    best = {name: (min(t[0] for t in times), min(t[1] for t in times)) for name, times in peers.items()}
    figures = []
    for kind in ("full", "fast"):
        target = "<= 1.5" if kind == "full" else ""
        wall = min(one["seconds"] for one in ours[kind])
        cpu = min(one["cpu"] for one in ours[kind])
        figures += [
            Figure(f"{kind} rescan after 1 %, processor", cpu, "s", best["find"][1], "find", target),
            Figure(f"{kind} rescan after 1 %, clock", wall, "s", best["find"][0], "find", target),
            Figure(f"{kind} rescan after 1 %, processor", cpu, "s", best["plain"][1], "find without stat"),
            Figure(f"{kind} rescan after 1 %, processor", cpu, "s", best["walk"][1], "os.walk + stat"),
            Figure(f"{kind} rescan, peak memory", max(one["memory"] for one in ours[kind]), "MB"),
        ]
    figures += [
        Figure("first look, processor", first["cpu"], "s"),
        Figure("first look, peak memory", first["memory"], "MB"),
        Figure("index on disk, per file", first["size"] / first["files"], "bytes"),
    ]
    show(f"index of {first['files']:,.0f} files; every change that was told is one, and none is missing", figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=3, help="rounds of which the best counts")
    parser.add_argument("--scratch", type=Path, help="where to make the tree; a temporary folder if left out")
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="homie-index-", dir=given.scratch))
    try:
        run(scratch, given.files, given.turns)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
