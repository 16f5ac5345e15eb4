"""Real filesystems in files, plugged in and out as sticks are. Needs root and loop devices."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


@dataclass
class Sticks:
    """Images below `base`, and where they are mounted."""

    base: Path
    mounted: list[Path] = field(default_factory=list)

    def make(self, name: str, *, megabytes: int = 8, label: str = "HOLIDAYS") -> Path:
        """Make an image with an empty filesystem."""
        image = self.base / f"{name}.img"
        with image.open("wb") as file:
            file.truncate(megabytes << 20)
        run("mkfs.ext4", "-q", "-F", "-m", "0", "-L", label, image)
        return image

    def clone(self, image: Path, name: str) -> Path:
        """Copy an image bit by bit, as `dd` does."""
        copy = self.base / f"{name}.img"
        shutil.copyfile(image, copy)
        return copy

    def plug(self, image: Path, point: Path, *, read_only: bool = False) -> Path:
        """Mount an image."""
        point.mkdir(parents=True, exist_ok=True)
        options = "loop,ro" if read_only else "loop"
        done = subprocess.run(["mount", "-o", options, str(image), str(point)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"loop mounts are not possible here: {done.stderr.decode()}")
        self.mounted.append(point)
        return point

    def pull(self, point: Path) -> None:
        """Take a stick away as a hand does: at once, whatever is going on."""
        run("umount", "-l", point)
        self.mounted.remove(point)

    def leave(self) -> None:
        """Unmount everything."""
        for point in reversed(self.mounted):
            subprocess.run(["umount", "-l", str(point)], check=False, capture_output=True)


def sticks_or_skip(base: Path) -> Sticks:
    """Return a place for sticks, or skip where none can be mounted."""
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        pytest.skip("needs root and mkfs.ext4 for a loop mount")
    return Sticks(base)
