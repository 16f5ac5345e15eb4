"""Somebody else who works in the same folders: writes on in files, renames them, makes some where ours are to go."""

from __future__ import annotations

import hashlib
import os
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from backend.file_organizer.execution.operations import Copy, Extract, Move, Operation, Rename
from tests.file_organizer.execution.world import World


def meddle(world: World, plan: Sequence[Operation], expected: Counter[tuple[str, str]], chance: random.Random) -> None:
    """Do one thing that people do, and put into `expected` what has to be there after it."""
    path = chance.choice([p for top in (world.home, world.other) for p in sorted(top.rglob("*")) if _is_theirs(p)])
    what = chance.choice(("write", "appear", "rename"))
    if what == "appear" or path.is_symlink() or not path.is_file():
        _make(world, plan, expected, chance)
    elif what == "rename":
        path.rename(path.with_name(f"renamed by somebody {chance.randrange(10**9)}"))
    else:
        old, names = path.read_bytes(), path.stat().st_nlink
        with path.open("ab") as file:
            file.write(b" and more")
        expected[_key(old)] -= names
        expected[_key(old + b" and more")] += names


def _is_theirs(path: Path) -> bool:
    return ".homie" not in str(path) and "untouched" not in path.parts


def _key(content: bytes) -> tuple[str, str]:
    return "file", hashlib.sha256(content).hexdigest()


def _make(world: World, plan: Sequence[Operation], expected: Counter[tuple[str, str]], chance: random.Random) -> None:
    tops = {world.home_id: world.home, world.other_id: world.other}
    operation = chance.choice([op for op in plan if isinstance(op, Move | Copy | Extract | Rename)])
    target = tops[operation.target.volume_id] / operation.target.relpath
    if target.parent.is_dir() and not os.path.lexists(target):
        body = f"by somebody else {chance.randrange(10**9)}".encode()
        target.write_bytes(body)
        expected[_key(body)] += 1
