"""A plan that is not there to be reviewed: being made, empty, being carried out, or closed."""

from __future__ import annotations

import time
from typing import Any, cast

import flet as ft

from frontend.file_organizer.review_provider import ReviewProvider
from frontend.i18n import count, duration, size, tr, tr_server, trn
from frontend.kit import (
    GAP,
    Live,
    Screen,
    body,
    caption,
    card,
    confirm,
    empty_state,
    icon_badge,
    key_figure,
    meter,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    tonal_button,
    use_action,
    use_provider,
)
from frontend.providers.jobs_provider import JobProgress

_BACK = "/file_organizer"


def plan_title(review: ReviewProvider) -> str:
    """Return the plan's name for the bar."""
    return (review.plan["title"] if review.plan else "") or tr("Suggestions")


@ft.component
def PlanBuilding(review: ReviewProvider) -> ft.Control:
    """Show the scan that makes the plan."""
    use_provider(review)
    cancel = use_action(review.cancel_scan)
    progress = review.scanning

    def shown(job: JobProgress) -> ft.Control:
        seen = int(job.counts.get("files", 0)) or review.files_seen
        waiting = job.state == "queued"
        return card(
            ft.Row([icon_badge(ft.Icons.MANAGE_SEARCH, size=48), _said(_scan_words(job), _scan_note(job))], spacing=12),
            meter(None if waiting else job.fraction, tr("Looking through the folder")),
            body(trn("{n} file seen", "{n} files seen", seen) if seen else tr("Starting…"), muted=True),
        )

    body_ = Live(progress, shown) if progress is not None else meter(None, tr("Looking through the folder"))
    return Screen(
        plan_title(review),
        scroll_body(body_, body(tr("Nothing is moved yet. You can leave this screen; Homie goes on."), muted=True)),
        subtitle=tr("Looking through the folder"),
        back=_BACK,
        footer=tonal_button(tr("Stop"), cancel, icon=ft.Icons.STOP_CIRCLE_OUTLINED),
    )


def _said(what: str, more: str) -> ft.Control:
    parts: list[ft.Control] = [ft.Text(what, theme_style=ft.TextThemeStyle.TITLE_MEDIUM)]
    if more:
        parts.append(caption(more, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS))
    return ft.Column(parts, spacing=2, tight=True, expand=True)


def _scan_words(job: JobProgress) -> str:
    if job.state == "queued":
        return tr("The scan waits for its turn")
    if job.state == "cancelling":
        return tr("Stopping…")
    return tr("Homie is looking through your files")


def _scan_note(job: JobProgress) -> str:
    return tr_server(job.note)


@ft.component
def PlanEmpty(review: ReviewProvider) -> ft.Control:
    """Say that everything is where it belongs."""
    again = use_action(lambda: scan_again(review))
    left = sum(int(one.get("count", 0)) for one in (review.plan["left_alone"] if review.plan else {}).values())
    counts = review.plan["counts"] if review.plan else {}
    seen = int(counts.get("files_seen", 0))
    parts = [
        empty_state(
            ft.Icons.CHECK_CIRCLE_OUTLINE,
            tr("Nothing to tidy"),
            trn(
                "Homie looked at {n} file, and it is where it belongs.",
                "Homie looked at {n} files, and all are where they belong.",
                seen,
            ),
            tonal_button(tr("Look again"), again, icon=ft.Icons.REFRESH),
        )
    ]
    if left:
        parts.append(
            ft.Row(
                [
                    quiet_button(
                        tr("What Homie leaves alone"),
                        lambda: navigate(f"/file_organizer/plans/{review.plan_id}/left-alone"),
                    )
                ],
                alignment=ft.MainAxisAlignment.CENTER,
            )
        )
    return Screen(plan_title(review), scroll_body(*parts), back=_BACK)


async def scan_again(review: ReviewProvider) -> None:
    """Make a new plan of the same folder, and go there; raises `ApiError`."""
    plan = await review.scan_again()
    navigate(f"/file_organizer/plans/{plan['id']}")


