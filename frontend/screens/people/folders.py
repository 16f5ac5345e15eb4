"""The folders that were opened to Homie: for which space, what may be done there, and taking them back."""

from __future__ import annotations

from functools import partial

import flet as ft

from frontend.api.generated.schemas import RootIn, RootOut
from frontend.i18n import tr, trn
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    chip,
    choice,
    confirm,
    empty_state,
    icon_action,
    navigate,
    primary_button,
    scroll_body,
    section,
    state_of,
    title,
    toast,
    toggle,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.providers.folder_browser_provider import FolderBrowserProvider
from frontend.screens.folder_browser import FolderBrowser
from frontend.screens.people.words import space_name
from frontend.screens.reauthenticate import with_sudo


@ft.component
def Folders() -> ft.Control:
    """Show the folders by space."""
    session = use_session()
    auth = use_provider(session.auth)
    people = use_provider(session.people)
    use_mount(people.load)

    async def take_back(root_id: str, name: str) -> None:
        if await confirm(
            tr("Close {name} again?", name=name),
            tr("Homie no longer looks into it. Every file stays exactly where it is."),
            tr("Close it"),
            danger=True,
        ):
            await with_sudo(session, lambda: people.take_root_back(root_id))
            toast(tr("{name} is closed.", name=name))

    close = use_action(take_back)
    names = {one["id"]: space_name(one) for one in people.spaces}
    add = primary_button(
        tr("Open a folder"), lambda: navigate("/folders/open"), icon=ft.Icons.CREATE_NEW_FOLDER_OUTLINED
    )

    def content() -> ft.Control:
        parts = []
        for space_id, name in names.items():
            rows = [
                _folder(one, close if auth.is_admin else None) for one in people.roots if one["space_id"] == space_id
            ]
            if rows:
                parts.append(section(name, *rows))
        if auth.is_admin:
            parts.append(ft.Row([add], wrap=True))
        return scroll_body(*parts, spacing=24)

    def nothing() -> ft.Control:
        if auth.is_admin:
            explanation = tr("Homie only looks after folders that you open to it.")
            return empty_state(ft.Icons.FOLDER_OPEN_OUTLINED, tr("No folder is open yet"), explanation, add)
        explanation = tr("Ask an administrator of your home to open one for you.")
        return empty_state(ft.Icons.FOLDER_OPEN_OUTLINED, tr("No folder is open yet"), explanation)

    shown = state_of(people, content, is_empty=not people.roots, empty=nothing)
    return Screen(tr("Folders"), shown, back="/more")


def _folder(of: RootOut, close: object) -> ft.Control:
    name = of["label"] or of["path"].rstrip("/").rpartition("/")[2] or of["path"]
    chips = [] if of["online"] else [chip(tr("Not plugged in"), "bad", ft.Icons.USB_OFF)]
    if not of["writable"]:
        chips.append(chip(tr("Only look"), "neutral", ft.Icons.VISIBILITY_OUTLINED))
    words: list[ft.Control] = [
        title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(of["path"], max_lines=3, overflow=ft.TextOverflow.ELLIPSIS),
    ]
    if chips:
        words.append(ft.Row(chips, wrap=True, spacing=6))
    icon = ft.Icon(ft.Icons.FOLDER_OUTLINED, color=ft.Colors.PRIMARY)
    row: list[ft.Control] = [icon, ft.Column(words, spacing=2, tight=True, expand=True)]
    if close is not None:

        async def take_back() -> None:
            await close(None, of["id"], name)  # type: ignore[operator]

        row.append(icon_action(ft.Icons.FOLDER_OFF_OUTLINED, tr("Close {name}", name=name), take_back))
    return card(ft.Row(row, spacing=GAP), key=of["id"], padding=12)


@ft.component
def OpenFolder() -> ft.Control:
    """Let folders of the server be found and opened to a space."""
    session = use_session()
    auth = use_provider(session.auth)
    people = use_provider(session.people)
    browser = use_provider(session.of(FolderBrowserProvider))
    space_id, set_space = ft.use_state(auth.private_space_id)
    writable, set_writable = ft.use_state(True)
    begin = use_action(lambda: with_sudo(session, browser.begin), quiet=True)
    use_mount(begin)

    async def work() -> None:
        done = 0
        for path in browser.chosen:
            await with_sudo(session, partial(people.grant_root, _wish(space_id, path, writable)))
            browser.choose(path, False)
            done += 1
        toast(trn("The folder is open.", "{n} folders are open.", done))
        navigate("/folders")

    grant = use_action(work)
    count = len(browser.chosen)
    if not auth.is_admin:
        only = tr("Only administrators open folders")
        return Screen(tr("Open a folder"), empty_state(ft.Icons.LOCK_OUTLINE, only), back="/folders")
    spaces = [(one["id"], space_name(one)) for one in auth.spaces]
    words = trn("Open one folder", "Open {n} folders", count) if count else tr("Choose a folder")
    button = primary_button(busy_text(grant, words), grant, disabled=not count or grant.busy)
    return Screen(
        tr("Open a folder"),
        scroll_body(
            body(tr("Homie only sees the folders that you choose, and moves nothing until you say so."), muted=True),
            choice(tr("For whom?"), space_id, spaces, lambda key: set_space(key), expand=True),
            card(
                toggle(
                    tr("Homie may also move files here"),
                    writable,
                    lambda on: set_writable(on),
                    about=tr("Off: it only looks, and changes nothing."),
                ),
                padding=4,
            ),
            FolderBrowser(),
        ),
        back="/folders",
        footer=ft.Row([ft.Container(button, expand=True)]),
    )


def _wish(space_id: str, path: str, writable: bool) -> RootIn:
    return {"space_id": space_id, "path": path, "writable": writable}
