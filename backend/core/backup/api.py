"""API of backups (admins) and of owners: export and erase a space. Everything that destroys or reveals needs sudo."""

from __future__ import annotations

from typing import Any

from backend.core.backup.backups import Backups
from backend.core.backup.jobs import (
    BACKUP,
    EXPORT,
    PRUNE,
    SYSTEM,
    VERIFY,
    BackupArgs,
    ExportArgs,
    PruneArgs,
    VerifyArgs,
    reschedule,
)
from backend.core.backup.keyring import GivenKey
from backend.core.backup.restore_runs import RestoreWish
from backend.core.backup.schemas import (
    BackupIn,
    BackupKeyIn,
    BackupListOut,
    BackupOut,
    BackupSettingsIn,
    BackupSettingsOut,
    BackupsQuery,
    EraseIn,
    ErasureOut,
    ExportListOut,
    ExportOut,
    ExportPath,
    ExportQueuedOut,
    KeyOut,
    MarkIn,
    OwnerPath,
    QueuedJob,
    QueuedOut,
    RestoreIn,
    RestoreOut,
    RestorePath,
    SetPath,
    StatusOut,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, current_actor, send_file
from backend.sdk.ids import new_id


def backups_group(backups: Backups) -> Group:
    """Return the operations below `/backups`."""
    group = Group("backups", url_prefix="/backups", tag="Backups")
    service = backups.service

    @group.get("", returns=BackupListOut, auth="admin", errors=[503])
    def list_backups(query: BackupsQuery) -> BackupListOut:
        """List the backups, newest first."""
        entries = run_blocking(service.entries, query.part)
        unreadable = run_blocking(service.folder().unreadable)
        return BackupListOut(items=[BackupOut.of(e) for e in entries], unreadable=unreadable)

    @group.post("", returns=QueuedOut, status=202, auth="admin", idempotent=True, errors=[404])
    def create_backups(body: BackupIn) -> QueuedOut:
        """Back up one part, or everything. Each backup is a job; it is verified by a second one."""
        parts = service.parts.ids() if body.part is None else (body.part,)
        for part in parts:
            service.parts.get(part)
        actor, queued = current_actor(), []
        for part in parts:
            job = backups.jobs.enqueue(actor, BACKUP, BackupArgs(part=part, encrypt=body.encrypt))
            queued.append(QueuedJob(part=part, job_id=job.id))
        return QueuedOut(jobs=queued)

    @group.get("/status", returns=StatusOut, auth="admin")
    def get_backup_status() -> Any:
        """Say whether everything is backed up, when the next backup runs, and what is wrong."""
        return run_blocking(backups.status)

    @group.get("/<set_id>", returns=BackupOut, auth="admin", errors=[404, 503])
    def get_backup(path: SetPath) -> BackupOut:
        """Show one backup."""
        return BackupOut.of(run_blocking(service.folder().entry, path.set_id))

    @group.patch("/<set_id>", returns=BackupOut, auth="admin", errors=[404, 409, 503])
    def mark_backup(path: SetPath, body: MarkIn) -> BackupOut:
        """Pin a backup so that it is never pruned, or accept that its data shrank."""
        entry = run_blocking(service.mark, path.set_id, **body.model_dump(exclude_none=True))
        return BackupOut.of(entry)

    @group.delete("/<set_id>", auth="admin+sudo", errors=[404, 409, 503])
    def delete_backup(path: SetPath) -> None:
        """Remove one backup for good."""
        run_blocking(service.delete, path.set_id)
        backups.audit.record("backups.deleted", actor=current_actor(), target=path.set_id)

    @group.post("/<set_id>/verify", returns=QueuedOut, status=202, auth="admin", errors=[404])
    def verify_backup(path: SetPath) -> QueuedOut:
        """Restore a backup into a scratch place and compare every byte and row, as a job."""
        part = run_blocking(service.folder().manifest, path.set_id).part
        args = VerifyArgs(set_id=path.set_id, part=part)
        job = backups.jobs.enqueue(current_actor(), VERIFY, args, dedupe=path.set_id)
        return QueuedOut(jobs=[QueuedJob(part=part, job_id=job.id)])

    @group.post("/prune", returns=QueuedOut, status=202, auth="admin+sudo")
    def prune_backups() -> QueuedOut:
        """Remove what the retention rules do not keep, as a job."""
        job = backups.jobs.enqueue(current_actor(), PRUNE, PruneArgs(), dedupe="prune")
        return QueuedOut(jobs=[QueuedJob(part="all", job_id=job.id)])

    _restores(group, backups)
    _settings(group, backups)
    return group


def _restores(group: Group, backups: Backups) -> None:
    @group.post("/<set_id>/restore", returns=RestoreOut, status=202, auth="admin+sudo", errors=[404, 409])
    def restore_backup(path: SetPath, body: RestoreIn) -> RestoreOut:
        """Restore one module from a backup while the others keep serving; `dry_run` only compares.

        Answers at once; ask `/backups/restores/{restore_id}` how it goes. The accounts (`core`) can only be restored on
        the command line while Homie is stopped.
        """
        part = run_blocking(backups.service.folder().manifest, path.set_id).part
        given = GivenKey(
            passphrase=body.passphrase.get_secret_value() if body.passphrase else None,
            recovery_key=body.recovery_key.get_secret_value() if body.recovery_key else None,
        )
        wish = RestoreWish(path.set_id, part, given, body.dry_run, body.safety_backup)
        if not body.dry_run:
            detail = {"set_id": path.set_id}
            backups.audit.record("backups.restored", actor=current_actor(), target=part, detail=detail)
        return RestoreOut.of(backups.runs.begin(wish))

    @group.get("/restores/<restore_id>", returns=RestoreOut, auth="admin", errors=[404])
    def get_restore(path: RestorePath) -> RestoreOut:
        """Show how a restore goes."""
        return RestoreOut.of(backups.runs.get(path.restore_id))


def _settings(group: Group, backups: Backups) -> None:
    store = backups.settings_store

    @group.get("/settings", returns=BackupSettingsOut, auth="admin")
    def get_backup_settings() -> Any:
        """Show how backups are made."""
        return store.load()

    @group.patch("/settings", returns=BackupSettingsOut, auth="admin+sudo")
    def change_backup_settings(body: BackupSettingsIn) -> Any:
        """Change the hour, the folder, encryption or how many backups are kept."""
        changes = body.model_dump(exclude_none=True)
        if body.directory is not None:
            backups.check_directory(body.directory)
        if body.encrypt:
            backups.service.check_can_encrypt()
        changed = store.change(changes)
        reschedule(backups, backups.jobs, backups.service.clock.now())
        backups.audit.record("backups.settings", actor=current_actor(), detail={"names": sorted(changes)})
        return changed

    @group.post("/key", returns=KeyOut, auth="admin+sudo", limit="5/minute", errors=[409])
    def create_backup_key(body: BackupKeyIn) -> KeyOut:
        """Make the key of encrypted backups and show its recovery key, which is never shown again."""
        passphrase = body.passphrase.get_secret_value() if body.passphrase else None
        recovery = run_blocking(backups.service.keys.create, passphrase)
        backups.audit.record("backups.key_created", actor=current_actor())
        return KeyOut(recovery_key=recovery)


def owners_group(backups: Backups) -> Group:
    """Return the operations below `/owners`."""
    group = Group("owners", url_prefix="/owners", tag="Spaces: export and erase")
    owners = backups.owners

    @group.post("/<owner_id>/exports", returns=ExportQueuedOut, status=202, auth="sudo", errors=[403, 404])
    def export_space(path: OwnerPath) -> ExportQueuedOut:
        """Collect everything of a space into one archive, as a job: rows, contents, and a page to read them."""
        actor = current_actor()
        owners.check_may_export(actor, path.owner_id)
        args = ExportArgs(owner_id=path.owner_id, export_id=new_id())
        job = backups.jobs.enqueue(actor.acting_in(path.owner_id), EXPORT, args)
        return ExportQueuedOut(export_id=args.export_id, job_id=job.id)

    @group.get("/<owner_id>/exports", returns=ExportListOut, errors=[403, 404])
    def list_exports(path: OwnerPath) -> ExportListOut:
        """List the finished exports of a space."""
        found = owners.exports(current_actor(), path.owner_id)
        return ExportListOut(items=[ExportOut(id=e.id, size=e.size, made_at=e.made_at) for e in found])

    @group.get("/<owner_id>/exports/<export_id>", auth="sudo", status=200, errors=[403, 404])
    def download_export(path: ExportPath) -> Any:
        """Download a finished export."""
        file = owners.export_file(current_actor(), path.owner_id, path.export_id)
        return send_file(file, media_type="application/zip", name=f"homie-{path.owner_id}.zip")

    @group.delete("/<owner_id>/exports/<export_id>", auth="sudo", errors=[403, 404])
    def delete_export(path: ExportPath) -> None:
        """Remove a finished export."""
        owners.delete_export(current_actor(), path.owner_id, path.export_id)

    @group.post("/<owner_id>/erase", returns=ErasureOut, status=200, auth="sudo", errors=[403, 404, 409])
    def erase_space(path: OwnerPath, body: EraseIn) -> ErasureOut:
        """Erase a space for good, and with a private one its person.

        With `replace_backups`, new backups are made and verified at once, and only then are the older ones removed.
        """
        if body.confirm != path.owner_id:
            raise InvalidInput(
                fields=[FieldProblem("body.confirm", "It is not the id of this space.", "Repeat the id exactly.")]
            )
        done = owners.erase(current_actor(), path.owner_id)
        queued = replace_backups(backups) if body.replace_backups else []
        return ErasureOut(owner_id=done.owner_id, places=done.places, folders=done.folders, backup_jobs=queued)

    return group


def replace_backups(backups: Backups) -> list[QueuedJob]:
    """Queue new backups of all parts that replace the older ones once they are verified; as the system's work."""
    args = [BackupArgs(part=part, then_replace=True) for part in backups.service.parts.ids()]
    jobs = [(a.part, backups.jobs.enqueue(SYSTEM, BACKUP, a, dedupe=f"replace:{a.part}")) for a in args]
    return [QueuedJob(part=part, job_id=job.id) for part, job in jobs]
