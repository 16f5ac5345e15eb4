"""API of the hub itself: who it is (for anybody), where it is reached, and the code for phones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from backend.core.server.addresses import network_cards, server_addresses
from backend.core.server.identity import server_identity
from backend.core.server.pairing import PairingCode, pairing_code, pairing_text
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, In, Out

if TYPE_CHECKING:
    from backend.core.platform import Platform


class ServerOut(Out):
    """Say which hub this is; nothing about its people."""

    id: str
    name: str
    version: str
    api: str


class AddressOut(Out):
    """Show one address of this hub."""

    url: str
    kind: Literal["public", "lan", "this_machine"]
    interface: str


class QrOut(Out):
    """Carry a QR code: `rows` of 1 (dark) and 0 with a quiet border of four, and the same as SVG."""

    text: str
    size: int
    rows: list[str]
    svg: str


class AddressesOut(Out):
    """List where phones reach this hub, the best first, with the code for it."""

    addresses: list[AddressOut]
    reachable: bool = Field(description="Whether other devices reach this hub; if not, set HOMIE_HOST.")
    discovery: bool = Field(description="Whether the hub is announced in the local network.")
    qr: QrOut | None


class QrIn(In):
    """Ask for the code of one of the hub's addresses, with an invitation if one was made."""

    url: str = Field(max_length=300, description="One of the addresses of this hub.")
    invitation: str | None = Field(None, min_length=1, max_length=64, repr=False, description="A one-time code.")


def server_group(platform: Platform) -> Group:
    """Return the operations below `/server`."""
    group = Group("server", url_prefix="/server", tag="Server")
    settings = platform.settings

    @group.get("", returns=ServerOut, auth="none")
    def show_server() -> ServerOut:
        """Say which hub this is, for apps that look for one."""
        return ServerOut.model_validate(server_identity(platform))

    @group.get("/addresses", returns=AddressesOut)
    def list_addresses() -> AddressesOut:
        """List where phones and other devices reach this hub."""
        found = server_addresses(settings, run_blocking(network_cards), platform.port)
        others = [address for address in found if address.kind != "this_machine"]
        return AddressesOut(
            addresses=[AddressOut.model_validate(address) for address in found],
            reachable=bool(others),
            discovery=platform.announced,
            qr=_qr(pairing_code(pairing_text(others[0].url))) if others else None,
        )

    @group.post("/qr", returns=QrOut, status=200)
    def make_code(body: QrIn) -> QrOut:
        """Make the code that a phone scans to open an address of this hub, and to join with an invitation.

        The invitation stands behind the `#` of the address: it is sent to no server when the address is opened.
        """
        known = {a.url for a in server_addresses(settings, run_blocking(network_cards), platform.port)}
        if body.url.rstrip("/") + "/" not in known:
            problem = FieldProblem("body.url", "This is no address of this hub.", "Choose one of /server/addresses.")
            raise InvalidInput(fields=[problem])
        return _qr(pairing_code(pairing_text(body.url, body.invitation)))

    return group


def _qr(code: PairingCode) -> QrOut:
    return QrOut(text=code.text, size=code.size, rows=list(code.rows), svg=code.svg)
