"""Single steps of the history: what was done with which file, by whom and why, and undo."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import ActionOut, FolderOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.history_words import (
    action_state,
    folder_of,
    is_there,
    name_of,
    operation_icon,
    operation_text,
    who_text,
    why_action_not_undoable,
)
from frontend.file_organizer.links import open_place
from frontend.file_organizer.screens.history.run_actions import use_undo_action
from frontend.i18n import date_and_time, tr, tr_server
from frontend.kit import (
    PagedList,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    empty_state,
    icon_action,
    navigate,
    state_of,
    title,
    use_action,
    use_provider,
    use_session,
)


@ft.component
def Steps() -> ft.Control:
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
        retry=actions.load,
        is_empty=not actions.items,
        empty=lambda: empty_state(
            ft.Icons.SEARCH_OFF,
            tr("Nothing found"),
            tr("Nothing in the history fits this choice. Choose other days, another folder, or fewer words.")
            if history.is_narrowed
            else tr("No file in the history has this in its name or folder. Try fewer letters."),
        ),
    )


@ft.component
def StepRow(action: ActionOut, folders: tuple[FolderOut, ...], dated: bool = False) -> ft.Control:
    """Show one step: which file, from where to where, how it ended, and undo."""
    undo = use_undo_action(action)
    place = action["target"] or action["source"]
    name = name_of(place)
    session = use_session()
    history = session.of(HistoryProvider)

    async def open_file() -> None:
        choices = [("story", Tile(tr("What happened to this file"), "", ft.Icons.TIMELINE))]
        if is_there(action):
            choices = [
                ("view", Tile(tr("Open"), "", ft.Icons.OPEN_IN_NEW)),
                ("download", Tile(tr("Save on this device"), "", ft.Icons.DOWNLOAD_OUTLINED)),
                *choices,
            ]
        chosen = await choose_sheet(name, choices)
        if chosen == "story":
            navigate(f"/file_organizer/history/file/{action['id']}")
        elif place is not None and chosen:
            await open_place(session, place, "download" if chosen == "download" else "view")

    look = use_action(open_file)
    said = [operation_text(action)] + ([date_and_time(action["created_at"])] if dated else [])
    texts: list[ft.Control] = [
        title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(" · ".join(said)),
        *_way(action, folders),
        *_who_and_why(action, history),
    ]
    words, tone = action_state(action)
    if action["state"] != "done":
        texts.append(ft.Row([chip(words, tone)], tight=True))
    if action["reason"]:
        texts.append(body(tr_server(action["reason"]), muted=True))
    is_file = action["op"] not in ("mkdir", "rmdir")
    parts: list[ft.Control] = [
        ft.Icon(operation_icon(action), color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Column(texts, spacing=4, tight=True, expand=True),
    ]
    if not why_action_not_undoable(action):
        parts.append(icon_action(ft.Icons.UNDO, tr("Undo {name}", name=name), undo))
    return card(
        ft.Row(parts, spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        on_click=look if is_file else None,
        padding=12,
    )


def _who_and_why(action: ActionOut, history: HistoryProvider) -> list[ft.Control]:
    lines: list[ft.Control] = []
    if who := who_text(action, history.people, history.me):
        lines.append(_place_line(ft.Icons.PERSON_OUTLINE, who))
    if action["why"]:
        lines.append(_place_line(ft.Icons.HELP_OUTLINE, tr_server(action["why"])))
    return lines


def _way(action: ActionOut, folders: tuple[FolderOut, ...]) -> list[ft.Control]:
    source, target = folder_of(action["source"], folders), folder_of(action["target"], folders)
    lines: list[ft.Control] = []
    if source and action["source"] is not None and action["op"] != "mkdir":
        lines.append(_place_line(ft.Icons.LOGOUT, tr("From {folder}", folder=source)))
    if target and target != source and action["op"] != "rmdir":
        lines.append(_place_line(ft.Icons.LOGIN, tr("To {folder}", folder=target)))
    if action["op"] == "extract" and action["source"]:
        archive = tr("The archive {name}", name=name_of(action["source"]))
        lines.append(_place_line(ft.Icons.FOLDER_ZIP_OUTLINED, archive))
    elif action["source"] and action["target"] and name_of(action["source"]) != name_of(action["target"]):
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
