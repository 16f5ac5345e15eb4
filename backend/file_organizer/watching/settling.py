"""Tell whether something was left alone long enough to be filed."""

from __future__ import annotations

import os
import time

from backend.file_organizer.planning.collector import Find

_MOST_ENTRIES = 20_000


class Settling:
    """Judge finds by the time of their last change of any kind (`ctime`, which every write and rename renews).

    `young` counts those that must wait; `ready_in` is the number of seconds until the first of them may be looked at
    again, None if none waits.
    """

    def __init__(self, settle_seconds: float, now: float | None = None) -> None:
        self._settle = settle_seconds
        self._now = now if now is not None else time.time()
        self.young = 0
        self.ready_in: float | None = None

    def settled(self, find: Find) -> bool:
        """Tell whether every file of a find is old enough; otherwise note that it waits."""
        changed = self._last_change(find)
        if changed is None:
            return False  # gone since it was listed
        age = self._now - changed
        # Where a network drive's clock runs ahead, files seem to come from the future; they count as that far away.
        if abs(age) >= self._settle:
            return True
        self.young += 1
        wait = self._settle - age
        self.ready_in = wait if self.ready_in is None else min(self.ready_in, wait)
        return False

    def _last_change(self, find: Find) -> float | None:
        base = find.folder.rstrip("/")
        if find.group is None:
            return _newest_inside(f"{base}/{find.name}")
        names = [find.group.lead.name, *(entry.name for entry in find.group.companions)]
        try:
            newest = max(os.lstat(f"{base}/{name}").st_ctime for name in names)
        except OSError:
            return None
        inside = [_newest_inside(f"{base}/{name}") for name in find.group.folders]
        return max([newest, *(time for time in inside if time is not None)])


def _newest_inside(folder: str) -> float | None:
    """Return the newest change of a folder or anything in it, at most `_MOST_ENTRIES` of them."""
    try:
        newest = os.lstat(folder).st_ctime
    except OSError:
        return None
    seen, stack = 0, [folder]
    while stack and seen < _MOST_ENTRIES:
        try:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    seen += 1
                    newest = max(newest, entry.stat(follow_symlinks=False).st_ctime)
                    if entry.is_dir(follow_symlinks=False):
                        stack.append(entry.path)
        except OSError:
            continue
    return newest