@ft.component
def PlanClosed(review: ReviewProvider) -> ft.Control:
    """Say why this plan can no longer be changed, and what to do instead."""
    again = use_action(lambda: scan_again(review))
    plan = review.plan
    discarded = plan is not None and plan["state"] == "discarded"
    if discarded:
        what, why = tr("This plan was closed"), tr("No file was moved. You can look through the folder again.")
        icon = ft.Icons.INVENTORY_2_OUTLINED
    else:
        what = tr("This plan could not be made")
        why = tr_server(plan["notice"]) if plan and plan["notice"] else tr("Look through the folder again.")
        icon = ft.Icons.ERROR_OUTLINE
    action = primary_button(tr("Look again"), again, icon=ft.Icons.REFRESH)
    return Screen(plan_title(review), empty_state(icon, what, why, action), back=_BACK)


class Pace:
    """Measure how fast files go by, from the counts that arrive; a plain object, so that a tick renders one bar."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None

    def per_second(self, done: int) -> float:
        """Return files per second since the first count; 0 while that cannot be said."""
        now = time.monotonic()
        if self._first is None or done < self._first[1]:
            self._first = (now, done)
            return 0.0
        passed = now - self._first[0]
        return (done - self._first[1]) / passed if passed > 0.5 else 0.0


@ft.component
def PlanRunning(review: ReviewProvider) -> ft.Control:
    """Show the moves as they happen; stopping ends at a safe point."""
    use_provider(review)

    async def stop() -> None:
        if await confirm(
            tr("Stop moving files?"),
            tr("Homie stops at a safe point. What was moved stays moved, and you can take it back."),
            tr("Stop here"),
        ):
            await review.cancel_execution()

    cancel = use_action(stop)
    progress = review.executing
    shown: ft.Control = (
        Progress(progress, tr("Moving your files")) if progress is not None else meter(None, tr("Moving your files"))
    )
    return Screen(
        plan_title(review),
        scroll_body(
            shown, body(tr("You can leave this screen or close the app; Homie goes on and tells you."), muted=True)
        ),
        subtitle=tr("Moving your files"),
        back=_BACK,
        footer=tonal_button(tr("Stop"), cancel, icon=ft.Icons.STOP_CIRCLE_OUTLINED),
    )


@ft.component
def Progress(progress: JobProgress, name: str) -> ft.Control:
    """Show a run with its bar, its figures and the file that it is at."""
    held = ft.use_ref(_none)
    if held.current is None:
        held.current = Pace()
    pace = cast("Pace", held.current)

    def shown(job: JobProgress) -> ft.Control:
        done, total = int(job.counts.get("files", 0)), int(job.counts.get("total", 0))
        moved, speed = int(job.counts.get("bytes", 0)), pace.per_second(done)
        figures = [key_figure(f"{count(done)} / {count(total)}" if total else count(done), tr("files"))]
        if moved:
            figures.append(key_figure(size(moved), tr("moved")))
        if speed:
            figures.append(key_figure(count(round(speed, 1 if speed < 10 else 0)), tr("files per second")))
            if total > done:
                figures.append(key_figure(duration((total - done) / speed), tr("left")))
        parts: list[ft.Control] = [
            ft.Row(
                [icon_badge(ft.Icons.DRIVE_FILE_MOVE_OUTLINED, size=48), _said(_run_words(job, name), "")], spacing=12
            ),
            meter(job.fraction, name, height=12),
            ft.Row(figures, spacing=GAP * 2, run_spacing=GAP, wrap=True),
        ]
        if job.note:
            parts.append(caption(tr_server(job.note), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS))
        if job.state == "failed":
            parts.append(notice(tr_server(job.error) or tr("It could not be finished."), "bad", ft.Icons.ERROR_OUTLINE))
        return card(ft.Column(parts, spacing=GAP, tight=True))

    return Live(progress, shown)


def _run_words(job: JobProgress, name: str) -> str:
    if job.state == "queued":
        return tr("Waits for its turn")
    if job.state == "cancelling":
        return tr("Stopping at a safe point…")
    return name


def _none() -> Any:
    return None
