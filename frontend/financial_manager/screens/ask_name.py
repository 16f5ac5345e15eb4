"""Ask for one name, or one line of text, in a dialog."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit import GAP, Form, TextInput, body, dialog
from frontend.kit.standalone import standalone


async def ask_name(title: str, begins: str, text: str = "", *, longest: int = 200) -> str:
    """Return the name that was typed, without spaces around it; "" where none was, or it is the same."""
    name = await ask_text(title, tr("Name"), begins, text, longest=longest)
    return name if name is not None and name != begins else ""


async def ask_text(title: str, label: str, begins: str, text: str = "", *, longest: int = 200) -> str | None:
    """Return the line that was typed, without spaces around it; None where it was given up. `text` explains."""
    form = Form({"text": begins})
    said = await dialog(
        title, lambda close: standalone(_Field, form, label, text, longest, close), actions=[(tr("Save"), "typed")]
    )
    return form["text"].strip() if said == "typed" else None


@ft.component
def _Field(form: Form, label: str, text: str, longest: int, close: Any) -> ft.Control:
    field = TextInput(
        form, "text", label, max_length=longest, counter="", on_submit=lambda: close("typed"), autofocus=True
    )
    rows: list[ft.Control] = [body(text), field] if text else [field]
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
