"""Unpack an archive that a plan came upon, follow it, and go on to the plan of what was inside."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import ItemOut
from frontend.file_organizer.suggestion_words import name_of, readable
from frontend.file_organizer.unpacking_provider import UnpackingProvider, is_unpacked
from frontend.i18n import tr, tr_server
from frontend.kit import (
    Live,
    body,
    caption,
    card,
    keyed,
    meter,
    navigate,
    quiet_button,
    section,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.providers.jobs_provider import JobProgress


def can_be_unpacked(item: ItemOut) -> bool:
    """Tell whether a suggestion is about an archive of files that is still where it was found."""
    return not item["is_folder"] and item["state"] != "done" and is_unpacked(name_of(item["source"]))


@ft.component
def Unpack(item: ItemOut, source: str) -> ft.Control:
    """Offer to unpack; then show how far it is, what stayed packed, and the way to the plan. `source`: full path."""
    session = use_session()
    unpacking = use_provider(session.of(UnpackingProvider))
    begin = use_action(lambda: unpacking.unpack(source))
    job_id = unpacking.jobs.get(source)
    button = tonal_button(tr("Unpack and sort"), begin, icon=ft.Icons.UNARCHIVE_OUTLINED, about=name_of(item["source"]))
    if job_id is None:
        words = tr("Makes a folder beside it, and a plan for what is inside. The archive stays.")
        return section(
            tr("What is inside?"), card(ft.Column([body(words, muted=True), button], spacing=12, tight=True))
        )
    return section(tr("What is inside?"), card(keyed(FollowUnpacking, job_id, job_id, name_of(item["source"]), button)))


@ft.component
def FollowUnpacking(job_id: str, name: str, again: ft.Control) -> ft.Control:
    """Follow the job of one archive; `again`: the button that begins anew where nothing came of it."""
    session = use_session()
    progress = session.jobs.progress_of(job_id)

    async def follow() -> None:
        await session.jobs.follow(job_id)

    use_mount(follow, [job_id])
    stop = use_action(lambda: session.jobs.cancel(job_id))

    def show(live: JobProgress) -> ft.Control:
        if live.live:
            halt = quiet_button(tr("Stop"), stop, about=name, disabled=live.state == "cancelling")
            line = ft.Row([body(tr("It is being unpacked…"), expand=True), halt])
            bar = meter(live.fraction, tr("Unpacking of {name}", name=name))
            return ft.Column([line, bar], spacing=4, tight=True)
        plans = (live.result or {}).get("plans")
        return ft.Column([*outcome_of(live), *([] if plans else [again])], spacing=12, tight=True)

    return Live(progress, show)


def outcome_of(job: JobProgress) -> list[ft.Control]:
    """Return what came of it: the way to the plan, or why nothing was unpacked."""
    if job.state == "cancelled":
        return [body(tr("It was stopped. Nothing was unpacked."))]
    result: dict[str, Any] = job.result or {}
    plans = [str(one) for one in result.get("plans", ())]
    if not plans:
        problems = [str(one["explanation"]) for one in result.get("problems", ())]
        said = tr_server(problems[0] if problems else job.error)
        return [body(said or tr("It could not be unpacked. Nothing was changed."))]
    shown: list[ft.Control] = [
        body(tr("It is unpacked, and a plan for what was inside is being made.")),
        tonal_button(
            tr("Show the plan"), lambda: navigate(f"/file_organizer/plans/{plans[0]}"), icon=ft.Icons.CHECKLIST
        ),
    ]
    shown += [
        caption(f"{readable(str(one['path'])).rpartition('/')[2]}: {tr_server(str(one['explanation']))}")
        for one in result.get("left_packed", ())
    ]
    return shown
