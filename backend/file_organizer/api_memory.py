"""API of settings, and the AI's preview."""

from __future__ import annotations

from backend.file_organizer.jobs import PreviewAiArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import (
    AiStatusOut,
    JobRefOut,
    PlanIn,
    SettingsOut,
    SettingsPatch,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext


def memory_groups(ctx: ModuleContext, organizer: Organizer) -> list[Group]:
    """Return the groups of settings and AI."""
    settings = Group("settings", url_prefix="/settings", tag="Settings")
    ai = Group("ai", url_prefix="/ai", tag="AI")
    _settings(settings, organizer)
    _ai(ai, ctx, organizer)
    return [settings, ai]


def _settings(group: Group, organizer: Organizer) -> None:
    @group.get("", returns=SettingsOut)
    def get_settings() -> SettingsOut:
        """Show your settings."""
        return SettingsOut.model_validate(organizer.settings.get(current_actor()))

    @group.patch("", returns=SettingsOut)
    def change_settings(body: SettingsPatch) -> SettingsOut:
        """Change some settings."""
        changes = body.model_dump(exclude_none=True)
        return SettingsOut.model_validate(organizer.settings.change(current_actor(), changes))


def _ai(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.get("", returns=AiStatusOut)
    def get_ai_status() -> AiStatusOut:
        """Tell how AI stands for the File Organizer."""
        actor = current_actor()
        status = ctx.ai.status(actor, "file_organizer")
        return AiStatusOut(
            ready=status.ready,
            state=status.state,
            text=status.text,
            provider=status.provider,
            model=status.model,
            enabled_here=organizer.settings.get(actor).ai_enabled,
        )

    @group.post("/preview", returns=JobRefOut, status=202, errors=[403, 503])
    def preview_ai(body: PlanIn) -> JobRefOut:
        """Prepare exactly what would leave the house for this folder; the job's result shows it. Sends nothing."""
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        root = run_blocking(roots.resolve_text, body.path, must_exist=True, folder=True, field="body.path")
        into = root
        if body.into is not None:
            into = run_blocking(roots.resolve_text, body.into, folder=True, field="body.into")
        settings = organizer.settings.get(actor)
        threshold = settings.accept_threshold if body.threshold is None else body.threshold
        args = PreviewAiArgs(root=root.volume_path, into=into.volume_path, threshold=threshold, settings=settings)
        job = ctx.jobs.enqueue(actor, "file_organizer.preview_ai", args)
        return JobRefOut(job_id=job.id, state=job.state)
