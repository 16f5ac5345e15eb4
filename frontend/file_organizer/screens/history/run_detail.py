"""One run: what it did, what it did not and why, each step, and taking it back."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import FileOrganizerRunOut, ProblemOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.history_words import (
    is_file_step,
    run_counts,
    run_icon,
    run_state,
    run_title,
    undo_text,
    why_not_undoable,
)
from frontend.file_organizer.screens.history.run_actions import use_undo_run
from frontend.file_organizer.screens.history.steps import StepRow
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.i18n import date_and_time, size, tr, tr_server, trn
from frontend.kit import (
    PagedList,
    Screen,
    body,
    caption,
    card,
    chip,
    empty_state,
    error_state,
    heading,
    loading_state,
    navigate,
    primary_button,
    quiet_button,
    section,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def RunDetail() -> ft.Control:
    """Show the run that the address names."""
    run_id = ft.use_route_params().get("run_id", "")
    session = use_session()
    history = use_provider(session.of(HistoryProvider))
    steps = use_provider(history.actions)
    failed, set_failed = ft.use_state(_none)
    folders = use_provider(session.of(FoldersProvider).roots).items

    async def load() -> None:
        set_failed(lambda _: None)
        try:
            await history.open_run(run_id)
        except ApiError as error:
            refused = error
            set_failed(lambda _: refused)
            return
        await history.load()  # from now on it follows what happens to this run
        await session.of(FoldersProvider).load()

    use_mount(load, [run_id])
    run = history.run if history.run is not None and history.run["id"] == run_id else None
    if run is None:
        content = error_state(failed, load) if failed is not None else loading_state()
        return Screen(tr("What was done"), content, back="/file_organizer/history")
    head: list[ft.Control] = [*undo_progress(history), RunSummary(run), *_problem_cards(run, history.problems)]
    shown = [one for one in steps.items if is_file_step(one)]
    if shown:
        head.append(ft.Container(heading(tr("Every step")), padding=ft.Padding.only(top=8)))
    elif steps.loaded:
        head.append(empty_state(ft.Icons.CHECK_CIRCLE_OUTLINE, tr("This run changed nothing")))
    return Screen(
        run_title(run),
        PagedList(
            shown,
            StepRow,
            key_of=lambda one: str(one["id"]),
            more=steps.load_more,
            has_more=steps.has_more,
            before=head,
            arguments=(folders,),
        ),
        back="/file_organizer/history",
        subtitle=date_and_time(run["created_at"]),
    )


def _none() -> Any:
    return None


@ft.component
def RunSummary(run: FileOrganizerRunOut) -> ft.Control:
    """Show how a run ended, with undo or why there is none."""
    undo = use_undo_run(run)
    state = run_state(run)
    texts: list[ft.Control] = [
        heading(run_counts(run)),
        caption(_when(run)),
    ]
    if state is not None:
        texts.append(ft.Row([chip(*state)], tight=True))
    parts: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(run_icon(run), size=32, color=ft.Colors.PRIMARY),
                ft.Column(texts, spacing=4, tight=True, expand=True),
            ],
            spacing=16,
        )
    ]
    if why := why_not_undoable(run):
        parts.append(body(why, muted=True))
    else:
        icon = ft.Icons.REDO if run["kind"] == "undo" else ft.Icons.UNDO
        parts.append(ft.Row([primary_button(undo_text(run), undo, icon=icon, about=run_title(run))]))
    if run["undo_of"]:
        earlier = f"/file_organizer/history/{run['undo_of']}"
        parts.append(ft.Row([quiet_button(tr("Show what was taken back"), lambda: navigate(earlier))]))
    return card(*parts)


def _when(run: FileOrganizerRunOut) -> str:
    moved = size(run["bytes_done"]) if run["bytes_done"] else ""
    return " · ".join(part for part in (date_and_time(run["created_at"]), moved) if part)


def _problem_cards(run: FileOrganizerRunOut, problems: tuple[ProblemOut, ...]) -> list[ft.Control]:
    """Say why things were not done, and offer to keep both where that is what helps."""
    if not problems:
        return []
    lines: list[ft.Control] = [_problem_line(one) for one in problems]
    changed = any(one["code"] in ("changed_since", "target_exists") for one in problems)
    if run["kind"] == "undo" and run["undo_of"] and changed:
        lines.append(KeepBoth(run))
    return [section(tr("What was not done, and why"), card(*lines))]


def _problem_line(problem: ProblemOut) -> ft.Control:
    icon = ft.Icons.ERROR_OUTLINE if problem["state"] == "failed" else ft.Icons.INFO_OUTLINE
    return ft.Row(
        [
            ft.Icon(icon, size=20, color=ft.Colors.ON_SURFACE_VARIANT),
            ft.Column(
                [
                    body(tr_server(problem["reason"]) or tr("The reason is not known.")),
                    caption(trn("{n} file", "{n} files", problem["count"])),
                ],
                spacing=0,
                tight=True,
                expand=True,
            ),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@ft.component
def KeepBoth(run: FileOrganizerRunOut) -> ft.Control:
    """Offer to put back what could not be put back, beside what is there now."""
    history = use_session().of(HistoryProvider)

    async def keep_both() -> None:
        await history.undo_run(str(run["undo_of"]), keep_both=True)

    action = use_action(keep_both, done=tr("Homie puts them back beside what is there now."))
    return ft.Row([tonal_button(tr("Put back, keep both"), action, icon=ft.Icons.FILE_COPY_OUTLINED)])
