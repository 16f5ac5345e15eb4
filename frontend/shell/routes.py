"""All places of the app: core's screens and those of each module, below one shell."""

from __future__ import annotations

import flet as ft

from frontend.kit import AppRoute
from frontend.kit.installed_screens import installed_screens
from frontend.screens import SCREENS
from frontend.screens.not_found import NotFound
from frontend.shell.navigation import Shell


def app_routes() -> list[ft.Route]:
    """Return the route tree. Longer paths stand first, so that `/people/new` is no person named "new"."""
    found = [_route("", one) for one in SCREENS if not one.alone]
    alone = [_route("", one) for one in SCREENS if one.alone]
    for module in installed_screens():
        found += [_route(module.root, one) for one in module.routes]
    found.sort(key=lambda route: (route.index, (route.path or "").count(":"), -(route.path or "").count("/")))
    return [*alone, ft.Route(component=Shell, children=[*found, ft.Route(path="*", component=NotFound)])]


def _route(root: str, of: AppRoute) -> ft.Route:
    path = "/".join(part for part in (root.strip("/"), of.path.strip("/")) if part)
    if not path:
        return ft.Route(index=True, component=of.component)
    return ft.Route(path=path, component=of.component)
