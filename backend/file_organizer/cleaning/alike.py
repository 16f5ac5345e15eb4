"""Which pictures look alike: two hashes of 64 bits and a grey grid must agree, so that a guess is seldom wrong.

The best picture (most pixels, then the sharpest) leads; others join the first leader that they look like, so every
picture of a group looks like the one that stays, and no chain of small steps joins what is different. The index finds
leaders within the distance of the first hash without comparing every pair: of four parts of 16 bits at least one
differs in no more than two bits (pigeonhole), so the neighbours of each part are looked up.

Thresholds were chosen on pictures made for that (`tests/file_organizer/test_alike.py`): resized, recompressed, slightly
brightened or cropped ones are below, different ones well above. Pages of text have little contrast in what the hashes
see; the grid tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

LOW_DISTANCE = 10
STEPS_DISTANCE = 12
GRID_DISTANCE = 0.30
"""Mean difference of two grids, each in its own standard deviations."""
BURST_LOW, BURST_STEPS, BURST_GRID = 18, 20, 0.60
"""A series of one camera within `BURST_SECONDS` may differ more: somebody moved."""
BURST_SECONDS = 2
LEAST_CONTRAST = 6.0
"""A picture of one colour looks like every other one."""
_PARTS = 4
_FLIPS = [0, *(1 << a for a in range(16)), *(1 << a | 1 << b for a, b in combinations(range(16), 2))]


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture looks like. `key`: the caller's name for it; `taken`: seconds, None if unknown."""

    key: int
    width: int
    height: int
    low: int
    steps: int
    grid: bytes
    contrast: float
    sharpness: float
    taken: int | None
    camera: str
    size: int

    @classmethod
    def of(cls, key: int, size: int, said: dict[str, Any]) -> Look | None:
        """Return what the picture process said, None where a picture cannot be compared."""
        if "grid" not in said or float(said["contrast"]) < LEAST_CONTRAST:
            return None
        return cls(
            key,
            int(said["width"]),
            int(said["height"]),
            int(said["low"], 16),
            int(said["steps"], 16),
            bytes.fromhex(said["grid"]),
            float(said["contrast"]),
            float(said["sharpness"]),
            _seconds(str(said["taken"])),
            str(said["camera"]),
            size,
        )


@dataclass(slots=True)
class AlikeGroup:
    """Pictures that look like the first one, which is the best. `sharpest`: it is as large as the next, but sharper."""

    pictures: list[Look]
    sharpest: bool = False


def groups_of(pictures: Iterable[Look]) -> Iterator[AlikeGroup]:
    """Yield the groups of pictures that look alike."""
    ordered = sorted(pictures, key=lambda one: (-_rough_pixels(one), -one.sharpness, -one.size, one.key))
    leaders = _Leaders()
    found: dict[int, AlikeGroup] = {}
    for picture in ordered:
        leader = leaders.like(picture)
        if leader is None:
            leaders.add(picture)
            found[picture.key] = AlikeGroup([picture])
        else:
            found[leader.key].pictures.append(picture)
    for group in found.values():
        if len(group.pictures) > 1:
            first, second = group.pictures[:2]
            group.sharpest = _rough_pixels(first) == _rough_pixels(second)
            yield group


def _rough_pixels(picture: Look) -> int:
    """Return the number of pixels in steps of some percent: nobody sees less."""
    pixels = picture.width * picture.height
    return pixels >> max(0, pixels.bit_length() - 5) << max(0, pixels.bit_length() - 5)


def look_alike(one: Look, other: Look) -> bool:
    """Tell whether two pictures show the same, or belong to one series of a camera."""
    low, steps = (one.low ^ other.low).bit_count(), (one.steps ^ other.steps).bit_count()
    if low <= LOW_DISTANCE and steps <= STEPS_DISTANCE and _grid_distance(one, other) <= GRID_DISTANCE:
        return _same_shape(one, other)
    return (
        _one_series(one, other)
        and low <= BURST_LOW
        and steps <= BURST_STEPS
        and _grid_distance(one, other) <= BURST_GRID
    )


def _same_shape(one: Look, other: Look) -> bool:
    """Tell whether width and height relate alike: a slight crop changes that by a few percent."""
    mine, theirs = one.width / one.height, other.width / other.height
    return abs(mine - theirs) <= 0.12 * max(mine, theirs)


def _one_series(one: Look, other: Look) -> bool:
    if one.taken is None or other.taken is None or not one.camera or one.camera != other.camera:
        return False
    return abs(one.taken - other.taken) <= BURST_SECONDS


def _grid_distance(one: Look, other: Look) -> float:
    """Return how far two grids differ, with brightness and contrast taken out."""
    count = len(one.grid)
    mine, theirs = sum(one.grid) / count, sum(other.grid) / count
    scale, other_scale = 1 / one.contrast, 1 / other.contrast
    return sum(
        abs((a - mine) * scale - (b - theirs) * other_scale) for a, b in zip(one.grid, other.grid, strict=True)
    ) / count  # fmt: skip


class _Leaders:
    """Find the first leader that a picture looks like."""

    def __init__(self) -> None:
        self._leaders: list[Look] = []
        self._parts: list[dict[int, list[int]]] = [{} for _ in range(_PARTS)]
        self._series: dict[tuple[str, int], list[int]] = {}

    def add(self, picture: Look) -> None:
        """Let a picture lead."""
        place = len(self._leaders)
        self._leaders.append(picture)
        for part, table in zip(_parts(picture.low), self._parts, strict=True):
            table.setdefault(part, []).append(place)
        if picture.taken is not None and picture.camera:
            self._series.setdefault((picture.camera, picture.taken), []).append(place)

    def like(self, picture: Look) -> Look | None:
        """Return the best leader that the picture looks like."""
        for place in sorted(self._near(picture)):
            if look_alike(self._leaders[place], picture):
                return self._leaders[place]
        return None

    def _near(self, picture: Look) -> set[int]:
        near: set[int] = set()
        leaders, low = self._leaders, picture.low
        for part, table in zip(_parts(low), self._parts, strict=True):
            for flip in _FLIPS:
                for place in table.get(part ^ flip, ()):
                    if (leaders[place].low ^ low).bit_count() <= LOW_DISTANCE:
                        near.add(place)
        if picture.taken is not None and picture.camera:
            for second in range(picture.taken - BURST_SECONDS, picture.taken + BURST_SECONDS + 1):
                near.update(self._series.get((picture.camera, second), ()))
        return near


def _parts(low: int) -> Sequence[int]:
    return [low >> shift & 0xFFFF for shift in (0, 16, 32, 48)]


def _seconds(taken: str) -> int | None:
    """Return EXIF's "2026:03:04 10:11:12" in seconds; None for anything else."""
    try:
        return int((datetime.strptime(taken, "%Y:%m:%d %H:%M:%S") - datetime(1970, 1, 1)).total_seconds())
    except ValueError:
        return None
