"""What may go wrong with files, each with a remedy in plain words.

PathNotAllowed   path_not_allowed   403   outside of the owner's folders, or not a path at all (never told apart)
NameNotPossible  name_not_possible  422   too long, reserved, or with a character that no drive takes
VolumeAway       drive_away         503   the drive (or its marker) is not there: nothing is concluded from that
VolumeReadOnly   drive_read_only    409
TargetExists     target_exists      409
SourceChanged    source_changed     409   not the file that was seen when the plan was made
FileInUse        file_in_use        409   somebody is still writing to it
NotARegularFile  not_a_regular_file 422   FIFO, socket, device: never opened, never moved
CopyNotVerified  copy_not_verified  500   what was read back differs from what was written
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, FieldProblem, HomieError, InvalidInput, NotAllowed, Unavailable


class PathNotAllowed(NotAllowed):
    """The text names no place inside the owner's folders; the same answer whether or not something is there."""

    code, message = "path_not_allowed", "This path is not inside one of your folders."

    def __init__(self, message: str | None = None, *, field: str = "path") -> None:
        remedy = "Give the full path of something inside a folder that was opened for you in Homie."
        super().__init__(message, fields=(FieldProblem(field, message or type(self).message, remedy),))


class NameNotPossible(InvalidInput):
    """A file or folder cannot be called that."""

    code, message = "name_not_possible", "A file or folder cannot have this name."

    def __init__(self, problem: str, *, field: str = "name") -> None:
        super().__init__(fields=(FieldProblem(field, problem, "Choose another name."),))


class VolumeAway(Unavailable):
    """The drive is not there (unplugged, not mounted, or another one in its place)."""

    code, message = "drive_away", "The drive of this folder is not connected. Connect it and try again."


class VolumeReadOnly(Conflict):
    """The folder may not be written to: by its owner's choice or by the drive itself."""

    code, message = "drive_read_only", "This folder can only be read. Choose another destination."


class TargetExists(Conflict):
    """Something is at the destination already; it is never overwritten."""

    code, message = "target_exists", "There is something with this name at the destination already."


class SourceChanged(Conflict):
    """What is there now is not what was seen when the plan was made."""

    code, message = "source_changed", "The file changed since the plan was made. Scan the folder again."


class SourceMissing(SourceChanged):
    """Nothing is there any more."""

    code, message = "source_missing", "The file is not there any more. Scan the folder again."


class FileInUse(Conflict):
    """A program still writes to the file."""

    code, message = "file_in_use", "A program is still writing to this file. Try again when it is finished."


class NotARegularFile(InvalidInput):
    """A FIFO, socket or device: Homie never opens or moves these."""

    code, message = "not_a_regular_file", "This is not an ordinary file or folder, so Homie leaves it alone."


class CopyNotVerified(HomieError):
    """The copy read back from the drive differs from the original; the original was kept."""

    code, message = "copy_not_verified", "The copy did not match the original. The original was kept; check the drive."
