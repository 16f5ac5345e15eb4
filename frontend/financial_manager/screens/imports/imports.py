"""The statements that were imported, newest first."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ImportOut
from frontend.financial_manager.imports_provider import ImportsProvider
from frontend.financial_manager.money_words import import_counts, span_words
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import ago, tr
from frontend.kit import (
    PagedList,
    Screen,
    caption,
    card,
    chip,
    empty_state,
    icon_action,
    navigate,
    primary_button,
    state_of,
    title,
    use_provider,
)


@ft.component
def Imports() -> ft.Control:
    """Show the list."""
    provider = use_money(ImportsProvider, lambda one: one.imports.load())
    found = use_provider(provider.imports)
    rows = state_of(
        found,
        lambda: PagedList(
            found.items, ImportRow, key_of=lambda one: str(one["id"]), more=found.load_more, has_more=found.has_more
        ),
        is_empty=not found.items,
        empty=_none_yet,
    )
    return Screen(
        tr("Imported statements"),
        rows,
        back=f"{ROOT}/accounts",
        actions=[
            icon_action(ft.Icons.MOVE_TO_INBOX_OUTLINED, tr("Statement inbox"), lambda: navigate(f"{ROOT}/inboxes")),
            icon_action(ft.Icons.ADD, tr("Import statement"), lambda: navigate(f"{ROOT}/import")),
        ],
    )


def _none_yet() -> ft.Control:
    return empty_state(
        ft.Icons.UPLOAD_FILE_OUTLINED,
        tr("No statement was imported yet"),
        tr("Download one from your bank. Homie shows first what it would book."),
        primary_button(tr("Import statement"), lambda: navigate(f"{ROOT}/import")),
    )


@ft.component
def ImportRow(one: ImportOut) -> ft.Control:
    """Show one import: file, account, days, what came of it."""
    days = span_words(one["first"], one["last"])
    texts: list[ft.Control] = [
        title(one["file_name"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(" · ".join(text for text in (one["account"], days) if text), max_lines=4),
        caption(f"{import_counts(one)} · {ago(one['at'])}", max_lines=2),
    ]
    if one["undone_at"]:
        texts.append(ft.Row([chip(tr("Taken back"))], tight=True))
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.DESCRIPTION_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT),
                ft.Column(texts, spacing=4, tight=True, expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
            ],
            spacing=12,
        ),
        padding=12,
        on_click=lambda: navigate(f"{ROOT}/imports/{one['id']}"),
    )
