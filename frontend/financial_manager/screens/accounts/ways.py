"""The ways on from the first page of money, grouped by what people look for."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.financial_manager.places import ROOT
from frontend.i18n import tr
from frontend.kit import GAP, Tile, navigate, section, tile_group, use_viewport


@ft.component
def Ways() -> ft.Control:
    """Show the groups below each other, in two columns where there is room."""
    everyday, planning, building, invested, data, settings = (
        section(name, tile_group(tiles)) for name, tiles in (*_daily(), *_seldom())
    )
    if use_viewport().is_phone:
        return _column(everyday, planning, building, invested, data, settings)
    left, right = _column(everyday, data, building), _column(planning, invested, settings)
    left.expand = right.expand = True
    return ft.Row([left, right], spacing=GAP * 1.25, vertical_alignment=ft.CrossAxisAlignment.START)


def _column(*groups: ft.Control) -> ft.Column:
    stretch = ft.CrossAxisAlignment.STRETCH
    return ft.Column(list(groups), spacing=GAP * 1.25, tight=True, horizontal_alignment=stretch)


def _daily() -> list[tuple[str, list[Tile]]]:
    """Return what a household looks at often: what happened, and what will."""
    return [
        (
            tr("Everyday"),
            [
                _way(tr("All transactions"), ft.Icons.RECEIPT_LONG_OUTLINED, "transactions"),
                _way(tr("Recurring payments"), ft.Icons.AUTORENEW, "recurring"),
                _way(tr("Planned"), ft.Icons.EVENT_OUTLINED, "planned"),
                _way(tr("Reports"), ft.Icons.BAR_CHART, "reports"),
                _way(tr("Changes, with undo"), ft.Icons.HISTORY, "changes"),
            ],
        ),
        (
            tr("Planning"),
            [
                _way(tr("Budgets"), ft.Icons.DONUT_SMALL_OUTLINED, "budgets"),
                _way(tr("Forecast"), ft.Icons.TIMELINE, "forecast"),
                _way(tr("Goals"), ft.Icons.SAVINGS_OUTLINED, "goals"),
            ],
        ),
        (tr("Building"), [_way(tr("Building a house"), ft.Icons.HOME_WORK_OUTLINED, "houses")]),
    ]


def _seldom() -> list[tuple[str, list[Tile]]]:
    """Return what is looked at now and then, or set up once."""
    return [
        (
            tr("Investments and tax"),
            [
                _way(tr("Securities"), ft.Icons.SHOW_CHART, "depots"),
                _way(tr("Taxes"), ft.Icons.GAVEL_OUTLINED, "taxes"),
            ],
        ),
        (
            tr("Data in and out"),
            [
                _way(tr("Imported statements"), ft.Icons.UPLOAD_FILE_OUTLINED, "imports"),
                _way(tr("Statement inbox"), ft.Icons.MOVE_TO_INBOX_OUTLINED, "inboxes"),
                _way(tr("Connected banks"), ft.Icons.ACCOUNT_BALANCE_OUTLINED, "banks"),
            ],
        ),
        (
            tr("Settings"),
            [
                _way(tr("Categories"), ft.Icons.SELL_OUTLINED, "categories"),
                _way(tr("Rules"), ft.Icons.RULE, "rules"),
                _way(tr("Payees and tags"), ft.Icons.BADGE_OUTLINED, "payees"),
                _way(tr("Currency and rates"), ft.Icons.CURRENCY_EXCHANGE, "settings"),
            ],
        ),
    ]


def _way(text: str, icon: Any, place: str) -> Tile:
    return Tile(text, "", icon, lambda: navigate(f"{ROOT}/{place}"))
