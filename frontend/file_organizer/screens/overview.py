"""The File Organizer's first screen: what waits, folders to tidy, drives at a glance, what was done last."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import DriveOut, FileOrganizerRunOut, FolderOut, PlanOut
from frontend.file_organizer.drive_words import drive_icon, drive_state
from frontend.file_organizer.drives_provider import DrivesProvider
from frontend.file_organizer.file_organizer_provider import FileOrganizerProvider
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.history_words import run_counts, run_icon, run_title, undo_text
from frontend.file_organizer.links import open_upload_page
from frontend.file_organizer.screens.drives.drives import space_bar
from frontend.file_organizer.screens.history.run_actions import use_undo_run
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.file_organizer.screens.review.scan_progress import ScanProgress
from frontend.i18n import ago, count, tr, trn
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    empty_state,
    icon_action,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    title,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
    use_viewport,
)

MOST_WAITING = 5
MOST_DRIVES = 4
MOST_FOLDERS = 6


@ft.component
def Overview() -> ft.Control:
    """Show the module at a glance; each part follows what happens by itself."""
    session = use_session()
    viewport = use_viewport()
    folders = use_provider(session.of(FoldersProvider))
    roots = use_provider(folders.roots)
    history = use_provider(session.of(HistoryProvider))
    runs = use_provider(history.runs)
    drives = use_provider(session.of(DrivesProvider))

    async def load() -> None:
        history.close_run()
        for kind in (FoldersProvider, FileOrganizerProvider, DrivesProvider, HistoryProvider):
            await session.of(kind).load()

    use_mount(load)

    def content() -> ft.Control:
        first: list[ft.Control] = [*undo_progress(history), Waiting(), Folders()]
        second: list[ft.Control] = [last_run(runs.items[0])] if runs.items else []
        second += [drives_glance(drives.drives)] if drives.drives else []
        second.append(Shortcuts())
        if not viewport.is_wide:
            return scroll_body(*first, *second, spacing=GAP * 1.5)
        columns = [
            ft.Column(part, spacing=GAP * 1.5, expand=share, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
            for part, share in ((first, 7), (second, 5))
        ]
        return scroll_body(ft.Row(list(columns), spacing=GAP * 1.5, vertical_alignment=ft.CrossAxisAlignment.START))

    return Screen(
        tr("Files"),
        state_of(
            roots,
            content,
            retry=load,
            is_empty=not roots.items,
            empty=lambda: empty_state(
                ft.Icons.FOLDER_OFF_OUTLINED,
                tr("No folder is open to Homie yet"),
                tr("Homie only sees folders that an administrator opened. Choose them under More, Household."),
                tonal_button(tr("Go to the household"), lambda: navigate("/people")),
            ),
        ),
        wide=viewport.is_wide,
    )


# ---------------------------------------------------------------------- what waits


@ft.component
def Waiting() -> ft.Control:
    """Show plans that wait for an answer, and scans that go on."""
    plans = use_provider(use_session().of(FileOrganizerProvider).plans)
    live = [one for one in plans.items if one["state"] in ("building", "ready", "executing")]
    if not plans.loaded:
        return ft.Container(height=0)
    if not live:
        return section(
            tr("Waiting for you"),
            notice(
                tr("Nothing waits for you. Choose a folder to tidy, and Homie makes suggestions."),
                "neutral",
                ft.Icons.CHECK_CIRCLE_OUTLINE,
            ),
        )
    shown: list[ft.Control] = [keyed(PlanCard, one["id"], one) for one in live[:MOST_WAITING]]
    if len(live) > MOST_WAITING:
        more = len(live) - MOST_WAITING
        shown.append(caption(tr("and {n} more", n=count(more))))
    return section(tr("Waiting for you"), *shown)


@ft.component
def PlanCard(plan: PlanOut) -> ft.Control:
    """Show one plan: how many suggestions and questions wait in it, or how far its scan is."""
    route = f"/file_organizer/plans/{plan['id']}"
    if plan["state"] == "building":
        return card(title(plan["title"], max_lines=1), ScanProgress(plan))
    words = tr("Homie is carrying it out…") if plan["state"] == "executing" else plan_words(plan)
    button = tonal_button if plan["state"] == "executing" else primary_button
    name = tr("Show") if plan["state"] == "executing" else tr("Review")
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.AUTO_AWESOME_OUTLINED, color=ft.Colors.PRIMARY),
                ft.Column(
                    [
                        title(plan["title"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        body(words, muted=True),
                        caption(ago(plan["created_at"])),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                button(name, lambda: navigate(route), about=plan["title"]),
            ],
            spacing=12,
        )
    )


def plan_words(plan: PlanOut) -> str:
    """Return in words what waits in a plan."""
    suggested, asking = int(plan["counts"].get("suggested", 0)), int(plan["counts"].get("asking", 0))
    if not suggested and not asking:
        return tr("Everything is in its place already.")
    said = trn("{n} suggestion", "{n} suggestions", suggested) if suggested else ""
    asked = trn("{n} question", "{n} questions", asking) if asking else ""
    return ", ".join(part for part in (said, asked) if part)


# ---------------------------------------------------------------------- folders to tidy


@ft.component
def Folders() -> ft.Control:
    """Show the opened folders, each with its last scan and what can be done with it."""
    session = use_session()
    roots = use_provider(session.of(FoldersProvider).roots)
    plans = use_provider(session.of(FileOrganizerProvider).plans)
    cards: list[ft.Control] = [
        keyed(FolderCard, f"{one['volume_id']}:{one['path']}", one, _last_scan(one, plans.items))
        for one in roots.items[:MOST_FOLDERS]
    ]
    if len(roots.items) > MOST_FOLDERS:
        cards.append(ft.Row([quiet_button(tr("All folders"), lambda: navigate("/file_organizer/drives"))]))
    return section(
        tr("Folders to tidy"),
        *cards,
        action=quiet_button(tr("Another folder"), lambda: navigate("/file_organizer/scan"), icon=ft.Icons.SEARCH),
    )


def _last_scan(folder: FolderOut, plans: tuple[PlanOut, ...]) -> PlanOut | None:
    return next((one for one in plans if one["root"]["volume_id"] == folder["volume_id"]), None)


@ft.component
def FolderCard(folder: FolderOut, last: PlanOut | None) -> ft.Control:
    """Show one opened folder: when it was looked through, and Scan, Look inside, Send files."""
    session = use_session()
    upload = use_action(lambda: open_upload_page(session, folder["path"], "/file_organizer"))
    name, volume_id = folder["label"], folder["volume_id"]
    narrow = use_viewport().narrow
    notes = [tr("Scanned {when}", when=ago(last["created_at"])) if last else tr("Not scanned yet")]
    if not folder["online"]:
        notes = [tr("Its drive is not connected")]
    elif not folder["space_writable"]:
        notes.append(tr("Homie may only look here"))

    async def more() -> None:
        choices = [("look", Tile(tr("Look inside"), "", ft.Icons.FOLDER_OPEN_OUTLINED))]
        if folder["online"] and folder["space_writable"]:
            choices.append(("send", Tile(tr("Send files to this folder"), "", ft.Icons.UPLOAD_OUTLINED)))
        chosen = await choose_sheet(name, choices)
        if chosen == "look":
            navigate(f"/file_organizer/folders/{volume_id}")
        elif chosen == "send":
            await upload()

    parts: list[ft.Control] = [
        ft.Icon(
            ft.Icons.FOLDER if folder["online"] else ft.Icons.FOLDER_OFF_OUTLINED,
            color=ft.Colors.PRIMARY if folder["online"] else ft.Colors.ON_SURFACE_VARIANT,
        ),
        ft.Column(
            [
                title(name, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
                caption(" · ".join(notes), max_lines=2),
            ],
            spacing=2,
            tight=True,
            expand=True,
        ),
    ]
    if folder["online"]:
        scan = f"/file_organizer/scan/{volume_id}"
        if narrow:
            said = tr("Scan {folder}", folder=name)
            parts.append(icon_action(ft.Icons.AUTO_AWESOME_OUTLINED, said, lambda: navigate(scan)))
        else:
            parts.append(tonal_button(tr("Scan"), lambda: navigate(scan), about=name))
    parts.append(icon_action(ft.Icons.MORE_VERT, tr("More about {folder}", folder=name), more))
    return card(ft.Row(parts, spacing=12), padding=8)


# ---------------------------------------------------------------------- last run, drives, shortcuts


def last_run(run: FileOrganizerRunOut) -> ft.Control:
    """Show what was done last, with undo."""
    every = quiet_button(tr("History"), lambda: navigate("/file_organizer/history"))
    return section(tr("Done last"), keyed(RunGlance, run["id"], run), action=every)


@ft.component
def RunGlance(run: FileOrganizerRunOut) -> ft.Control:
    """Show a run in three lines."""
    undo = use_undo_run(run)
    parts: list[ft.Control] = [
        ft.Icon(run_icon(run), color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Column(
            [
                title(run_title(run), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                body(run_counts(run), muted=True),
                caption(ago(run["created_at"])),
            ],
            spacing=2,
            tight=True,
            expand=True,
        ),
    ]
    if run["undoable"]:
        parts.append(tonal_button(undo_text(run), undo, icon=ft.Icons.UNDO, about=run_title(run)))
    return card(
        ft.Row(parts, spacing=12), on_click=lambda: navigate(f"/file_organizer/history/{run['id']}"), padding=12
    )


def drives_glance(drives: tuple[DriveOut, ...]) -> ft.Control:
    """Show how full the drives are, and which are away."""
    lines: list[ft.Control] = []
    for drive in drives[:MOST_DRIVES]:
        words, tone = drive_state(drive)
        head: list[ft.Control] = [
            ft.Icon(drive_icon(drive), size=20, color=ft.Colors.ON_SURFACE_VARIANT),
            title(drive["label"], expand=True, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
        ]
        if not drive["online"]:
            head.append(chip(words, tone))
        lines.append(
            ft.Column(
                [ft.Row(head, spacing=8), space_bar(drive)],
                spacing=6,
                tight=True,
                key=drive["id"],
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        )
    every = quiet_button(tr("All drives"), lambda: navigate("/file_organizer/drives"))
    return section(
        tr("Drives"),
        card(
            ft.Column(lines, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            on_click=lambda: navigate("/file_organizer/drives"),
        ),
        action=every,
    )


@ft.component
def Shortcuts() -> ft.Control:
    """Lead to the other screens of the module."""
    return tile_group(
        [
            Tile(
                tr("History"),
                tr("What was done, and taking it back"),
                ft.Icons.HISTORY,
                lambda: navigate("/file_organizer/history"),
            ),
            Tile(
                tr("Copies"),
                tr("What is there twice, and pictures that look alike"),
                ft.Icons.FILE_COPY_OUTLINED,
                lambda: navigate("/file_organizer/duplicates"),
            ),
            Tile(
                tr("Rules"),
                tr("What always decides"),
                ft.Icons.RULE,
                lambda: navigate("/file_organizer/rules"),
            ),
            Tile(
                tr("Clean up"),
                tr("Empty folders, unfinished downloads, wrong endings"),
                ft.Icons.CLEANING_SERVICES_OUTLINED,
                lambda: navigate("/file_organizer/clean"),
            ),
            Tile(
                tr("Trash"),
                tr("Take back what was thrown away"),
                ft.Icons.DELETE_OUTLINE,
                lambda: navigate("/file_organizer/trash"),
            ),
            Tile(
                tr("What Homie learned"),
                tr("Where your files belong"),
                ft.Icons.SCHOOL_OUTLINED,
                lambda: navigate("/file_organizer/learned"),
            ),
            Tile(
                tr("Watched folders"),
                tr("New files are noticed by themselves"),
                ft.Icons.VISIBILITY_OUTLINED,
                lambda: navigate("/file_organizer/watched"),
            ),
            Tile(
                tr("Series"),
                tr("Where each is kept, and how its episodes are named"),
                ft.Icons.TV_OUTLINED,
                lambda: navigate("/file_organizer/series"),
            ),
            Tile(
                tr("Projects"),
                tr("Files that speak of one are offered a place in it"),
                ft.Icons.CONSTRUCTION_OUTLINED,
                lambda: navigate("/file_organizer/projects"),
            ),
            Tile(
                tr("Settings"),
                tr("How sure Homie must be, privacy"),
                ft.Icons.TUNE,
                lambda: navigate("/file_organizer/settings"),
            ),
        ]
    )
