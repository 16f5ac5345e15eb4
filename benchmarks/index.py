"""Index of every file: the first look, then a rescan after a 1 % change, against `find -printf` and `os.walk` + stat.

python -m benchmarks.index                    100,000 files in folders of 100
python -m benchmarks.index --files 1000000    a million (several minutes, most of them for making the tree)

The changes are created, deleted, modified (same size too) and renamed files, a quarter each, spread evenly. Before any
time is printed, what each look told is compared with the truth, file by file. Peak memory is that of a process that
does nothing else. Times are the best of three (`--turns`), taken in turns, with a fresh 1 % change for each of our
looks.
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
from benchmarks.scan import ROOT, make_tree, walk

FIND = ["-printf", "%p %s %T@ %i\n"]


def find(root: Path) -> int:
    """List everything with size, time and inode, as a program that wants to compare would read it."""
    done = subprocess.run(["find", str(root), "-type", "f", *FIND], capture_output=True, check=True)
    return done.stdout.count(b"\n")


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
import json, resource, sys, time
from pathlib import Path
from backend.file_organizer.index.file_index import FileIndex
from backend.sdk.actor import Actor
from backend.sdk.clock import SystemClock
from backend.sdk.files import AllowedRoot, claim_root
from backend.sdk.ids import new_id
tree, data, full, out = sys.argv[1:]
import logging, structlog
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
index = FileIndex(Path(data), SystemClock(), new_id)
index.states(Actor.of("me"))
found = {"came": [], "gone": [], "changed": []}
began, used = time.perf_counter(), time.process_time()
report = index.look(Actor.of("me"), AllowedRoot(tree, claim_root(tree).volume_id), full=full == "full",
    on_change=lambda c: found[c.what].append(c.path))
figures = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used, "folders": report.folders,
    "listed": report.listed, "files": index.states(Actor.of("me"))[0].files, "size": index.size(),
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
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
    make_tree(tree, files // 100, 100)
    first = look(tree, scratch, "full")
    assert first["figures"]["files"] == files
    assert not any(first["found"].values())
    peers: dict[str, list[tuple[float, float]]] = {"find": [], "walk": []}
    ours: dict[str, list[dict[str, float]]] = {"full": [], "fast": []}
    missed: set[str] = set()
    for turn in range(turns):
        for kind in ("fast", "full"):
            truth = change(tree, 0.01, 2 * turn + (kind == "full"))
            answer = look(tree, scratch, kind)
            # What a fast look did not see stays for the full one that follows it.
            truth["changed"] |= missed - truth["gone"]
            check(answer["found"], truth, blind=kind == "fast")
            missed = truth["changed"] - set(answer["found"]["changed"])
            ours[kind].append(answer["figures"])
        for name, work in (("find", find), ("walk", walk)):
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
            Figure(f"{kind} rescan after 1 %", wall, "s", best["find"][0], "find", target),
            Figure(f"{kind} rescan after 1 %, processor", cpu, "s", best["find"][1], "find"),
            Figure(f"{kind} rescan after 1 %", wall, "s", best["walk"][0], "os.walk + stat"),
            Figure(f"{kind} rescan, peak memory", max(one["memory"] for one in ours[kind]), "MB"),
        ]
    figures += [
        Figure("first look", first["seconds"], "s"),
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
