"""A field for a new password that says while it is typed whether it will do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.i18n import tr, trn
from frontend.kit import Form, TextInput, caption

MIN_CHARACTERS, MAX_BYTES = 10, 72
"""The hub's rules, told early; the hub itself also refuses what is tried first by those who guess."""


def strength(password: str) -> int:
    """Guess how well a password resists: 0 it is refused, 1 weak, 2 good, 3 strong."""
    if len(password) < MIN_CHARACTERS or len(password.encode()) > MAX_BYTES or len(set(password.casefold())) < 4:
        return 0
    kinds = sum(
        any(test(one) for one in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda one: not one.isalnum())
    )
    points = len(set(password)) + len(password) / 2 + 2 * kinds
    return 1 if points < 19 else 2 if points < 26 else 3


def too_easy() -> str:
    """Say that a password will be refused."""
    return tr("This password is too easy to guess.")


@ft.component
def NewPassword(
    form: Form,
    name: str,
    label: str,
    *,
    error: str | None = None,
    on_submit: Callable[..., Any] | None = None,
    autofocus: bool = False,
) -> ft.Control:
    """Show the field with a bar below it; `form[name]` is what was typed."""
    typed, set_typed = ft.use_state(form[name])
    # The app's own word goes as soon as it is no longer true; the hub's stays until the hub is asked again.
    shown = None if error == too_easy() and strength(typed) else error

    return ft.Column(
        [
            TextInput(
                form,
                name,
                label,
                error=shown,
                password=True,
                on_change=lambda value: set_typed(lambda _: value),
                on_submit=on_submit,
                autofocus=autofocus,
                autofill_hints=ft.AutofillHint.NEW_PASSWORD,
                prefix_icon=ft.Icons.LOCK_OUTLINE,
            ),
            _bars(strength(typed), bool(typed)),
            ft.Semantics(live_region=True, content=caption(_words(typed))),
        ],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _bars(level: int, begun: bool) -> ft.Control:
    colours = (ft.Colors.ERROR, ft.Colors.AMBER_400, ft.Colors.PRIMARY, ft.Colors.GREEN_400)
    lit = max(level, 1) if begun else 0
    bars: list[ft.Control] = [
        ft.Container(
            height=4,
            border_radius=4,
            expand=True,
            bgcolor=colours[level] if index < lit else ft.Colors.SURFACE_CONTAINER_HIGHEST,
        )
        for index in range(3)
    ]
    return ft.Row(bars, spacing=6)


def _words(typed: str) -> str:
    missing = MIN_CHARACTERS - len(typed)
    if not typed:
        return tr("At least 10 characters. Three or four unrelated words do well.")
    if missing > 0:
        return trn("One more character.", "{n} more characters.", missing)
    if len(typed.encode()) > MAX_BYTES:
        return tr("This is too long.")
    return (
        tr("This is a simple pattern. Take words that have nothing to do with each other."),
        tr("Weak. Add another word."),
        tr("A good password."),
        tr("A strong password."),
    )[strength(typed)]
