"""Choose the file of a statement: from this device, or from a folder that was opened to Homie."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft

from frontend.api.generated.schemas import AccountOut, FolderEntryOut
from frontend.financial_manager.import_provider import MOST_BYTES, ImportProvider
from frontend.financial_manager.places import ROOT
from frontend.i18n import date_and_time, size, tr
from frontend.kit import (
    Tile,
    body,
    caption,
    card,
    empty_state,
    icon_action,
    keyed,
    navigate,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile,
    toast,
    tonal_button,
    use_action,
    use_provider,
    use_session,
)
from frontend.kit.links import open_link

ENDINGS = ["csv", "txt", "tsv", "xml", "camt", "sta", "mt940", "940", "ofx", "qfx", "qif", "xlsx", "zip"]


@ft.component
def StatementChooser(of: ImportProvider, account: AccountOut) -> ft.Control:
    """Offer both ways."""
    found = use_provider(of)

    async def from_device() -> None:
        picked = await ft.FilePicker().pick_files(allowed_extensions=ENDINGS, with_data=True)
        if not picked:
            return
        data = picked[0].bytes or b""
        if len(data) > MOST_BYTES:
            toast(
                tr("This file is too large. Put it into a folder that Homie may see, and choose it there."), error=True
            )
            return
        await found.take_content(picked[0].name, data)

    return scroll_body(
        body(
            tr("Banks offer statements as a file: CSV, CAMT (XML), MT940, OFX, QIF or Excel. Any of them will do."),
            muted=True,
        ),
        ft.Row([tonal_button(tr("From this device"), use_action(from_device), icon=ft.Icons.DEVICES)]),
        section(tr("From an opened folder"), state_of(found, lambda: Inside(found, account))),
    )


@ft.component
def Inside(of: ImportProvider, account: AccountOut) -> ft.Control:
    """Show what lies in the folder that is looked into."""
    session = use_session()
    found = use_provider(of)
    folder = found.folder
    enter = use_action(lambda path: found.look_into(path))

    async def send() -> None:
        assert folder is not None
        back = f"{ROOT}/import/{account['id']}"
        link = await session.api.transfers.make_upload_link({"folder": folder["path"] or "", "back": back})
        await open_link(session.transport.connection.url, link["url"])

    upload = use_action(send)

    async def up() -> None:
        await enter(None, folder["parent"] if folder is not None else None)

    if folder is None:
        return ft.Container(height=0)
    if folder["path"] is None and not folder["items"]:
        return empty_state(
            ft.Icons.FOLDER_OFF_OUTLINED,
            tr("No folder is opened yet"),
            tr("Open the folder into which you save what the bank offers, or choose the file from this device."),
            quiet_button(tr("Open a folder"), lambda: navigate("/folders")),
        )
    rows: list[ft.Control] = []
    if folder["path"] is not None:
        head: list[ft.Control] = [
            icon_action(ft.Icons.ARROW_UPWARD, tr("One folder up"), up),
            caption(folder["path"], expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        ]
        if folder["writable"]:
            head.append(icon_action(ft.Icons.UPLOAD_OUTLINED, tr("Send files here"), upload))
        rows.append(ft.Row(head, spacing=4))
    rows.extend(keyed(EntryLine, one["path"], one, found) for one in folder["items"])
    if not folder["items"]:
        rows.append(ft.Container(body(tr("No statements and no folders in here."), muted=True), padding=12))
    return card(ft.Column(rows, spacing=0, tight=True), padding=4)


@ft.component
def EntryLine(entry: FolderEntryOut, found: ImportProvider) -> ft.Control:
    """Show a folder or a file."""
    enter = use_action(lambda: found.look_into(entry["path"]))
    take = use_action(lambda: found.take(entry))
    if entry["is_folder"]:
        return tile(Tile(entry["name"], "", ft.Icons.FOLDER_OUTLINED, enter))
    when = date_and_time(datetime.fromtimestamp(entry["modified"], UTC))
    told = f"{when} · {size(entry['size'])}"
    return tile(Tile(entry["name"], told, ft.Icons.DESCRIPTION_OUTLINED, take, ft.Container(width=0)))
