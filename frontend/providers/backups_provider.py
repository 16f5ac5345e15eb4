"""Backups: whether the household is safe, the sets that there are, making, checking and restoring them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from flet.components.observable import Observable

from frontend.api.errors import ApiError, Offline
from frontend.api.generated.schemas import (
    BackupIn,
    BackupOut,
    BackupSettingsIn,
    BackupSettingsOut,
    MarkIn,
    RestoreIn,
    RestoreOut,
    StatusOut,
)
from frontend.providers.base import Event, Provider

LOOK_SECONDS = 1.0


@dataclass(eq=False)
class RestoreProgress(Observable):
    """Follow one restore; `restore` is what the hub said last."""

    restore: RestoreOut | None = None
    error: ApiError | None = None

    @property
    def running(self) -> bool:
        """Tell whether it still goes on."""
        return self.restore is not None and self.restore["state"] == "running"


@dataclass(eq=False)
class BackupsProvider(Provider):
    """Hold status, sets and settings. What needs the password goes through `AuthProvider.with_sudo`."""

    status: StatusOut | None = None
    sets: tuple[BackupOut, ...] = ()
    unreadable: tuple[str, ...] = ()
    settings: BackupSettingsOut | None = None
    recovery_key: str = ""
    """A fresh recovery key, shown once; `forget_key` after the person kept it."""
    part: str | None = None
    restoring: RestoreProgress = field(default_factory=RestoreProgress)
    _sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)

    async def fetch(self) -> None:
        """Ask for status, sets and settings."""
        self.status = await self.api.backups.get_backup_status()
        found = await self.api.backups.list_backups(part=self.part)
        self.sets, self.unreadable = tuple(found["items"]), tuple(found["unreadable"])
        self.settings = await self.api.backups.get_backup_settings()

    def on_event(self, event: Event) -> None:
        """Look again after work on backups ended."""
        ended = ("jobs.finished", "jobs.failed", "jobs.cancelled")
        if event["name"] == "backups.overdue" or (
            event["name"] in ended and "backup" in str(event["payload"].get("kind", ""))
        ):
            self.reload_soon()

    async def create(self, part: str | None = None, *, encrypt: bool | None = None) -> tuple[str, ...]:
        """Make backups now, of one part or of all; returns the ids of the jobs; raises `ApiError`."""
        body: BackupIn = {}
        if part is not None:
            body["part"] = part
        if encrypt is not None:
            body["encrypt"] = encrypt
        queued = await self.api.backups.create_backups(body)
        return tuple(one["job_id"] for one in queued["jobs"])

    async def verify(self, set_id: str) -> tuple[str, ...]:
        """Check a backup by restoring it aside; returns the ids of the jobs; raises `ApiError`."""
        return tuple(one["job_id"] for one in (await self.api.backups.verify_backup(set_id))["jobs"])

    async def mark(self, set_id: str, *, pinned: bool | None = None, drift_accepted: bool | None = None) -> None:
        """Keep a backup for good, or say that a change is meant; raises `ApiError`."""
        body: MarkIn = {}
        if pinned is not None:
            body["pinned"] = pinned
        if drift_accepted is not None:
            body["drift_accepted"] = drift_accepted
        marked = await self.api.backups.mark_backup(set_id, body)
        self.sets = tuple(marked if one["set_id"] == set_id else one for one in self.sets)

    async def delete(self, set_id: str) -> None:
        """Delete a backup (needs the password); raises `ApiError`."""
        await self.api.backups.delete_backup(set_id)
        self.sets = tuple(one for one in self.sets if one["set_id"] != set_id)

    async def prune(self) -> tuple[str, ...]:
        """Remove what the rules no longer keep (needs the password); returns the ids of the jobs."""
        return tuple(one["job_id"] for one in (await self.api.backups.prune_backups())["jobs"])

    async def restore(self, set_id: str, options: RestoreIn) -> RestoreOut:
        """Restore a backup, or show with `dry_run` what would change (needs the password); follow in `restoring`.

        Returns when the restore has ended; the hub may be away for a moment meanwhile. Raises `ApiError` when it is
        refused.
        """
        progress = self.restoring = RestoreProgress(await self.api.backups.restore_backup(set_id, options))
        assert progress.restore is not None
        while progress.running:
            await self._sleep(LOOK_SECONDS)
            try:
                progress.restore = await self.api.backups.get_restore(progress.restore["id"])
                progress.error = None
            except Offline as error:
                progress.error = error  # parts stop and start while they are restored: look again
            except ApiError as error:
                progress.error = error
                raise
        if not progress.restore["dry_run"]:
            await self.load()
        return progress.restore

    async def change_settings(self, changes: BackupSettingsIn) -> None:
        """Change when, where and how long backups are kept (needs the password); raises `ApiError`."""
        self.settings = await self.api.backups.change_backup_settings(changes)
        self.status = await self.api.backups.get_backup_status()

    async def create_key(self, passphrase: str | None = None) -> None:
        """Make the key that encrypts backups (needs the password); the recovery key is shown once."""
        made = await self.api.backups.create_backup_key({"passphrase": passphrase} if passphrase else {})
        self.recovery_key = made["recovery_key"]
        await self.load()

    def forget_key(self) -> None:
        """Do not keep the recovery key longer than it is shown."""
        self.recovery_key = ""
