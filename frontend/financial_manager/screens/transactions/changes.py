"""What was done to the ledger, newest first; each step can be taken back, and what was taken back done again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ChangeOut
from frontend.financial_manager.change_words import change_icon, change_title
from frontend.financial_manager.changes_provider import ChangesProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import clock_time, day, tr
from frontend.i18n.language import current_zone
from frontend.kit import (
    Action,
    PagedList,
    Screen,
    caption,
    card,
    chip,
    empty_state,
    heading,
    navigate,
    quiet_button,
    state_of,
    title,
    toast,
    use_action,
    use_provider,
    use_session,
)


@ft.component
def Changes() -> ft.Control:
    """Show the timeline."""
    provider = use_money(ChangesProvider, lambda one: one.changes.load())
    found = use_provider(provider.changes)
    rows = state_of(
        found,
        lambda: PagedList(
            _by_day(found.items),
            Entry,
            key_of=lambda one: str(one["id"]) if isinstance(one, dict) else f"day-{one}",
            more=found.load_more,
            has_more=found.has_more,
        ),
        is_empty=not found.items,
        empty=lambda: empty_state(
            ft.Icons.HISTORY,
            tr("Nothing was changed yet"),
            tr("Everything that is done to accounts and transactions is written down here, and can be taken back."),
        ),
    )
    return Screen(tr("Changes"), rows, back=f"{ROOT}/accounts")


def _by_day(changes: tuple[ChangeOut, ...]) -> list[Any]:
    """Return the steps with the day (as words) before the first one of each."""
    found: list[Any] = []
    for one in changes:
        words = _day_words(one["at"])
        if not found or words not in found:
            found.append(words)
        found.append(one)
    return found


def _day_words(when: str) -> str:
    moment = datetime.fromisoformat(when).astimezone(current_zone())
    passed = (datetime.now(UTC).astimezone(current_zone()).date() - moment.date()).days
    return tr("Today") if passed == 0 else tr("Yesterday") if passed == 1 else day(when)


def use_undo(change: ChangeOut) -> Action:
    """Return the action that takes a step back, or does again what it took back."""
    changes = use_session().of(ChangesProvider)

    async def undo() -> None:
        await changes.undo(change["id"])
        toast(tr("It is done again.") if change["undoes"] is not None else tr("It is taken back."))

    return use_action(undo)


def undo_offer(change: ChangeOut, undo: Action, text: str) -> tuple[str, Any] | None:
    """Return what can be done about a step that stands, as (text, what to do); None where nothing can.

    `text`: of taking back. An import that was taken back comes again from its file only.
    """
    if change["can_undo"]:
        return (tr("Do it again") if change["undoes"] is not None else text), undo
    if change["import_id"] is not None and change["undoes"] is not None:
        return tr("Import the file again"), lambda: navigate(f"{ROOT}/import")
    return None


@ft.component
def Entry(one: Any) -> ft.Control:
    """Show a day, or a step."""
    if isinstance(one, str):
        return ft.Container(heading(one), padding=ft.Padding.only(top=12, left=4))
    return Step(one)


@ft.component
def Step(change: ChangeOut) -> ft.Control:
    """Show one step with its undo."""
    undo = use_undo(change)
    texts: list[ft.Control] = [
        title(change_title(change), max_lines=3, overflow=ft.TextOverflow.ELLIPSIS),
        caption(clock_time(change["at"])),
    ]
    if change["undone"]:
        texts.append(ft.Row([chip(tr("Taken back"))], tight=True))
    parts: list[ft.Control] = [
        ft.Icon(change_icon(change), color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Column(texts, spacing=4, tight=True, expand=True),
    ]
    if not change["undone"] and (offer := undo_offer(change, undo, tr("Undo"))) is not None:
        parts.append(quiet_button(*offer, about=change_title(change)))
    return card(
        ft.Row(parts, spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        padding=12,
        on_click=lambda: navigate(f"{ROOT}/changes/{change['id']}"),
    )
