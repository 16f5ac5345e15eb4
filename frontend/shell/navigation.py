"""The way between the screens: a bar below on phones, a rail at the side from 700 pixels, with names from 1100."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit import ModuleScreens, navigate, use_keys, use_provider, use_session, use_viewport
from frontend.kit.installed_screens import installed_screens
from frontend.kit.live import Live

MOST_MODULES_IN_BAR = 3
"""A bar holds five targets of 48 pixels at 320: Home, three modules, More."""


@dataclass(frozen=True)
class Destination:
    """One entry of the navigation."""

    route: str
    title: Callable[[], str]
    icon: Any
    selected_icon: Any


HOME = Destination("/", lambda: tr("Home"), ft.Icons.HOME_OUTLINED, ft.Icons.HOME)
MORE = Destination("/more", lambda: tr("More"), ft.Icons.MENU, ft.Icons.MENU)


def destinations(enabled: set[str]) -> list[Destination]:
    """Return the entries: Home, the modules that the household uses, More."""
    modules = [one for one in installed_screens() if one.module_id in enabled][:MOST_MODULES_IN_BAR]
    return [HOME, *(_module(one) for one in modules), MORE]


def _module(of: ModuleScreens) -> Destination:
    return Destination(of.root, of.title, of.icon, of.selected_icon)


def selected_index(entries: list[Destination], path: str) -> int:
    """Return which entry a place belongs to; places of no module belong to More."""
    if path == "/":
        return 0
    for index, entry in enumerate(entries[1:-1], start=1):
        if path == entry.route or path.startswith(entry.route + "/"):
            return index
    return len(entries) - 1


@ft.component
def Shell() -> ft.Control:
    """Show the matched screen with the navigation around it and the connection's state above."""
    session = use_session()
    modules = use_provider(session.modules)
    viewport = use_viewport()
    path = ft.use_route_location()
    outlet = ft.use_route_outlet()
    entries = destinations(modules.enabled_ids)
    index = selected_index(entries, path)

    def go(event: Any) -> None:
        navigate(entries[int(event.control.selected_index)].route)

    use_keys({"/": lambda: navigate("/search"), "Ctrl+K": lambda: navigate("/search"), "Escape": _up})
    screen = ft.Column(
        [Live(session.socket, offline_banner), ft.Container(outlet, expand=True, key=path)], spacing=0, expand=True
    )
    if viewport.is_phone:
        return ft.SafeArea(
            ft.Column([ft.Container(screen, expand=True), _bar(entries, index, go)], spacing=0, expand=True),
            expand=True,
        )
    return ft.SafeArea(
        ft.Row(
            [_rail(entries, index, go, extended=viewport.is_wide), ft.VerticalDivider(width=1), screen],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        expand=True,
    )


def _up() -> None:
    page = ft.context.page
    parent = page.route.split("?")[0].rstrip("/").rpartition("/")[0]
    navigate(parent or "/")


def _bar(entries: list[Destination], index: int, go: Any) -> ft.Control:
    return ft.NavigationBar(
        selected_index=index,
        on_change=go,
        height=68,
        label_behavior=ft.NavigationBarLabelBehavior.ALWAYS_SHOW,
        destinations=[
            ft.NavigationBarDestination(icon=one.icon, selected_icon=one.selected_icon, label=one.title())
            for one in entries
        ],
    )


def _rail(entries: list[Destination], index: int, go: Any, *, extended: bool) -> ft.Control:
    return ft.NavigationRail(
        selected_index=index,
        on_change=go,
        extended=extended,
        min_extended_width=208,
        label_type=None if extended else ft.NavigationRailLabelType.ALL,
        group_alignment=-1.0,
        leading=ft.Container(
            ft.Icon(ft.Icons.HOME_ROUNDED, size=32, color=ft.Colors.PRIMARY), padding=ft.Padding.only(top=12, bottom=12)
        ),
        destinations=[
            ft.NavigationRailDestination(icon=one.icon, selected_icon=one.selected_icon, label=one.title())
            for one in entries
        ],
    )


def offline_banner(socket: Any) -> ft.Control:
    """Say that what is shown may be old, and that the app is at it; nothing while all is well."""
    if socket.online or not socket.wanted:
        return ft.Container(height=0)
    return ft.Semantics(
        live_region=True,
        content=ft.Container(
            ft.Row(
                [
                    ft.ProgressRing(width=16, height=16, stroke_width=2, color=ft.Colors.ON_SECONDARY_CONTAINER),
                    ft.Text(
                        tr("Not connected. Trying again; nothing that you see is lost."),
                        theme_style=ft.TextThemeStyle.BODY_MEDIUM,
                        color=ft.Colors.ON_SECONDARY_CONTAINER,
                        expand=True,
                    ),
                ],
                spacing=12,
            ),
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
            padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        ),
    )
