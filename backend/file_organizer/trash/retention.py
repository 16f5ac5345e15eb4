"""Which things in the trash have served their time: older than the owner keeps them, or the oldest on a full drive.

Nothing is decided about a drive that is away or may only be read: its trash is kept until it is back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.file_organizer.settings import OwnerSettings
from backend.file_organizer.trash.trash_can import TrashCan
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import AllowedRoot, OwnerRoots

FULL_FROM = 0.95
"""From this share of a drive on, its trash makes room if the owner wants that."""
KEPT_AT_LEAST = timedelta(days=1)
"""What was put into the trash later than this is never removed to make room."""


@dataclass(frozen=True, slots=True)
class Due:
    """What may go: `expired` is past its time, `for_room` makes room on a full drive."""

    expired: tuple[str, ...] = ()
    for_room: tuple[str, ...] = ()

    @property
    def ids(self) -> list[str]:
        """Return all of it."""
        return [*self.expired, *self.for_room]


def what_is_due(trash: TrashCan, actor: Actor, roots: OwnerRoots, settings: OwnerSettings, now: datetime) -> Due:
    """Return what the owner's retention lets go now. Looks at the drives."""
    here = [root for root in roots.roots if root.writable and run_blocking(_is_here, root)]
    expired: list[str] = []
    if settings.trash_days > 0:
        until = now - timedelta(days=settings.trash_days)
        expired = trash.ids(actor, [root.volume_id for root in here], until=until)
    for_room: list[str] = []
    if settings.trash_makes_room:
        taken = set(expired)
        for root in here:
            oldest = trash.oldest(actor, root.volume_id, now - KEPT_AT_LEAST)
            for_room += _enough_of(
                [one for one in oldest if one[0] not in taken], run_blocking(bytes_wanted, root.path)
            )
    return Due(tuple(expired), tuple(for_room))


def bytes_wanted(path: str) -> int:
    """Return how many bytes must become free until the drive of `path` is below `FULL_FROM`; 0 when it is."""
    space = os.statvfs(path)
    size, free = space.f_blocks * space.f_frsize, space.f_bavail * space.f_frsize
    return max(0, round(size * (1 - FULL_FROM)) - free)


def _enough_of(oldest: list[tuple[str, int]], wanted: int) -> list[str]:
    chosen: list[str] = []
    for action_id, size in oldest:
        if wanted <= 0:
            break
        chosen.append(action_id)
        wanted -= size
    return chosen


def _is_here(root: AllowedRoot) -> bool:
    return root.online
