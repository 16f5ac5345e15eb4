"""Equal files in a tree of its own: ours against `jdupes` and `rmlint`, same groups first, then time.

python -m benchmarks.duplicates                60,000 files, 30 % of them copies, warm cache, best of six
python -m benchmarks.duplicates --files 100000 more files
python -m benchmarks.duplicates --million      peak memory of ours at 1,000,000 small files

Times are those of the whole commands, ours with the start of Python, taken in turns: by the clock, and of the processor
(user and system), which other work on the machine disturbs less.

The peers are Debian's packages: `apt-get install jdupes rmlint`; one that is absent is left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import Figure, show

ROOT = Path(__file__).resolve().parent.parent
TURNS = 6
Groups = set[frozenset[str]]
"""Each group by the inodes of its files, so that it does not matter which name of a file a program tells."""

OURS = """
import json, resource, sys, time
from backend.file_organizer.cleaning.finder import DuplicateFinder
from backend.file_organizer.cleaning.inventory import Inventory
from backend.sdk.files import AllowedRoot, SafePath
inventory = Inventory([SafePath(AllowedRoot(sys.argv[1], "x"), "")])
inventory.collect()
groups = [[inventory.path(c.file.index).decode() for c in g.copies] for g in DuplicateFinder(inventory).groups()]
json.dump([groups, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024], sys.stdout)
"""


def make_tree(root: Path, files: int) -> None:
    """Make `files` files: 30 % copies, hard links, decoys of equal size, empty ones."""
    chance = random.Random(4)
    made: list[Path] = []
    for number in range(files):
        folder = root / f"d{number % 400:03d}"
        if number < 400:
            folder.mkdir(parents=True)
        path = folder / f"file{number:06d}.bin"
        kind = chance.random()
        if kind < 0.30 and made:
            path.write_bytes(made[chance.randrange(len(made))].read_bytes())
        elif kind < 0.33 and made:
            os.link(made[chance.randrange(len(made))], path)
        elif kind < 0.43 and made:
            content = bytearray(made[chance.randrange(len(made))].read_bytes())
            if content:
                content[chance.choice((0, len(content) // 2, -1))] ^= 0xFF
            path.write_bytes(content)
        elif kind < 0.44:
            path.touch()
        else:
            size = int(chance.lognormvariate(9.0, 1.6)) + 1
            path.write_bytes(chance.randbytes(min(size, 4 << 20)))
        made.append(path)


def by_inode(groups: list[list[str]]) -> Groups:
    found = set()
    for group in groups:
        inodes = frozenset(str(os.stat(path).st_ino) for path in group)
        if len(inodes) > 1:
            found.add(inodes)
    return found


Peer = tuple[str, list[str], Callable[[bytes], list[list[str]]]]
"""Name, command (the tree comes last), and how its output is read."""


def of_jdupes(output: bytes) -> list[list[str]]:
    return [block.split("\n") for block in os.fsdecode(output).strip().split("\n\n") if block]


def of_rmlint(output: bytes) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for found in json.loads(output):
        if found.get("type") == "duplicate_file":
            groups.setdefault(found["checksum"], []).append(found["path"])
    return list(groups.values())


PEERS: tuple[Peer, ...] = (
    ("ours", [sys.executable, "-c", OURS], lambda output: json.loads(output)[0]),
    ("jdupes", ["jdupes", "-r", "-q", "-A"], of_jdupes),
    ("rmlint", ["rmlint", "-T", "df", "-o", "json:stdout", "--no-hardlinked"], of_rmlint),
)


def timed(peer: Peer, tree: Path) -> tuple[float, float, Groups]:
    """Return seconds by the clock and of the processor (user and system) of the whole command, and what it found."""
    _, command, read = peer
    used, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*command, str(tree)], cwd=ROOT, capture_output=True, check=True)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime - used.ru_utime + after.ru_stime - used.ru_stime, by_inode(read(done.stdout))


def compare(scratch: Path, files: int) -> None:
    tree = scratch / "tree"
    make_tree(tree, files)
    peers = [peer for peer in PEERS if shutil.which(peer[1][0])]
    for name in {peer[0] for peer in PEERS} - {peer[0] for peer in peers}:
        print(f"{name} is not installed: left out (apt-get install {name})")
    times: dict[str, list[tuple[float, float]]] = {peer[0]: [] for peer in peers}
    groups: Groups = set()
    for turn in range(TURNS):
        for peer in peers:
            name = peer[0]
            if name == "rmlint" and turn >= 2:  # it takes many times as long as the others
                continue
            clock, processor, found = timed(peer, tree)
            if name == "ours":
                groups = found
            assert found == groups, f"{name} found other groups: {len(found ^ groups)} differ"
            times[name].append((clock, processor))
    best = {name: [min(one[i] for one in taken) for i in range(2)] for name, taken in times.items()}
    figures = [
        Figure(f"the whole command, {kind}", best["ours"][i], "s", seconds[i], name)
        for i, kind in enumerate(("clock", "processor"))
        for name, seconds in best.items()
        if name != "ours"
    ]
    show(f"{len(groups)} groups of equal files among {files}, warm, best of {TURNS}; same groups", figures)
    for i, kind in enumerate(("clock", "processor")):
        others = [seconds[i] for name, seconds in best.items() if name != "ours"]
        if others:
            print(f"  ours / the faster, {kind}   {best['ours'][i] / min(others):.2f}   (target <= 1.3)")


def million(scratch: Path) -> None:
    tree = scratch / "tree"
    for folder in range(1000):
        (tree / f"d{folder:03d}").mkdir(parents=True)
        for number in range(1000):
            path = tree / f"d{folder:03d}" / f"a holiday picture {folder:03d} {number:04d}.jpg"
            path.write_bytes(b"%d" % (number * (folder % 700)))
    done = subprocess.run([sys.executable, "-c", OURS, str(tree)], cwd=ROOT, capture_output=True, check=True)
    groups, memory = json.loads(done.stdout)
    print(f"1,000,000 files, {len(groups)} groups: peak memory {memory} MB (all results kept; the hub stores them)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=60_000)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--scratch", type=Path, help="where to make the tree; a temporary folder if left out")
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="homie-duplicates-", dir=given.scratch))
    try:
        million(scratch) if given.million else compare(scratch, given.files)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
