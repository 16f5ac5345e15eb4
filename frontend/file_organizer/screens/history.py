"""History: what was done, day by day, and every single step, with undo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ActionOut, FileOrganizerRunOut, FolderOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.history_words import (
    action_state,
    folder_of,
    is_there,
    name_of,
    operation_icon,
    operation_text,
    run_counts,
    run_icon,
    run_state,
    run_title,
    undo_text,
    why_action_not_undoable,
)
from frontend.file_organizer.links import open_place
from frontend.file_organizer.screens.run_actions import use_undo_action, use_undo_day, use_undo_run
from frontend.file_organizer.screens.undo_progress import undo_progress
from frontend.i18n import clock_time, date_and_time, day, tr, tr_server
from frontend.i18n.language import current_zone
from frontend.kit import (
    PagedList,
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    empty_state,
    heading,
    icon_action,
    keyed,
    navigate,
    quiet_button,
    state_of,
    title,
    use_action,
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
    form = use_form(keep="history")

    async def load() -> None:
        history.close_run()
        await session.of(FoldersProvider).load()
        await history.load()

    use_mount(load)

    async def typed(text: str) -> None:
        await history.search(text.strip(), problems=view == "problems")

    async def chosen(event: Any) -> None:
        wanted = next(iter(event.control.selected), "runs")
        set_view(wanted)
        if wanted != "runs":
            await history.search(form["search"].strip(), problems=wanted == "problems")

    content = _Runs() if view == "runs" else keyed(_Steps, view)
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
    if view != "runs":
        controls.append(
            TextInput(form, "search", tr("Part of a name or folder"), on_change=typed, prefix_icon=ft.Icons.SEARCH)
        )
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


# ---------------------------------------------------------------------- single steps


@ft.component
def _Steps() -> ft.Control:
    """Show single steps, newest run first, as the search says."""
    session = use_session()
    history = session.of(HistoryProvider)
    actions = use_provider(history.actions)
    folders = use_provider(session.of(FoldersProvider).roots).items
    return state_of(
        actions,
        lambda: PagedList(
            actions.items,
            StepRow,
            key_of=lambda one: str(one["id"]),
            more=actions.load_more,
            has_more=actions.has_more,
            arguments=(folders, True),
        ),
        is_empty=not actions.items,
        empty=lambda: empty_state(
            ft.Icons.SEARCH_OFF,
            tr("Nothing found"),
            tr("No file in the history has this in its name or folder. Try fewer letters."),
        ),
    )


@ft.component
def StepRow(action: ActionOut, folders: tuple[FolderOut, ...], dated: bool = False) -> ft.Control:
    """Show one step: which file, from where to where, how it ended, and undo."""
    undo = use_undo_action(action)
    place = action["target"] or action["source"]
    name = name_of(place)
    session = use_session()

    async def open_file() -> None:
        choices = [
            ("view", Tile(tr("Open"), "", ft.Icons.OPEN_IN_NEW)),
            ("download", Tile(tr("Save on this device"), "", ft.Icons.DOWNLOAD_OUTLINED)),
        ]
        if place is not None and (chosen := await choose_sheet(name, choices)):
            await open_place(session, place, "download" if chosen == "download" else "view")

    look = use_action(open_file)
    said = [operation_text(action)] + ([date_and_time(action["created_at"])] if dated else [])
    texts: list[ft.Control] = [
        title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(" · ".join(said)),
        *_way(action, folders),
    ]
    words, tone = action_state(action)
    if action["state"] != "done":
        texts.append(ft.Row([chip(words, tone)], tight=True))
    if action["reason"]:
        texts.append(body(tr_server(action["reason"]), muted=True))
    parts: list[ft.Control] = [
        ft.Icon(operation_icon(action), color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Column(texts, spacing=4, tight=True, expand=True),
    ]
    if not why_action_not_undoable(action):
        parts.append(icon_action(ft.Icons.UNDO, tr("Undo {name}", name=name), undo))
    return card(
        ft.Row(parts, spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        on_click=look if is_there(action) else None,
        padding=12,
    )


def _way(action: ActionOut, folders: tuple[FolderOut, ...]) -> list[ft.Control]:
    source, target = folder_of(action["source"], folders), folder_of(action["target"], folders)
    lines: list[ft.Control] = []
    if source and action["source"] is not None and action["op"] != "mkdir":
        lines.append(_place_line(ft.Icons.LOGOUT, tr("From {folder}", folder=source)))
    if target and target != source and action["op"] != "rmdir":
        lines.append(_place_line(ft.Icons.LOGIN, tr("To {folder}", folder=target)))
    if action["source"] and action["target"] and name_of(action["source"]) != name_of(action["target"]):
        lines.append(_place_line(ft.Icons.LABEL_OUTLINED, tr("Was called {name}", name=name_of(action["source"]))))
    return lines


def _place_line(icon: Any, text: str) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(icon, size=14, color=ft.Colors.ON_SURFACE_VARIANT),
            caption(text, expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        ],
        spacing=6,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
