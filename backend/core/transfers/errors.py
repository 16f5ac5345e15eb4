"""What may go wrong on the way of a file in or out.

LinkNotValid          link_not_valid           404   made up, expired, log-in ended, folder no longer granted
LinkOutdated          link_outdated            409   another file is there now
PictureNotShown       picture_not_shown        422   no picture that can be shown small
UploadNotKnown        upload_not_known         404   no such upload of this person
OffsetMismatch        upload_offset_mismatch   409   not where the upload stands
UploadLocked          upload_locked            423   another connection is sending parts of it
ChecksumMismatch      checksum_mismatch        460   what arrived is not what was sent (tus, checksum extension)
ProtocolRefused       tus_version_not_known    412   not tus 1.0.0
UploadTooLarge        upload_too_large         413   more bytes than were announced
DriveFull             drive_full               507   no room left; what arrived is kept
UploadsTooMany        uploads_too_many         409   too many that were begun and not finished
UploadRefused         upload_refused           400   a header of the protocol is missing or wrong
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, FieldProblem, HomieError, InvalidInput, MalformedRequest, NotFound


class LinkNotValid(NotFound):
    """The link opens nothing (any more); why is never told."""

    code, message = "link_not_valid", "This link is no longer valid. Open it again from Homie."


class LinkOutdated(Conflict):
    """The file that the link was made for was changed or replaced."""

    code, message = "link_outdated", "The file has changed since this link was made. Open it again from Homie."


class PictureNotShown(InvalidInput):
    """There is no small picture of this."""

    code, message = "picture_not_shown", "This picture cannot be shown in small. Download it instead."


class UploadNotKnown(NotFound):
    """The upload does not exist for this person, or it was never continued and has expired."""

    code, message = "upload_not_known", "This upload is not known (any more). Please start it again."


class OffsetMismatch(Conflict):
    """The part does not begin where the upload stands."""

    code, message = "upload_offset_mismatch", "The upload stands elsewhere. Ask for its offset and go on from there."


class UploadLocked(HomieError):
    """Another connection is sending parts of this upload right now."""

    code, status = "upload_locked", 423
    message = "Another connection is sending this upload. Wait a moment and go on from its offset."


class ChecksumMismatch(HomieError):
    """The part was damaged on its way; nothing of it was kept."""

    code, status, message = "checksum_mismatch", 460, "A part arrived damaged and was not kept. Please send it again."


class ProtocolRefused(HomieError):
    """The client speaks another version of tus."""

    code, status, message = "tus_version_not_known", 412, "Send the header Tus-Resumable: 1.0.0."


class UploadTooLarge(HomieError):
    """More bytes came than were announced; those that fit are kept."""

    code, status, message = "upload_too_large", 413, "More was sent than announced in Upload-Length."


class DriveFull(HomieError):
    """The drive has no room; everything that arrived is kept, and the upload can go on later."""

    code, status = "drive_full", 507
    message = "The drive is full. Make room on it; the upload then goes on where it stopped."


class UploadsTooMany(Conflict):
    """The person has too many unfinished uploads."""

    code, message = "uploads_too_many", "Too many uploads were begun and not finished. Finish or cancel some first."


class UploadRefused(MalformedRequest):
    """A header of the protocol is missing or makes no sense."""

    code = "upload_refused"

    def __init__(self, header: str, problem: str, remedy: str) -> None:
        super().__init__("The upload could not be understood.", fields=[FieldProblem(header, problem, remedy)])
