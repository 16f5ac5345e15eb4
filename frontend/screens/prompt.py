"""Ask for one short text in a dialog that does its work itself: what the hub refuses is said beside the field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, tr_server
from frontend.kit import (
    TextInput,
    body,
    danger_button,
    describe_error,
    primary_button,
    quiet_button,
    use_action,
    use_form,
)
from frontend.kit.actions import busy_text
from frontend.kit.dialogs import Asked
from frontend.kit.standalone import standalone
from frontend.kit.texts import heading


@dataclass
class Prompt:
    """Describe the question. `work` gets what was typed; `must_be` is what has to be typed word for word."""

    name: str
    label: str
    yes: str
    work: Callable[[str], Awaitable[Any]]
    value: str = ""
    explanation: str = ""
    must_be: str = ""
    danger: bool = False
    options: dict[str, Any] | None = None
    """Options of the text field."""


async def prompt(of: Prompt) -> bool:
    """Ask, and tell whether it was done."""
    asked = Asked(False)
    done: bool = await asked.show(
        ft.AlertDialog(
            title=heading(of.name),
            content=ft.Container(standalone(Asking, lambda: of, asked.close), width=420),
            on_dismiss=asked.dismissed,
            scrollable=True,
        )
    )
    return done


@ft.component
def Asking(question: Callable[[], Prompt], close: Callable[[bool], None]) -> ft.Control:
    """Show explanation, field and buttons."""
    of = question()
    form = use_form(text=of.value)
    wrong, set_wrong = ft.use_state("")

    async def work() -> None:
        await of.work(form["text"].strip())
        close(True)

    do = use_action(work, quiet=True)

    async def submit() -> None:
        typed = form["text"].strip()
        problem = ""
        if not typed:
            problem = tr("Type something here.")
        elif of.must_be and typed.casefold() != of.must_be.casefold():
            problem = tr("Type exactly: {text}", text=of.must_be)
        set_wrong(problem)
        if not problem:
            await do()

    make = danger_button if of.danger else primary_button
    parts: list[ft.Control] = [body(of.explanation)] if of.explanation else []
    parts += [
        TextInput(
            form,
            "text",
            of.label,
            error=wrong or _words(do.error) or None,
            on_submit=submit,
            autofocus=True,
            **(of.options or {}),
        ),
        ft.Row(
            [
                quiet_button(tr("Cancel"), lambda: close(False)),
                make(busy_text(do, of.yes), submit, disabled=do.busy),
            ],
            alignment=ft.MainAxisAlignment.END,
            wrap=True,
        ),
    ]
    return ft.Column(parts, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _words(error: BaseException | None) -> str:
    if error is None or (isinstance(error, ApiError) and error.code == "cancelled"):
        return ""
    if isinstance(error, ApiError) and error.fields:
        return " ".join(tr_server(text) for text in error.fields.values())
    return " ".join(describe_error(error)).strip()
