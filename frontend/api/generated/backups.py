"""The operations below /api/v1/backups.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import (
    BackupIn,
    BackupKeyIn,
    BackupListOut,
    BackupOut,
    BackupSettingsIn,
    BackupSettingsOut,
    KeyOut,
    MarkIn,
    QueuedOut,
    RestoreIn,
    RestoreOut,
    StatusOut,
)
from frontend.api.transport import Transport, new_idempotency_key, segment


class BackupsApi:
    """The operations below /api/v1/backups."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def change_backup_settings(self, body: BackupSettingsIn, *, space: str | None = None) -> BackupSettingsOut:
        """Change the hour, the folder, encryption or how many backups are kept."""
        return cast(
            "BackupSettingsOut", await self._transport.call("PATCH", "/api/v1/backups/settings", body=body, space=space)
        )

    async def create_backup_key(self, body: BackupKeyIn, *, space: str | None = None) -> KeyOut:
        """Make the key of encrypted backups and show its recovery key, which is never shown again."""
        return cast("KeyOut", await self._transport.call("POST", "/api/v1/backups/key", body=body, space=space))

    async def create_backups(
        self, body: BackupIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> QueuedOut:
        """Back up one part, or everything. Each backup is a job; it is verified by a second one."""
        return cast(
            "QueuedOut",
            await self._transport.call(
                "POST",
                "/api/v1/backups",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def delete_backup(self, set_id: str, *, space: str | None = None) -> None:
        """Remove one backup for good."""
        await self._transport.call("DELETE", f"/api/v1/backups/{segment(set_id)}", space=space)

    async def get_backup(self, set_id: str, *, space: str | None = None) -> BackupOut:
        """Show one backup."""
        return cast("BackupOut", await self._transport.call("GET", f"/api/v1/backups/{segment(set_id)}", space=space))

    async def get_backup_settings(self, *, space: str | None = None) -> BackupSettingsOut:
        """Show how backups are made."""
        return cast("BackupSettingsOut", await self._transport.call("GET", "/api/v1/backups/settings", space=space))

    async def get_backup_status(self, *, space: str | None = None) -> StatusOut:
        """Say whether everything is backed up, when the next backup runs, and what is wrong."""
        return cast("StatusOut", await self._transport.call("GET", "/api/v1/backups/status", space=space))

    async def get_restore(self, restore_id: str, *, space: str | None = None) -> RestoreOut:
        """Show how a restore goes."""
        return cast(
            "RestoreOut",
            await self._transport.call("GET", f"/api/v1/backups/restores/{segment(restore_id)}", space=space),
        )

    async def list_backups(self, *, part: str | None = None, space: str | None = None) -> BackupListOut:
        """List the backups, newest first."""
        return cast(
            "BackupListOut", await self._transport.call("GET", "/api/v1/backups", query={"part": part}, space=space)
        )

    async def mark_backup(self, set_id: str, body: MarkIn, *, space: str | None = None) -> BackupOut:
        """Pin a backup so that it is never pruned, or accept that its data shrank."""
        return cast(
            "BackupOut",
            await self._transport.call("PATCH", f"/api/v1/backups/{segment(set_id)}", body=body, space=space),
        )

    async def prune_backups(self, *, space: str | None = None) -> QueuedOut:
        """Remove what the retention rules do not keep, as a job."""
        return cast("QueuedOut", await self._transport.call("POST", "/api/v1/backups/prune", space=space))

    async def restore_backup(self, set_id: str, body: RestoreIn, *, space: str | None = None) -> RestoreOut:
        """Restore one module from a backup while the others keep serving; `dry_run` only compares."""
        return cast(
            "RestoreOut",
            await self._transport.call("POST", f"/api/v1/backups/{segment(set_id)}/restore", body=body, space=space),
        )

    async def verify_backup(self, set_id: str, *, space: str | None = None) -> QueuedOut:
        """Restore a backup into a scratch place and compare every byte and row, as a job."""
        return cast(
            "QueuedOut", await self._transport.call("POST", f"/api/v1/backups/{segment(set_id)}/verify", space=space)
        )
