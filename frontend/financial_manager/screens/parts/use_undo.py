"""Say what was done, and offer to take it back."""

from __future__ import annotations

from collections.abc import Callable

from frontend.financial_manager.changes_provider import ChangesProvider
from frontend.financial_manager.screens.parts.use_money import money_space
from frontend.i18n import tr
from frontend.kit import toast, use_action, use_session


def use_undo_offer() -> Callable[[str, str | None], None]:
    """Return `offer(text, change_id)`: a message with "Undo"; without a change it is only said."""
    session = use_session()
    changes, space = session.of(ChangesProvider), money_space(session)

    async def undo(change_id: str) -> None:
        changes.stand_in(space)
        await changes.undo(change_id)
        toast(tr("It is taken back."))

    action = use_action(undo)

    def offer(text: str, change_id: str | None) -> None:
        if change_id is None:
            toast(text)
            return

        async def press(_: object = None) -> None:
            await action(None, change_id)

        toast(text, action=tr("Undo"), on_action=press)

    return offer
