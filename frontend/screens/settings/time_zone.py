"""Choose the time zone that times are written in."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import flet as ft

from frontend.i18n import tr
from frontend.kit import (
    Screen,
    TextInput,
    Tile,
    empty_state,
    navigate,
    scroll_body,
    tile_group,
    use_action,
    use_form,
    use_provider,
    use_session,
)
from frontend.screens.settings.appearance import zone_name

MOST = 40
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Return the zones that are named by a place, by that name."""
    found = [one for one in available_timezones() if one.partition("/")[0] in _AREAS]
    return ("UTC", *sorted(found, key=zone_name))


def matching(text: str) -> list[str]:
    """Return the zones whose place or area holds `text`; places that begin with it stand first."""
    wanted = text.strip().casefold().replace(" ", "_")
    found = [one for one in zones() if wanted in one.casefold()]
    return sorted(found, key=lambda one: not zone_name(one).casefold().startswith(text.strip().casefold()))


@ft.component
def TimeZone() -> ft.Control:
    """Search for a place; a touch chooses its zone."""
    session = use_session()
    preferences = use_provider(session.preferences)
    form = use_form(keep="zone")
    text, set_text = ft.use_state("")
    now_chosen = preferences.preferences.get("time_zone") or "UTC"

    async def choose(zone: str) -> None:
        await preferences.change(time_zone=zone)
        navigate("/settings/appearance")

    pick = use_action(choose)
    found = matching(text or "Europe/")[:MOST]
    if not text and now_chosen not in found:
        found.insert(0, now_chosen)

    def line(zone: str) -> Tile:
        async def chosen() -> None:
            await pick(None, zone)

        area = zone.partition("/")[0] if "/" in zone else ""
        time = datetime.now(UTC).astimezone(ZoneInfo(zone)).strftime("%H:%M")
        mark = ft.Icon(ft.Icons.CHECK, color=ft.Colors.PRIMARY) if zone == now_chosen else ft.Text(time)
        return Tile(zone_name(zone), area, None, chosen, mark, selected=zone == now_chosen, key=zone)

    nothing = empty_state(ft.Icons.TRAVEL_EXPLORE, tr("No such place"), tr("Type the nearest large city."))
    return Screen(
        tr("Time zone"),
        scroll_body(
            TextInput(
                form,
                "text",
                tr("Search for a city"),
                on_change=lambda typed: set_text(lambda _: typed),
                autofocus=True,
                prefix_icon=ft.Icons.SEARCH,
            ),
            tile_group([line(one) for one in found]) if found else nothing,
        ),
        back="/settings/appearance",
    )
