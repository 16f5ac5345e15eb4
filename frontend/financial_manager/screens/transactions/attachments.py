"""The files of a transaction: open them, add one from an opened folder, take one away."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import AttachmentOut, FolderEntryOut
from frontend.financial_manager.attachments_provider import AttachmentsProvider
from frontend.financial_manager.screens.parts.folder_view import FolderView
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.i18n import size, tr
from frontend.kit import (
    body,
    caption,
    card,
    dialog,
    icon_action,
    keyed,
    quiet_button,
    section,
    state_of,
    title,
    use_action,
    use_provider,
    use_session,
)
from frontend.kit.links import open_link
from frontend.kit.standalone import standalone


@ft.component
def Attachments(transaction_id: str) -> ft.Control:
    """Show the files."""
    session = use_session()
    of = use_money(AttachmentsProvider, lambda one: one.show(transaction_id), [transaction_id])

    async def add() -> None:
        await of.look_into(None)
        path = await dialog(
            tr("Which file?"), lambda close: standalone(FileChooser, of, session, transaction_id, close)
        )
        if path is not None:
            await of.attach(str(path))

    adding = use_action(add)

    def content() -> ft.Control:
        rows: list[ft.Control] = [keyed(File, one["id"], one, of) for one in of.files]
        if not rows:
            text = tr("No file yet. An invoice or a receipt that lies in an opened folder can be put here.")
            rows = [ft.Container(body(text, muted=True), padding=8)]
        return card(ft.Column(rows, spacing=0, tight=True), padding=4)

    return section(
        tr("Files"), state_of(of, content), action=quiet_button(tr("Add file"), adding, icon=ft.Icons.ATTACH_FILE)
    )


def state_words(file: AttachmentOut) -> str:
    """Say what is at a file's place now."""
    return {
        "there": size(file["size"]),
        "changed": tr("Another content is there than when it was added"),
        "missing": tr("The file is gone from its folder"),
        "away": tr("Its folder is not here, or not open to you"),
    }.get(file["state"], "")


@ft.component
def File(file: AttachmentOut, of: AttachmentsProvider) -> ft.Control:
    """Show one file; a touch opens it where it is there."""
    session = use_session()
    offer = use_undo_offer()

    async def look() -> None:
        link = await session.api.transfers.make_link(
            {"path": file["path"], "volume_id": file["volume_id"], "purpose": "view"}
        )
        await open_link(session.transport.connection.url, link["url"])

    async def take() -> None:
        done = await of.detach(file)
        offer(tr("{name} is taken away. The file itself stays.", name=file["name"]), done["change_id"])

    opening, taking = use_action(look), use_action(take)
    there = file["state"] in ("there", "changed")
    line = ft.Container(
        _told(file, there), padding=12, border_radius=12, ink=there, on_click=opening if there else None, expand=True
    )
    away = icon_action(ft.Icons.CLOSE, tr("Take {name} away", name=file["name"]), taking)
    return ft.Row([line, away], spacing=0)


def _told(file: AttachmentOut, there: bool) -> ft.Control:
    """Show a file's name, and below it its size or what is wrong with it."""
    tone = ft.Colors.ERROR if file["state"] != "there" else ft.Colors.ON_SURFACE_VARIANT
    texts: list[ft.Control] = [
        title(file["name"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(state_words(file), color=tone, max_lines=2),
    ]
    icon = ft.Icon(ft.Icons.DESCRIPTION_OUTLINED if there else ft.Icons.BROKEN_IMAGE_OUTLINED, color=tone)
    return ft.Row([icon, ft.Column(texts, spacing=2, tight=True, expand=True)], spacing=12)


@ft.component
def FileChooser(of: AttachmentsProvider, session: Any, transaction_id: str, close: Any) -> ft.Control:
    """Look through the opened folders; `close` hears the path of the file that is chosen."""
    found = use_provider(of)
    folder = found.folder

    async def send() -> None:
        back = f"/financial_manager/transactions/{transaction_id}"
        path = (folder["path"] if folder is not None else "") or ""
        link = await session.api.transfers.make_upload_link({"folder": path, "back": back})
        close(None)
        await open_link(session.transport.connection.url, link["url"])

    async def choose(entry: FolderEntryOut) -> None:
        close(entry["path"])

    if folder is None:
        return ft.Container(height=0)
    if folder["path"] is None and not folder["items"]:
        return body(tr("No folder is opened yet. Open one under Files, then its files can be chosen here."), muted=True)
    nothing, way = tr("Nothing is in here."), send if folder["writable"] else None
    return FolderView(folder["path"], folder["parent"], folder["items"], found.look_into, choose, nothing, way)
