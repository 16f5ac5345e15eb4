"""Choose whose money is shown: one's own, or a household's."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.screens.parts.use_money import money_space
from frontend.i18n import tr
from frontend.kit import filter_chips, use_action, use_provider, use_session


@ft.component
def Spaces() -> ft.Control:
    """Let the space be chosen whose money is shown; nothing while there is only one."""
    session = use_session()
    auth = use_provider(session.auth)
    preferences = use_provider(session.preferences)
    change = use_action(lambda chosen: preferences.change(default_space=chosen))

    async def choose(chosen: str) -> None:
        await change(None, chosen)

    if len(auth.spaces) < 2:
        return ft.Container(height=0)
    names = [(one["id"], tr("Only me") if one["kind"] == "private" else one["name"]) for one in auth.spaces]
    return filter_chips(money_space(session) or auth.private_space_id, names, choose)
