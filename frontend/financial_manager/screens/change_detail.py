"""One step of the ledger: what was before, what is after, and taking it back."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import ChangedRowOut, ChangeOut
from frontend.financial_manager.change_words import change_title, row_lines, row_title
from frontend.financial_manager.changes_provider import ChangesProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.changes import use_undo
from frontend.financial_manager.screens.use_money import money_space, use_ledger
from frontend.i18n import date_and_time, tr
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    chip,
    empty_state,
    scroll_body,
    section,
    state_of,
    title,
    tonal_button,
    use_mount,
    use_provider,
    use_session,
)
from frontend.providers.base import Loading

SHOWN = 100
BACK = "/financial_manager/changes"


@ft.component
def ChangeDetail() -> ft.Control:
    """Show the step that the address names."""
    change_id = ft.use_route_params()["change_id"]
    session = use_session()
    ledger = use_ledger()
    changes = use_provider(session.of(ChangesProvider))
    held: Any = ft.use_ref(None)
    if held.current is None:
        held.current = Loading()
    loading: Loading = use_provider(held.current)
    space = money_space(session)

    async def load() -> None:
        changes.stand_in(space)
        await loading.loading(lambda: changes.open(change_id))

    use_mount(load, [space, change_id])
    shown = changes.shown if changes.shown is not None and changes.shown["id"] == change_id else None
    return Screen(
        tr("What was changed"),
        state_of(loading, lambda: _content(shown, ledger) if shown is not None else _missing(), retry=load),
        back=BACK,
    )


def _missing() -> ft.Control:
    return empty_state(ft.Icons.HISTORY, tr("This change is not here"), tr("It belongs to another space."))


def _content(shown: ChangeOut, ledger: LedgerProvider) -> ft.Control:
    rows = [_row(one, ledger) for one in shown["rows"][:SHOWN] if row_lines(one, ledger)]
    if len(shown["rows"]) > SHOWN:
        rows.append(caption(tr("and {number} more", number=len(shown["rows"]) - SHOWN)))
    parts: list[ft.Control] = [Head(shown)]
    if rows:
        parts.append(section(tr("Before and after"), *rows))
    return scroll_body(*parts, spacing=GAP * 1.25)


@ft.component
def Head(shown: ChangeOut) -> ft.Control:
    """Say what it was and when, and offer to take it back."""
    undo = use_undo(shown)
    parts: list[ft.Control] = [
        ft.Text(change_title(shown), theme_style=ft.TextThemeStyle.TITLE_MEDIUM),
        caption(date_and_time(shown["at"])),
    ]
    if shown["undone"]:
        parts.append(ft.Row([chip(tr("Taken back"))], tight=True))
    else:
        text = tr("Do it again") if shown["undoes"] is not None else tr("Take it back")
        parts.append(ft.Row([tonal_button(text, undo, icon=ft.Icons.UNDO)]))
    return card(*parts)


def _row(row: ChangedRowOut, ledger: LedgerProvider) -> ft.Control:
    lines: list[ft.Control] = [title(row_title(row))]
    for name, before, after in row_lines(row, ledger):
        if before and after:
            text = tr("{what}: {before}, now {after}", what=name, before=before, after=after)
        elif after:
            text = tr("{what}: {value}", what=name, value=after)
        else:
            text = tr("{what}: no longer {value}", what=name, value=before)
        lines.append(body(text))
    return card(ft.Column(lines, spacing=4, tight=True), padding=12)
