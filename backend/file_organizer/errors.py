"""What can go wrong while thinking about files; execution has its own errors beside the executor.

NotFound      PlanMissing, PlanItemMissing, DriveMissing, MappingMissing, RunMissing, FolderRuleMissing
Conflict      PlanStale (the folder changed since the plan was made), PlanClosed (already executed or discarded)
NotFound      PlanMissing, PlanItemMissing, DriveMissing, MappingMissing, RunMissing, TrashItemMissing
Conflict      PlanStale (the folder changed since the plan was made), PlanClosed (already executed or discarded),
              DriveNotAsked
InvalidInput  DestinationNotUsable (a folder that cannot or must not be used), FolderNotScannable, MemoryFileInvalid
Unavailable   DriveOffline
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, InvalidInput, NotFound, Unavailable


class PlanMissing(NotFound):
    """No such plan for this caller."""

    code, message = "plan_missing", "This plan does not exist."


class PlanItemMissing(NotFound):
    """No such item in the plan."""

    code, message = "plan_item_missing", "This suggestion does not exist."


class MappingMissing(NotFound):
    """No such learned destination or series."""

    code, message = "mapping_missing", "Homie has not learned this."


class DriveMissing(NotFound):
    """No such drive among those seen for this caller."""

    code, message = "drive_missing", "This drive is not known."


class DriveNotAsked(Conflict):
    """Nothing is asked about this drive, or no longer, or not about this place."""

    code, message = "drive_not_asked", "Nothing is asked about this drive any more. Look at the drives again."


class RunMissing(NotFound):
    """No such run in the history."""

    code, message = "run_missing", "This run is not in the history."


class FolderRuleMissing(NotFound):
    """No such rule about what an AI may be told."""

    code, message = "folder_rule_missing", "There is no such rule for a folder."


class TrashItemMissing(NotFound):
    """Not in the trash of this caller, or not any more."""

    code, message = "trash_item_missing", "This is not in the trash any more."


class PlanStale(Conflict):
    """The files are no longer as they were when the plan was made; a fresh scan is needed."""

    code, message = "plan_stale", "The folder changed since this plan was made. Scan it again."


class PlanClosed(Conflict):
    """The plan was executed or discarded and cannot be edited or run again."""

    code, message = "plan_closed", "This plan is closed and can no longer be changed."


class DestinationNotUsable(InvalidInput):
    """The destination is not a folder that Homie may file into."""

    code, message = "destination_not_usable", "This destination cannot be used."


class FolderNotScannable(InvalidInput):
    """The folder to organise is absent, not a folder, or may not be read."""

    code, message = "folder_not_scannable", "This folder cannot be organised."


class MemoryFileInvalid(InvalidInput):
    """What should be imported into the memory is not what the memory exports."""

    code, message = "memory_file_invalid", "This file does not hold what Homie learned."


class DriveOffline(Unavailable):
    """The drive that holds the files is not connected; nothing is taken as deleted."""

    code, message = "drive_offline", "The drive of these files is not connected. Connect it and try again."
