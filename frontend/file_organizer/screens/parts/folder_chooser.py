"""Choose a folder: search by name, the ones used lately, or look from the opened folders inwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FolderHitOut, FolderOut, SubfolderOut, VolumePath
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.i18n import tr
from frontend.kit import (
    TextInput,
    Tile,
    body,
    caption,
    card,
    heading,
    icon_action,
    quiet_button,
    state_of,
    tile_group,
    tonal_button,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)

Choose = Callable[[str, str], Any]
"""Called with (full path, name) of the chosen folder; may be a coroutine function."""


@ft.component
def FolderChooser(choose: Choose, recent_first: bool = False) -> ft.Control:
    """Let a folder be chosen. `choose(path, name)` hears which. `recent_first`: for places to put files."""
    folders = use_provider(use_session().of(FoldersProvider))
    form = use_form()

    async def load() -> None:
        await folders.search("")
        await folders.back_to(0)
        await folders.load()

    use_mount(load)
    find = use_action(lambda text: folders.search(text))

    async def typed(text: str) -> None:
        await find(None, text)

    parts: list[ft.Control] = [
        TextInput(form, "search", tr("Search folders by name"), on_change=typed, prefix_icon=ft.Icons.SEARCH)
    ]
    if folders.query:
        parts.append(_hits(folders, choose))
    elif folders.trail:
        parts.append(Inside(choose))
    else:
        parts.append(state_of(folders.roots, lambda: _top(folders, choose, recent_first), retry=folders.load))
    return ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _choosing(choose: Choose, path: str, name: str) -> Callable[[], Awaitable[None]]:
    """Return what a press does: choose, and wait for what follows from it."""

    async def press() -> None:
        waiting = choose(path, name)
        if waiting is not None:
            await waiting

    return press


def _hits(folders: FoldersProvider, choose: Choose) -> ft.Control:
    if folders.hits:
        return tile_group([_hit_tile(one, choose) for one in folders.hits])
    text = tr("Searching…") if folders.searching else tr("No folder has this in its name.")
    return body(text, muted=True)


def _hit_tile(hit: FolderHitOut, choose: Choose) -> Tile:
    icon = {"learned": ft.Icons.SCHOOL_OUTLINED, "recent": ft.Icons.HISTORY}.get(hit["why"], ft.Icons.FOLDER_OUTLINED)
    return Tile(hit["name"], hit["path"], icon, _choosing(choose, hit["path"], hit["name"]), key=hit["path"])


def _top(folders: FoldersProvider, choose: Choose, recent_first: bool) -> ft.Control:
    recent = [one for one in folders.recent if one["why"] != "root"][:5]
    lately: list[ft.Control] = []
    if recent:
        lately = [heading(tr("Used lately")), tile_group([_hit_tile(one, choose) for one in recent])]
    opened = [heading(tr("Opened folders")), tile_group([_root_tile(folders, one) for one in folders.roots.items])]
    parts: list[ft.Control] = [*lately, *opened] if recent_first else [*opened, *lately]
    return ft.Column(parts, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _root_tile(folders: FoldersProvider, root: FolderOut) -> Tile:
    async def enter() -> None:
        await folders.enter({"volume_id": root["volume_id"], "path": ""})

    away = "" if root["online"] else tr("Its drive is not connected")
    return Tile(
        root["label"], away or root["path"], ft.Icons.FOLDER, enter if root["online"] else None, key=root["path"]
    )


@ft.component
def Inside(choose: Choose) -> ft.Control:
    """Show the folders inside the one that is looked into, with the way to it."""
    folders = use_provider(use_session().of(FoldersProvider))
    content = use_provider(folders.content)
    place = folders.place
    if place is None:
        return ft.Container(height=0)
    name, path = name_in(place, folders.roots.items), full_path(place, folders.roots.items)

    def rows() -> ft.Control:
        lines = [_subfolder_tile(folders, one) for one in content.items]
        shown: list[ft.Control] = [tile_group(lines)] if lines else [caption(tr("There are no folders inside."))]
        if content.has_more:
            shown.append(ft.Row([quiet_button(tr("Show more"), content.load_more)]))
        return ft.Column(shown, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)

    return ft.Column(
        [
            card(
                ft.Row(
                    [
                        icon_action(ft.Icons.ARROW_UPWARD, tr("One folder up"), folders.up),
                        body(trail_text(folders.trail, folders.roots.items), expand=True, max_lines=2),
                        tonal_button(tr("Choose"), _choosing(choose, path, name), about=name),
                    ],
                    spacing=8,
                ),
                padding=8,
            ),
            state_of(content, rows),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _subfolder_tile(folders: FoldersProvider, one: SubfolderOut) -> Tile:
    async def enter() -> None:
        await folders.enter(one["place"])

    return Tile(one["name"], "", ft.Icons.FOLDER_OUTLINED, enter, key=one["name"])


def full_path(place: VolumePath, roots: Sequence[FolderOut]) -> str:
    """Return the full path of a place, as the hub writes it for people."""
    root = next((one["path"] for one in roots if one["volume_id"] == place["volume_id"]), "")
    return f"{root.rstrip('/')}/{place['path']}" if place["path"] else root


def place_at(path: str, roots: Sequence[FolderOut]) -> VolumePath | None:
    """Return the place of a full path, in the innermost opened folder that it lies in; None where it lies in none."""
    for root in sorted(roots, key=lambda one: -len(one["path"])):
        top = root["path"].rstrip("/")
        if path == root["path"] or path.startswith(f"{top}/"):
            return {"volume_id": root["volume_id"], "path": path[len(top) :].strip("/")}
    return None


def name_in(place: VolumePath, roots: Sequence[FolderOut]) -> str:
    """Return the name of a place: its last part, or the opened folder's name."""
    if place["path"]:
        return place["path"].rpartition("/")[2]
    return next((one["label"] for one in roots if one["volume_id"] == place["volume_id"]), "")


def trail_text(trail: Sequence[VolumePath], roots: Sequence[FolderOut]) -> str:
    """Return the way to a place in words."""
    return " › ".join(name_in(one, roots) for one in trail)
