"""A scan that goes on: how many files were seen, its bar, and stopping it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import PlanOut
from frontend.file_organizer.file_organizer_provider import FileOrganizerProvider
from frontend.i18n import tr, tr_server, trn
from frontend.kit import Live, body, meter, quiet_button, use_action, use_mount, use_session
from frontend.providers.jobs_provider import JobProgress


@ft.component
def ScanProgress(plan: PlanOut) -> ft.Control:
    """Follow the scan of a plan; when it ends, the list of plans is read anew."""
    session = use_session()
    job_id = plan["job_id"] or ""
    progress = session.jobs.progress_of(job_id)

    async def follow() -> None:
        await session.jobs.follow(job_id)
        if not progress.live:
            await session.of(FileOrganizerProvider).load()

    use_mount(follow, [job_id])
    stop = use_action(lambda: session.jobs.cancel(job_id))

    def show(live: JobProgress) -> ft.Control:
        button = quiet_button(
            tr("Stop"),
            stop,
            about=tr("the scan of {folder}", folder=plan["title"]),
            disabled=live.state == "cancelling",
        )
        return ft.Column(
            [
                ft.Row([body(scan_words(live), muted=True, expand=True), *([button] if live.live else [])]),
                meter(live.fraction if live.live else 1.0, tr("Scan of {folder}", folder=plan["title"])),
            ],
            spacing=4,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    return Live(progress, show)


def scan_words(progress: JobProgress) -> str:
    """Return in words how far a scan is."""
    if progress.state == "queued":
        return tr("The scan begins in a moment…")
    if progress.state == "cancelling":
        return tr("Stopping…")
    if progress.state == "cancelled":
        return tr("The scan was stopped. Nothing was changed.")
    if progress.state == "failed":
        return tr_server(progress.error) or tr("The scan did not succeed. Try it again.")
    files = int(progress.counts.get("files", 0))
    seen = trn("{n} file seen", "{n} files seen", files)
    note = tr_server(progress.note)
    return f"{note} · {seen}" if note and files else note or (seen if files else tr("Looking through the folder…"))
