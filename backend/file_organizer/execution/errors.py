"""What can go wrong while executing, recovering and undoing.

    Conflict      RunInProgress, UndoNotPossible
    NotFound      ActionMissing
    InvalidInput  OperationNotPossible, ArchiveUnsafe (ArchiveTooLarge), ArchiveLocked, ArchiveToolMissing
    HomieError    LeaseLost (another process took the run over: this one stops at once)

What happens to a single file does not raise: it is a row of the journal with a `Reason`.
"""

from __future__ import annotations

import enum
import errno
from collections.abc import Mapping

from backend.sdk.errors import Conflict, FieldProblem, HomieError, InvalidInput, NotFound
from backend.sdk.files import VolumeAway


class RunInProgress(Conflict):
    """The same plan is being executed right now, here or in another process."""

    code, message = "run_in_progress", "This plan is being carried out right now. Wait until it is finished."


class UndoNotPossible(Conflict):
    """Nothing that could be taken back, or it was taken back already."""

    code, message = "undo_not_possible", "There is nothing left to undo here."


class ActionMissing(NotFound):
    """No such run or action in the history of this caller."""

    code, message = "action_missing", "This is not in the history."


class OperationNotPossible(InvalidInput):
    """An operation of the plan can never be carried out as it is written."""

    code, message = "operation_not_possible", "One of the steps cannot be carried out."

    def __init__(self, field: str, problem: str, remedy: str = "Change or remove this step.") -> None:
        super().__init__(fields=(FieldProblem(field, problem, remedy),))


class LeaseLost(HomieError):
    """Another process recovered this run; the one that held it stops."""

    code, status, message = "lease_lost", 409, "Another process took this run over."


class ArchiveUnsafe(InvalidInput):
    """The archive is damaged, or would write outside its folder, or unpacks to far more than it should."""

    code, message = "archive_unsafe", "This archive is not safe to unpack, so it was left alone."


class ArchiveTooLarge(ArchiveUnsafe):
    """The archive, with those inside, unpacks to more than any honest one."""


class ArchiveLocked(InvalidInput):
    """The archive, or something in it, is locked with a password; Homie asks for none and guesses none."""

    code, message = "archive_locked", "It is locked with a password; Homie leaves it packed."


class ArchiveToolMissing(InvalidInput):
    """The library that reads this kind of archive is not installed."""

    code = "archive_tool_missing"
    message = "This kind of archive needs the library libarchive. Install the package libarchive-tools."


class Reason(enum.StrEnum):
    """Say why a step was skipped, failed or taken back; stored in `file_actions.error_code`."""

    TARGET_EXISTS = "target_exists"
    SAME_NAME_ON_OTHER_DRIVES = "same_name_on_other_drives"
    SOURCE_MISSING = "source_missing"
    SOURCE_CHANGED = "source_changed"
    FILE_IN_USE = "file_in_use"
    NOT_A_REGULAR_FILE = "not_a_regular_file"
    NAME_NOT_POSSIBLE = "name_not_possible"
    PATH_NOT_ALLOWED = "path_not_allowed"
    PERMISSION_DENIED = "permission_denied"
    READ_ONLY = "drive_read_only"
    DRIVE_AWAY = "drive_away"
    DRIVE_FULL = "drive_full"
    DRIVE_ERROR = "drive_error"
    COPY_NOT_VERIFIED = "copy_not_verified"
    NO_ROOM = "no_room"
    ARCHIVE_UNSAFE = "archive_unsafe"
    ARCHIVE_LOCKED = "archive_locked"
    ARCHIVE_TOOL_MISSING = "archive_tool_missing"
    GROUP_INCOMPLETE = "group_incomplete"
    INTO_ITSELF = "into_itself"
    NOT_EMPTY = "not_empty"
    CHANGED_SINCE = "changed_since"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    ALREADY_THERE = "already_there"
    KEEPER_GONE = "keeper_gone"
    KEEPER_DIFFERS = "keeper_differs"


