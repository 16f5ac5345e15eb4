"""How the File Organizer works for this person, whether AI may help, and exactly what would leave the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from frontend.api.generated.schemas import AiStatusOut, PlanIn, SettingsOut, SettingsPatch
from frontend.providers.base import Event, Provider, undone_on_error
from frontend.providers.jobs_provider import JobProgress, is_job_event


@dataclass(eq=False)
class OrganizerSettingsProvider(Provider):
    """Hold the settings, the state of AI, and the preview of what would be sent (`previewing.result`)."""

    settings: SettingsOut | None = None
    ai: AiStatusOut | None = None
    previewing: JobProgress | None = None

    async def fetch(self) -> None:
        """Ask for settings and the state of AI."""
        self.settings = await self.api.file_organizer.get_settings()
        self.ai = await self.api.file_organizer.get_ai_status()

    async def change(self, **changes: Any) -> None:
        """Change some settings: at once, taken back if the hub refuses; raises `ApiError`."""
        before = self.settings
        if before is not None:
            self.settings = cast("SettingsOut", {**before, **changes})

        def undo() -> None:
            self.settings = before

        async with undone_on_error(undo):
            self.settings = await self.api.file_organizer.change_settings(cast("SettingsPatch", changes))
        if "ai_enabled" in changes:
            self.ai = await self.api.file_organizer.get_ai_status()

    async def preview_ai(self, path: str) -> JobProgress:
        """Prepare exactly what would leave the house for a folder; sends nothing; raises `ApiError`."""
        body: PlanIn = {"path": path, "use_ai": True}
        started = await self.api.file_organizer.preview_ai(body)
        self.previewing = progress = JobProgress(started["job_id"], started["state"])
        progress.take(await self.api.jobs.get_job(started["job_id"]))
        return progress

    def on_event(self, event: Event) -> None:
        """Follow the preview."""
        if self.previewing is not None and is_job_event(event, self.previewing.job_id):
            self.previewing.hear(event)

    async def reload(self) -> None:
        """Read anew, the preview that goes on included."""
        if self.previewing is not None and self.previewing.live:
            self.previewing.take(await self.api.jobs.get_job(self.previewing.job_id))
        await super().reload()
