"""History: what was done, day by day, and every single step, with undo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FileOrganizerRunOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.history_words import (
    run_counts,
    run_icon,
    run_state,
    run_title,
    undo_text,
)
from frontend.file_organizer.screens.history.filters import Filters, FolderToShow
from frontend.file_organizer.screens.history.run_actions import use_undo_day, use_undo_run
from frontend.file_organizer.screens.history.steps import Steps
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.i18n import clock_time, day, tr
from frontend.i18n.language import current_zone
from frontend.kit import (
    PagedList,
    Screen,
    TextInput,
    caption,
    card,
    chip,
    empty_state,
    heading,
    keyed,
    navigate,
    quiet_button,
    state_of,
    title,
    use_form,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def History() -> ft.Control:
    """Show the timeline: runs by day, or single files found by name, or only what did not work."""
    session = use_session()
    history = use_provider(session.of(HistoryProvider))
    view, set_view = ft.use_state("runs")
    choosing, set_choosing = ft.use_state(False)
    form = use_form(keep="history")

    async def load() -> None:
        history.close_run()
        await session.of(FoldersProvider).load()
        await history.load()
        await history.know_people()

    use_mount(load)

    async def typed(text: str) -> None:
        await history.search(text.strip(), problems=view == "problems")

    async def chosen(event: Any) -> None:
        wanted = next(iter(event.control.selected), "runs")
        set_view(wanted)
        set_choosing(False)
        if wanted == "problems":
            history.widen()
        if wanted != "runs":
            await history.search(form["search"].strip(), problems=wanted == "problems")

    content = (
        FolderToShow(lambda: set_choosing(False)) if choosing else _Runs() if view == "runs" else keyed(Steps, view)
    )
    controls: list[ft.Control] = [
        ft.SegmentedButton(
            segments=[
                ft.Segment(value="runs", label=ft.Text(tr("By day"))),
                ft.Segment(value="files", label=ft.Text(tr("Single files"))),
                ft.Segment(value="problems", label=ft.Text(tr("Not done"))),
            ],
            selected=[view],
            show_selected_icon=False,
            on_change=chosen,
        )
    ]
    if view != "runs" and not choosing:
        controls.append(
            TextInput(form, "search", tr("Words of a name or folder"), on_change=typed, prefix_icon=ft.Icons.SEARCH)
        )
    if view == "files" and not choosing:
        controls.append(Filters(lambda: set_choosing(True)))
    return Screen(
        tr("History"),
        ft.Column(
            [*controls, *undo_progress(history), ft.Container(content, expand=True)],
            expand=True,
            spacing=12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        back="/file_organizer",
    )


# ---------------------------------------------------------------------- runs by day


@ft.component
def _Runs() -> ft.Control:
    """Show the runs under the day on which they began."""
    history = use_provider(use_session().of(HistoryProvider))
    runs = use_provider(history.runs)
    return state_of(
        runs,
        lambda: PagedList(
            by_day(runs.items),
            TimelineRow,
            key_of=lambda entry: str(entry[1]["id"]) if entry[0] == "run" else f"day-{entry[1]}",
            more=runs.load_more,
            has_more=runs.has_more,
        ),
        retry=history.load,
        is_empty=not runs.items,
        empty=lambda: empty_state(
            ft.Icons.HISTORY,
            tr("Nothing was done yet"),
            tr("When Homie files something for you, it is written down here, and you can take it back."),
        ),
    )


def by_day(runs: tuple[FileOrganizerRunOut, ...]) -> list[tuple[Any, ...]]:
    """Return the runs with a heading before the first one of each day: ("day", iso date, how many) or ("run", run)."""
    days: dict[str, list[FileOrganizerRunOut]] = {}
    for run in runs:
        days.setdefault(local_day(run["created_at"]), []).append(run)
    entries: list[tuple[Any, ...]] = []
    for iso, found in days.items():
        undoable = sum(1 for run in found if run["undoable"] and run["kind"] == "apply")
        entries.append(("day", iso, found[0]["created_at"], undoable))
        entries.extend(("run", run) for run in found)
    return entries


def local_day(when: str) -> str:
    """Return the day of the person's clock, as the hub reads it."""
    return _local(when).date().isoformat()


def _local(when: str) -> datetime:
    moment = datetime.fromisoformat(when)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(current_zone())


def day_words(when: str) -> str:
    """Return a day as people say it: Today, Yesterday, or its date."""
    passed = (datetime.now(UTC).astimezone(current_zone()).date() - _local(when).date()).days
    return tr("Today") if passed == 0 else tr("Yesterday") if passed == 1 else day(when)


@ft.component
def TimelineRow(entry: tuple[Any, ...]) -> ft.Control:
    """Show a day's heading or a run."""
    if entry[0] == "day":
        return DayHeading(entry[1], entry[2], entry[3])
    return RunRow(entry[1])


@ft.component
def DayHeading(iso: str, when: str, undoable: int) -> ft.Control:
    """Show a day, with one button that takes everything of it back."""
    offset = _local(when).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    words = day_words(when)
    undo = use_undo_day(iso, words, undoable, minutes)
    parts: list[ft.Control] = [ft.Container(heading(words), expand=True)]
    if undoable > 1:
        parts.append(quiet_button(tr("Undo the day"), undo, about=words))
    return ft.Container(
        ft.Row(parts, vertical_alignment=ft.CrossAxisAlignment.CENTER), padding=ft.Padding.only(top=12, left=4)
    )


@ft.component
def RunRow(run: FileOrganizerRunOut) -> ft.Control:
    """Show one run: what, how much, when, and undo."""
    undo = use_undo_run(run)
    state = run_state(run)
    texts: list[ft.Control] = [
        title(run_title(run), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(f"{clock_time(run['created_at'])} · {run_counts(run)}", max_lines=2),
    ]
    if state is not None:
        texts.append(ft.Row([chip(*state)], tight=True))
    parts: list[ft.Control] = [
        ft.Icon(run_icon(run), color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Column(texts, spacing=4, tight=True, expand=True),
    ]
    if run["undoable"]:
        parts.append(quiet_button(undo_text(run), undo, about=run_title(run)))
    parts.append(ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT))
    return card(
        ft.Row(parts, spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        on_click=lambda: navigate(f"/file_organizer/history/{run['id']}"),
        padding=12,
    )
