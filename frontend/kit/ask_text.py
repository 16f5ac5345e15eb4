"""Ask for one text in a dialog that stays until the text is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit.buttons import primary_button
from frontend.kit.dialogs import dialog
from frontend.kit.field import Form, TextInput
from frontend.kit.standalone import standalone
from frontend.kit.texts import body
from frontend.kit.theme import GAP


def _empty(text: str) -> str:
    return "" if text.strip() else tr("Type a name.")


async def ask_text(
    name: str,
    label: str,
    value: str = "",
    *,
    yes: str,
    about: str = "",
    problem: Callable[[str], str] = _empty,
    more: Callable[[], Sequence[ft.Control]] = tuple,
    most: int | None = None,
) -> str | None:
    """Ask for a text; return it without spaces around, or None when it was cancelled.

    `problem` returns what is wrong with a text ("" if nothing); `yes` names what the button does; `more` makes what
    is shown below the field; `most`: letters that the field takes.
    """
    form = Form({"text": value})
    found = await dialog(
        name, lambda close: standalone(_TextQuestion, form, label, yes, about, problem, more, most, close)
    )
    return None if found is None else str(found)


@ft.component
def _TextQuestion(
    form: Form,
    label: str,
    yes: str,
    about: str,
    problem: Callable[[str], str],
    more: Callable[[], Sequence[ft.Control]],
    most: int | None,
    close: Callable[[Any], None],
) -> ft.Control:
    wrong, set_wrong = ft.use_state("")

    def changed(text: str) -> None:
        set_wrong(problem(text))

    def done() -> None:
        said = problem(form["text"])
        set_wrong(said)
        if not said:
            close(form["text"].strip())

    options: dict[str, Any] = {"max_length": most, "counter": ""} if most is not None else {}
    rows: list[ft.Control] = [body(about)] if about else []
    rows.append(
        TextInput(
            form, "text", label, error=wrong or None, on_change=changed, on_submit=done, autofocus=True, **options
        )
    )
    rows += [*more(), ft.Row([primary_button(yes, done)], alignment=ft.MainAxisAlignment.END)]
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
