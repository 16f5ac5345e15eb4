"""One piece of work: how it stands, what it did, what went wrong, and stopping or repeating it."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from frontend.api.generated.schemas import JobOut
from frontend.i18n import count, date_and_time, duration, tr, tr_server
from frontend.kit import (
    Live,
    Screen,
    body,
    card,
    chip,
    empty_state,
    error_state,
    icon_badge,
    key_figure,
    loading_state,
    notice,
    primary_button,
    scroll_body,
    section,
    title,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.facts import facts
from frontend.kit.keyed import keyed
from frontend.providers.activity_provider import ActivityProvider
from frontend.providers.jobs_provider import LIVE
from frontend.screens.job_row import job_meter
from frontend.screens.job_words import job_icon, job_name, job_remedy, job_title, state_words

COUNTED = ("files", "folders", "rows", "items")


@ft.component
def JobDetail(job_id: str = "") -> ft.Control:
    """Show the job that the address names."""
    session = use_session()
    activity = use_provider(session.of(ActivityProvider))
    job_id = job_id or str(ft.use_route_params().get("job_id", ""))
    load = use_action(lambda: activity.look_at(job_id), quiet=True)
    use_mount(load, [job_id])
    job = activity.job if activity.job is not None and activity.job["id"] == job_id else None
    if job is None:
        if load.error is None:
            content = loading_state(2)
        elif getattr(load.error, "status", 0) == 404:
            content = empty_state(
                ft.Icons.HISTORY,
                tr("This work is not known any more"),
                tr("Homie forgets finished work after some weeks."),
            )
        else:
            content = error_state(load.error, load)
        return Screen(tr("Activity"), content, back="/activity")
    return Screen(job_name(job["kind"]), keyed(JobBody, job_id, job), back="/activity")


@ft.component
def JobBody(job: JobOut) -> ft.Control:
    """Show one job in full."""
    session = use_session()
    activity = session.of(ActivityProvider)
    name = job_title(job, session.auth.spaces, session.modules.modules)
    stop = use_action(lambda: activity.cancel(job["id"]))
    again = use_action(lambda: activity.retry(job["id"]), done=tr("It is tried again."))
    state, tone = state_words(job["state"])
    head: list[ft.Control] = [
        ft.Row(
            [icon_badge(job_icon(job["kind"]), tone), ft.Container(title(name), expand=True), chip(state, tone)],
            spacing=12,
        )
    ]
    if job["state"] in LIVE:
        progress = session.jobs.progress_of(job["id"])
        if progress.state != job["state"] and progress.note == "":
            progress.take(job)
        head.append(Live(progress, lambda live: job_meter(live, name)))
    elif job["note"]:
        head.append(body(tr_server(job["note"]), muted=True))
    parts: list[ft.Control] = [card(*head)]
    if job["error"]:
        parts.append(notice(tr_server(job["error"]), "bad", ft.Icons.ERROR_OUTLINE))
        parts.append(body(job_remedy(job), muted=True))
    if job["state"] in ("queued", "running"):
        parts.append(tonal_button(tr("Stop"), stop, icon=ft.Icons.STOP_CIRCLE_OUTLINED, about=name))
    if job["state"] in ("failed", "cancelled"):
        parts.append(primary_button(tr("Try again"), again, icon=ft.Icons.REFRESH, about=name))
    figures = _figures(job)
    if figures:
        parts.append(section(tr("What was done"), card(ft.Row(figures, spacing=32, wrap=True))))
    parts.append(section(tr("Details"), _facts(job)))
    return scroll_body(*parts)


def _figures(job: JobOut) -> list[ft.Control]:
    words = {"files": tr("Files"), "folders": tr("Folders"), "rows": tr("Entries"), "items": tr("Things")}
    return [key_figure(count(job["counts"][name]), words[name]) for name in COUNTED if job["counts"].get(name)]


def _facts(job: JobOut) -> ft.Control:
    found = [(tr("Asked for"), date_and_time(job["created_at"]))]
    if job["started_at"]:
        found.append((tr("Begun"), date_and_time(job["started_at"])))
    if job["finished_at"]:
        found.append((tr("Ended"), date_and_time(job["finished_at"])))
    if job["started_at"] and job["finished_at"]:
        began, ended = (datetime.fromisoformat(str(job[name])) for name in ("started_at", "finished_at"))
        found.append((tr("Took"), duration((ended - began).total_seconds())))
    if job["attempt"] > 1:
        found.append((tr("Tries"), tr("{n} of {most}", n=job["attempt"], most=job["max_attempts"])))
    return facts(found)
