"""API of what was learned: destinations, series, settings, and the AI's preview."""

from __future__ import annotations

from backend.file_organizer.jobs import PreviewAiArgs
from backend.file_organizer.memory.models import DestinationMapping, SeriesMapping
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import (
    AiStatusOut,
    DestinationOut,
    DestinationsQuery,
    IdPath,
    JobRefOut,
    PlanIn,
    SeriesOut,
    SettingsOut,
    SettingsPatch,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.http import Group, Page, PageQuery, current_actor, page
from backend.sdk.module import ModuleContext


def memory_groups(ctx: ModuleContext, organizer: Organizer) -> list[Group]:
    """Return the groups of memory, settings and AI."""
    destinations = Group("destinations", url_prefix="/destinations", tag="Memory")
    series = Group("series", url_prefix="/series", tag="Memory")
    settings = Group("settings", url_prefix="/settings", tag="Settings")
    ai = Group("ai", url_prefix="/ai", tag="AI")
    _learned(destinations, series, organizer)
    _settings(settings, organizer)
    _ai(ai, ctx, organizer)
    return [destinations, series, settings, ai]


def _learned(destinations: Group, series: Group, organizer: Organizer) -> None:
    memory = organizer.memory

    @destinations.get("", returns=Page[DestinationOut])
    def list_destinations(query: DestinationsQuery) -> Page[DestinationOut]:
        """List what was learned about destinations, newest first."""
        after = query.after(str)
        rows = memory.mappings(
            current_actor(), DestinationMapping, limit=query.limit, before=after[0] if after else None, text=query.q
        )
        found = page(rows, query.limit, lambda row: (row.id,))
        items = [DestinationOut.model_validate(row) for row in found.items]
        return Page[DestinationOut](items=items, next_cursor=found.next_cursor)

    @destinations.delete("/<id>", errors=[404])
    def forget_destination(path: IdPath) -> None:
        """Forget one learned destination."""
        memory.forget(current_actor(), path.id)

    @series.get("", returns=Page[SeriesOut])
    def list_series(query: PageQuery) -> Page[SeriesOut]:
        """List where series are kept, newest first."""
        after = query.after(str)
        rows = memory.mappings(current_actor(), SeriesMapping, limit=query.limit, before=after[0] if after else None)
        found = page(rows, query.limit, lambda row: (row.id,))
        items = [SeriesOut.model_validate(row) for row in found.items]
        return Page[SeriesOut](items=items, next_cursor=found.next_cursor)

    @series.delete("/<id>", errors=[404])
    def forget_series(path: IdPath) -> None:
        """Forget where a series is kept."""
        memory.forget_series(current_actor(), path.id)


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
