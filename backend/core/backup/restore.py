"""Restoring one part while the others keep serving: checked first, then exchanged whole or not at all.

    read and check the backup -> migrate the copy forward -> [dry run ends here]
    -> stop the part -> back up the present state -> exchange (see `exchange.py`) -> start the part

In the web process the heavy steps run in a native thread; stopping and starting stays on the hub. Nothing of it needs
the present state to be healthy: a missing or corrupt database only costs the safety backup, and the broken file is kept
aside.
"""

from __future__ import annotations

import base64
import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from backend.core.backup.durable import write_new
from backend.core.backup.errors import (
    BackupBusy,
    BackupDamaged,
    BackupDiskFull,
    BackupUnsuitable,
    RestoreFailed,
    RestoreRefused,
    disk_trouble,
)
from backend.core.backup.exchange import Exchange, pending
from backend.core.backup.keyring import GivenKey
from backend.core.backup.manifest import Contents, Manifest
from backend.core.backup.parts import BackupPart
from backend.core.backup.reader import SetReader
from backend.core.backup.service import BackupService, Progress, silent
from backend.core.backup.verification import open_database
from backend.sdk.concurrency import hop_pool
from backend.sdk.errors import FieldProblem, HomieError


@dataclass(slots=True)
class RestoreReport:
    """Say what a restore did, or with `dry_run` would do.

    `tables`: table -> (rows now, rows in the backup); rows now is None where the live database cannot be read.
    """

    set_id: str
    part: str
    dry_run: bool
    tables: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    files: int = 0
    revision_in_backup: str | None = None
    revision_restored: str | None = None
    safety_backup: str | None = None
    notices: list[str] = field(default_factory=list)


