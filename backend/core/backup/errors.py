"""What can go wrong with a backup, each with what to do about it.

BackupNotFound        404   no such backup in the backup folder
BackupTargetMissing   503   the backup folder or its drive is not there (or it is another drive)
BackupDiskFull        507   no room; nothing was left half-done
BackupBusy            409   another backup, restore or clean-up is at work
BackupDamaged         422   a byte is not what was written: a flipped bit, a missing or shortened file
BackupKeyMissing      422   the backup is encrypted and no key was given
BackupKeyWrong        422   the key or passphrase does not open this backup
BackupTooNew          409   written by a newer Homie (or a newer version of the module)
BackupUnsuitable      409   the backup is of another module or another database engine
RestoreRefused        409   the restore cannot start in this state; nothing was changed
RestoreFailed         500   the restore did not succeed and the former state was put back
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.sdk.errors import Conflict, FieldProblem, HomieError, InternalError, InvalidInput, NotFound, Unavailable


class BackupNotFound(NotFound):
    """There is no such backup in the backup folder."""

    code, message = "backup_not_found", "There is no such backup. `homie backup list` shows what there is."


class BackupTargetMissing(Unavailable):
    """The backup folder, or the drive it is on, is not there; nothing is written in its place."""

    code, message = "backup_target_missing", "The backup folder is not there. Is its drive plugged in?"


class BackupDiskFull(Unavailable):
    """There is no room; whatever had been written was removed again, older backups are untouched."""

    code, status, message = "backup_disk_full", 507, "The backup drive is full."


class BackupBusy(Conflict):
    """Another backup, restore or clean-up is at work in the same folder."""

    code, message = "backup_busy", "Another backup or restore is at work. Try again when it is done."


class BackupDamaged(HomieError):
    """A stored byte is not what was written, or a file is missing or shortened."""

    code, status, message = "backup_damaged", 422, "This backup is damaged and cannot be trusted."


class BackupKeyMissing(InvalidInput):
    """The backup is encrypted and no key for it is known here."""

    code, message = (
        "backup_key_missing",
        "This backup is encrypted. Give the passphrase, the key file or the recovery key that was shown once.",
    )


class BackupKeyWrong(InvalidInput):
    """The key or the passphrase does not open this backup."""

    code, message = "backup_key_wrong", "This key or passphrase does not open this backup."


class BackupTooNew(Conflict):
    """The backup was written by a newer Homie than this one."""

    code, message = (
        "backup_too_new",
        "This backup was made by a newer version of Homie. Update Homie first, then restore it.",
    )


class BackupUnsuitable(Conflict):
    """The backup does not fit: another module, or another database engine."""

    code, message = "backup_unsuitable", "This backup does not fit here."


class RestoreRefused(Conflict):
    """The restore cannot start in this state; nothing was changed."""

    code, message = "restore_refused", "The restore cannot start now. Nothing was changed."


class RestoreFailed(InternalError):
    """The restore did not succeed; what was there before is in place again."""

    code, message = "restore_failed", "The restore did not succeed. Everything is as it was before."


@contextmanager
def disk_trouble(target: Path) -> Iterator[None]:
    """Turn the system's errors about space and vanished drives into the two that people can act on."""
    try:
        yield
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupDiskFull(
                fields=[
                    FieldProblem("target", f"no room left below {target}", "free some space or choose another drive")
                ]
            ) from exc
        if exc.errno in (errno.EROFS, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN):
            raise BackupTargetMissing(
                "The backup drive does not accept data any more. Check its cable and its health.",
                fields=[FieldProblem("target", f"cannot write below {target}", "plug the drive in again")],
            ) from exc
        if exc.errno in (errno.EACCES, errno.EPERM):
            raise BackupTargetMissing(
                "Homie may not write to the backup folder.",
                fields=[FieldProblem("target", f"no permission below {target}", "let the user of Homie write there")],
            ) from exc
        if exc.errno == errno.ENOENT and not target.exists():
            raise BackupTargetMissing(
                fields=[FieldProblem("target", f"{target} is gone", "plug the drive in again")]
            ) from exc
        raise
