"""Equal files in a tree of its own: ours against `jdupes` and `rmlint`, same groups first, then time.

python -m benchmarks.duplicates                60,000 files, 30 % of them copies, warm cache, best of three
python -m benchmarks.duplicates --files 100000 more files
python -m benchmarks.duplicates --million      peak memory of ours at 1,000,000 small files

The peers are Debian's packages: `apt-get install jdupes rmlint`; one that is absent is left out, and said so.
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

from benchmarks.report import Figure, show

ROOT = Path(__file__).resolve().parent.parent
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


def ours(tree: Path) -> Groups:
    done = subprocess.run([sys.executable, "-c", OURS, str(tree)], cwd=ROOT, capture_output=True, check=True)
    return by_inode(json.loads(done.stdout)[0])


def jdupes(tree: Path) -> Groups:
    done = subprocess.run(["jdupes", "-r", "-q", "-A", str(tree)], capture_output=True, text=True, check=True)
    return by_inode([block.split("\n") for block in done.stdout.strip().split("\n\n") if block])


def rmlint(tree: Path) -> Groups:
    command = ["rmlint", "-T", "df", "-o", "json:stdout", "--no-hardlinked", str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    groups: dict[str, list[str]] = {}
    for found in json.loads(done.stdout):
        if found.get("type") == "duplicate_file":
            groups.setdefault(found["checksum"], []).append(found["path"])
    return by_inode(list(groups.values()))


def best(find: Callable[[Path], Groups], tree: Path) -> tuple[float, Groups]:
    """Return the best of three times of the whole command, and what it found."""
    times, groups = [], set[frozenset[str]]()
    for _ in range(3):
        start = time.perf_counter()
        groups = find(tree)
        times.append(time.perf_counter() - start)
    return min(times), groups


def compare(scratch: Path, files: int) -> None:
    tree = scratch / "tree"
    make_tree(tree, files)
    peers = [peer for peer in (jdupes, rmlint) if shutil.which(peer.__name__)]
    for peer in (jdupes, rmlint):
        if peer not in peers:
            print(f"{peer.__name__} is not installed: left out (apt-get install {peer.__name__})")
    seconds, groups = best(ours, tree)
    figures, fastest = [], None
    for peer in peers:
        peer_seconds, peer_groups = best(peer, tree)
        assert peer_groups == groups, f"{peer.__name__} found other groups: {len(peer_groups ^ groups)} differ"
        fastest = min(fastest or peer_seconds, peer_seconds)
        figures.append(Figure(f"the whole command, beside {peer.__name__}", seconds, "s", peer_seconds, peer.__name__))
    show(f"{len(groups)} groups of equal files among {files}, warm, best of 3; same groups", figures)
    if fastest is not None:
        print(f"  ours / the faster   {seconds / fastest:.2f}   (target <= 1.3)")


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
