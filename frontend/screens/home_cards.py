"""The cards of Home: what needs the person, what a module says, how safe everything is, and first steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.api.generated.schemas import AttentionOut, FigureOut, HomeBackupOut, ModuleCardOut
from frontend.i18n import ago, count, percent, size, tr, tr_server
from frontend.kit import (
    GAP,
    QuickAction,
    Tile,
    body,
    caption,
    card,
    chip,
    heading,
    icon_badge,
    navigate,
    primary_button,
    tile,
    tile_group,
    title,
)
from frontend.screens.module_words import module_icon, module_sentence, module_state

TONE_OF = {"error": "bad", "warning": "warn", "success": "good", "info": "accent"}
_ICONS = {
    "core.backup_failed": ft.Icons.BACKUP_OUTLINED,
    "core.no_backup": ft.Icons.BACKUP_OUTLINED,
    "core.backup_overdue": ft.Icons.BACKUP_OUTLINED,
    "core.jobs_failed": ft.Icons.ERROR_OUTLINE,
    "core.second_factor_off": ft.Icons.SHIELD_OUTLINED,
    "core.module_failed": ft.Icons.EXTENSION_OFF_OUTLINED,
    "core.no_folders": ft.Icons.CREATE_NEW_FOLDER_OUTLINED,
}


def attention_card(items: Sequence[AttentionOut]) -> ft.Control:
    """Show what needs the person, the most urgent first, or that nothing does."""
    if not items:
        return card(
            ft.Row(
                [
                    icon_badge(ft.Icons.TASK_ALT, "good"),
                    ft.Column(
                        [title(tr("All is well")), caption(tr("Nothing needs you right now."))],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=GAP,
            )
        )
    return tile_group([_attention(one) for one in items])


def _attention(of: AttentionOut) -> Tile:
    route = of["route"]
    return Tile(
        tr_server(of["text"], of["template"], of["params"]),
        ago(of["since"]) if of["since"] else "",
        on_click=(lambda: navigate(route)) if route else None,
        leading=icon_badge(_icon(of), TONE_OF[of["severity"]]),
        key=f"{of['kind']}-{route}",
    )


def _icon(of: AttentionOut) -> Any:
    if of["module"] != "core":
        return module_icon(of["module"])
    return _ICONS.get(of["kind"], ft.Icons.LIGHTBULB_OUTLINE)


def first_steps(*, is_admin: bool) -> ft.Control:
    """Lead a household that has no folders yet to its first ones."""
    explanation = (
        tr("Homie looks after the folders that you choose, and never touches any other.")
        if is_admin
        else tr("Ask the administrator of your Homie to open a folder for you.")
    )
    parts: list[ft.Control] = [
        icon_badge(ft.Icons.CREATE_NEW_FOLDER_OUTLINED, "accent", 64),
        heading(tr("Let us begin with your folders")),
        body(explanation, muted=True),
    ]
    if is_admin:
        parts.append(
            primary_button(tr("Choose folders"), lambda: navigate("/folders"), icon=ft.Icons.ADD),
        )
    return card(ft.Column(parts, spacing=12, tight=True), padding=24)


def module_card(of: ModuleCardOut) -> ft.Control:
    """Show how one module stands, with its key figures."""
    route = of["route"]
    state, tone = module_state(of["state"])
    said = tr_server(of["text"], of["template"], of["params"]) if of["answered"] else ""
    words = said or (tr_server(of["reason"]) if of["reason"] else module_sentence(of["state"]))
    figures = [figure for figure in of["figures"] if figure["value"] or figure["key"] in ("suggestions", "filed")]
    head = ft.Row(
        [
            icon_badge(module_icon(of["module"])),
            ft.Container(title(tr_server(of["title"]), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS), expand=True),
            chip(state, tone)
            if tone != "good"
            else ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
        ],
        spacing=12,
    )
    parts: list[ft.Control] = [head, body(words, muted=True)]
    if figures:
        parts.append(_figures(figures))
    return card(ft.Column(parts, spacing=12, tight=True), on_click=lambda: navigate(route), key=of["module"])


def _figures(figures: Sequence[FigureOut]) -> ft.Control:
    """Show figures two in a row, so that they stand below each other on every width."""
    cells: list[ft.Control] = []
    for one in figures:
        value = ft.Text(figure_value(one), theme_style=ft.TextThemeStyle.TITLE_LARGE, max_lines=1)
        label = caption(tr_server(one["text"], one["template"]), max_lines=2)
        cells.append(ft.Container(ft.Column([value, label], spacing=0, tight=True), col=6))
    return ft.ResponsiveRow(cells, spacing=12, run_spacing=12)


def figure_value(of: FigureOut) -> str:
    """Write a figure as its unit asks for."""
    value = of["value"]
    if of["unit"] == "bytes":
        return size(int(value))
    if of["unit"] == "percent":
        return percent(value / 100)
    if of["unit"] == "moment":
        return ago(datetime.fromtimestamp(value, UTC))
    return count(int(value) if value == int(value) else value)


def backup_card(of: HomeBackupOut, *, is_admin: bool) -> ft.Control:
    """Say how old the backups are; the administrator gets to them from here."""
    if of["last_backup"] is None:
        words, tone = tr("There is no backup yet."), "warn"
    elif of["failing"]:
        words, tone = (
            tr("The last one did not succeed. The one before was made {when}.", when=ago(of["last_backup"])),
            "bad",
        )
    elif of["last_verified"] is None:
        words, tone = tr("Made {when}, not yet checked.", when=ago(of["last_backup"])), "accent"
    else:
        words, tone = tr("Made {when} and checked.", when=ago(of["last_backup"])), "good"
    go = (lambda: navigate("/backups")) if is_admin else None
    leading = icon_badge(ft.Icons.BACKUP_OUTLINED, tone)
    return card(tile(Tile(tr("Backups"), words, on_click=go, leading=leading)), padding=4)


def quick_actions(actions: Sequence[QuickAction]) -> ft.Control:
    """Show what can be begun from here, two beside each other."""
    return ft.ResponsiveRow([_quick(one) for one in actions], spacing=8, run_spacing=8)


def _quick(of: QuickAction) -> ft.Control:
    name = of.title()
    return ft.Container(
        card(
            ft.Column(
                [
                    ft.Icon(of.icon, color=ft.Colors.PRIMARY),
                    title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                ],
                spacing=8,
            ),
            on_click=lambda: navigate(of.route),
            height=96,
        ),
        col=6,
        key=of.route,
    )
