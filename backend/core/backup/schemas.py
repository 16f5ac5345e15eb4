"""What the API of backups and owners takes and gives."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from backend.core.backup.manifest import BackupEntry
from backend.core.backup.restore_runs import RestoreRun
from backend.core.backup.retention import Check
from backend.sdk.http import In, Out

PART = r"^[a-z][a-z0-9_]*$"
SET_ID = r"^[0-9]{8}T[0-9]{6}Z-[a-z][a-z0-9_]*-[0-9a-f]{8}$"


class SetPath(In):
    """Name a backup."""

    set_id: str = Field(max_length=120, pattern=SET_ID)


class RestorePath(In):
    """Name a restore."""

    restore_id: str = Field(max_length=36)


class BackupsQuery(In):
    """Choose which backups to list."""

    part: str | None = Field(None, max_length=60, pattern=PART, description="`core` or a module; all if absent.")


class BackupOut(Out):
    """Show one backup."""

    set_id: str
    part: str
    created_at: datetime
    reason: str
    encrypted: bool
    key_id: str | None
    engine: str
    revision: str | None
    homie_version: str
    rows: int
    tables: dict[str, int]
    database_bytes: int
    blob_count: int
    blob_bytes: int
    check: Check
    checked_at: datetime | None
    problems: list[str]
    pinned: bool
    drift: list[str]
    on_hold: bool
    notices: list[str]

    @classmethod
    def of(cls, entry: BackupEntry) -> BackupOut:
        """Show a backup from its manifest and state."""
        made, state = entry.manifest, entry.state
        return cls(
            **made.model_dump(include={"set_id", "part", "created_at", "reason", "engine", "revision"}),
            **made.model_dump(include={"homie_version", "tables", "database_bytes", "blob_count", "blob_bytes"}),
            encrypted=made.encrypted,
            key_id=made.key.key_id if made.key else None,
            rows=made.rows,
            check=state.check,
            checked_at=state.checked_at,
            problems=list(state.problems),
            pinned=state.pinned,
            drift=list(made.drift),
            on_hold=entry.on_hold,
            notices=list(made.notices),
        )


class BackupListOut(Out):
    """List backups, newest first; `unreadable` names folders whose manifest is damaged or too new."""

    items: list[BackupOut]
    unreadable: list[str]


class BackupIn(In):
    """Say what to back up."""

    part: str | None = Field(None, max_length=60, pattern=PART, description="`core` or a module; all if absent.")
    encrypt: bool | None = Field(None, description="As the settings say if absent.")


class QueuedJob(Out):
    """Name a job that was queued, and what for."""

    part: str
    job_id: str


class QueuedOut(Out):
    """List the jobs that were queued."""

    jobs: list[QueuedJob]


class MarkIn(In):
    """Pin a backup, or accept that its data shrank."""

    pinned: bool | None = None
    drift_accepted: bool | None = None


class RestoreIn(In):
    """Say how to restore. The key is needed only where this machine does not have it."""

    dry_run: bool = Field(False, description="Only compare; nothing is changed.")
    safety_backup: bool = Field(True, description="Back up the present state first.")
    passphrase: SecretStr | None = Field(None, max_length=1000)
    recovery_key: SecretStr | None = Field(None, max_length=200)


class TableChange(Out):
    """Say how many rows a table has now and will have; `now` is null where the database cannot be read."""

    table: str
    now: int | None
    restored: int


class RestoreProblem(Out):
    """Say why a restore failed."""

    code: str
    message: str


class RestoreOut(Out):
    """Show one restore."""

    id: str
    set_id: str
    part: str
    dry_run: bool
    state: Literal["running", "done", "failed"]
    fraction: float | None
    note: str
    started_at: datetime
    tables: list[TableChange]
    files: int
    safety_backup: str | None
    notices: list[str]
    error: RestoreProblem | None

    @classmethod
    def of(cls, run: RestoreRun) -> RestoreOut:
        """Show a restore that runs or ended."""
        report, error = run.report, run.error
        return cls(
            id=run.id,
            set_id=run.wish.set_id,
            part=run.wish.part,
            dry_run=run.wish.dry_run,
            state=run.state,
            fraction=run.fraction,
            note=run.note,
            started_at=run.started_at,
            tables=[TableChange(table=t, now=a, restored=b) for t, (a, b) in (report.tables if report else {}).items()],
            files=report.files if report else 0,
            safety_backup=report.safety_backup if report else None,
            notices=report.notices if report else [],
            error=RestoreProblem(code=error.code, message=error.message) if error else None,
        )


class BackupSettingsOut(Out):
    """Show how backups are made."""

    schedule: bool
    hour: int
    directory: Path
    encrypt: bool
    keep_last: int
    keep_daily: int
    keep_weekly: int
    keep_monthly: int


class BackupSettingsIn(In):
    """Change how backups are made; what is absent stays."""

    schedule: bool | None = None
    hour: int | None = Field(None, ge=0, le=23, description="Local hour of the nightly backup.")
    directory: str | None = Field(None, max_length=4000, description="Absolute path of the backup folder.")
    encrypt: bool | None = None
    keep_last: int | None = Field(None, ge=1, le=1000)
    keep_daily: int | None = Field(None, ge=0, le=1000)
    keep_weekly: int | None = Field(None, ge=0, le=1000)
    keep_monthly: int | None = Field(None, ge=0, le=1000)


class RunOut(Out):
    """Show one run of a backup, verification, clean-up or restore."""

    part: str
    action: str
    set_id: str | None
    ok: bool
    code: str
    message: str
    started_at: datetime
    finished_at: datetime


class PartOut(Out):
    """Say how one part stands."""

    part: str
    backups: int
    last_backup: datetime | None
    last_verified: datetime | None
    last_run: RunOut | None
    problems: list[str]


class StatusOut(Out):
    """Say how the backups stand."""

    directory: str
    reachable: bool
    free_bytes: int | None
    next_run: datetime | None
    encrypted: bool
    parts: list[PartOut]
    problems: list[str]
    hints: list[str]


class BackupKeyIn(In):
    """Make the backup key, with a passphrase that opens it too if wished."""

    passphrase: SecretStr | None = Field(None, min_length=10, max_length=1000)


class KeyOut(Out):
    """Show the recovery key, this once."""

    recovery_key: str


class OwnerPath(In):
    """Name a space."""

    owner_id: str = Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")


class ExportPath(OwnerPath):
    """Name an export."""

    export_id: str = Field(max_length=36)


class ExportQueuedOut(Out):
    """Name the export that will be there when the job is done."""

    export_id: str
    job_id: str


class ExportOut(Out):
    """Show one finished export."""

    id: str
    size: int
    made_at: datetime


class ExportListOut(Out):
    """List the finished exports of a space."""

    items: list[ExportOut]


class EraseIn(In):
    """Confirm an erasure by the id of the space."""

    confirm: str = Field(max_length=64, description="The id of the space, once more.")
    replace_backups: bool = Field(
        True, description="Make new verified backups now and remove the older ones, which still hold the space."
    )


class ErasureOut(Out):
    """Say what an erasure did."""

    owner_id: str
    places: list[str]
    folders: int
    backup_jobs: list[QueuedJob]
