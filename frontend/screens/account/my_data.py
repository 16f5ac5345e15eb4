"""What is mine: take everything along in one archive, or be erased for good."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ExportOut
from frontend.i18n import ago, size, tr
from frontend.kit import (
    GAP,
    Live,
    Screen,
    body,
    caption,
    card,
    confirm,
    danger_button,
    icon_action,
    meter,
    navigate,
    notice,
    primary_button,
    scroll_body,
    section,
    title,
    toast,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.providers.exports_provider import LARGEST_IN_APP, ExportsProvider
from frontend.providers.jobs_provider import JobProgress
from frontend.screens.prompt import Prompt, prompt
from frontend.screens.reauthenticate import with_sudo


@ft.component
def MyData() -> ft.Control:
    """Offer the archive, and the way out."""
    session = use_session()
    auth = use_provider(session.auth)
    exports = use_provider(session.of(ExportsProvider))
    space_id = auth.private_space_id
    use_mount(lambda: exports.show(space_id))

    async def collect() -> None:
        await with_sudo(session, exports.start)

    async def fetch(export_id: str) -> None:
        content = await with_sudo(session, lambda: exports.content(export_id))
        await ft.FilePicker().save_file(file_name="homie-archive.zip", src_bytes=content)

    async def drop(export_id: str) -> None:
        if await confirm(tr("Remove this archive?"), tr("You can make a new one at any time."), tr("Remove it")):
            await with_sudo(session, lambda: exports.remove(export_id))

    start, download, remove = use_action(collect), use_action(fetch), use_action(drop)
    archives = [_archive(one, download, remove) for one in exports.exports]
    running = exports.progress is not None and not exports.progress.error
    working: list[ft.Control] = [Live(exports.progress, _progress)] if exports.progress is not None else []
    return Screen(
        tr("My data"),
        scroll_body(
            section(
                tr("Take it along"),
                body(
                    tr("Everything in your own space in one archive: what Homie knows of it, and a page to read it."),
                    muted=True,
                ),
                *working,
                *archives,
                ft.Row(
                    [primary_button(busy_text(start, tr("Make an archive")), start, disabled=start.busy or running)],
                    wrap=True,
                ),
            ),
            EraseMe(),
        ),
        back="/account",
    )


def _progress(job: JobProgress) -> ft.Control:
    if job.error:
        return notice(tr("The archive could not be made. Try it once more."), "bad", ft.Icons.ERROR_OUTLINE)
    return card(
        title(tr("Your archive is being made")),
        meter(job.fraction, tr("Archive")),
        caption(tr("You may go on; it will wait for you here.")),
    )


def _archive(of: ExportOut, download: object, remove: object) -> ft.Control:
    async def fetch() -> None:
        await download(None, of["id"])  # type: ignore[operator]

    async def drop() -> None:
        await remove(None, of["id"])  # type: ignore[operator]

    when = ago(of["made_at"])
    small = of["size"] <= LARGEST_IN_APP
    words = (
        size(of["size"])
        if small
        else tr("{size}: too large for the app; fetch it with the hub's own interface.", size=size(of["size"]))
    )
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.FOLDER_ZIP_OUTLINED, color=ft.Colors.PRIMARY),
                ft.Column(
                    [title(tr("Archive made {when}", when=when)), caption(words)],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                icon_action(ft.Icons.DELETE_OUTLINE, tr("Remove the archive"), drop),
                *([tonal_button(tr("Download"), fetch, about=when)] if small else []),
            ],
            spacing=GAP / 2,
        ),
        key=of["id"],
    )


@ft.component
def EraseMe() -> ft.Control:
    """Erase the person and their own space, after they typed their name."""
    session = use_session()
    auth = session.auth
    exports = session.of(ExportsProvider)

    async def work(_: str) -> None:
        await with_sudo(session, lambda: exports.erase(replace_backups=True))
        navigate("/")
        await auth.logout()

    async def ask() -> None:
        name = auth.person["name"] if auth.person else ""
        if await prompt(
            Prompt(
                tr("Erase me for good?"),
                tr("Your name"),
                tr("Erase me"),
                work,
                explanation=tr(
                    "Your account and everything in your own space is erased here and in the backups, and nobody can "
                    "bring it back. Files in your folders stay where they are. If you are sure, type {name}.",
                    name=name,
                ),
                must_be=name,
                danger=True,
            )
        ):
            toast(tr("You are erased. Goodbye, and thank you."))

    erase = use_action(ask)
    return section(
        tr("Leave for good"),
        notice(
            tr("Make an archive first if you want to keep anything. What you share with others stays with them."),
            "warn",
            ft.Icons.WARNING_AMBER,
        ),
        ft.Row([danger_button(tr("Erase me"), erase, icon=ft.Icons.DELETE_FOREVER_OUTLINED)], wrap=True),
    )
