"""Empty, loading and error states, in words that say what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

import flet as ft

from frontend.api.errors import Offline
from frontend.i18n import tr
from frontend.kit.buttons import tonal_button
from frontend.kit.errors import describe_error
from frontend.kit.texts import body
from frontend.kit.theme import GAP, RADIUS


def empty_state(icon: Any, text: str, explanation: str = "", action: ft.Control | None = None) -> ft.Control:
    """Say that there is nothing here, why that is well, and what could be done."""
    return _centred(icon, ft.Colors.PRIMARY, text, explanation, action)


def error_state(error: BaseException, retry: Callable[..., Any] | None = None) -> ft.Control:
    """Say what went wrong and what to do."""
    what, remedy = describe_error(error)
    icon = ft.Icons.CLOUD_OFF_OUTLINED if isinstance(error, Offline) else ft.Icons.ERROR_OUTLINE
    action = tonal_button(tr("Try again"), _awaiting(retry), icon=ft.Icons.REFRESH) if retry else None
    return _centred(icon, ft.Colors.ERROR, what, remedy, action)


def loading_state(lines: int = 4) -> ft.Control:
    """Show the shape of what is coming, so that nothing jumps when it arrives."""
    bone = ft.Colors.SURFACE_CONTAINER
    bones: list[ft.Control] = [ft.Container(height=72, bgcolor=bone, border_radius=RADIUS) for _ in range(lines)]
    return ft.Semantics(
        label=tr("Loading"),
        container=True,
        content=ft.Column([ft.ProgressBar(bar_height=2, semantics_label=tr("Loading")), *bones], spacing=GAP / 2),
    )


def state_of(
    provider: Any,
    content: Callable[[], ft.Control],
    *,
    retry: Callable[..., Any] | None = None,
    empty: Callable[[], ft.Control] | None = None,
    is_empty: bool = False,
) -> ft.Control:
    """Show the state that a provider, or `AllOf` several, is in: loading, an error, empty, or its content.

    What was loaded before stays on the screen while it is loaded anew or cannot be reached.
    """
    if not provider.loaded:
        if provider.error is not None and provider.state != "loading":
            return error_state(provider.error, retry or provider.load)
        return loading_state()
    return empty() if is_empty and empty is not None else content()


class AllOf:
    """Be what several providers are together, for `state_of`: there as soon as all are there, wrong if one is.

    A part is a provider, or a pair of what says how far it is and how to load it, where its `load` is not how.
    """

    def __init__(self, *parts: Any) -> None:
        pairs: list[tuple[Any, Callable[[], Awaitable[Any]]]] = [
            one if isinstance(one, tuple) else (one, one.load) for one in parts
        ]
        self._missing = [(one, load) for one, load in pairs if not one.loaded]

    @property
    def loaded(self) -> bool:
        """Tell whether everything is there."""
        return not self._missing

    @property
    def state(self) -> str:
        """Return "loading" while something is still asked for, else what became of the first that is not there."""
        states = [one.state for one, _ in self._missing]
        return "loading" if "loading" in states else next(iter(states), "ready")

    @property
    def error(self) -> BaseException | None:
        """Return what went wrong, if something did."""
        return next((one.error for one, _ in self._missing if one.error is not None), None)

    async def load(self) -> None:
        """Ask again for all that is not there."""
        await asyncio.gather(*(load() for _, load in self._missing))


def awaited(provider: Any, there: bool, *, lines: int = 3) -> ft.Control | None:
    """Return what stands for a part of a screen that is asked for anew: loading, or the error; None where it is there.

    For what a provider holds of one month, year or other choice: until the chosen one is there, the figures of the one
    before must not stand below its name. The choice itself stays, so that another can be made.
    """
    if there:
        return None
    if provider.error is not None and provider.state != "loading":
        return error_state(provider.error, provider.load)
    return loading_state(lines)


def _awaiting(work: Callable[..., Any]) -> Callable[..., Any]:
    """Return `work` as Flet runs it to its end: it awaits only what is written as a coroutine function."""
    if iscoroutinefunction(work):
        return work

    async def run() -> None:
        if (waiting := work()) is not None:
            await waiting

    return run


def _centred(icon: Any, colour: Any, text: str, explanation: str, action: ft.Control | None) -> ft.Control:
    parts: list[ft.Control] = [
        ft.Icon(icon, size=56, color=colour),
        ft.Text(text, theme_style=ft.TextThemeStyle.TITLE_MEDIUM, text_align=ft.TextAlign.CENTER),
    ]
    if explanation:
        parts.append(body(explanation, muted=True, text_align=ft.TextAlign.CENTER))
    if action is not None:
        parts.append(action)
    return ft.Container(
        ft.Column(parts, horizontal_alignment=ft.CrossAxisAlignment.CENTER, spacing=12, tight=True),
        alignment=ft.Alignment.CENTER,
        padding=GAP * 2,
    )
