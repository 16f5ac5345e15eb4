"""Which space new things go to: shown where one can see it, changed with two touches."""

from __future__ import annotations

import flet as ft

from frontend.i18n import tr
from frontend.kit import Tile, choose_sheet, tile_group, toast, use_action, use_provider, use_session
from frontend.screens.people.words import space_icon, space_name


@ft.component
def SpaceSwitcher() -> ft.Control:
    """Show the space that new things go to, and let another one be chosen; nothing while there is only one."""
    session = use_session()
    auth = use_provider(session.auth)
    preferences = use_provider(session.preferences)
    spaces = {one["id"]: one for one in auth.spaces}
    chosen = preferences.default_space if preferences.default_space in spaces else auth.private_space_id

    async def switch() -> None:
        tiles = [
            (
                space_id,
                Tile(
                    space_name(one),
                    tr("Only you see it") if one["kind"] == "private" else tr("Every member sees it"),
                    space_icon(one),
                    selected=space_id == chosen,
                ),
            )
            for space_id, one in spaces.items()
        ]
        picked = await choose_sheet(tr("Where do new things go?"), tiles)
        if picked is not None and picked != chosen:
            await preferences.change(default_space=picked)
            toast(tr("New things now go to “{space}”.", space=space_name(spaces[picked])))

    change = use_action(switch)
    if len(spaces) < 2 or chosen not in spaces:
        return ft.Container(height=0)
    current = spaces[chosen]
    return tile_group(
        [
            Tile(
                tr("New things go to: {space}", space=space_name(current)),
                tr("Only you see it") if current["kind"] == "private" else tr("Every member sees it"),
                space_icon(current),
                change,
                ft.Icon(ft.Icons.SWAP_HORIZ, color=ft.Colors.ON_SURFACE_VARIANT),
            )
        ]
    )
