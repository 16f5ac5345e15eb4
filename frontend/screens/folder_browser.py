"""Look around on the server and mark folders: used at the first start and to open folders to a space later."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from frontend.api.generated.schemas import BrowsedFolderOut
from frontend.i18n import tr, tr_server
from frontend.kit import (
    GAP,
    caption,
    card,
    empty_state,
    state_of,
    use_action,
    use_provider,
    use_session,
)
from frontend.kit.buttons import icon_action
from frontend.kit.texts import title
from frontend.providers.folder_browser_provider import FolderBrowserProvider
from frontend.screens.reauthenticate import with_sudo

ICONS = {
    "Downloads": ft.Icons.DOWNLOAD_OUTLINED,
    "Documents": ft.Icons.DESCRIPTION_OUTLINED,
    "Pictures": ft.Icons.IMAGE_OUTLINED,
    "Music": ft.Icons.MUSIC_NOTE_OUTLINED,
    "Videos": ft.Icons.MOVIE_OUTLINED,
    "Desktop": ft.Icons.DESKTOP_WINDOWS_OUTLINED,
}


@ft.component
def FolderBrowser() -> ft.Control:
    """Show one level of folders: a touch on the name looks inside, the box at the right marks."""
    session = use_session()
    browser = use_provider(session.of(FolderBrowserProvider))
    enter = use_action(lambda path: with_sudo(session, lambda: browser.enter(path)))
    up = use_action(lambda: with_sudo(session, browser.up))

    def content() -> ft.Control:
        rows: list[ft.Control] = [
            folder_row(one, one["path"] in browser.chosen, browser.choose, enter) for one in browser.folders
        ]
        if not rows:
            rows = [empty_state(ft.Icons.FOLDER_OFF_OUTLINED, tr("There are no folders in here"))]
        if browser.more:
            rows.append(caption(tr("There are more folders than can be shown here.")))
        where = browser.path or tr("Places on your server")
        head: list[ft.Control] = [
            ft.Container(title(where, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS), expand=True)
        ]
        if browser.path is not None:
            head.insert(0, icon_action(ft.Icons.ARROW_UPWARD, tr("Folder above"), up))
        return card(
            ft.Column(
                [
                    ft.Container(ft.Row(head, spacing=4), padding=ft.Padding.symmetric(horizontal=GAP / 2, vertical=4)),
                    *rows,
                ],
                spacing=0,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=4,
        )

    return state_of(browser, content, retry=lambda: with_sudo(session, lambda: browser.enter(browser.path)))


def folder_row(
    folder: BrowsedFolderOut,
    marked: bool,
    choose: Callable[[str, bool], None],
    enter: Callable[..., object] | None = None,
) -> ft.Control:
    """Show a folder with its box; `enter` is called with its path when its name is touched."""
    path = folder["path"]
    name = tr("The whole computer") if path == "/" else folder["name"]
    may_enter = enter is not None and folder["enterable"]

    async def opened() -> None:
        await enter(None, path)  # type: ignore[misc]

    def toggled() -> None:
        if folder["grantable"]:
            choose(path, not marked)

    below = tr_server(folder["why"]) if folder["why"] else "" if enter is not None else path
    box = ft.Checkbox(
        value=marked,
        disabled=not folder["grantable"],
        on_change=lambda event: choose(path, bool(event.control.value)),
        semantics_label=tr("Choose {name}", name=name),
    )
    return ft.ListTile(
        key=path,
        leading=ft.Icon(
            ICONS.get(name, ft.Icons.FOLDER_OUTLINED),
            color=ft.Colors.PRIMARY if marked else ft.Colors.ON_SURFACE_VARIANT,
        ),
        title=title(name, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
        subtitle=caption(below, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS) if below else None,
        trailing=box,
        on_click=opened if may_enter else toggled,
        min_height=56,
        content_padding=ft.Padding.only(left=GAP, right=8),
        shape=ft.RoundedRectangleBorder(radius=12),
    )
