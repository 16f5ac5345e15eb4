"""A row that a form changes: as it was when the form began, and what somebody else made of it meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr
from frontend.kit import Form, body, notice, tonal_button, use_action
from frontend.kit.cards import card

R = TypeVar("R")
ROW_CHANGED = "row_changed"


@dataclass
class BegunWith(Generic[R]):
    """The row that a form began with; its version is the one that is sent. `round`: how often a newer one was taken."""

    row: R
    round: int = 0
    conflict: bool = False
    draw: Callable[[], None] = lambda: None

    async def saving(self, work: Callable[[], Awaitable[Any]]) -> bool:
        """Save; tell whether it was saved. A conflict is kept for the screen, what else is refused is raised."""
        try:
            await work()
        except ApiError as error:
            if error.code != ROW_CHANGED:
                raise
            self.conflict = True
            self.draw()
            return False
        return True

    def take(self, newer: R) -> None:
        """Begin anew with a newer row."""
        self.row, self.conflict = newer, False
        self.round += 1
        self.draw()

    def saved(self, row: R) -> None:
        """Go on from what was saved, where the form stays."""
        self.row, self.conflict, self.round = row, False, 0
        self.draw()


def use_begun_with(row: R) -> BegunWith[R]:
    """Return the row of this component's first rendering, whatever is rendered later."""
    held: Any = ft.use_ref(None)
    drawn, draw = ft.use_state(0)
    if held.current is None:
        held.current = BegunWith(row)
    begun: BegunWith[R] = held.current
    begun.draw = lambda: draw(drawn + 1)
    return begun


def keep_typed(form: Form, before: Mapping[str, str], newer: Mapping[str, str]) -> None:
    """Fill a form with newer values, except where somebody typed something else than `before`."""
    form.fill(**{name: text for name, text in newer.items() if form[name] == before.get(name, "")})


@ft.component
def NewerRow(begun: BegunWith[Any], load: Callable[[], Awaitable[None]]) -> ft.Control:
    """Say what happened: that somebody changed the row meanwhile, or that theirs was taken; nothing else otherwise."""
    take = use_action(load)
    if begun.conflict:
        return card(
            notice(tr("Somebody else changed this while you were at it. Yours is not saved yet."), "warn"),
            body(tr("Load the newer one: what you typed stays, everything else becomes as they left it."), muted=True),
            ft.Row([tonal_button(tr("Load the newer one"), take, icon=ft.Icons.REFRESH)]),
            padding=12,
        )
    if begun.round:
        return notice(tr("This is the newer one, with what you typed. Look it over, then save."), "neutral")
    return ft.Container(height=0)
