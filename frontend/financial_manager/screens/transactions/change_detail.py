"""One step of the ledger: what was before, what is after, and taking it back."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ChangedRowOut, ChangeOut
from frontend.financial_manager.change_words import change_title
from frontend.financial_manager.changes_provider import ChangesProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.row_words import row_lines, row_subject, row_title
from frontend.financial_manager.screens.parts.use_money import money_space, use_ledger
from frontend.financial_manager.screens.transactions.changes import undo_offer, use_undo
from frontend.i18n import date_and_time, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    body,
    caption,
    card,
    chip,
    empty_state,
    navigate,
    primary_button,
    scroll_body,
    section,
    state_of,
    title,
    tonal_button,
    use_loading,
    use_mount,
    use_provider,
    use_session,
)

SHOWN = 100
BACK = f"{ROOT}/changes"


@ft.component
def ChangeDetail() -> ft.Control:
    """Show the step that the address names."""
    change_id = ft.use_route_params()["change_id"]
    session = use_session()
    ledger = use_ledger()
    changes = use_provider(session.of(ChangesProvider))
    loading = use_loading()
    space = money_space(session)

    async def load() -> None:
        changes.stand_in(space)
        await loading.loading(lambda: changes.open(change_id))

    use_mount(load, [space, change_id])
    shown = changes.shown if changes.shown is not None and changes.shown["id"] == change_id else None
    return Screen(
        tr("What was changed"),
        state_of(AllOf((loading, load), ledger), lambda: _content(shown, ledger) if shown is not None else _missing()),
        back=BACK,
    )


def _missing() -> ft.Control:
    return empty_state(
        ft.Icons.HISTORY,
        tr("This change is not here"),
        tr("It belongs to another space."),
        primary_button(tr("Changes"), lambda: navigate(BACK)),
    )


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
    elif (offer := undo_offer(shown, undo, tr("Take it back"))) is not None:
        parts.append(ft.Row([tonal_button(*offer, icon=ft.Icons.UNDO)]))
    else:
        said = tr("What it left behind was changed again since. Take the later change back first.")
        parts.append(caption(said, max_lines=3))
    return card(*parts)


def _row(row: ChangedRowOut, ledger: LedgerProvider) -> ft.Control:
    lines: list[ft.Control] = [title(row_title(row))]
    if subject := row_subject(row, ledger):
        lines.append(caption(subject, max_lines=2))
    for name, before, after in row_lines(row, ledger):
        if before and after:
            text = tr("{what}: {before}, now {after}", what=name, before=before, after=after)
        elif after:
            text = tr("{what}: {value}", what=name, value=after)
        else:
            text = tr("{what}: no longer {value}", what=name, value=before)
        lines.append(body(text))
    return card(ft.Column(lines, spacing=4, tight=True), padding=12)
