"""Scan of 100,000 files: ours against `find -printf` and `os.walk` + stat; `--million` shows peak memory at a million.

python -m benchmarks.scan            three scanners over the same warm tree, best of three, and the ratio to find
python -m benchmarks.scan --million  one scan of 1,000,000 files (half of them in one folder) in a fresh process
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def make_tree(root: Path, folders: int, files: int) -> None:
    """Make `folders` folders of `files` empty files each."""
    for folder in range(folders):
        path = root / f"d{folder // 100:03d}" / f"d{folder % 100:02d}"
        path.mkdir(parents=True)
        for number in range(files):
            os.close(os.open(path / f"file{number:04d}.txt", os.O_CREAT | os.O_WRONLY))


def ours(root: Path) -> int:
    from backend.file_organizer.planning.scanner import Scanner

    return sum(len(folder.files) for folder in Scanner(str(root)))


def find(root: Path) -> int:
    command = ["find", str(root), "-type", "f", "-printf", "%p %s %T@ %i\n"]
    return subprocess.run(command, capture_output=True, check=True).stdout.count(b"\n")


def walk(root: Path) -> int:
    total = 0
    for folder, _, files in os.walk(root):
        for name in files:
            os.stat(os.path.join(folder, name), follow_symlinks=False)
            total += 1
    return total


def best(scan: Callable[[Path], int], root: Path, expected: int) -> float:
    """Return the best of three times, after checking that every file was seen."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        seen = scan(root)
        times.append(time.perf_counter() - start)
        assert seen == expected, (scan.__name__, seen, expected)
    return min(times)


def compare(scratch: Path) -> None:
    tree = scratch / "tree"
    make_tree(tree, 1000, 100)
    figures = {scan.__name__: best(scan, tree, 100_000) for scan in (find, walk, ours)}
    print("scan of 100,000 files in 1,000 folders, warm, best of 3")
    for name, seconds in figures.items():
        print(f"  {name:5s} {seconds:7.3f} s   {100_000 / seconds:10,.0f} files/s")
    print(f"  ours / find   {figures['ours'] / figures['find']:.2f}   (target <= 2.0)")
    print(f"  ours / walk   {figures['ours'] / figures['walk']:.2f}")


PROBE = (
    "import resource, sys, time; from backend.file_organizer.planning.scanner import Scanner; "
    "t = time.perf_counter(); n = sum(len(f.files) for f in Scanner(sys.argv[1])); "
    "print(n, time.perf_counter() - t, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def million(scratch: Path) -> None:
    tree = scratch / "tree"
    make_tree(tree, 500, 1000)
    flat = tree / "flat"
    flat.mkdir()
    for number in range(500_000):
        os.close(os.open(flat / f"file{number:06d}.txt", os.O_CREAT | os.O_WRONLY))
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tree)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    count, seconds, memory = done.stdout.split()
    assert int(count) == 1_000_000
    print(f"scan of 1,000,000 files: {float(seconds):.2f} s, peak memory {float(memory):.0f} MB (target < 250 MB)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--scratch", type=Path, help="where to make the tree; a temporary folder if left out")
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="homie-scan-", dir=given.scratch))
    try:
        (million if given.million else compare)(scratch)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
