"""The small picture of a file at the head of its row; its sign until that is there, and where it cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import flet as ft

from frontend.api.generated.schemas import VolumePath
from frontend.file_organizer.thumbnails import Thumbnails
from frontend.kit import use_mount, use_session
from frontend.kit.links import hub_address
from frontend.kit.theme import RADIUS

SIZE = 40


@ft.component
def Thumbnail(place: VolumePath, sign: Callable[[], ft.Control]) -> ft.Control:
    """Show the picture of `place`; `sign()` makes what is shown instead of it."""
    # Kept from the first rendering: rows are memoised, and what stands in one that was passed on to a new rendering of
    # the list no longer finds its parents, so no context either; an error there would end all drawing of this window.
    held: Any = ft.use_ref(use_session())
    session = held.current
    thumbnails = session.of(Thumbnails)
    here: Any = ft.use_ref(True)
    address, show = ft.use_state(thumbnails.known(place))

    async def load() -> None:
        found = await thumbnails.address(place)
        if found and here.current:
            show(found)

    async def gone() -> None:
        here.current = False

    use_mount(load, [place["volume_id"], place["path"]])
    ft.use_effect(lambda: None, [], gone)
    if not address:
        return sign()
    return ft.Container(
        ft.Image(
            src=urljoin(hub_address(ft.context.page, session.transport.connection.url), address),
            width=SIZE,
            height=SIZE,
            fit=ft.BoxFit.COVER,
            error_content=sign(),
            gapless_playback=True,
            exclude_from_semantics=True,
        ),
        width=SIZE,
        height=SIZE,
        border_radius=RADIUS / 2,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
