"""A folder with what families have twice: equal files in several places, and pictures that look alike."""

from __future__ import annotations

import os
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter


def scene(seed: int, width: int = 900, height: int = 600) -> Image.Image:
    """Draw something with large and small shapes, as photographs have."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), _colour(chance, 60, 200))
    pen = ImageDraw.Draw(picture)
    for scale in (0.6, 0.35, 0.2, 0.1, 0.05):
        for _ in range(int(2 / scale)):
            x, y = chance.randrange(width), chance.randrange(height)
            w, h = int(width * scale * chance.uniform(0.4, 1)), int(height * scale * chance.uniform(0.4, 1))
            fill = _colour(chance, 0, 256)
            (pen.ellipse if chance.random() < 0.5 else pen.rectangle)((x - w, y - h, x + w, y + h), fill=fill)
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def _colour(chance: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return chance.randrange(low, high), chance.randrange(low, high), chance.randrange(low, high)


def make_copies(home: Path) -> Path:
    """Make copies below `home`: a film and a letter twice, a picture in three versions; return `home`."""
    film = os.urandom(3_000_000)
    for name in ("Films/Heat (1995).mkv", "Downloads/Heat (1995).mkv"):
        _write(home / name, film)
    for name in ("Documents/Letter to grandmother.txt", "Documents/Letter to grandmother (1).txt"):
        _write(home / name, b"Dear grandmother, " * 500)
    (home / "Pictures").mkdir(parents=True, exist_ok=True)
    for number in (1, 2):
        original = home / "Pictures" / f"Beach {number}.jpg"
        scene(number).save(original, quality=92)
        scene(number).resize((450, 300)).save(home / "Downloads" / f"IMG-20260301-WA000{number}.jpg", quality=60)
    scene(1).filter(ImageFilter.GaussianBlur(4)).save(home / "Pictures" / "Beach 1 again.jpg", quality=90)
    return home


def make_oddities(home: Path) -> Path:
    """Make what nobody needs below `home`: litter, an empty folder, an old download, a wrong ending."""
    _write(home / "Pictures/Thumbs.db", b"x" * 4000)
    _write(home / "Documents/~$Letter.docx", b"x" * 162)
    _write(home / "Downloads/film.mkv.part", b"x" * 2_000_000)
    _write(home / "Documents/notes (1).txt", b"notes")
    _write(home / "Documents/nothing.txt", b"")
    for name in ("Documents/~$Letter.docx", "Downloads/film.mkv.part", "Documents/nothing.txt"):
        os.utime(home / name, (1_600_000_000, 1_600_000_000))
    (home / "Pictures/2019/Summer").mkdir(parents=True, exist_ok=True)
    scene(9).save(home / "Pictures/shell.jpg", "PNG")
    return home


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
