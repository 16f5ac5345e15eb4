"""How the app looks and speaks: everything applies at once and follows the person to every device."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import flet as ft

from frontend.i18n import LANGUAGES, clock_time, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    navigate,
    scroll_body,
    section,
    tile_group,
    title,
    toggle,
    use_action,
    use_provider,
    use_session,
)

SIZES = (0.9, 1.0, 1.2, 1.45)


@ft.component
def Appearance() -> ft.Control:
    """Show the choices, with a sample of the text's size."""
    session = use_session()
    preferences = use_provider(session.preferences)
    save = use_action(lambda name, value: preferences.change(**{name: value}))

    async def set_one(name: str, value: Any) -> None:
        await save(None, name, value)

    looks = [
        ("dark", tr("Dark"), ft.Icons.DARK_MODE_OUTLINED),
        ("light", tr("Light"), ft.Icons.LIGHT_MODE_OUTLINED),
        ("system", tr("As the device"), ft.Icons.BRIGHTNESS_AUTO_OUTLINED),
    ]
    nearest = min(SIZES, key=lambda one: abs(one - float(preferences.text_size)))
    names = (tr("Small"), tr("Normal"), tr("Large"), tr("Very large"))
    sizes = [(str(size), name, None) for size, name in zip(SIZES, names, strict=True)]
    chosen = preferences.preferences.get("language") or "system"
    languages = [("system", tr("As the device"), None), *((code, own, None) for code, own in LANGUAGES.items())]
    zone = preferences.preferences.get("time_zone") or "UTC"
    return Screen(
        tr("Appearance and language"),
        scroll_body(
            section(tr("Colours"), _choices(looks, preferences.appearance, lambda key: set_one("theme", key))),
            section(
                tr("Size of text"),
                _choices(sizes, str(nearest), lambda key: set_one("text_size", float(key))),
                card(
                    title(tr("Electricity bill, March")),
                    body(tr("This is how texts look.")),
                    caption(tr("And this is how remarks look.")),
                ),
            ),
            section(
                tr("Movement"),
                card(
                    toggle(
                        tr("Less movement"),
                        bool(preferences.preferences.get("reduce_motion")),
                        lambda on: set_one("reduce_motion", on),
                        about=tr("Pages change at once instead of sliding."),
                    ),
                    padding=4,
                ),
            ),
            section(tr("Language"), _choices(languages, chosen, lambda key: set_one("language", key))),
            section(
                tr("Time"),
                tile_group(
                    [
                        Tile(
                            tr("Time zone"),
                            tr("{zone} · now it is {time}", zone=zone_name(zone), time=clock_time(datetime.now(UTC))),
                            ft.Icons.SCHEDULE,
                            lambda: navigate("/settings/time-zone"),
                        )
                    ]
                ),
            ),
            spacing=24,
        ),
        back="/settings",
    )


def zone_name(zone: str) -> str:
    """Write a zone as people say it: the place instead of the path."""
    return zone.rpartition("/")[2].replace("_", " ")


def _choices(
    options: Sequence[tuple[str, str, Any]], value: str, choose: Callable[[str], Awaitable[None]]
) -> ft.Control:
    """Show options side by side as cards, the chosen one marked; they wrap where it is narrow."""
    return ft.Row([_choice(*one, one[0] == value, choose) for one in options], wrap=True, spacing=8, run_spacing=8)


def _choice(key: str, text: str, icon: Any, chosen: bool, choose: Callable[[str], Awaitable[None]]) -> ft.Control:
    async def press() -> None:
        await choose(key)

    ink = ft.Colors.ON_SECONDARY_CONTAINER if chosen else ft.Colors.ON_SURFACE
    mark = ft.Icons.CHECK if chosen else icon
    parts: list[ft.Control] = [ft.Icon(mark, size=20, color=ink)] if mark else []
    parts.append(ft.Text(text, theme_style=ft.TextThemeStyle.LABEL_LARGE, color=ink, max_lines=1))
    return ft.Semantics(
        container=True,
        button=True,
        selected=chosen,
        label=text,
        exclude_semantics=False,
        key=key,
        content=ft.Container(
            ft.Row(parts, spacing=8, tight=True, alignment=ft.MainAxisAlignment.CENTER),
            bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else ft.Colors.SURFACE_CONTAINER,
            border_radius=14,
            padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
            on_click=press,
            ink=True,
        ),
    )