class Restorer:
    """Restore parts from the backups of a `BackupService`."""

    def __init__(self, service: BackupService) -> None:
        self._service = service
        self._folder = service.data_dir / "restoring"

    def restore(
        self,
        set_id: str,
        *,
        part_id: str | None = None,
        given: GivenKey | None = None,
        dry_run: bool = False,
        safety_backup: bool = True,
        directory: Path | None = None,
        progress: Progress = silent,
    ) -> RestoreReport:
        """Restore one part from one backup. All or nothing; `dry_run` only compares.

        Raises the errors of `errors.py`, and `NewerDatabase` for a backup of a newer schema.
        """
        service = self._service
        folder = service.folder(directory)
        folder.check()
        manifest = folder.manifest(set_id)
        part = service.parts.get(part_id or manifest.part)
        _check_fit(manifest, part)
        with self._alone(part.id), disk_trouble(service.data_dir), closing(hop_pool(1)) as hop:
            Exchange(self._folder, part.id).recover(part)
            exchange = Exchange(self._folder, part.id, set_id)
            try:
                with folder.lock(shared=True):
                    reader = hop.run(service.reader, set_id, given, directory)
                    report = hop.run(self._stage, exchange, reader, part, dry_run, progress)
                if dry_run:
                    exchange.discard()
                    return report
            except BaseException:
                exchange.discard()
                raise
            with service.parts.held(part.id):
                hop.run(self._swap, exchange, part, report, safety_backup, directory, progress)
        service.log.info("restored", part=part.id, set_id=set_id, safety_backup=report.safety_backup)
        progress(1.0, "restored")
        return report

    def recover(self) -> list[str]:
        """Finish or clear what a killed restore left; call before any part is opened. Returns the parts finished."""
        finished = []
        for part_id in pending(self._folder):
            with self._alone(part_id):
                if Exchange(self._folder, part_id).recover(self._service.parts.get(part_id)):
                    finished.append(part_id)
                    self._service.log.warning("an interrupted restore was finished", part=part_id)
        return finished

    # ------------------------------------------------------------------ inside

    def _stage(
        self, exchange: Exchange, reader: SetReader, part: BackupPart, dry_run: bool, progress: Progress
    ) -> RestoreReport:
        progress(0.0, "checking the backup")
        if damaged := reader.damaged_files():
            raise BackupDamaged(fields=[FieldProblem(name, "it is missing or damaged") for name in damaged])
        contents, manifest = reader.contents(), reader.manifest
        exchange.begin()
        progress(0.2, "restoring into a scratch place")
        facts = open_database(reader, contents, part, exchange.database)
        revision = part.upgrade_copy(exchange.database)
        live = part.live_facts()
        now = live.tables if live else {}
        report = RestoreReport(manifest.set_id, part.id, dry_run, files=manifest.blob_count)
        report.tables = {
            table: (now.get(table, 0) if live else None, facts.tables.get(table, 0))
            for table in sorted({*now, *facts.tables})
        }
        report.revision_in_backup, report.revision_restored = facts.revision, revision
        if live is None:
            report.notices.append("the present database is missing or damaged")
        if dry_run:
            for entry in reader.damaged_blobs(contents, lambda n: None):
                report.notices.append(f"the content of {entry.folder}/{entry.path} is damaged in the backup")
            return report
        self._stage_folders(exchange, reader, contents, part, report, progress)
        _stage_secrets(exchange, reader, part, report)
        return report

    def _stage_folders(
        self,
        exchange: Exchange,
        reader: SetReader,
        contents: Contents,
        part: BackupPart,
        report: RestoreReport,
        progress: Progress,
    ) -> None:
        staged: dict[str, Path] = {}
        for name in contents.folders:
            place = part.place_of(name)
            if place is None:
                report.notices.append(f"the folder {name} does not belong to Homie's data; its files were left out")
                continue
            staged[name] = exchange.stage(place)
            staged[name].mkdir(mode=0o700)
        made: set[Path] = set()
        for number, entry in enumerate(contents.blobs):
            if entry.folder not in staged:
                continue
            dest = staged[entry.folder] / _safe(entry.path)
            if dest.parent not in made:
                dest.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                made.add(dest.parent)
            reader.extract_blob(entry, dest)
            progress(0.3 + 0.4 * number / len(contents.blobs), "restoring files")

    def _swap(
        self,
        exchange: Exchange,
        part: BackupPart,
        report: RestoreReport,
        safety_backup: bool,
        directory: Path | None,
        progress: Progress,
    ) -> None:
        try:
            if safety_backup:
                progress(0.75, "keeping the present state")
                self._keep_present(part, report, directory)
            progress(0.9, "exchanging the data")
            exchange.commit()
        except BaseException:
            exchange.discard()
            raise
        try:
            exchange.run(part)
        except HomieError:
            raise
        except Exception as problem:
            raise RestoreFailed from problem

    def _keep_present(self, part: BackupPart, report: RestoreReport, directory: Path | None) -> None:
        """Back up what is there now. A broken present state must not stop the restore; a full disk must."""
        if part.live_facts() is None:
            report.notices.append("no safety backup: there was no readable database to save")
            return
        try:
            made = self._service.create(part.id, reason="before_restore", directory=directory)
        except (BackupDiskFull, BackupBusy):
            raise
        except Exception as problem:
            self._service.log.warning("no safety backup before the restore", part=part.id, exc_info=problem)
            report.notices.append("no safety backup: the present state could not be read whole")
            return
        report.safety_backup = made.set_id

    @contextmanager
    def _alone(self, part_id: str) -> Iterator[None]:
        """Let one process at a time restore a part; the kernel lets go when it dies."""
        run = self._service.data_dir / "run"
        run.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(run / f"restore-{part_id}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupBusy("This part is being restored right now.") from None
            yield
        finally:
            os.close(handle)


def _check_fit(manifest: Manifest, part: BackupPart) -> None:
    if manifest.part != part.id:
        raise BackupUnsuitable(
            fields=[FieldProblem("part", f"this is a backup of {manifest.part}, not of {part.id}", "choose another")]
        )
    if manifest.engine != part.engine:
        raise BackupUnsuitable(
            f"This backup was made with {manifest.engine}, {part.id} now runs on {part.engine}.",
            fields=[
                FieldProblem("engine", "a backup is restored into the engine it was made with", "set HOMIE_DB back")
            ],
        )


def _stage_secrets(exchange: Exchange, reader: SetReader, part: BackupPart, report: RestoreReport) -> None:
    place, saved = part.secrets(), reader.secrets()
    if place is None:
        return
    if not saved:
        report.notices.append("the backup holds no keys; the keys of this machine stay")
    for name, value in saved.items():
        if "/" in name or name.startswith("."):
            raise BackupDamaged(fields=[FieldProblem("secrets", "it names a file that cannot be a key")])
        content = base64.b64decode(value)
        live = place / name
        if live.is_file() and live.read_bytes() == content:
            continue
        write_new(exchange.stage(live), lambda write, content=content: write(content))  # type: ignore[misc]


def _safe(path: str) -> PurePosixPath:
    """Return a stored relative path; refuses one that would leave its folder."""
    relative = PurePosixPath(path)
    if relative.is_absolute() or not relative.parts or ".." in relative.parts or "\0" in path:
        raise BackupDamaged(fields=[FieldProblem("path", "the backup names a place outside its folder")])
    return relative


__all__ = ["RestoreRefused", "RestoreReport", "Restorer"]
