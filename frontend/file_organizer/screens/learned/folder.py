"""One folder that things go to: its name in your words, its colour, by what its files are known, and each lesson."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import DestinationOut, FolderOut, LearnedFileOut, SignOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.learned_provider import LearnedProvider
from frontend.file_organizer.learned_words import (
    COLOURS,
    evidence_text,
    folder_text,
    how_text,
    sign_evidence,
    sign_text,
)
from frontend.file_organizer.screens.learned.hands import offer_undo
from frontend.file_organizer.screens.learned.learned import folder_icon
from frontend.file_organizer.suggestion_words import readable
from frontend.i18n import ago, tr
from frontend.kit import (
    GAP,
    PagedList,
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    choose_sheet,
    dialog,
    error_state,
    heading,
    icon_action,
    loading_state,
    navigate,
    quiet_button,
    title,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.standalone import standalone

LONGEST_PURPOSE = 120


@ft.component
def LearnedFolder() -> ft.Control:
    """Show the folder that the address names."""
    destination_id = ft.use_route_params().get("destination_id", "")
    session = use_session()
    learned = use_provider(session.of(LearnedProvider))
    files = use_provider(learned.files)
    folders = use_provider(session.of(FoldersProvider).roots).items
    failed, set_failed = ft.use_state(_none)

    async def load() -> None:
        set_failed(lambda _: None)
        try:
            await session.of(FoldersProvider).load()
            await learned.open(destination_id)
        except ApiError as error:
            refused = error
            set_failed(lambda _: refused)

    use_mount(load, [destination_id])
    shown = learned.shown
    if shown is None:
        content = error_state(failed, load) if failed is not None else loading_state()
        return Screen(tr("A folder that Homie knows"), content, back="/file_organizer/learned")
    head: list[ft.Control] = [FolderHead(shown, folders), *_signs(shown["signs"])]
    if files.items:
        head.append(ft.Container(heading(tr("What it learned from")), padding=ft.Padding.only(top=8)))
    return Screen(
        tr("A folder that Homie knows"),
        PagedList(
            files.items,
            FileRow,
            key_of=lambda one: str(one["id"]),
            more=files.load_more,
            has_more=files.has_more,
            before=head,
        ),
        back="/file_organizer/learned",
    )


def _none() -> Any:
    return None


@ft.component
def FolderHead(shown: DestinationOut, folders: tuple[FolderOut, ...]) -> ft.Control:
    """Show what the folder is, and let it be named and coloured."""
    provider = use_session().of(LearnedProvider)
    form = use_form()
    where = folder_text(shown["volume_id"], shown["folder"], folders)

    async def name_it() -> None:
        form.fill(purpose=shown["purpose"])
        said = await dialog(
            tr("What is this folder for?"),
            lambda close: ft.Column(
                [
                    standalone(
                        TextInput,
                        form,
                        "purpose",
                        tr("In your words"),
                        max_length=LONGEST_PURPOSE,
                        on_submit=lambda: close("typed"),
                        autofocus=True,
                    )
                ],
                tight=True,
                spacing=GAP,
            ),
            actions=[(tr("Save"), "typed")],
        )
        if said == "typed":
            await provider.change(shown["id"], purpose=form["purpose"].strip())

    async def colour_it() -> None:
        choices = [
            (
                key,
                Tile(said(), leading=ft.Icon(ft.Icons.CIRCLE, color=colour), selected=key == shown["colour"]),
            )
            for key, (colour, said) in COLOURS.items()
        ]
        none = ("none", Tile(tr("No colour"), icon=ft.Icons.BLOCK, selected=not shown["colour"]))
        chosen = await choose_sheet(tr("A colour for this folder"), [*choices, none])
        if chosen is not None:
            await provider.change(shown["id"], colour="" if chosen == "none" else chosen)

    named, coloured = use_action(name_it), use_action(colour_it)
    purpose = shown["purpose"] or tr("Nobody has said what it is for")
    return card(
        ft.Row(
            [
                folder_icon(shown),
                ft.Column(
                    [
                        title(where),
                        body(purpose, muted=True),
                        caption(f"{evidence_text(shown)} · {ago(shown['last_at'])}"),
                    ],
                    spacing=4,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        ft.Row(
            [
                quiet_button(tr("Say what it is for"), named, icon=ft.Icons.EDIT_OUTLINED),
                quiet_button(tr("Choose a colour"), coloured, icon=ft.Icons.PALETTE_OUTLINED),
                quiet_button(
                    tr("Send such files elsewhere"),
                    lambda: navigate(f"/file_organizer/learned/{shown['id']}/elsewhere"),
                    icon=ft.Icons.DRIVE_FILE_MOVE_OUTLINED,
                ),
            ],
            wrap=True,
            spacing=8,
        ),
    )


def _signs(signs: list[SignOut]) -> list[ft.Control]:
    """Show by what Homie knows files that belong there."""
    if not signs:
        return []
    lines = [
        ft.Column([body(sign_text(one["sign"])), caption(sign_evidence(one))], spacing=0, tight=True) for one in signs
    ]
    return [card(heading(tr("By what Homie knows them")), *lines)]


@ft.component
def FileRow(file: LearnedFileOut) -> ft.Control:
    """Show one lesson, and let it be forgotten."""
    provider = use_session().of(LearnedProvider)
    name = readable(file["name"]) or tr("Files counted earlier")

    async def forget() -> None:
        offer_undo(provider, await provider.forget_file(file["id"]))

    action = use_action(forget)
    return card(
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.CHECK if file["belongs"] else ft.Icons.BLOCK,
                    color=ft.Colors.PRIMARY if file["belongs"] else ft.Colors.ERROR,
                ),
                ft.Column(
                    [
                        body(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(f"{how_text(file)} · {ago(file['at'])}"),
                    ],
                    spacing=0,
                    tight=True,
                    expand=True,
                ),
                icon_action(ft.Icons.CLOSE, tr("Forget {what}", what=name), action),
            ],
            spacing=12,
        ),
        padding=8,
    )
