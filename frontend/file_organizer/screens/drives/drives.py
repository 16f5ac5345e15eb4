"""Folders and drives: which drives there are, how full they are, what they are for, and the folders on them."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import DriveOut, FolderOut
from frontend.file_organizer.drive_words import (
    PURPOSES,
    drive_icon,
    drive_state,
    kind_words,
    last_seen,
    purpose_icon,
    purpose_text,
    space_words,
    used_share,
)
from frontend.file_organizer.drives_provider import DrivesProvider
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.screens.drives.drive_question import DriveQuestion
from frontend.file_organizer.screens.drives.plugged_drives import PluggedDrives
from frontend.file_organizer.screens.drives.verify_card import VerifyCard
from frontend.i18n import size, tr, trn
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    dialog,
    empty_state,
    heading,
    icon_action,
    keyed,
    meter,
    navigate,
    quiet_button,
    scroll_body,
    state_of,
    tile,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.field import Form
from frontend.kit.standalone import standalone

_OTHER = "\0other"
LONGEST_PURPOSE = 60


@ft.component
def Drives() -> ft.Control:
    """Show the drives and the opened folders on them; what is plugged in or out is seen at once."""
    session = use_session()
    auth = use_provider(session.auth)
    drives = use_provider(session.of(DrivesProvider))
    folders = use_provider(session.of(FoldersProvider).roots).items

    async def load() -> None:
        drives.for_admin = auth.is_admin
        await drives.load()
        await session.of(FoldersProvider).load()

    use_mount(load)
    look = use_action(drives.refresh, done=tr("Homie looked at all drives."))

    def content() -> ft.Control:
        cards = [keyed(DriveCard, one["id"], one, folders_on(one, folders)) for one in drives.drives]
        away = sum(1 for one in drives.drives if not one["online"])
        head = trn("{n} drive", "{n} drives", len(drives.drives))
        if away:
            head = tr("{drives}, {away}", drives=head, away=trn("{n} is not connected", "{n} are not connected", away))
        plugged: list[ft.Control] = [PluggedDrives(drives.plugged)] if drives.plugged else []
        return scroll_body(
            body(head, muted=True), *plugged, *cards, *_without_drive(drives.drives, folders), VerifyCard()
        )

    return Screen(
        tr("Drives"),
        state_of(
            drives,
            content,
            is_empty=not drives.drives and not folders and not drives.plugged,
            empty=lambda: empty_state(
                ft.Icons.FOLDER_OFF_OUTLINED,
                tr("No folder is open to Homie yet"),
                tr("An administrator opens folders under More, Household. Then their drives are shown here."),
            ),
        ),
        back="/file_organizer",
        actions=[icon_action(ft.Icons.REFRESH, tr("Look at the drives now"), look)],
    )


def folders_on(drive: DriveOut, folders: tuple[FolderOut, ...]) -> tuple[FolderOut, ...]:
    """Return the opened folders that lie on a drive."""
    return tuple(one for one in folders if one["volume_id"] in drive["volumes"])


def _without_drive(drives: tuple[DriveOut, ...], folders: tuple[FolderOut, ...]) -> list[ft.Control]:
    """Show folders that lie on no drive that was ever seen; their drive never was here."""
    known = {volume for drive in drives for volume in drive["volumes"]}
    lost = [one for one in folders if one["volume_id"] not in known]
    if not lost:
        return []
    return [card(heading(tr("On drives that were never seen")), *(_folder_line(one) for one in lost))]


@ft.component
def DriveCard(drive: DriveOut, folders: tuple[FolderOut, ...]) -> ft.Control:
    """Show one drive: state, space, purpose, and the folders on it."""
    drives = use_session().of(DrivesProvider)
    form = use_form()

    async def ask_purpose() -> None:
        purpose = await choose_purpose(drive, form)
        if purpose is not None and purpose != drive["purpose"]:
            await drives.set_purpose(drive["id"], purpose)

    change = use_action(ask_purpose)
    words, tone = drive_state(drive)
    parts: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(drive_icon(drive), size=28, color=ft.Colors.PRIMARY if drive["online"] else None),
                ft.Column(
                    [
                        heading(drive["label"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(kind_words(drive["kind"], drive["service"])),
                        *([caption(last_seen(drive))] if not drive["online"] else []),
                    ],
                    spacing=0,
                    tight=True,
                    expand=True,
                ),
                chip(words, tone),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        *([DriveQuestion(drive)] if drive["status"] == "clone" else []),
        space_bar(drive),
        ft.Row(
            [
                ft.Icon(purpose_icon(drive["purpose"]), size=18, color=ft.Colors.ON_SURFACE_VARIANT),
                body(_purpose_line(drive), muted=True, expand=True),
                quiet_button(tr("Change"), change, about=tr("what {drive} is for", drive=drive["label"])),
            ],
            spacing=8,
        ),
    ]
    things, much = use_provider(drives).trash_on(drive)
    if things:
        parts.append(_trash_line(drive, things, much))
    if folders:
        parts.append(ft.Divider(height=1, color=ft.Colors.OUTLINE_VARIANT))
        parts.extend(_folder_line(one) for one in folders)
    return card(*parts)


def _trash_line(drive: DriveOut, things: int, much: int) -> ft.Control:
    said = trn("{n} thing in the trash, {size}", "{n} things in the trash, {size}", things, size=size(much))
    show = quiet_button(
        tr("Show"), lambda: navigate("/file_organizer/trash"), about=tr("the trash of {drive}", drive=drive["label"])
    )
    icon = ft.Icon(ft.Icons.DELETE_OUTLINE, size=18, color=ft.Colors.ON_SURFACE_VARIANT)
    return ft.Row([icon, body(said, muted=True, expand=True), show], spacing=8)


def _purpose_line(drive: DriveOut) -> str:
    text = purpose_text(drive["purpose"])
    return tr("For: {purpose}", purpose=text) if text else tr("Nobody has said what it is for")


def space_bar(drive: DriveOut) -> ft.Control:
    """Show how full a drive is, as a bar with words."""
    words, tone = space_words(drive)
    colour = ft.Colors.ERROR if tone == "bad" else ft.Colors.ON_SURFACE_VARIANT
    said = caption(words, color=colour)
    if (share := used_share(drive)) is None:
        return said
    name = tr("Space used on {drive}", drive=drive["label"])
    return ft.Column(
        [meter(share, name, tone=tone), said],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        opacity=1.0 if drive["online"] else 0.6,
    )


def _folder_line(folder: FolderOut) -> ft.Control:
    notes = [folder["path"]]
    if not folder["space_writable"]:
        notes.append(tr("Homie may only look here"))
    return tile(
        Tile(
            folder["label"],
            " · ".join(notes),
            ft.Icons.FOLDER_OUTLINED if folder["online"] else ft.Icons.FOLDER_OFF_OUTLINED,
            lambda: navigate(f"/file_organizer/folders/{folder['volume_id']}"),
            key=folder["volume_id"],
        )
    )


async def choose_purpose(drive: DriveOut, form: Form) -> str | None:
    """Ask what a drive is for; None when nothing was chosen."""
    mine = drive["purpose"] if drive["purpose"] and drive["purpose"] not in PURPOSES else ""
    choices = [
        (key, Tile(purpose_text(key), "", purpose_icon(key), selected=key == drive["purpose"])) for key in PURPOSES
    ]
    other = Tile(tr("Something else"), mine, ft.Icons.EDIT_OUTLINED, selected=bool(mine))
    chosen = await choose_sheet(
        tr("What is {drive} for?", drive=drive["label"]),
        [*choices, (_OTHER, other), ("", Tile(tr("Nothing special"), "", ft.Icons.BLOCK))],
    )
    if chosen != _OTHER:
        return chosen
    form.fill(purpose=mine)
    said = await dialog(
        tr("What is {drive} for?", drive=drive["label"]),
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
    return form["purpose"].strip() if said == "typed" else None
