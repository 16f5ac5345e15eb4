"""The small picture of a file at the head of its row; its sign until that is there, and where it cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable
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
    session = use_session()
    thumbnails = session.of(Thumbnails)
    address, show = ft.use_state(thumbnails.known(place))

    async def load() -> None:
        if found := await thumbnails.address(place):
            show(found)

    use_mount(load, [place["volume_id"], place["path"]])
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
