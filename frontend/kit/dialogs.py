"""Ask, choose and tell: dialogs, bottom sheets and short messages. Each waits for its answer with `await`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit.buttons import danger_button, primary_button, quiet_button
from frontend.kit.cards import Tile, tile
from frontend.kit.texts import body, heading
from frontend.kit.theme import GAP


class Asked:
    """One question on the screen: closed by a button with its result, or dismissed with `otherwise`."""

    def __init__(self, otherwise: Any) -> None:
        self._page = ft.context.page
        self._otherwise = otherwise
        self._answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._shown: ft.DialogControl | None = None

    def close(self, result: Any) -> None:
        """End the question with `result`."""
        if not self._answer.done():
            self._answer.set_result(result)
            # Not the newest one, as the page would: that may be a message that came meanwhile.
            if self._shown is not None and self._shown.open:
                self._shown.open = False
                self._shown.update()

    def give_up(self) -> None:
        """Close the question unanswered."""
        self.close(self._otherwise)

    def dismissed(self, _: Any = None) -> None:
        """End the question because it was closed from outside (back button, tap beside it)."""
        if not self._answer.done():
            self._answer.set_result(self._otherwise)

    async def show(self, shown: ft.DialogControl) -> Any:
        """Show the question and wait for its end."""
        self._shown = shown
        shown.data = self  # where `end_dialogs` finds it
        self._page.show_dialog(shown)
        return await self._answer


def end_dialogs(page: ft.Page) -> None:
    """Close every question and message of a window: whose they were has logged out."""
    for shown in [one for one in page._dialogs.controls if isinstance(one, ft.DialogControl)]:
        if isinstance(shown.data, Asked):
            shown.data.give_up()
        elif shown.open:
            shown.open = False
            shown.update()


async def dialog(
    name: str, content: Callable[[Callable[[Any], None]], ft.Control], *, actions: Sequence[tuple[str, Any]] = ()
) -> Any:
    """Show a dialog and return what it was closed with; None when it was dismissed.

    `content(close)` makes what is shown; `actions` are (text, result) buttons beside Cancel.
    """
    asked = Asked(None)
    close = asked.close
    buttons = [quiet_button(tr("Cancel"), lambda: close(None))]
    buttons += [primary_button(text, lambda _=None, value=value: close(value)) for text, value in actions]
    return await asked.show(
        ft.AlertDialog(
            title=heading(name),
            content=ft.Container(content(close), width=480),
            actions=buttons,
            scrollable=True,
            on_dismiss=asked.dismissed,
        )
    )


async def confirm(name: str, text: str, yes: str, *, danger: bool = False) -> bool:
    """Ask before something is done; `yes` names what will be done."""
    asked = Asked(False)
    close = asked.close
    make = danger_button if danger else primary_button
    answer = await asked.show(
        ft.AlertDialog(
            title=heading(name),
            content=ft.Container(body(text), width=420),
            actions=[quiet_button(tr("Cancel"), lambda: close(False)), make(yes, lambda: close(True))],
            on_dismiss=asked.dismissed,
        )
    )
    return bool(answer)


async def choose_sheet(name: str, choices: Sequence[tuple[str, Tile]]) -> str | None:
    """Let one of several (key, tile) be chosen from the bottom of the screen; None when none was."""
    asked = Asked(None)
    close = asked.close

    def line(key: str, of: Tile) -> ft.Control:
        return tile(
            Tile(
                of.title,
                of.subtitle,
                of.icon,
                lambda: close(key),
                of.trailing or ft.Container(width=0, height=0),
                selected=of.selected,
            )
        )

    answer = await asked.show(
        ft.BottomSheet(
            content=ft.Container(
                ft.Column(
                    [ft.Container(heading(name), padding=GAP), *(line(*one) for one in choices)],
                    tight=True,
                    spacing=0,
                    scroll=ft.ScrollMode.AUTO,
                ),
                padding=ft.Padding.only(left=8, right=8, bottom=GAP),
            ),
            show_drag_handle=True,
            use_safe_area=True,
            on_dismiss=asked.dismissed,
        )
    )
    return None if answer is None else str(answer)
