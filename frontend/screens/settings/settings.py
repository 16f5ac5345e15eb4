"""The menu of all settings."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.i18n import LANGUAGES, current_language, tr
from frontend.kit import Screen, Tile, navigate, scroll_body, section, tile_group, use_provider, use_session
from frontend.screens.space_switcher import SpaceSwitcher


@ft.component
def Settings() -> ft.Control:
    """Show every setting's place."""
    session = use_session()
    auth = use_provider(session.auth)
    house: list[Tile] = [
        _line(tr("People and spaces"), tr("Who lives here and shares what"), ft.Icons.GROUP_OUTLINED, "/people"),
        _line(tr("Folders"), tr("What Homie may look after"), ft.Icons.FOLDER_OPEN_OUTLINED, "/folders"),
        _line(tr("Modules"), tr("The parts of your Homie"), ft.Icons.EXTENSION_OUTLINED, "/modules"),
        _line(tr("Connect a phone"), tr("Addresses and a code to scan"), ft.Icons.QR_CODE_2, "/settings/connect"),
    ]
    if auth.is_admin:
        house.append(_line(tr("Backups"), tr("Make, check and restore"), ft.Icons.BACKUP_OUTLINED, "/backups"))
    return Screen(
        tr("Settings"),
        scroll_body(
            section(
                tr("For me"),
                tile_group(
                    [
                        _line(
                            tr("Appearance and language"),
                            tr("Light or dark, size of text, {language}", language=LANGUAGES[current_language()]),
                            ft.Icons.PALETTE_OUTLINED,
                            "/settings/appearance",
                        ),
                        _line(
                            tr("What you are told about"),
                            tr("Which notifications you get"),
                            ft.Icons.NOTIFICATIONS_OUTLINED,
                            "/settings/notifications",
                        ),
                        _line(
                            tr("My account"),
                            tr("Name, password, devices, my data"),
                            ft.Icons.PERSON_OUTLINE,
                            "/account",
                        ),
                    ]
                ),
                SpaceSwitcher(),
            ),
            section(tr("For the home"), tile_group(house)),
            section(
                tr("Safety"),
                tile_group(
                    [
                        _line(
                            tr("Artificial intelligence"),
                            tr("Off, in your house, or in the cloud"),
                            ft.Icons.AUTO_AWESOME_OUTLINED,
                            "/settings/ai",
                        ),
                        _line(
                            tr("Security log"), tr("Who did what, and when"), ft.Icons.POLICY_OUTLINED, "/security-log"
                        ),
                        _line(tr("About Homie"), tr("Version and licences"), ft.Icons.INFO_OUTLINE, "/about"),
                    ]
                ),
            ),
            spacing=24,
        ),
        back="/more",
    )


def _line(name: str, words: str, icon: Any, route: str) -> Tile:
    return Tile(name, words, icon, lambda: navigate(route))
