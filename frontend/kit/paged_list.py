"""Long lists: fifty rows at a time, each row memoised, more when the end comes near (docs/adr/0131)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr
from frontend.kit.actions import use_action
from frontend.kit.buttons import quiet_button
from frontend.kit.theme import GAP

_NEAR = 900.0
"""Pixels before the end at which the next page is asked for: about one screen."""


@ft.component
def PagedList(
    items: Sequence[Any],
    row: Callable[..., ft.Control],
    *,
    key_of: Callable[[Any], str],
    more: Callable[[], Awaitable[None]] | None = None,
    has_more: bool = False,
    before: Sequence[ft.Control] = (),
    arguments: tuple[Any, ...] = (),
    spacing: float = GAP / 2,
) -> ft.Control:
    """Show `row(item, *arguments)` for each item; `row` is a component and is rendered again only for a changed item.

    `more()` loads the next page. `before` is shown above the rows and scrolls with them.
    """
    loading = ft.use_ref(False)
    make = ft.memo(row)  # type: ignore[no-untyped-call]

    async def load_more() -> None:
        if more is None or loading.current:
            return
        loading.current = True
        try:
            await more()
        finally:
            loading.current = False

    async def scrolled(event: Any) -> None:
        if has_more and event.pixels > event.max_scroll_extent - _NEAR:
            with suppress(ApiError):  # the button stays at the end, and says why not when it is pressed
                await load_more()

    pressed = use_action(load_more)
    rows: list[ft.Control] = [make(item, *arguments, key=key_of(item)) for item in items]
    if has_more and more is not None:
        button = quiet_button(tr("Show more"), pressed)
        rows.append(ft.Container(button, alignment=ft.Alignment.CENTER, key="more"))
    return ft.ListView(
        controls=[*before, *rows],
        expand=True,
        spacing=spacing,
        on_scroll=scrolled,
        scroll_interval=100,
        padding=ft.Padding.only(bottom=96),
    )
