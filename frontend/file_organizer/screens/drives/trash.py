"""Trash: what lies in it and where it was, back with one press, and emptying, which is asked about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FolderOut, TrashItemOut, TrashVolumesOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_words import folder_of
from frontend.file_organizer.screens.drives.trash_work import trash_work
from frontend.file_organizer.trash_provider import TrashProvider
from frontend.i18n import ago, day, size, tr, trn
from frontend.kit import (
    PagedList,
    Screen,
    Tile,
    body,
    caption,
    card,
    choose_sheet,
    confirm,
    danger_button,
    empty_state,
    filter_chips,
    icon_action,
    quiet_button,
    state_of,
    title,
    toggle,
    use_action,
    use_mount,
    use_provider,
    use_session,
)

KEPT_FOR = (7, 30, 90, 365, 0)
"""The days that are offered; 0 is for ever."""


@ft.component
def Trash() -> ft.Control:
    """Show the trash of all drives; what is put in or taken out elsewhere shows by itself."""
    session = use_session()
    trash = use_provider(session.of(TrashProvider))
    items = use_provider(trash.items)
    folders = use_provider(session.of(FoldersProvider).roots).items

    async def load() -> None:
        await session.of(FoldersProvider).load()
        await trash.load()

    use_mount(load)

    def content() -> ft.Control:
        assert trash.sums is not None
        before: list[ft.Control] = [*trash_work(trash), Keeping(trash.sums)]
        if len(trash.sums["items"]) > 1 and len({one["volume_id"] for one in trash.sums["items"]}) > 1:
            before.append(_volumes(trash, trash.sums))
        return PagedList(
            items.items,
            TrashRow,
            key_of=lambda one: str(one["id"]),
            more=items.load_more,
            has_more=items.has_more,
            before=before,
            arguments=(folders,),
        )

    def nothing() -> ft.Control:
        return ft.Column(
            [
                *trash_work(trash),
                empty_state(
                    ft.Icons.DELETE_OUTLINE,
                    tr("The trash is empty"),
                    tr("What Homie replaces or you throw away lies here for a while, and you can take it back."),
                ),
            ],
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    return Screen(
        tr("Trash"),
        state_of(
            trash,
            content,
            retry=load,
            is_empty=trash.sums is not None and not trash.sums["total"],
            empty=nothing,
        ),
        back="/file_organizer",
    )


def _volumes(trash: TrashProvider, sums: TrashVolumesOut) -> ft.Control:
    choices = [("", tr("All drives"))]
    choices += [(one["volume_id"], one["label"] or tr("A folder that is closed now")) for one in sums["items"]]
    return filter_chips(trash.volume_id, choices, trash.choose)


# ---------------------------------------------------------------------- how long things are kept


@ft.component
def Keeping(sums: TrashVolumesOut) -> ft.Control:
    """Say how much lies here and how long it is kept; both can be changed, and everything can be removed."""
    trash = use_session().of(TrashProvider)

    async def choose_days() -> None:
        tiles = [(str(days), Tile(kept_words(days), selected=days == sums["days"])) for days in KEPT_FOR]
        chosen = await choose_sheet(tr("How long are things kept?"), tiles)
        if chosen is not None and int(chosen) != sums["days"]:
            await trash.keep_for(int(chosen))

    async def ask_and_empty() -> None:
        shown = next((one for one in sums["items"] if one["volume_id"] == trash.volume_id), None)
        many, much = (shown["items"], shown["bytes"]) if shown else (sums["total"], sums["bytes"])
        text = trn(
            "{n} thing ({size}) is removed for good. This cannot be taken back.",
            "{n} things ({size}) are removed for good. This cannot be taken back.",
            many,
            size=size(much),
        )
        away = [one["label"] for one in sums["items"] if not one["online"]]
        if away and not shown:
            text += " " + tr("What lies on drives that are not connected stays.")
        if await confirm(tr("Empty the trash?"), text, tr("Remove for good"), danger=True):
            await trash.empty()

    change, empty = use_action(choose_days), use_action(ask_and_empty)
    keep_room = use_action(lambda on: trash.make_room(on))

    async def room(on: bool) -> None:
        await keep_room(None, on)

    said = trn("{n} thing, {size}", "{n} things, {size}", sums["total"], size=size(sums["bytes"]))
    return card(
        ft.Row([title(said, expand=True), danger_button(tr("Empty the trash"), empty)], spacing=12),
        ft.Row(
            [
                ft.Icon(ft.Icons.SCHEDULE, size=18, color=ft.Colors.ON_SURFACE_VARIANT),
                body(keeping_words(sums["days"]), muted=True, expand=True),
                quiet_button(tr("Change"), change, about=tr("how long things are kept")),
            ],
            spacing=8,
        ),
        toggle(
            tr("Make room on a nearly full drive"),
            sums["makes_room"],
            room,
            about=tr("Then the oldest things are removed before their time. The last day always stays."),
        ),
    )


def kept_words(days: int) -> str:
    """Return a choice of days in words."""
    return trn("{n} day", "{n} days", days) if days else tr("For ever, until I empty it")


def keeping_words(days: int) -> str:
    """Say what happens to things in the trash by themselves."""
    if not days:
        return tr("Things stay here until you remove them.")
    return trn("Things are removed after {n} day.", "Things are removed after {n} days.", days)


# ---------------------------------------------------------------------- one thing


@ft.component
def TrashRow(item: TrashItemOut, folders: tuple[FolderOut, ...]) -> ft.Control:
    """Show one thing: its name, where it was, since when it is here, when it goes; back, or away for good."""
    trash = use_session().of(TrashProvider)
    name = item["name"]

    async def ask_and_remove() -> None:
        text = tr("“{name}” is removed for good. This cannot be taken back.", name=name)
        if await confirm(tr("Remove for good?"), text, tr("Remove for good"), danger=True):
            await trash.remove(item)

    restore, remove = use_action(lambda: trash.restore(item)), use_action(ask_and_remove)
    place = folder_of(item["place"], folders) or item["path"].rpartition("/")[0]
    lines = [title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)]
    if place:
        lines.append(body(tr("Was in {folder}", folder=place), muted=True, max_lines=2))
    lines.append(caption(" · ".join(_facts(item)), max_lines=8))
    parts: list[ft.Control] = [
        ft.Icon(_icon(item), color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Column(list(lines), spacing=2, tight=True, expand=True),
        icon_action(ft.Icons.RESTORE, tr("Put {name} back", name=name), restore),
        icon_action(
            ft.Icons.DELETE_FOREVER_OUTLINED,
            tr("Remove {name} for good", name=name),
            remove,
            disabled=not item["online"],
        ),
    ]
    return card(ft.Row(parts, spacing=8, vertical_alignment=ft.CrossAxisAlignment.CENTER), padding=12)


def _icon(item: TrashItemOut) -> Any:
    return ft.Icons.FOLDER_OUTLINED if item["is_folder"] else ft.Icons.INSERT_DRIVE_FILE_OUTLINED


def _facts(item: TrashItemOut) -> list[str]:
    """Return what is to be known: since when, how large, of which run, when it goes."""
    facts = [ago(item["trashed_at"])]
    if item["is_folder"] and item["files"] is not None:
        facts.append(trn("{n} file", "{n} files", item["files"]))
    if item["size"] is not None:
        facts.append(size(item["size"]))
    facts.append(_going(item))
    if item["run_kind"] == "undo":
        facts.append(tr("when something was taken back"))
    elif item["run_title"]:
        facts.append(item["run_title"])
    return facts


def _going(item: TrashItemOut) -> str:
    if not item["online"]:
        return tr("its drive is not connected")
    if item["expires_at"] is None:
        return tr("stays until you remove it")
    if datetime.fromisoformat(item["expires_at"]) <= datetime.now(UTC):
        return tr("goes today")
    return tr("goes on {day}", day=day(item["expires_at"]))
