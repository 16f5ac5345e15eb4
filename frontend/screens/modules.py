"""Modules: the parts of this Homie, and how each of them stands."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ModuleOut
from frontend.i18n import tr, tr_server
from frontend.kit import (
    Screen,
    Tile,
    body,
    chip,
    empty_state,
    icon_badge,
    navigate,
    scroll_body,
    state_of,
    tile_group,
    use_mount,
    use_provider,
    use_session,
)
from frontend.screens.module_words import BROKEN, module_icon, module_sentence, module_state


@ft.component
def Modules() -> ft.Control:
    """List the installed modules."""
    modules = use_provider(use_session().modules)
    use_mount(modules.load)
    return Screen(
        tr("Modules"),
        state_of(
            modules,
            lambda: scroll_body(
                body(tr("Each module is a part of Homie for itself. If one fails, the others go on."), muted=True),
                tile_group([_line(one) for one in modules.modules]),
            ),
            is_empty=not modules.modules,
            empty=lambda: empty_state(
                ft.Icons.EXTENSION_OUTLINED,
                tr("No modules are installed"),
                tr("Whoever set up this Homie can add some."),
            ),
        ),
        back="/more",
    )


def _line(of: ModuleOut) -> Tile:
    state, tone = module_state(of["state"])
    words = tr_server(of["reason"]) if of["reason"] and of["state"] in BROKEN else module_sentence(of["state"])
    route = f"/modules/{of['id']}"
    return Tile(
        tr_server(of["title"]),
        words,
        on_click=lambda: navigate(route),
        trailing=chip(state, tone),
        leading=icon_badge(module_icon(of["id"]), "bad" if tone == "bad" else "accent"),
        key=of["id"],
    )
