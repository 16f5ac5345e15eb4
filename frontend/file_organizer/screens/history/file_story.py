"""What happened to one file: every step from where it first lay to where it is now."""

from __future__ import annotations

import flet as ft

from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.history_words import name_of
from frontend.file_organizer.screens.history.steps import StepRow
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.i18n import tr, trn
from frontend.kit import (
    Screen,
    body,
    error_state,
    keyed,
    loading_state,
    scroll_body,
    use_action,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def FileStory() -> ft.Control:
    """Show the steps of one file, first things first; each can be taken back."""
    action_id = ft.use_route_params()["action_id"]
    session = use_session()
    history = use_provider(session.of(HistoryProvider))
    folders = use_provider(session.of(FoldersProvider).roots).items

    async def load() -> None:
        await session.of(FoldersProvider).load()
        await history.know_people()
        await history.tell_story(action_id)

    opening = use_action(load, quiet=True)
    use_mount(opening, [action_id])
    name, back = tr("What happened to this file"), "/file_organizer/history"
    if opening.error is not None:
        return Screen(name, error_state(opening.error, opening), back=back)
    if history.story is None:
        return Screen(name, loading_state(3), back=back)
    steps = history.story
    said = trn("Homie did {n} thing with it.", "Homie did {n} things with it, the first at the top.", len(steps))
    rows = [keyed(StepRow, one["id"], one, folders, True) for one in steps]
    return Screen(
        name,
        scroll_body(*undo_progress(history), body(said, muted=True), *rows),
        subtitle=name_of(steps[-1]["target"] or steps[-1]["source"]) if steps else "",
        back=back,
    )
