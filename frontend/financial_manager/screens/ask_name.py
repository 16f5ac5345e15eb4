"""Ask for one name in a dialog."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit import GAP, Form, TextInput, body, dialog
from frontend.kit.standalone import standalone


async def ask_name(title: str, begins: str, text: str = "", *, longest: int = 200) -> str:
    """Return the name that was typed, without spaces around it; "" where none was, or it is the same."""
    form = Form({"name": begins})
    said = await dialog(
        title, lambda close: standalone(_Field, form, text, longest, close), actions=[(tr("Save"), "typed")]
    )
    name = form["name"].strip()
    return name if said == "typed" and name != begins else ""


@ft.component
def _Field(form: Form, text: str, longest: int, close: Any) -> ft.Control:
    field = TextInput(
        form, "name", tr("Name"), max_length=longest, counter="", on_submit=lambda: close("typed"), autofocus=True
    )
    rows: list[ft.Control] = [body(text), field] if text else [field]
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
