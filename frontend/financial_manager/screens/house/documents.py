"""Papers and photos of a line: files of the household that open by a touch, and words for what lies on a shelf."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import BudgetLineOut, FolderEntryOut
from frontend.financial_manager.document_folder_provider import DocumentFolderProvider
from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.screens.parts.folder_view import FolderView
from frontend.i18n import tr
from frontend.kit import (
    Form,
    TextInput,
    Tile,
    body,
    card,
    dialog,
    icon_action,
    keyed,
    navigate,
    quiet_button,
    state_of,
    tile,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.links import open_link
from frontend.kit.standalone import standalone


@ft.component
def Documents(house: HouseProvider, line: BudgetLineOut) -> ft.Control:
    """Show what belongs to a line; add a file or words, open, take away."""
    session = use_session()
    folder = session.of(DocumentFolderProvider)

    async def add_file() -> None:
        folder.stand_in(house.space)
        chosen = await dialog(tr("Choose a file"), lambda close: standalone(FolderChooser, folder, close))
        if chosen and chosen not in line["documents"]:
            await house.change("line", line, documents=[*line["documents"], chosen])

    async def add_words() -> None:
        form = Form({"words": ""})
        said = await dialog(
            tr("Where does it lie?"), lambda close: standalone(_Words, form, close), actions=[(tr("Save"), "typed")]
        )
        if said == "typed" and (words := form["words"].strip()):
            await house.change("line", line, documents=[*line["documents"], words])

    rows: list[ft.Control] = [
        keyed(DocumentLine, f"{number}{one}", house, line, number) for number, one in enumerate(line["documents"])
    ]
    buttons: list[ft.Control] = [
        quiet_button(tr("Add a file"), use_action(add_file), icon=ft.Icons.ATTACH_FILE),
        quiet_button(tr("Note where a paper lies"), use_action(add_words), icon=ft.Icons.EDIT_NOTE),
    ]
    shown: list[ft.Control] = [card(ft.Column(rows, spacing=0, tight=True), padding=4)] if rows else []
    if not rows:
        shown.append(body(tr("Keep the quote, the plan and photos of the work here."), muted=True))
    return ft.Column(
        [*shown, ft.Row(buttons, wrap=True)],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def DocumentLine(house: HouseProvider, line: BudgetLineOut, number: int) -> ft.Control:
    """Show one paper; a file opens by a touch."""
    session = use_session()
    text = line["documents"][number]
    is_file = text.startswith("/")
    folder, _, name = text.rpartition("/")

    async def open_it() -> None:
        link = await session.api.transfers.make_link({"path": text, "purpose": "view"})
        await open_link(session.transport.connection.url, link["url"])

    async def take_away() -> None:
        rest = [one for at, one in enumerate(line["documents"]) if at != number]
        await house.change("line", line, documents=rest)

    show, remove = use_action(open_it), use_action(take_away)
    shown = name if is_file else text
    return tile(
        Tile(
            shown,
            folder if is_file else "",
            ft.Icons.DESCRIPTION_OUTLINED if is_file else ft.Icons.INVENTORY_2_OUTLINED,
            show if is_file else None,
            icon_action(ft.Icons.CLOSE, tr("Take away {name}", name=shown), remove),
        )
    )


@ft.component
def FolderChooser(folder: DocumentFolderProvider, close: Any) -> ft.Control:
    """Let a file of an opened folder be chosen."""
    found = use_provider(folder)
    use_mount(found.load, [])

    def leave() -> None:
        close(None)
        navigate("/folders")

    async def choose(entry: FolderEntryOut) -> None:
        close(entry["path"])

    def content() -> ft.Control:
        if not found.path and not found.items:
            open_one = quiet_button(tr("Open a folder"), leave)
            return ft.Column([body(tr("No folder is opened yet")), open_one], tight=True)
        view = FolderView(found.path, found.parent, found.items, found.look_into, choose, tr("Nothing is in here."))
        return ft.Column([view], tight=True, scroll=ft.ScrollMode.AUTO)

    return ft.Container(state_of(found, content), height=360)


@ft.component
def _Words(form: Form, close: Any) -> ft.Control:
    return TextInput(
        form,
        "words",
        tr("Such as: folder 3, tab Electrician"),
        max_length=500,
        counter="",
        autofocus=True,
        on_submit=lambda: close("typed"),
    )
