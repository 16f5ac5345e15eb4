"""The last pages of the first start: which folders Homie may look after, then the way into the app."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import flet as ft

from frontend.api.generated.schemas import RootIn
from frontend.i18n import tr, trn
from frontend.kit import (
    body,
    card,
    loading_state,
    navigate,
    notice,
    primary_button,
    quiet_button,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.kit.errors import describe_error
from frontend.kit.texts import title
from frontend.providers.folder_browser_provider import FolderBrowserProvider
from frontend.screens.entrance.frame import EntranceFrame
from frontend.screens.entrance.set_up import STEPS
from frontend.screens.folder_browser import FolderBrowser, folder_row
from frontend.screens.reauthenticate import with_sudo


@ft.component
def Welcome() -> ft.Control:
    """Let the first folders be chosen, then say that everything is ready."""
    done, set_done = ft.use_state(0)
    ready, set_ready = ft.use_state(False)

    def finished(count: int) -> None:
        set_done(count)
        set_ready(True)

    return Ready(done) if ready else FirstFolders(finished)


@ft.component
def FirstFolders(finished: Callable[[int], None]) -> ft.Control:
    """Suggest the usual folders, and let others be looked for."""
    session = use_session()
    browser = use_provider(session.of(FolderBrowserProvider))
    looking, look = ft.use_state(False)

    async def first() -> None:
        await with_sudo(session, browser.begin)
        for one in browser.suggested:
            if one["grantable"] and one["name"] == "Downloads":
                browser.choose(one["path"])

    use_mount(first)

    async def open_folders() -> None:
        chosen = browser.chosen
        for path in chosen:
            wish: RootIn = {"space_id": session.auth.private_space_id, "path": path}
            await with_sudo(session, partial(session.people.grant_root, wish))
            browser.choose(path, False)
        finished(len(chosen))

    grant = use_action(open_folders)
    count = len(browser.chosen)
    words = trn("Open one folder", "Open {n} folders", count) if count else tr("Choose a folder")
    return EntranceFrame(
        tr("Which folders may Homie look after?"),
        *_suggestions(browser, first, looking),
        *(
            [FolderBrowser()]
            if looking
            else [tonal_button(tr("Look for other folders"), lambda: look(True), icon=ft.Icons.SEARCH)]
        ),
        explanation=tr("Homie only sees the folders that you choose, and moves nothing until you say so."),
        step=(STEPS, STEPS),
        footer=[
            primary_button(
                busy_text(grant, words),
                grant,
                disabled=not count or grant.busy,
            ),
            quiet_button(tr("Not now"), lambda: finished(0)),
        ],
    )


def _suggestions(browser: FolderBrowserProvider, retry: object, looking: bool) -> list[ft.Control]:
    if not browser.loaded:
        if browser.error is None:
            return [loading_state(3)]
        what, remedy = describe_error(browser.error)
        return [notice(f"{what} {remedy}".strip(), "bad", ft.Icons.ERROR_OUTLINE, quiet_button(tr("Try again"), retry))]
    if looking:
        return []
    if not browser.suggested:
        return [notice(tr("There is no Downloads or Documents folder on your server. Look for the ones that you use."))]
    rows = [folder_row(one, one["path"] in browser.chosen, browser.choose) for one in browser.suggested]
    return [card(ft.Column(list(rows), spacing=0, tight=True), padding=4)]


@ft.component
def Ready(folders: int) -> ft.Control:
    """Say that everything is ready, and offer the first thing to do."""
    session = use_session()
    person = session.auth.person
    name = person["display_name"] if person else ""
    what = [
        (ft.Icons.VISIBILITY_OUTLINED, tr("Homie looks at your files and suggests where they belong.")),
        (ft.Icons.TOUCH_APP_OUTLINED, tr("You accept, change or refuse. Nothing happens without you.")),
        (ft.Icons.UNDO, tr("Every step can be undone.")),
    ]
    lines = [
        ft.Row([ft.Icon(icon, color=ft.Colors.PRIMARY), ft.Container(body(text), expand=True)], spacing=16)
        for icon, text in what
    ]
    buttons: list[ft.Control] = [quiet_button(tr("Look around first"), lambda: navigate("/"))]
    if folders:
        buttons.insert(
            0,
            primary_button(tr("Scan my folders now"), lambda: navigate("/file_organizer"), icon=ft.Icons.AUTO_AWESOME),
        )
    else:
        buttons = [primary_button(tr("Go to the app"), lambda: navigate("/"))]
    return EntranceFrame(
        tr("Everything is ready, {name}", name=name),
        card(title(trn("One folder is open to Homie.", "{n} folders are open to Homie.", folders)), *lines)
        if folders
        else card(title(tr("You can open folders later, in More, Folders.")), *lines),
        explanation=tr("Your home is set up."),
        footer=buttons,
    )
