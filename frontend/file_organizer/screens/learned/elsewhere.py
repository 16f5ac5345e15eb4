"""Choose the folder that files belong to from now on, instead of the one that Homie had learned."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import VolumePath
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.learned_provider import LearnedProvider
from frontend.file_organizer.learned_words import folder_text
from frontend.file_organizer.screens.review.destination_picker import Browse, first_folders, found_folders
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    TextInput,
    body,
    navigate,
    scroll_body,
    state_of,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def LearnedElsewhere() -> ft.Control:
    """Let another folder take the place of a learned one. No file moves."""
    destination_id = ft.use_route_params().get("destination_id", "")
    session = use_session()
    learned = use_provider(session.of(LearnedProvider))
    folders = use_provider(session.of(FoldersProvider))
    form = use_form()
    back = f"/file_organizer/learned/{destination_id}"

    async def load() -> None:
        await folders.back_to(0)
        await folders.load()
        await folders.search("")
        if learned.shown is None or learned.shown["id"] != destination_id:
            await learned.open(destination_id)

    opened = use_action(load)
    use_mount(opened, [destination_id])

    async def take(place: VolumePath) -> None:
        await learned.change(destination_id, folder=place)
        shown = learned.shown
        navigate(f"/file_organizer/learned/{shown['id']}" if shown is not None else "/file_organizer/learned")

    action = use_action(take, done=tr("Such files belong there from now on."))

    async def choose(place: VolumePath) -> None:
        await action(None, place)

    find = use_action(lambda text: folders.search(text, writable=True))

    async def typed(text: str) -> None:
        await find(None, text)

    shown = learned.shown
    where = folder_text(shown["volume_id"], shown["folder"], folders.roots.items) if shown is not None else ""
    parts: list[ft.Control] = [
        body(tr("Homie will suggest the folder that you choose. No file is moved."), muted=True),
        TextInput(form, "words", tr("Search folders by name"), on_change=typed, prefix_icon=ft.Icons.SEARCH),
    ]
    if folders.query:
        parts.append(found_folders(folders, choose))
    elif folders.trail:
        parts.append(Browse(choose))
    else:
        parts.append(state_of(folders, lambda: first_folders(folders, choose), retry=load))
    return Screen(tr("Where such files belong"), scroll_body(*parts), subtitle=where, back=back)
