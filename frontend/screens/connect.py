"""Connect a phone: the code to scan, and the addresses to type."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AddressOut, QrOut
from frontend.i18n import tr
from frontend.kit import (
    Action,
    Screen,
    Tile,
    body,
    card,
    notice,
    scroll_body,
    section,
    state_of,
    tile_group,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.providers.server_provider import ServerProvider


@ft.component
def Connect() -> ft.Control:
    """Show how other devices reach this hub."""
    session = use_session()
    server = use_provider(session.of(ServerProvider))
    use_mount(server.load)
    choose = use_action(server.choose)

    def content() -> ft.Control:
        found = server.reachable
        parts: list[ft.Control] = []
        if not found:
            parts.append(
                notice(
                    tr(
                        "Other devices cannot reach this Homie yet: it only listens on its own machine. Whoever set it "
                        "up can open it to the home network (see “Reaching Homie” in its manual)."
                    ),
                    "warn",
                    ft.Icons.WIFI_OFF,
                )
            )
        if server.code is not None and found:
            parts.append(_code(server.code, server.chosen))
        shown = found or tuple(server.addresses["addresses"] if server.addresses else ())
        parts.append(
            section(
                tr("Addresses"),
                body(tr("Type one of these into the browser of a device in your home network."), muted=True),
                tile_group([_address(one, server.chosen, choose) for one in shown]),
            )
        )
        return scroll_body(*parts)

    return Screen(tr("Connect a phone"), state_of(server, content), back="/more")


def _code(code: QrOut, address: str) -> ft.Control:
    picture = ft.Semantics(
        label=tr("Code for {address}", address=address),
        image=True,
        content=ft.Container(
            ft.Image(src=code["svg"], width=240, height=240, semantics_label=address),
            bgcolor=ft.Colors.WHITE,
            border_radius=12,
            padding=8,
        ),
    )
    return card(
        ft.Column(
            [
                picture,
                body(tr("Point the camera of the phone at this code."), text_align=ft.TextAlign.CENTER),
                body(address, muted=True, text_align=ft.TextAlign.CENTER),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=12,
        ),
        padding=24,
    )


def _address(of: AddressOut, chosen: str, show: Action) -> Tile:
    url = of["url"]
    words = {
        "public": tr("From everywhere"),
        "lan": tr("In your home network"),
        "this_machine": tr("Only on the machine itself"),
    }[of["kind"]]
    icon = {"public": ft.Icons.PUBLIC, "lan": ft.Icons.WIFI, "this_machine": ft.Icons.COMPUTER}[of["kind"]]

    async def choose() -> None:
        await show(None, url)

    return Tile(url, words, icon, choose, ft.Icon(ft.Icons.QR_CODE_2), selected=url == chosen)
