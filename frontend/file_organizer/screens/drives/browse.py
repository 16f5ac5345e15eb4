"""Look into an opened folder: the folders inside, and what can be done with the one that is shown."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import flet as ft

from frontend.api.generated.schemas import SubfolderOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.links import open_place, open_upload_page
from frontend.file_organizer.screens.parts.folder_chooser import full_path, name_in, trail_text
from frontend.i18n import tr
from frontend.kit import (
    PagedList,
    Screen,
    Tile,
    caption,
    card,
    empty_state,
    navigate,
    state_of,
    tile,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def Browse() -> ft.Control:
    """Show the folder that the address names; going deeper stays on this screen."""
    volume_id = ft.use_route_params().get("volume_id", "")
    inside = parse_qs(urlsplit(ft.context.page.route or "").query).get("path", [""])[0]
    session = use_session()
    folders = use_provider(session.of(FoldersProvider))
    roots = use_provider(folders.roots)
    content = use_provider(folders.content)

    async def load() -> None:
        await folders.back_to(0)
        await folders.load()
        await folders.enter({"volume_id": volume_id, "path": ""})
        if inside:  # where the hub's search leads to
            await folders.enter({"volume_id": volume_id, "path": inside})

    use_mount(load, [volume_id, inside])
    place = folders.place
    if place is None or place["volume_id"] != volume_id:
        return Screen(tr("Folder"), state_of(roots, lambda: ft.Container()), back="/file_organizer/drives")
    path, name = full_path(place, roots.items), name_in(place, roots.items)
    root = next((one for one in roots.items if one["volume_id"] == volume_id), None)
    upload = use_action(lambda: open_upload_page(session, path, f"/file_organizer/folders/{volume_id}"))
    save = use_action(lambda: open_place(session, place, "download"))
    scan = f"/file_organizer/scan/{volume_id}?path={quote(place['path'])}"
    buttons: list[ft.Control] = [
        tonal_button(tr("Scan"), lambda: navigate(scan), icon=ft.Icons.AUTO_AWESOME_OUTLINED, about=name)
    ]
    if root is not None and root["space_writable"]:
        buttons.append(tonal_button(tr("Send files"), upload, icon=ft.Icons.UPLOAD_OUTLINED, about=name))
    buttons.append(tonal_button(tr("Save as zip"), save, icon=ft.Icons.DOWNLOAD_OUTLINED, about=name))
    head: list[ft.Control] = [
        card(caption(trail_text(folders.trail, roots.items)), ft.Row(buttons, wrap=True, spacing=8))
    ]
    if len(folders.trail) > 1:
        head.append(UpLine())

    def rows() -> ft.Control:
        if not content.items:
            head.append(empty_state(ft.Icons.FOLDER_OPEN_OUTLINED, tr("There are no folders inside")))
        return PagedList(
            content.items,
            FolderRow,
            key_of=lambda one: str(one["place"]["path"]),
            more=content.load_more,
            has_more=content.has_more,
            before=head,
        )

    return Screen(name, state_of(content, rows), back="/file_organizer/drives")


@ft.component
def UpLine() -> ft.Control:
    """Lead to the folder around."""
    folders = use_session().of(FoldersProvider)

    async def up() -> None:
        await folders.up()

    return tile(Tile(tr("One folder up"), "", ft.Icons.ARROW_UPWARD, up))


@ft.component
def FolderRow(folder: SubfolderOut) -> ft.Control:
    """Show one folder inside."""
    folders = use_session().of(FoldersProvider)

    async def enter() -> None:
        await folders.enter(folder["place"])

    return tile(Tile(folder["name"], "", ft.Icons.FOLDER_OUTLINED, enter))