EXPLANATIONS: Mapping[str, str] = {
    Reason.TARGET_EXISTS: "There is something with this name at the destination already.",
    Reason.SAME_NAME_ON_OTHER_DRIVES: "A name that other drives take for the same (capitals, accents) is there.",
    Reason.SOURCE_MISSING: "The file is not there any more.",
    Reason.SOURCE_CHANGED: "The file changed since the plan was made. Scan the folder again.",
    Reason.FILE_IN_USE: "A program is still writing to this file. Try again when it is finished.",
    Reason.NOT_A_REGULAR_FILE: "This is not an ordinary file or folder, so Homie leaves it alone.",
    Reason.NAME_NOT_POSSIBLE: "The destination drive cannot store this name. Choose a shorter or simpler one.",
    Reason.PATH_NOT_ALLOWED: "A link is in the way, or the path is not inside one of your folders.",
    Reason.PERMISSION_DENIED: "Homie has no permission for this. Change the permissions of the folder.",
    Reason.READ_ONLY: "This drive or folder can only be read.",
    Reason.DRIVE_AWAY: "The drive is not connected. Connect it and run this again.",
    Reason.DRIVE_FULL: "The destination drive is full. Make room and run this again.",
    Reason.DRIVE_ERROR: "The drive reported an error. The original was kept; check the drive.",
    Reason.COPY_NOT_VERIFIED: "The copy did not match the original. The original was kept; check the drive.",
    Reason.NO_ROOM: "There is not enough room on the drive, of which Homie leaves a part free. Nothing was written.",
    Reason.ARCHIVE_UNSAFE: "This archive is damaged or not safe to unpack, so it was left alone.",
    Reason.ARCHIVE_LOCKED: ArchiveLocked.message,
    Reason.ARCHIVE_TOOL_MISSING: ArchiveToolMissing.message,
    Reason.GROUP_INCOMPLETE: "Files that belong together stay together, and one of them could not be moved.",
    Reason.INTO_ITSELF: "A folder cannot be moved into itself.",
    Reason.NOT_EMPTY: "The folder is not empty, so it was kept.",
    Reason.CHANGED_SINCE: "It was changed since Homie put it there. Choose 'keep both' to restore it anyway.",
    Reason.INTERRUPTED: "This step was interrupted before it changed anything; it can be run again.",
    Reason.CANCELLED: "The run was stopped before this step.",
    Reason.ALREADY_THERE: "It is in this place already.",
    Reason.KEEPER_GONE: "The copy that was to stay is not there any more, so this one was kept.",
    Reason.KEEPER_DIFFERS: "The copy that was to stay is no longer the same, so this one was kept.",
}
"""What people are told for each reason."""


class Refused(Exception):
    """This step is not done, for a reason that is journaled."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


_BY_ERRNO: Mapping[int, Reason] = {
    errno.EEXIST: Reason.TARGET_EXISTS,
    errno.ENOTEMPTY: Reason.NOT_EMPTY,
    errno.ENOENT: Reason.SOURCE_MISSING,
    errno.ENOSPC: Reason.DRIVE_FULL,
    errno.EDQUOT: Reason.DRIVE_FULL,
    errno.EROFS: Reason.READ_ONLY,
    errno.EACCES: Reason.PERMISSION_DENIED,
    errno.EPERM: Reason.PERMISSION_DENIED,
    errno.ENAMETOOLONG: Reason.NAME_NOT_POSSIBLE,
    errno.EILSEQ: Reason.NAME_NOT_POSSIBLE,
    errno.EINVAL: Reason.NAME_NOT_POSSIBLE,
    errno.ELOOP: Reason.PATH_NOT_ALLOWED,
    errno.ENOTDIR: Reason.PATH_NOT_ALLOWED,
}


def reason_of(error: Exception) -> Reason:
    """Return the journaled reason for an error of one step.

    What concerns the whole run is passed on and ends it: a drive that is away, a lost lease, the database.
    """
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, HomieError):
        if isinstance(error, VolumeAway) or error.code not in Reason._value2member_map_:
            raise error
        return Reason(error.code)
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, Reason.DRIVE_ERROR)
    raise error
