"""Drive one run: gather steps into chunks, prepare, journal, carry out, tell how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import Refused, reason_of
from backend.file_organizer.execution.expansion import GROUP_LIMIT, Expansion
from backend.file_organizer.execution.journal import Entry, Journal
from backend.file_organizer.execution.journal_models import ActionState
from backend.file_organizer.execution.lease import HEARTBEAT
from backend.file_organizer.execution.preparation import PRODUCING, Preparation
from backend.file_organizer.execution.protocol import Execution
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.errors import HomieError
from backend.sdk.files import VolumePath, collision_key
from backend.sdk.ids import NewId

CHUNK_STEPS = 500
"""Renames in one journal commit: enough to keep its fsync off the critical path, few enough to cancel soon."""
COPY_STEPS = 100
"""The same for steps that copy, each of which takes far longer."""
SYNC_STEPS = 1000
"""Finished steps after which the folders are made durable: an fsync of many folders costs more than the renames."""
CHUNK_BYTES = 256 << 20
_ALONE = frozenset(("extract", "compress"))


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: operations and bytes, and what it works on."""

    done: int
    total: int
    bytes_done: int
    current: VolumePath | None


OnProgress = Callable[[RunProgress], None]
"""Called between chunks and during long copies; what it raises (`JobCancelled`) stops the run cleanly."""


class RunLoop:
    """Carry out the steps of one run, chunk by chunk."""

    def __init__(
        self,
        volumes: OpenVolumes,
        journal: Journal,
        boundaries: Boundaries,
        make_id: NewId,
        *,
        total: int,
        settle_seconds: float,
        verify: bool,
        chunk_steps: int,
        on_progress: OnProgress | None,
    ) -> None:
        self._volumes = volumes
        self._journal = journal
        self._make_id = make_id
        self._on_progress = on_progress
        self._total = total
        self._chunk_steps = chunk_steps
        self._preparation = Preparation(volumes, journal.run.id, make_id, settle_seconds, "trash")
        self._execution = Execution(volumes, journal, boundaries, self._count_bytes, verify)
        self._expansion = Expansion(volumes, make_id)
        self._unsynced: list[Entry] = []
        self._pending: list[Entry] = []
        self._steps_done: set[str] = set()
        self._current: VolumePath | None = None
        self.bytes_done = 0
        self.entries: list[Entry] = []

    def run(self, units: Iterable[list[Entry]]) -> None:
        """Carry out the units (a unit is one step, or a group that stays together) in their order."""
        chunk: list[Entry] = []
        touched: set[tuple[str | None, str]] = set()
        size = 0
        for unit in units:
            alone = any(
                (entry.folder and entry.op not in ("mkdir", "rmdir", "purge")) or entry.op in _ALONE for entry in unit
            )
            places = {place for entry in unit for place in _places(entry)}
            most = min(COPY_STEPS, self._chunk_steps) if any(map(_takes_long, unit)) else self._chunk_steps
            full = len(chunk) + len(unit) > most or size > CHUNK_BYTES
            if chunk and (alone or full or places & touched or (unit[0].op == "rmdir") != (chunk[0].op == "rmdir")):
                self._flush(chunk)
                chunk, size = [], 0
                touched.clear()
            if alone:
                self._run_alone(unit)
                continue
            chunk += unit
            touched |= places
            size += sum(entry.size or 0 for entry in unit if entry.source_volume != entry.target_volume)
        if chunk:
            self._flush(chunk)

    def take_pending(self) -> list[Entry]:
        """Return the finished entries, made durable, that are not committed as such yet; the caller commits them."""
        self._sync()
        return self._take_synced()

    def _sync(self) -> None:
        self._execution.sync()
        self._pending += self._unsynced
        self._unsynced = []

    def _take_synced(self) -> list[Entry]:
        pending, self._pending = self._pending, []
        return pending

    def _run_alone(self, unit: list[Entry]) -> None:
        """Carry out a unit with a folder or an archive: folders that cannot be renamed are taken apart."""
        steps: list[Entry] = []
        removals: list[Entry] = []
        for entry in unit:
            try:
                if self._expansion.is_needed(entry):
                    moves, emptied = self._expansion.expand(entry)
                    steps += moves
                    removals += emptied
                    continue
            except (Refused, HomieError, OSError) as error:
                entry.state, entry.error_code = ActionState.FAILED, reason_of(error)
            steps.append(entry)
        together = any(entry.group_key is not None for entry in steps)
        step = len(steps) if together else COPY_STEPS
        for start in range(0, len(steps), max(step, 1)):
            self._flush(steps[start : start + step])
        for start in range(0, len(removals), CHUNK_STEPS):
            self._flush(removals[start : start + CHUNK_STEPS])
        self._take_apart()

    def _take_apart(self) -> None:
        """Move file by file the folders that the kernel would not rename over a border which nothing else shows."""
        whole, self._execution.unexpanded = self._execution.unexpanded, []
        for entry in whole:
            entry.state = ActionState.ROLLED_BACK
            again = replace(entry, id=self._make_id(), state=ActionState.INTENT, error_code=None, seq=0)
            moves, removals = self._expansion.expand(again)
            for move in moves:
                move.crossing = move.op == "move"
            for steps in (moves, removals):
                for start in range(0, len(steps), GROUP_LIMIT):
                    self._flush(steps[start : start + GROUP_LIMIT])

    def _flush(self, asked: list[Entry]) -> None:
        self._tell()
        self._volumes.forget()
        entries = self._preparation.prepare(asked)
        self._journal.record(new=entries, changed=self._take_synced())
        open_entries = [entry for entry in entries if entry.state == ActionState.INTENT]
        self._execution.carry_out(entries)
        self._preparation.settle([*open_entries, *(one for one in entries if one.group_key is not None)])
        self._unsynced += open_entries
        if len(self._unsynced) >= SYNC_STEPS:
            self._sync()
        self.entries += entries
        self._steps_done.update(entry.step_id for entry in entries)
        last = entries[-1] if entries else None
        if last is not None and last.target_volume and last.target_path is not None:
            self._current = VolumePath(last.target_volume, last.target_path)
        self._prune_trash(entries)

    def _prune_trash(self, entries: list[Entry]) -> None:
        """Remove the trash folders that a restore or a purge emptied."""
        places = {
            (entry.source_volume or "", (entry.source_path or "").rpartition("/")[0])
            for entry in entries
            if entry.op in ("restore", "purge") and (entry.source_path or "").startswith(".homie/")
        }
        for volume, folder in sorted(places, reverse=True):
            self._volumes.prune_private(volume, folder)

    def _count_bytes(self, count: int) -> None:
        self.bytes_done += count
        self._journal.renew(HEARTBEAT)
        self._tell()

    def _tell(self) -> None:
        if self._on_progress is not None:
            done = min(len(self._steps_done), self._total)
            self._on_progress(RunProgress(done, self._total, self.bytes_done, self._current))


def _takes_long(entry: Entry) -> bool:
    """Tell whether a step copies: between drives, or because that is what it is asked to do."""
    volumes = {entry.source_volume, entry.target_volume} - {None}
    return entry.op in PRODUCING or len(volumes) > 1


def _places(entry: Entry) -> list[tuple[str | None, str]]:
    """Return the places that a step takes from or puts to, by collision key: two such steps need separate chunks."""
    places: list[tuple[str | None, str]] = []
    if entry.source_path is not None:
        places.append((entry.source_volume, collision_key(entry.source_path)))
    if entry.target_path is not None and entry.op != "mkdir":
        places.append((entry.target_volume, collision_key(entry.target_path)))
    return places
