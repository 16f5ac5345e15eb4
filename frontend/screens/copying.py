"""Take a text out of the app: copy it, or save it as a file."""

from __future__ import annotations

import flet as ft

from frontend.i18n import tr
from frontend.kit import icon_action, toast, tonal_button


def copy_button(text: str, name: str) -> ft.Control:
    """Make a button that copies `text`; `name` says what."""

    async def copy() -> None:
        await copy_text(text)

    return icon_action(ft.Icons.COPY_OUTLINED, name, copy)


async def copy_text(text: str) -> None:
    """Copy a text and say so."""
    await ft.Clipboard().set(text)
    toast(tr("Copied."))


def save_text_button(words: str, file_name: str, text: str) -> ft.Control:
    """Make a button that saves `text` as a file on this device."""

    async def save() -> None:
        await ft.FilePicker().save_file(file_name=file_name, src_bytes=f"{text}\n".encode())

    return tonal_button(words, save, icon=ft.Icons.DOWNLOAD_OUTLINED)
