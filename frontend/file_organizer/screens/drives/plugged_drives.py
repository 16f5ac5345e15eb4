"""Drives that are plugged in and on which no folder is open yet; only administrators see them."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import PluggedDriveOut
from frontend.file_organizer.drive_words import kind_words
from frontend.i18n import size, tr
from frontend.kit import body, caption, card, heading, keyed, navigate, title, tonal_button, use_session
from frontend.providers.folder_browser_provider import FolderBrowserProvider


@ft.component
def PluggedDrives(drives: tuple[PluggedDriveOut, ...]) -> ft.Control:
    """Show them, each with the way to open a folder on it."""
    return card(
        heading(tr("Plugged in, not opened yet")),
        body(tr("Homie does not look into a drive before you open a folder on it."), muted=True),
        *(keyed(PluggedDrive, one["mount_point"], one) for one in drives),
    )


@ft.component
def PluggedDrive(drive: PluggedDriveOut) -> ft.Control:
    """Show one drive: its name, kind and size."""
    session = use_session()

    def open_folder() -> None:
        session.of(FolderBrowserProvider).wanted = drive["mount_point"]
        navigate("/folders/open")

    facts = [kind_words(drive["kind"], drive["service"])]
    if drive["size"]:
        facts.append(tr("{free} free of {size}", free=size(drive["free"]), size=size(drive["size"])))
    icon = ft.Icons.USB if drive["kind"] == "usb" else ft.Icons.STORAGE
    return ft.Row(
        [
            ft.Icon(icon, color=ft.Colors.PRIMARY),
            ft.Column(
                [
                    title(drive["label"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                    caption(" · ".join(facts), max_lines=2),
                ],
                spacing=2,
                tight=True,
                expand=True,
            ),
            tonal_button(tr("Open"), open_folder, about=tr("a folder on {drive}", drive=drive["label"])),
        ],
        spacing=12,
    )
