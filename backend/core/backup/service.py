"""Making, verifying, pruning and listing backups. Restoring is in `restore.py`.

Order of a backup: contents first, then the database copy, then the contents again, so that every content that the
copied rows name is there, whatever is written meanwhile.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from backend.core.backup.archive import BackupFolder
from backend.core.backup.encryption import BackupKey
from backend.core.backup.errors import BackupDamaged, BackupDiskFull, BackupKeyMissing
from backend.core.backup.keyring import KEY_FILE, SLOTS_FILE, GivenKey, KeyRing
from backend.core.backup.manifest import BackupEntry, Manifest, Reason, SetState, find_drift, new_set_id
from backend.core.backup.parts import BackupPart, DatabaseFacts, Parts
from backend.core.backup.reader import SetReader
from backend.core.backup.retention import Check, KeptSet, plan_retention
from backend.core.backup.settings import BackupSettings
from backend.core.backup.verification import Verification, scratch_folder, verify_set
from backend.core.backup.writer import SetWriter
from backend.sdk.clock import Clock
from backend.sdk.errors import FieldProblem

KNOWN_TARGETS = "backup_targets.json"
KEEP_SAFETY = timedelta(days=30)
Progress = Callable[[float | None, str], None]
"""Called with a fraction (0..1 or None) and a note; may raise to stop the work."""


def silent(fraction: float | None, note: str) -> None:
    """Show no progress."""


@dataclass(slots=True)
class PruneReport:
    """Say what a clean-up did: sets removed, kept with reasons, parts on hold and why, bytes freed."""

    deleted: list[str] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    on_hold: dict[str, list[str]] = field(default_factory=dict)
    freed_bytes: int = 0


class BackupService:
    """Keep the household's backups in one folder. Safe to use from several processes at once (`BackupBusy`)."""

    def __init__(
        self,
        *,
        data_dir: Path,
        settings: Callable[[], BackupSettings],
        parts: Parts,
        keys: KeyRing,
        clock: Clock,
        homie_version: str,
        passphrase: str | None = None,
        log: Any = None,
    ) -> None:
        self.data_dir = data_dir
        self.parts = parts
        self.keys = keys
        self.clock = clock
        self.settings = settings
        self._version = homie_version
        self._passphrase = passphrase
        self.log = log or structlog.get_logger("homie.backup")

    # -- looking ---------------------------------------------------------------------------------------------------

    def folder(self, directory: Path | None = None) -> BackupFolder:
        """Return the backup folder in use, or another one."""
        return BackupFolder(directory or self.settings().directory, self.data_dir / KNOWN_TARGETS)

    def is_known_target(self) -> bool:
        """Tell whether the backup folder was ever used from this machine."""
        return self.folder().is_known()

    def entries(self, part: str | None = None, directory: Path | None = None) -> list[BackupEntry]:
        """Return the backups, newest first."""
        return list(reversed(self.folder(directory).entries(part)))

    def reader(self, set_id: str, given: GivenKey | None = None, directory: Path | None = None) -> SetReader:
        """Open one backup for reading; raises when it is damaged or the key does not fit."""
        folder = self.folder(directory)
        manifest = folder.manifest(set_id)
        return SetReader(folder, manifest, self.keys.find(manifest.key, given or self._given()))

    # -- making ----------------------------------------------------------------------------------------------------

    def create(
        self,
        part_id: str,
        *,
        reason: Reason = "manual",
        encrypt: bool | None = None,
        directory: Path | None = None,
        adopt_target: bool = False,
        progress: Progress = silent,
    ) -> Manifest:
        """Back up one part while it runs. `encrypt` None: as the settings say.

        Raises `BackupTargetMissing`, `BackupDiskFull`, `BackupBusy`; nothing half-done remains in any case.
        """
        part, folder = self.parts.get(part_id), self.folder(directory)
        folder.prepare(adopt=adopt_target or folder.path.is_relative_to(self.data_dir))
        key = self._key_for(self.settings().encrypt if encrypt is None else encrypt)
        now = self.clock.now()
        with folder.lock(), folder.trouble():
            before = folder.entries(part_id)
            with SetWriter(folder, new_set_id(part_id, now), key, lambda n: progress(None, "copying files")) as writer:
                facts, folders = self._fill(writer, part, folder, progress)
                notices = self._secrets(writer, part)

                def manifest(found: dict[str, Any]) -> Manifest:
                    found["notices"] = (*found["notices"], *notices)
                    return Manifest(
                        homie_version=self._version,
                        part=part_id,
                        part_version=part.version,
                        engine=part.engine,
                        revision=facts.revision,
                        created_at=now,
                        reason=reason,
                        tables=dict(facts.tables),
                        key=self.keys.header(key) if key else None,
                        drift=find_drift(before[-1].manifest.tables, facts.tables) if before else (),
                        **found,
                    )

                made = writer.finish(folders, manifest)
        self.log.info("backup made", part=part_id, set_id=made.set_id, rows=made.rows, blobs=made.blob_count)
        if made.drift:
            self.log.warning("data shrank sharply since the previous backup", part=part_id, tables=list(made.drift))
        progress(1.0, "backup made")
        return made

    def _fill(
        self, writer: SetWriter, part: BackupPart, folder: BackupFolder, progress: Progress
    ) -> tuple[DatabaseFacts, tuple[str, ...]]:
        folders = part.folders()
        progress(0.0, "copying files")
        for name, live in folders.items():
            writer.add_folder(name, live)
        progress(0.4, "copying the database")
        live_facts = part.live_facts()
        size = live_facts.size if live_facts else 0
        if folder.free_bytes() < size + (1 << 20):
            raise BackupDiskFull(fields=[FieldProblem("target", f"{size} bytes are needed", "free some space")])
        with scratch_folder(self.scratch, size) as place:
            facts = part.copy_database(place / "database")
            progress(0.6, "storing the database")
            writer.add_database(place / "database")
        for name, live in folders.items():
            writer.add_folder(name, live)
        progress(0.8, "putting everything on the disk")
        return facts, tuple(folders)

    def _secrets(self, writer: SetWriter, part: BackupPart) -> list[str]:
        place = part.secrets()
        if place is None or not place.is_dir():
            return []
        if not writer.encrypted:
            return [
                "This backup is not encrypted, so the keys of sealed values (AI keys, second factors) are not in it. "
                "On another machine those values must be entered again."
            ]
        skip = {KEY_FILE, SLOTS_FILE}
        found = {
            p.name: base64.b64encode(p.read_bytes()).decode()
            for p in sorted(place.iterdir())
            if p.is_file() and not p.is_symlink() and not p.name.startswith(".") and p.name not in skip
        }
        writer.add_secrets(json.dumps(found).encode())
        return []

    # -- verifying -------------------------------------------------------------------------------------------------

    def verify(
        self,
        set_id: str,
        given: GivenKey | None = None,
        *,
        directory: Path | None = None,
        progress: Progress = silent,
    ) -> Verification:
        """Restore a backup into a scratch folder and compare it; the result is noted with the backup."""
        folder = self.folder(directory)
        folder.check()
        with folder.lock(), folder.trouble():
            manifest = folder.manifest(set_id)
            total, done = max(1, manifest.blob_bytes), 0

            def tick(size: int) -> None:
                nonlocal done
                done += size
                progress(min(1.0, done / total), "checking contents")

            try:
                reader = self.reader(set_id, given, directory)
                progress(0.0, "restoring into a scratch place")
                found = verify_set(reader, self.parts.get(manifest.part), self.scratch, tick)
            except BackupDamaged as problem:
                found = Verification(set_id, problems=[f"{f.name}: {f.problem}" for f in problem.fields])
            state = folder.state(set_id).model_copy(
                update={
                    "check": Check.VERIFIED if found.ok else Check.DAMAGED,
                    "checked_at": self.clock.now(),
                    "problems": tuple(found.problems),
                }
            )
            folder.set_state(set_id, SetState.model_validate(state.model_dump()))
        if not found.ok:
            self.log.error("a backup is damaged", set_id=set_id, problems=found.problems)
        progress(1.0, "verified" if found.ok else "damaged")
        return found

    # -- removing --------------------------------------------------------------------------------------------------

    def prune(self, part: str | None = None, *, dry_run: bool = False, directory: Path | None = None) -> PruneReport:
        """Remove what the retention rules do not keep, and contents that nobody needs any more."""
        folder = self.folder(directory)
        folder.check()
        with folder.lock(), folder.trouble():
            entries = folder.entries(part)
            held = {e.manifest.part: list(e.manifest.drift) for e in entries if e.on_hold}
            plan = plan_retention(
                [_kept(e, self.clock.now()) for e in entries], self.settings().rules, hold=frozenset(held)
            )
            report = PruneReport(plan.delete, plan.keep, held)
            if not dry_run:
                for set_id in plan.delete:
                    folder.delete(set_id)
                report.freed_bytes = folder.collect_blobs()
        if report.deleted and not dry_run:
            self.log.info("old backups removed", sets=report.deleted, freed=report.freed_bytes)
        return report

    def delete(self, set_id: str, directory: Path | None = None) -> int:
        """Remove one backup on somebody's wish; return the bytes of contents freed."""
        folder = self.folder(directory)
        folder.check()
        with folder.lock(), folder.trouble():
            folder.delete(set_id)
            return folder.collect_blobs()

    def delete_older(self, set_id: str) -> list[str]:
        """Remove every backup of the same part that is older than this verified one, whatever the rules keep."""
        folder = self.folder()
        folder.check()
        with folder.lock(), folder.trouble():
            newest = folder.entry(set_id)
            if newest.state.check is not Check.VERIFIED:
                return []
            made = newest.manifest
            old = [e.set_id for e in folder.entries(made.part) if e.manifest.created_at < made.created_at]
            for old_id in old:
                folder.delete(old_id)
            folder.collect_blobs()
        self.log.info("older backups removed after an erasure", part=made.part, sets=old)
        return old

    def mark(self, set_id: str, *, pinned: bool | None = None, drift_accepted: bool | None = None) -> BackupEntry:
        """Pin a backup (it is never pruned), or accept that its data shrank (pruning goes on)."""
        folder = self.folder()
        folder.check()
        with folder.lock():
            folder.manifest(set_id)
            changes = {"pinned": pinned, "drift_accepted": drift_accepted}
            chosen = {name: value for name, value in changes.items() if value is not None}
            folder.set_state(set_id, folder.state(set_id).model_copy(update=chosen))
        return folder.entry(set_id)

    # -- places and keys -------------------------------------------------------------------------------------------

    @property
    def scratch(self) -> Path:
        """Return the folder for trial restores and plain copies on their way into an encrypted backup."""
        return self.data_dir / "cache" / "scratch"

    def check_can_encrypt(self) -> None:
        """Raise `BackupKeyMissing` unless there is a key, or a passphrase to make one from."""
        if not self._passphrase and self.keys.current() is None:
            raise BackupKeyMissing(
                "There is no backup key yet. Make one first and keep its recovery key outside this machine.",
                fields=[FieldProblem("encrypt", "no key", "run `homie backup key`, or POST /api/v1/backups/key")],
            )

    def _key_for(self, encrypt: bool) -> BackupKey | None:
        if not encrypt:
            return None
        if self._passphrase:
            return self.keys.ensure(self._passphrase)
        self.check_can_encrypt()
        return self.keys.current()

    def _given(self) -> GivenKey | None:
        """Return the passphrase of the settings where this machine has lost its key file."""
        if self._passphrase and self.keys.current() is None:
            return GivenKey(passphrase=self._passphrase)
        return None


def _kept(entry: BackupEntry, now: datetime) -> KeptSet:
    """Describe a backup for retention; what was saved before a restore or an update stays for a month."""
    made = entry.manifest
    safety = made.reason in ("before_restore", "before_update") and now - made.created_at < KEEP_SAFETY
    return KeptSet(entry.set_id, made.part, made.created_at, entry.state.check, entry.state.pinned or safety)
