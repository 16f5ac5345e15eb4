"""Where the home server is: only asked by the app on a phone or computer; a browser is there already."""

from __future__ import annotations

from typing import cast
from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.discovery import FoundHub, find_hubs
from frontend.api.errors import ApiError, Offline
from frontend.i18n import tr
from frontend.kit import (
    TextInput,
    Tile,
    navigate,
    primary_button,
    quiet_button,
    section,
    tile_group,
    use_action,
    use_form,
    use_mount,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.screens.entrance.frame import EntranceFrame

PORT = 8321
"""The port that a hub listens on unless somebody chose another (HOMIE_PORT)."""


def server_can_be_chosen() -> bool:
    """Tell whether this app may talk to another server: on a device, not in a browser."""
    return not ft.context.page.web


def address_of(typed: str) -> str:
    """Return the address that was meant: `192.168.1.5` and `homie.local:8321` do; empty for what is none.

    A link that a QR code carries (`homie://connect?url=...`) is taken apart.
    """
    typed = typed.strip()
    if typed.startswith("homie://"):
        typed = next(iter(parse_qs(urlsplit(typed).query).get("url", ())), "")
    if not typed:
        return ""
    parts = urlsplit(typed if "://" in typed else f"http://{typed}")
    try:
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in parts.netloc:
        return ""
    if port is None and "://" not in typed:
        port = PORT
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


@ft.component
def ServerLine() -> ft.Control:
    """Lead to the choice of the server, where there is one."""
    if not server_can_be_chosen():
        return ft.Container()
    return quiet_button(tr("Another server"), lambda: navigate("/server"))


@ft.component
def ServerAddress() -> ft.Control:
    """Ask for the address of the server, or offer those that were found in the network."""
    session = use_session()
    form = use_form()
    found, set_found = ft.use_state(cast("list[FoundHub]", []))
    searching, set_searching = ft.use_state(True)
    wrong, set_wrong = ft.use_state("")

    async def search() -> None:
        set_searching(True)
        hubs = await find_hubs()
        set_found(lambda _: hubs)
        set_searching(False)

    use_mount(search)

    async def connect(url: str) -> None:
        set_wrong("")
        try:
            await session.connect_to(url)
        except Offline:
            set_wrong(tr("Nobody answers at this address. Is the server on, and is this device in its network?"))
        except ApiError:
            set_wrong(tr("Something answers at this address, but it is not Homie."))
        else:
            navigate("/")

    go = use_action(connect)

    async def submit() -> None:
        url = address_of(form["url"])
        if not url:
            set_wrong(tr("Type an address such as 192.168.1.20 or homie.local."))
            return
        await go(None, url)

    return EntranceFrame(
        tr("Where is your Homie?"),
        *_found(found, searching, go),
        TextInput(
            form,
            "url",
            tr("Address of your server"),
            error=wrong or None,
            on_submit=submit,
            autofill_hints=ft.AutofillHint.URL,
            keyboard_type=ft.KeyboardType.URL,
            autocorrect=False,
            prefix_icon=ft.Icons.DNS_OUTLINED,
            hint_text="192.168.1.20",
        ),
        explanation=tr("On a computer that is logged in, Homie shows the address under More, Connect a phone."),
        footer=[
            primary_button(busy_text(go, tr("Connect")), submit, disabled=go.busy),
            quiet_button(tr("Search again"), search, disabled=searching),
        ],
    )


def _found(hubs: list[FoundHub], searching: bool, go: object) -> list[ft.Control]:
    if not hubs:
        return [ft.ProgressBar(bar_height=2, semantics_label=tr("Looking in your network"))] if searching else []

    def tile_of(hub: FoundHub) -> Tile:
        async def connect() -> None:
            await go(None, hub.url.rstrip("/"))  # type: ignore[operator]

        return Tile(hub.name, hub.url.rstrip("/"), ft.Icons.HOME_OUTLINED, connect)

    return [section(tr("Found in your network"), tile_group([tile_of(hub) for hub in hubs]))]
