"""Bring the index of one space up to date: every granted folder, as thoroughly as is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from backend.file_organizer.index.file_index import FileIndex, VolumeState
from backend.file_organizer.index.rescan import Change, LookReport
from backend.file_organizer.mounts import mount_of, read_mounts
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.files import AllowedRoot, OwnerRootsSource, VolumeAway

FULL_EVERY = timedelta(hours=20)
"""A look at every single file is due once a day; a little less, so that a nightly look is never just too early."""
_TRUSTED = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "zfs", "f2fs", "bcachefs", "overlay", "jfs"})
"""Filesystems on which a folder's time changes with every entry; on all others each look is a full one,
and lists every folder."""


@dataclass(slots=True)
class RefreshReport:
    """What a refresh did, over all granted folders. `away`: drives not connected; `busy`: being looked at already.

    `moved`: files that a person moved outside Homie; `learned`: how many of these were new to the memory.
    """

    volumes: int = 0
    away: int = 0
    busy: int = 0
    folders: int = 0
    came: int = 0
    gone: int = 0
    changed: int = 0
    unreadable: int = 0
    moved: int = 0
    learned: int = 0

    def add(self, look: LookReport) -> None:
        """Count one look."""
        self.volumes += 1
        for name in ("folders", "came", "gone", "changed", "unreadable"):
            setattr(self, name, getattr(self, name) + getattr(look, name))


OnVolumeChange = Callable[[AllowedRoot, Change], None]


class IndexRefresh:
    """Refresh the index of the space that an actor acts in."""

    def __init__(self, index: FileIndex, roots: OwnerRootsSource, clock: Clock) -> None:
        self._index = index
        self._roots = roots
        self._clock = clock

    def run(
        self,
        actor: Actor,
        *,
        full: bool = False,
        on_change: OnVolumeChange | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> RefreshReport:
        """Look at every folder of the space; a drive that is away is passed over, nothing is concluded about it."""
        here = actor.only_in(actor.owner_id)
        roots = self._roots.for_actor(here).roots
        self._index.forget(here, [root.volume_id for root in roots])
        known = {state.volume_id: state for state in self._index.states(here)}
        report, mounts = RefreshReport(), read_mounts()
        for root in _distinct(roots):
            mount = mount_of(root.path, mounts)
            doubtful = mount is None or mount.filesystem not in _TRUSTED
            try:
                look = self._index.look(
                    here,
                    root,
                    full=full or doubtful or self._due(known.get(root.volume_id)),
                    exact=not doubtful,
                    on_change=_bound(on_change, root),
                    on_progress=_counting(on_progress, report.folders),
                )
            except VolumeAway:
                report.away += 1
                continue
            if look is None:
                report.busy += 1
            else:
                report.add(look)
        return report

    def _due(self, state: VolumeState | None) -> bool:
        return state is None or state.full_at is None or self._clock.now() - state.full_at > FULL_EVERY


def _distinct(roots: Sequence[AllowedRoot]) -> list[AllowedRoot]:
    """Return one root per volume: a folder may be granted twice."""
    return list({root.volume_id: root for root in roots}.values())


def _counting(on_progress: Callable[[int], None] | None, before: int) -> Callable[[LookReport], None] | None:
    if on_progress is None:
        return None
    tell = on_progress
    return lambda look: tell(before + look.folders)


def _bound(on_change: OnVolumeChange | None, root: AllowedRoot) -> Callable[[Change], None] | None:
    if on_change is None:
        return None
    tell = on_change
    return lambda change: tell(root, change)
