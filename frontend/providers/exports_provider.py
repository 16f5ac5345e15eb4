"""Archives of everything in a space: made by a job, listed, taken along, removed; and the erasure of a space."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import ErasureOut, ExportOut
from frontend.providers.base import Event, Provider
from frontend.providers.jobs_provider import JobProgress, is_job_event, read_progress

LARGEST_IN_APP = 64 * 1024 * 1024
"""Bytes that are sent through the app's own connection; larger archives are fetched on the server."""


@dataclass(eq=False)
class ExportsProvider(Provider):
    """Hold the archives of one space and the one that is being made."""

    space_id: str = ""
    exports: tuple[ExportOut, ...] = ()
    progress: JobProgress | None = None

    async def show(self, space_id: str) -> None:
        """Show the archives of a space."""
        if space_id != self.space_id:
            self.space_id, self.exports, self.progress = space_id, (), None
            self.drop()
        await self.load()

    async def fetch(self) -> None:
        """Ask for the archives, and how far the one is that is being made."""
        self.exports = tuple((await self.api.owners.list_exports(self.space_id))["items"])
        if self.progress is not None:
            await read_progress(self.api, self.progress)
            self._settle()

    async def start(self) -> None:
        """Begin to make an archive (needs the password); raises `ApiError`."""
        queued = await self.api.owners.export_space(self.space_id)
        self.progress = JobProgress(queued["job_id"])
        with suppress(ApiError):  # it has begun all the same
            await read_progress(self.api, self.progress)  # its end may have been told before this answer came
            self._settle()

    async def content(self, export_id: str) -> bytes:
        """Return an archive (needs the password); raises `ApiError`."""
        chunks = [chunk async for chunk in self.api.owners.download_export(self.space_id, export_id)]
        return b"".join(chunks)

    async def remove(self, export_id: str) -> None:
        """Remove an archive (needs the password); raises `ApiError`."""
        await self.api.owners.delete_export(self.space_id, export_id)
        self.exports = tuple(one for one in self.exports if one["id"] != export_id)

    async def erase(self, *, replace_backups: bool) -> ErasureOut:
        """Erase the space for good, and with a private one its person (needs the password); raises `ApiError`."""
        return await self.api.owners.erase_space(
            self.space_id, {"confirm": self.space_id, "replace_backups": replace_backups}
        )

    def on_event(self, event: Event) -> None:
        """Follow the archive that is being made."""
        progress = self.progress
        if progress is not None and is_job_event(event, progress.job_id):
            progress.hear(event)
            self._settle()

    def _settle(self) -> None:
        """Show the finished archive in the list."""
        if self.progress is not None and not self.progress.live and not self.progress.error:
            self.progress = None
            self.reload_soon()
