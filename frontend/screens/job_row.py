"""One piece of work that goes on, with its live progress and the button that stops it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import JobOut
from frontend.i18n import tr, tr_server
from frontend.kit import Live, caption, card, chip, icon_action, icon_badge, meter, navigate, title, use_action
from frontend.kit.context import use_session
from frontend.providers.jobs_provider import JobProgress
from frontend.screens.job_words import job_icon, job_title, state_words


@ft.component
def RunningJob(job: JobOut) -> ft.Control:
    """Show a job that waits or runs; ticks of its progress redraw the lower half only."""
    session = use_session()
    progress = session.jobs.progress_of(job["id"])
    name = job_title(job, session.auth.spaces, session.modules.modules)
    stop = use_action(lambda: session.jobs.cancel(job["id"]))
    return card(
        ft.Row(
            [
                icon_badge(job_icon(job["kind"])),
                ft.Container(
                    title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                    expand=True,
                    padding=ft.Padding.symmetric(vertical=14),  # one line of text is 20 high: 48 to touch
                    on_click=lambda: navigate(f"/activity/{job['id']}"),
                ),
                Live(progress, lambda live: _end(live, stop, name)),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        Live(progress, lambda live: job_meter(live, name)),
    )


def _end(live: JobProgress, stop: object, name: str) -> ft.Control:
    if live.state in ("queued", "running"):
        return icon_action(ft.Icons.STOP_CIRCLE_OUTLINED, tr("Stop {name}", name=name), stop)
    text, tone = state_words(live.state)
    return chip(text, tone)


def job_meter(live: JobProgress, name: str) -> ft.Control:
    """Show how far a job is: a bar, and what it says of itself."""
    if not live.live:
        return caption(tr_server(live.error) if live.error else state_words(live.state)[0])
    said = tr("Waits for its turn") if live.state == "queued" else tr_server(live.note)
    counted = tr("{n} files", n=live.counts["files"]) if live.counts.get("files") else ""
    words = " · ".join(part for part in (said, counted) if part) or tr("At work")
    return ft.Column(
        [
            meter(None if live.state == "queued" else live.fraction, name),
            caption(words, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        ],
        spacing=8,
        tight=True,
    )
