"""Choose a category in a dialog: search, or look through the groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.api.generated.schemas import CategoryOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.i18n import tr
from frontend.kit import TextInput, Tile, body, dialog, heading, tile, use_form
from frontend.kit.standalone import standalone

NOBODY_KNOWS = "none"


async def pick_category(ledger: LedgerProvider, *, direction: str = "", none: bool = False) -> str | None:
    """Let a category be chosen; None when none was, `NOBODY_KNOWS` where that is offered (`none`) and chosen.

    `direction` ("expense", "income") puts the groups of that direction first.
    """
    found = await dialog(
        tr("What was it for?"), lambda close: standalone(CategoryPicker, ledger, direction, none, close)
    )
    return None if found is None else str(found)


@ft.component
def CategoryPicker(ledger: LedgerProvider, direction: str, none: bool, close: Callable[[Any], None]) -> ft.Control:
    """Show the search and the categories that fit it."""
    form = use_form()
    query, set_query = ft.use_state("")

    async def typed(text: str) -> None:
        set_query(text.strip())

    parts: list[ft.Control] = [
        TextInput(form, "search", tr("Search categories"), on_change=typed, prefix_icon=ft.Icons.SEARCH, autofocus=True)
    ]
    groups = sorted(_fitting(ledger, query), key=lambda found: found[0] is None or found[0]["direction"] != direction)
    if not direction:
        groups = _fitting(ledger, query)
    for group, inside in groups:
        if group is not None:
            parts.append(ft.Container(heading(category_title(group)), padding=ft.Padding.only(top=8)))
        parts.extend(_line(one, close) for one in inside)
    if not groups:
        parts.append(body(tr("No category is called that."), muted=True))
    if none and not query:
        parts.append(tile(Tile(tr("I do not know"), tr("It goes to the inbox"), ft.Icons.HELP_OUTLINE, _say(close))))
    return ft.Column(parts, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _say(close: Callable[[Any], None]) -> Callable[[], None]:
    return lambda: close(NOBODY_KNOWS)


def _line(category: CategoryOut, close: Callable[[Any], None]) -> ft.Control:
    def chosen() -> None:
        close(category["id"])

    return tile(
        Tile(category_title(category), "", ft.Icons.SELL_OUTLINED, chosen, ft.Container(width=0), key=category["id"])
    )


def _fitting(ledger: LedgerProvider, query: str) -> list[tuple[CategoryOut | None, list[CategoryOut]]]:
    """Return the groups with what fits in each; a group's own name finds all that is in it."""
    words = query.casefold().split()
    leaves = ledger.leaves
    found: list[tuple[CategoryOut | None, list[CategoryOut]]] = []
    for group in ledger.inside(None):
        inside = [one for one in leaves if one["parent_id"] == group["id"]]
        fits = [one for one in inside if _fits(words, category_title(one), category_title(group))]
        if fits:
            found.append((group, fits))
    alone = [one for one in leaves if one["parent_id"] is None and _fits(words, category_title(one))]
    return [*found, (None, alone)] if alone else found


def _fits(words: list[str], *names: str) -> bool:
    return all(any(word in name.casefold() for name in names) for word in words)
