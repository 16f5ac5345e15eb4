"""More: the person, their spaces, and the way to every screen that has no place in the navigation bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from frontend.i18n import tr, trn
from frontend.kit import (
    GAP,
    Live,
    Screen,
    Tile,
    caption,
    card,
    chip,
    confirm,
    navigate,
    quiet_button,
    scroll_body,
    section,
    tile,
    tile_group,
    title,
    use_action,
    use_provider,
    use_session,
)
from frontend.kit.avatar import avatar
from frontend.screens.space_switcher import SpaceSwitcher


@ft.component
def More() -> ft.Control:
    """Show the menu of everything."""
    session = use_session()
    auth = use_provider(session.auth)

    async def leave() -> None:
        if await confirm(
            tr("Log out here?"),
            tr("This device forgets you. Your things stay at home, and you can log in again at any time."),
            tr("Log out"),
        ):
            await auth.logout()

    log_out = use_action(leave)
    groups = [
        _group(
            tr("What is going on"),
            [
                (ft.Icons.HISTORY, tr("Activity"), tr("What Homie does and did"), "/activity"),
                (ft.Icons.SEARCH, tr("Search"), tr("Find files, people, pages and work"), "/search"),
            ],
            first=[Live(session.notifications, _news)],
        ),
        _group(
            tr("Household"),
            [
                (ft.Icons.GROUP_OUTLINED, tr("People and spaces"), tr("Who lives here and shares what"), "/people"),
                (ft.Icons.FOLDER_OPEN_OUTLINED, tr("Folders"), tr("What Homie may look after"), "/folders"),
                (ft.Icons.EXTENSION_OUTLINED, tr("Modules"), tr("The parts of your Homie"), "/modules"),
                *(
                    [(ft.Icons.BACKUP_OUTLINED, tr("Backups"), tr("Make, check and restore"), "/backups")]
                    if auth.is_admin
                    else []
                ),
                (ft.Icons.QR_CODE_2, tr("Connect a phone"), tr("Addresses and a code to scan"), "/settings/connect"),
            ],
        ),
        _group(
            tr("Settings"),
            [
                (ft.Icons.PALETTE_OUTLINED, tr("Appearance"), tr("Light or dark, size of text, language"), "/settings"),
                (
                    ft.Icons.NOTIFICATIONS_OUTLINED,
                    tr("What you are told about"),
                    tr("Which notifications you get"),
                    "/settings/notifications",
                ),
                (
                    ft.Icons.AUTO_AWESOME_OUTLINED,
                    tr("Artificial intelligence"),
                    tr("Off, in your house, or in the cloud"),
                    "/settings/ai",
                ),
            ],
        ),
        _group(
            tr("Safety"),
            [
                (ft.Icons.DEVICES_OUTLINED, tr("Devices"), tr("Where you are logged in"), "/devices"),
                (ft.Icons.POLICY_OUTLINED, tr("Security log"), tr("Who did what, and when"), "/security-log"),
                (ft.Icons.INFO_OUTLINE, tr("About Homie"), tr("Version and licences"), "/about"),
            ],
        ),
    ]
    return Screen(
        tr("More"),
        scroll_body(
            ft.Column([_person(auth), SpaceSwitcher()], spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            *groups,
            ft.Row([quiet_button(tr("Log out"), log_out, icon=ft.Icons.LOGOUT)], alignment=ft.MainAxisAlignment.CENTER),
        ),
    )


def _person(auth: Any) -> ft.Control:
    person = auth.person
    if person is None:
        return ft.Container(height=0)
    name = person["display_name"] or person["name"]
    role = tr("Administrator of this Homie") if auth.is_admin else tr("Member of this household")
    return card(
        ft.Row(
            [
                avatar(name, size=56),
                ft.Column(
                    [title(name, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS), caption(role)],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
            ],
            spacing=GAP,
        ),
        on_click=lambda: navigate("/account"),
    )


def _group(name: str, entries: Sequence[tuple[Any, str, str, str]], first: Sequence[ft.Control] = ()) -> ft.Control:
    tiles = [_entry(*entry) for entry in entries]
    if not first:
        return section(name, tile_group(tiles))
    lines = [*first, *(tile(one) for one in tiles)]
    return section(name, card(ft.Column(lines, spacing=0, tight=True), padding=4))


def _entry(icon: Any, text: str, explanation: str, route: str) -> Tile:
    return Tile(text, explanation, icon, lambda: navigate(route))


def _news(notifications: Any) -> ft.Control:
    unread = notifications.unread
    words = trn("{n} is new", "{n} are new", unread) if unread else tr("Nothing new")
    trailing = chip(str(unread), "accent") if unread else None
    return tile(
        Tile(tr("Notifications"), words, ft.Icons.NOTIFICATIONS_OUTLINED, lambda: navigate("/notifications"), trailing)
    )
