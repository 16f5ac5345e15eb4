"""Organise 5,000 small files: `homie organize --apply` against the `organize-tool` package with jsonl output.

    python -m benchmarks.organize [--files 5000] [--rounds 3]

Both move the same text files into the same folder by type, each as a whole command from its start to its end. Ours
looks at the content of every file, journals every move and can undo it; theirs matches an extension. The results are
compared name by name before any time is shown. The peer gets its own environment below /tmp.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = Path("/tmp/homie-benchmark-organize-tool")
VERSION = "3.3.0"
RULE = """rules:
  - locations: {source}
    subfolders: false
    filters:
      - extension: [txt, log]
    actions:
      - move: {target}/
"""


def make_files(folder: Path, count: int) -> None:
    """Make small text files."""
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"note_{number:05d}.{'txt' if number % 2 else 'log'}").write_text(f"remember number {number}\n")


def snapshot(folder: Path) -> dict[str, str]:
    """Return name -> hash of the files in a folder."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}


def peer_command() -> str:
    """Install the peer once and return its command."""
    command = PEER / "bin" / "organize"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        subprocess.run([str(PEER / "bin" / "pip"), "install", "-q", f"organize-tool=={VERSION}"], check=True)
    return str(command)


def timed(command: list[str], environment: dict[str, str]) -> float:
    """Run a command and return its wall time in seconds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def run_ours(scratch: Path, number: int, count: int) -> tuple[float, dict[str, str]]:
    folder = scratch / f"ours{number}"
    make_files(folder, count)
    data = {"HOMIE_DATA_DIR": str(scratch / "data")}
    command = [sys.executable, "-m", "backend.cli", "organize", str(folder), "--apply", "--yes", "--json"]
    seconds = timed(command, data)
    return seconds, snapshot(folder / "Documents" / "Notes")


def run_peer(scratch: Path, number: int, count: int, command: str) -> tuple[float, dict[str, str]]:
    folder = scratch / f"peer{number}"
    make_files(folder, count)
    target = folder / "Documents" / "Notes"
    config = scratch / f"peer{number}.yaml"
    config.write_text(RULE.format(source=folder, target=target))
    seconds = timed([command, "run", str(config), "--format", "jsonl"], {})
    return seconds, snapshot(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    command = peer_command()
    scratch = Path(tempfile.mkdtemp(prefix="homie-organize-"))
    ours, peers = [], []
    try:
        subprocess.run(
            [sys.executable, "-m", "backend.cli", "history", "--json"],
            cwd=ROOT,
            env=os.environ | {"HOMIE_DATA_DIR": str(scratch / "data")},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        for number in range(given.rounds):
            our_time, our_files = run_ours(scratch, number, given.files)
            peer_time, peer_files = run_peer(scratch, number, given.files, command)
            assert len(our_files) == given.files, len(our_files)
            assert our_files == peer_files, "the results differ"
            ours.append(our_time)
            peers.append(peer_time)
    finally:
        shutil.rmtree(scratch)
    print(f"organise {given.files:,} small files, whole command, best of {given.rounds}")
    print(f"  homie organize --apply   {min(ours):6.2f} s   (journaled, undoable, content looked at)")
    print(f"  organize run (jsonl)     {min(peers):6.2f} s")
    print(f"  ratio                    {min(ours) / min(peers):6.2f}   (target <= 1.0)")


if __name__ == "__main__":
    main()
