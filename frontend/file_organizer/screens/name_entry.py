"""Ask for a name of a file or folder; only what every drive can store is taken, as the hub checks it."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit import GAP, TextInput, dialog, primary_button
from frontend.kit.field import Form
from frontend.kit.standalone import standalone


async def ask_name(name: str, value: str) -> str | None:
    """Ask for a file's or folder's name; only what every drive can store is taken. None when it was cancelled."""
    form = Form({"name": value})
    found = await dialog(name, lambda close: standalone(NameEntry, form, close))
    return str(found) if found else None


@ft.component
def NameEntry(form: Form, close: Any) -> ft.Control:
    """Show a field for a name, with words about what is wrong with it."""
    problem, set_problem = ft.use_state("")

    def changed(text: str) -> None:
        set_problem(name_problem(text))

    def done() -> None:
        wrong = name_problem(form["name"])
        set_problem(wrong)
        if not wrong:
            close(form["name"].strip())

    return ft.Column(
        [
            TextInput(
                form, "name", tr("Name"), error=problem or None, on_change=changed, on_submit=done, autofocus=True
            ),
            ft.Row([primary_button(tr("Use this name"), done)], alignment=ft.MainAxisAlignment.END),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


_FORBIDDEN = '<>:"/\\|?*'
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}


def name_problem(name: str) -> str:
    """Return what is wrong with a new name, in words; empty when every drive can store it (as the hub checks)."""
    text = name.strip()
    if not text:
        return tr("Type a name.")
    if bad := sorted({sign for sign in text if sign in _FORBIDDEN or ord(sign) < 32 or ord(sign) == 127}):
        shown = " ".join(sign for sign in bad if sign.isprintable()) or "…"
        return tr("Some drives cannot store {signs} in a name. Leave it out.", signs=shown)
    if text.endswith(".") or text in (".", ".."):
        return tr("A name cannot end with a dot.")
    if text.partition(".")[0].lower() in _RESERVED:
        return tr("Windows keeps this name for itself. Choose another one.")
    if len(text.encode()) > 255:
        return tr("This name is too long. Shorten it.")
    return ""
