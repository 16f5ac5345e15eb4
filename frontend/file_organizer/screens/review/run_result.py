"""What came of a plan: done, skipped and failed with reason and remedy, and taking everything back."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ProblemOut
from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.screens.review.plan_stages import Progress, plan_title, scan_again
from frontend.i18n import count, size, tr, tr_server, trn
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    confirm,
    icon_badge,
    key_figure,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    title,
    tonal_button,
    use_action,
    use_provider,
)


@ft.component
def RunResult(review: ReviewProvider) -> ft.Control:
    """Show the result, the undo that goes on, and what was put back."""
    use_provider(review)
    run, job = review.run, review.executing
    undoing = job is not None and job.live

    async def undo_all() -> None:
        assert run is not None
        done = run["done"]
        if await confirm(
            tr("Put everything back?"),
            trn(
                "{n} file goes back to where it was. You can do it again afterwards.",
                "{n} files go back to where they were. You can do it again afterwards.",
                done,
            ),
            tr("Put back"),
        ):
            await review.undo_execution()

    undo = use_action(undo_all)
    again = use_action(lambda: scan_again(review))
    parts: list[ft.Control] = []
    if undoing and job is not None:
        parts.append(Progress(job, tr("Putting your files back")))
    parts.append(_headline(review))
    if run is not None:
        parts.append(_figures(run["done"], run["skipped"], run["failed"], run["bytes_done"]))
    if review.problems:
        parts.append(section(tr("What was not moved"), *[_problem(one) for one in review.problems]))
    buttons: list[ft.Control] = [
        tonal_button(
            tr("History of this run"),
            lambda: navigate(f"/file_organizer/runs/{run['id']}") if run else None,
            icon=ft.Icons.HISTORY,
        ),
        quiet_button(tr("Look through the folder again"), again, icon=ft.Icons.REFRESH),
    ]
    parts.append(ft.Row(buttons, wrap=True, spacing=8, run_spacing=8))
    can_undo = run is not None and run["undoable"] and not undoing
    footer = tonal_button(tr("Put everything back"), undo, icon=ft.Icons.UNDO) if can_undo else None
    done_button = primary_button(tr("Done"), lambda: navigate("/file_organizer"), icon=ft.Icons.CHECK)
    bar = ft.Row(
        [*([ft.Container(footer, expand=True)] if footer else []), ft.Container(done_button, expand=True)], spacing=8
    )
    return Screen(plan_title(review), scroll_body(*parts), back="/file_organizer", footer=bar)


def _headline(review: ReviewProvider) -> ft.Control:
    run = review.run
    undone = run is not None and not run["undoable"] and run["done"] > 0 and review.count("undone") > 0
    if undone:
        icon, tone, text = ft.Icons.UNDO, "accent", tr("Everything is back where it was")
        more = tr("Homie remembers that you did not want this, and suggests better next time.")
    elif run is not None and run["failed"]:
        icon, tone, text = ft.Icons.WARNING_AMBER_OUTLINED, "warn", tr("Done, but not everything could be moved")
        more = tr("No file was lost. Below stands what to do.")
    elif run is not None and not run["done"]:
        icon, tone, text = ft.Icons.INFO_OUTLINE, "accent", tr("Nothing was moved")
        more = ""
    else:
        icon, tone, text = ft.Icons.CHECK, "good", tr("Your files are tidy")
        more = tr("You can put everything back at any time, also from the history.")
    column: list[ft.Control] = [ft.Text(text, theme_style=ft.TextThemeStyle.TITLE_LARGE)]
    if more:
        column.append(body(more, muted=True))
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Row(
            [icon_badge(icon, tone, size=56), ft.Column(column, spacing=4, tight=True, expand=True)], spacing=GAP
        ),
    )


def _figures(done: int, skipped: int, failed: int, moved: int) -> ft.Control:
    figures = [key_figure(count(done), trn("file moved", "files moved", done))]
    if skipped:
        figures.append(key_figure(count(skipped), tr("left out")))
    if failed:
        figures.append(key_figure(count(failed), tr("not possible")))
    if moved:
        figures.append(key_figure(size(moved), tr("in all")))
    return card(ft.Row(figures, spacing=GAP * 2, run_spacing=GAP, wrap=True))


def _problem(one: ProblemOut) -> ft.Control:
    what, _, remedy = tr_server(one["reason"]).partition(". ")
    lines: list[ft.Control] = [title(trn("{n} file", "{n} files", one["count"])), body(what.rstrip(".") + ".")]
    if remedy:
        lines.append(caption(remedy))
    bad = one["state"] in ("failed", "rolled_back")
    if not what:
        return notice(tr("Something stayed where it is."), "warn")
    return card(
        ft.Row(
            [
                icon_badge(ft.Icons.ERROR_OUTLINE if bad else ft.Icons.SKIP_NEXT_OUTLINED, "bad" if bad else "neutral"),
                ft.Column(lines, spacing=2, tight=True, expand=True),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=12,
    )
