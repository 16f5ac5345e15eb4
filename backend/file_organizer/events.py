"""What this module tells the household's clients, after commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backend.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class ScanProgressed(Event):
    """A scan goes on; a hint only, the job row tells the truth."""

    name: ClassVar[str] = "file_organizer.scan_progressed"
    durable: ClassVar[bool] = False
    plan_id: str
    files_seen: int


@dataclass(frozen=True, kw_only=True)
class PlanReady(Event):
    """A plan is complete and can be looked at."""

    name: ClassVar[str] = "file_organizer.plan_ready"
    plan_id: str
    items: int
    suggested: int
    asking: int
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Event):
    """Somebody accepted, rejected or changed suggestions of a plan."""

    name: ClassVar[str] = "file_organizer.plan_changed"
    plan_id: str
    changed: int


@dataclass(frozen=True, kw_only=True)
class PlanExecuted(Event):
    """A plan was carried out as one run."""

    name: ClassVar[str] = "file_organizer.plan_executed"
    plan_id: str
    run_id: str
    done: int
    failed: int
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class OperationsDone(Event):
    """Operations that somebody asked for by name were carried out as one run."""

    name: ClassVar[str] = "file_organizer.operations_done"
    run_id: str
    done: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class RunUndone(Event):
    """Files were put back where they came from."""

    name: ClassVar[str] = "file_organizer.run_undone"
    run_id: str
    undone: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class FilesFiled(Event):
    """Homie filed files of a watched folder by itself; the digest tells people, not this."""

    name: ClassVar[str] = "file_organizer.files_filed"
    plan_id: str
    run_id: str
    done: int


@dataclass(frozen=True, kw_only=True)
class WatchingChanged(Event):
    """A watched folder was added, changed or removed, or it is seen better or worse than before."""

    name: ClassVar[str] = "file_organizer.watching_changed"
    watched_id: str


@dataclass(frozen=True, kw_only=True)
class FolderTended(Event):
    """A watched folder was looked at: what was filed, what waits, what is still too young."""

    name: ClassVar[str] = "file_organizer.folder_tended"
    watched_id: str
    filed: int = 0
    waiting: int = 0
    settling: int = 0


@dataclass(frozen=True, kw_only=True)
class DigestReady(Event):
    """What Homie filed by itself since the last digest, and what waits for a person."""

    name: ClassVar[str] = "file_organizer.digest"
    filed: int
    waiting: int
    day: str


@dataclass(frozen=True, kw_only=True)
class DailyLimitReached(Event):
    """Homie was sure about more files than it may file by itself in a day; they wait."""

    name: ClassVar[str] = "file_organizer.daily_limit_reached"
    watched_id: str
    title: str
    limit: int
    held_back: int
    plan_id: str


@dataclass(frozen=True, kw_only=True)
class TrashEmptied(Event):
    """Things in the trash were removed for good; `by_itself`: because they had served their time."""

    name: ClassVar[str] = "file_organizer.trash_emptied"
    run_id: str
    removed: int
    failed: int
    by_itself: bool = False


@dataclass(frozen=True, kw_only=True)
class FilesVerified(Event):
    """Files were read again; `damaged`: the drive changed or could not read them."""

    name: ClassVar[str] = "file_organizer.files_verified"
    checked: int
    damaged: int
    changed: int
    gone: int


@dataclass(frozen=True, kw_only=True)
class DestinationLearned(Event):
    """The memory learned (or unlearned) where something belongs."""

    name: ClassVar[str] = "file_organizer.destination_learned"
    folder: str
    files: int
    liked: bool


@dataclass(frozen=True, kw_only=True)
class DriveAdded(Event):
    """A drive that was not connected is now; `returned` when it was known before."""

    name: ClassVar[str] = "file_organizer.drive_added"
    drive_id: str
    label: str
    mount_point: str
    returned: bool = False


@dataclass(frozen=True, kw_only=True)
class DriveStatus(Event):
    """A drive that stayed where it is stands otherwise: its purpose, its space, read-only, a question about a copy."""

    name: ClassVar[str] = "file_organizer.drive_status"
    drive_id: str
    label: str
    status: str = ""
    asks: bool = False


@dataclass(frozen=True, kw_only=True)
class MountsChanged(Event):
    """Something was plugged in or out on the machine; what, only administrators may ask."""

    name: ClassVar[str] = "file_organizer.mounts_changed"
    durable: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class DriveRemoved(Event):
    """A drive went away; its files are remembered, never taken as deleted."""

    name: ClassVar[str] = "file_organizer.drive_removed"
    drive_id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class RulesChanged(Event):
    """Somebody added, changed, ordered or deleted rules of the space."""

    name: ClassVar[str] = "file_organizer.rules_changed"
