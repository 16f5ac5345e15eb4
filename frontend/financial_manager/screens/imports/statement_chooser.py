"""Choose the file of a statement: from this device, or from a folder that was opened to Homie."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.import_provider import MOST_BYTES, ImportProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.folder_view import FolderView
from frontend.i18n import tr
from frontend.kit import (
    body,
    card,
    empty_state,
    navigate,
    quiet_button,
    scroll_body,
    section,
    state_of,
    toast,
    tonal_button,
    use_action,
    use_provider,
    use_session,
)
from frontend.kit.links import open_link

ENDINGS = [
    "csv",
    "txt",
    "tsv",
    "xml",
    "camt",
    "sta",
    "mt940",
    "940",
    "ofx",
    "qfx",
    "qif",
    "xlsx",
    "xls",
    "ods",
    "json",
    "zip",
]


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
            tr("Banks offer CSV, CAMT (XML), MT940, OFX, QIF, JSON or Excel, alone or in a ZIP. Any of them will do."),
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

    async def send() -> None:
        assert folder is not None
        back = f"{ROOT}/import/{account['id']}"
        link = await session.api.transfers.make_upload_link({"folder": folder["path"] or "", "back": back})
        await open_link(session.transport.connection.url, link["url"])

    if folder is None:
        return ft.Container(height=0)
    if folder["path"] is None and not folder["items"]:
        return empty_state(
            ft.Icons.FOLDER_OFF_OUTLINED,
            tr("No folder is opened yet"),
            tr("Open the folder into which you save what the bank offers, or choose the file from this device."),
            quiet_button(tr("Open a folder"), lambda: navigate("/folders")),
        )
    nothing, way = tr("No statements and no folders in here."), send if folder["writable"] else None
    return card(
        FolderView(folder["path"], folder["parent"], folder["items"], found.look_into, found.take, nothing, way),
        padding=4,
    )
