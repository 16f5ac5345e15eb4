"""Choose where a file goes instead: learned and recent folders first, search, browse, or a new folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FolderHitOut, FolderOut, SubfolderOut, VolumePath
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.screens.review.hands import use_hands
from frontend.file_organizer.screens.review.name_entry import ask_name
from frontend.file_organizer.suggestion_words import crumbs, name_of, readable
from frontend.i18n import tr, trn
from frontend.kit import (
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    empty_state,
    icon_action,
    loading_state,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    tonal_button,
    use_action,
    use_form,
    use_loading,
    use_mount,
    use_provider,
    use_session,
)

Choose = Callable[[VolumePath], Any]
_ICONS = {"learned": ft.Icons.AUTO_AWESOME_OUTLINED, "recent": ft.Icons.HISTORY}


@ft.component
def DestinationScreen() -> ft.Control:
    """Let another folder be chosen for one suggestion and what belongs to it."""
    found = ft.use_route_params()
    plan_id, item_id = found["plan_id"], found["item_id"]
    session = use_session()
    review = use_provider(session.of(ReviewProvider))
    folders = use_provider(session.of(FoldersProvider))
    hands = use_hands(review)
    form = use_form()
    reading = use_loading()
    back = f"/file_organizer/plans/{plan_id}"

    async def read() -> None:
        await review.show_item(item_id)

    async def load() -> None:
        if review.plan_id != plan_id or review.plan is None:
            await review.open(plan_id)
        if review.plan is None:
            return
        if (known := review.find(item_id)) is None:
            reading.drop()  # that another one was read says nothing of this one
            await reading.loading(read)
        else:
            review.item = known  # stays, also when it leaves the list meanwhile
        await folders.back_to(0)
        await folders.load()
        await hands.safely(folders.search(""))

    use_mount(load, [item_id])
    item = review.find(item_id)

    async def take(place: VolumePath) -> None:
        if item is not None:
            await review.send_to(item, folder=place)
            navigate(back)

    choose_action = use_action(take)

    async def choose(place: VolumePath) -> None:
        await choose_action(None, place)

    async def typed(text: str) -> None:
        await hands.safely(folders.search(text, writable=True))

    if item is None:
        missing = reading if review.plan is not None else review
        waiting = state_of(missing, lambda: loading_state(4), retry=load)
        return Screen(tr("Choose another folder"), waiting, back=f"{back}/items/{item_id}")
    parts: list[ft.Control] = [
        TextInput(form, "words", tr("Search folders by name"), on_change=typed, prefix_icon=ft.Icons.SEARCH)
    ]
    if folders.query:
        parts.append(found_folders(folders, choose))
    elif folders.trail:
        parts.append(Browse(choose))
    else:
        parts.append(state_of(folders, lambda: first_folders(folders, choose), retry=load))
    return Screen(
        tr("Choose another folder"),
        scroll_body(*parts),
        subtitle=name_of(item["source"]),
        back=f"{back}/items/{item_id}",
    )


def found_folders(folders: FoldersProvider, choose: Choose) -> ft.Control:
    """Show the folders that have the words in their name."""
    if folders.hits:
        return tile_group([_hit(one, choose) for one in folders.hits])
    if folders.searching:
        return body(tr("Searching…"), muted=True)
    return empty_state(
        ft.Icons.SEARCH_OFF, tr("No folder has this in its name."), tr("Look in the folders below, or make a new one.")
    )


def _hit(hit: FolderHitOut, choose: Choose) -> Tile:
    async def take() -> None:
        await choose(hit["place"])

    why = trn("{n} file was put here", "{n} files were put here", hit["files"]) if hit["files"] else ""
    where = crumbs({"volume_id": "", "path": hit["place"]["path"].rpartition("/")[0]}, hit["label"], most=56)
    said = f"{where} · {why}" if why else where
    icon = _ICONS.get(hit["why"], ft.Icons.FOLDER_OUTLINED)
    return Tile(readable(hit["name"]), said, icon, take, ft.Container(width=0, height=0))


def first_folders(folders: FoldersProvider, choose: Choose) -> ft.Control:
    """Show the folders used lately and the opened ones."""
    known = [one for one in folders.recent if one["why"] != "root"][:6]
    parts: list[ft.Control] = []
    if known:
        parts.append(section(tr("Used lately"), tile_group([_hit(one, choose) for one in known])))
    parts.append(section(tr("All folders"), tile_group([_root(folders, one) for one in folders.roots.items])))
    return ft.Column(parts, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _root(folders: FoldersProvider, root: FolderOut) -> Tile:
    async def enter() -> None:
        await folders.enter({"volume_id": root["volume_id"], "path": ""})

    if not root["online"]:
        return Tile(root["label"], tr("Its drive is not connected"), ft.Icons.USB_OFF_OUTLINED)
    if not root["space_writable"]:
        return Tile(root["label"], tr("Nothing may be written there"), ft.Icons.LOCK_OUTLINE)
    return Tile(root["label"], readable(root["path"]), ft.Icons.FOLDER, enter)


@ft.component
def Browse(choose: Choose) -> ft.Control:
    """Show the folders inside the one that is looked into, with the way to it and a new folder."""
    folders = use_provider(use_session().of(FoldersProvider))
    content = use_provider(folders.content)
    place = folders.place
    if place is None:
        return ft.Container(height=0)
    label = next((one["label"] for one in folders.roots.items if one["volume_id"] == place["volume_id"]), "")
    name = readable(place["path"].rpartition("/")[2]) or label
    here: VolumePath = place

    async def take() -> None:
        await choose(here)

    async def new_folder() -> None:
        made = await ask_name(tr("New folder in {folder}", folder=name), "")
        if made:
            path = f"{here['path']}/{made}" if here["path"] else made
            await choose({"volume_id": here["volume_id"], "path": path})

    def rows() -> ft.Control:
        lines = [_subfolder(folders, one) for one in content.items]
        shown: list[ft.Control] = [tile_group(lines)] if lines else [caption(tr("There are no folders inside."))]
        if content.has_more:
            shown.append(ft.Row([quiet_button(tr("Show more"), content.load_more)]))
        return ft.Column(shown, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)

    head = card(
        ft.Row(
            [
                icon_action(ft.Icons.ARROW_UPWARD, tr("One folder up"), folders.up),
                body(crumbs(place, label, most=60), expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
            ],
            spacing=4,
        ),
        ft.Row(
            [
                tonal_button(tr("New folder"), new_folder, icon=ft.Icons.CREATE_NEW_FOLDER_OUTLINED),
                primary_button(tr("Choose"), take, about=name, icon=ft.Icons.CHECK),
            ],
            alignment=ft.MainAxisAlignment.END,
            spacing=8,
            wrap=True,
        ),
        padding=8,
    )
    return ft.Column(
        [head, state_of(content, rows)], spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _subfolder(folders: FoldersProvider, one: SubfolderOut) -> Tile:
    async def enter() -> None:
        await folders.enter(one["place"])

    return Tile(readable(one["name"]), "", ft.Icons.FOLDER_OUTLINED, enter)
