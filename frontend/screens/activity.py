"""Activity: everything that Homie did and does for the person, with what went wrong and how to try again."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import JobOut
from frontend.i18n import ago, tr, tr_server
from frontend.kit import (
    PagedList,
    Screen,
    Tile,
    chip,
    empty_state,
    filter_chips,
    icon_badge,
    navigate,
    state_of,
    tile,
    use_mount,
    use_provider,
    use_session,
)
from frontend.providers.activity_provider import ActivityProvider
from frontend.providers.jobs_provider import LIVE
from frontend.screens.address import query_value
from frontend.screens.job_row import RunningJob
from frontend.screens.job_words import job_icon, job_title, state_words

SHOWN = ("live", "failed", "done")
BADGE = {"done": "accent", "failed": "bad", "cancelled": "neutral"}


@ft.component
def Activity() -> ft.Control:
    """Show all work, the newest first, narrowed by how it stands (`?state=failed` in the address)."""
    session = use_session()
    activity = use_provider(session.of(ActivityProvider))
    jobs = use_provider(activity.jobs)
    wanted = query_value("state")

    async def load() -> None:
        await activity.show(wanted if wanted in SHOWN else "all")  # type: ignore[arg-type]

    use_mount(load, [wanted])
    options = [
        ("all", tr("Everything")),
        ("live", tr("Going on")),
        ("failed", tr("Did not succeed")),
        ("done", tr("Done")),
    ]
    filters = filter_chips(activity.shown, options, lambda key: activity.show(key))  # type: ignore[arg-type]
    content = state_of(
        activity,
        lambda: PagedList(
            jobs.items,
            JobLine,
            key_of=lambda job: job["id"],
            more=jobs.load_more,
            has_more=jobs.has_more,
            spacing=4,
        ),
        is_empty=not jobs.items,
        empty=lambda: _nothing(activity.shown),
    )
    return Screen(
        tr("Activity"), ft.Column([filters, ft.Container(content, expand=True)], expand=True, spacing=8), back="/more"
    )


def _nothing(shown: str) -> ft.Control:
    if shown == "failed":
        return empty_state(ft.Icons.TASK_ALT, tr("Everything succeeded"), tr("Work that fails is listed here."))
    if shown == "live":
        return empty_state(ft.Icons.TASK_ALT, tr("Homie is at rest"), tr("What it is working on is listed here."))
    return empty_state(
        ft.Icons.HISTORY, tr("Nothing was done yet"), tr("Scans, moves and backups are listed here as they happen.")
    )


@ft.component
def JobLine(job: JobOut) -> ft.Control:
    """Show one piece of work: live while it goes on, else how and when it ended."""
    session = use_session()
    if job["state"] in LIVE:
        return RunningJob(job)
    state, tone = state_words(job["state"])
    when = ago(job["finished_at"] or job["created_at"])
    said = tr_server(job["error"]) if job["error"] else tr_server(job["note"])
    job_id = job["id"]
    return tile(
        Tile(
            job_title(job, session.auth.spaces, session.modules.modules),
            " · ".join(part for part in (when, said) if part),
            on_click=lambda: navigate(f"/activity/{job_id}"),
            trailing=chip(state, tone) if job["state"] != "done" else None,
            leading=icon_badge(job_icon(job["kind"]), BADGE[job["state"]]),
        )
    )
