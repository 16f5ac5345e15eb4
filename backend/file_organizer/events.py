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
class DriveChanged(Event):
    """Somebody said what a drive is for, or its space changed much."""

    name: ClassVar[str] = "file_organizer.drive_changed"
    drive_id: str
    label: str


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
