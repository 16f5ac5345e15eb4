"""The hub itself: its name and version, and where phones reach it."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import AddressesOut, AddressOut, QrOut, ServerOut
from frontend.providers.base import Provider


@dataclass(eq=False)
class ServerProvider(Provider):
    """Hold the hub's addresses, and the code of the one that is shown."""

    server: ServerOut | None = None
    addresses: AddressesOut | None = None
    chosen: str = ""
    """The address whose code is shown."""
    code: QrOut | None = None

    @property
    def reachable(self) -> tuple[AddressOut, ...]:
        """Return the addresses that other devices can open."""
        found = self.addresses["addresses"] if self.addresses else []
        return tuple(one for one in found if one["kind"] != "this_machine")

    async def fetch(self) -> None:
        """Ask for name, version and addresses."""
        self.server = await self.api.server.show_server()
        self.addresses = found = await self.api.server.list_addresses()
        if self.code is None or self.chosen not in {one["url"] for one in found["addresses"]}:
            self.code = found["qr"]
            self.chosen = found["addresses"][0]["url"] if found["addresses"] else ""

    async def choose(self, url: str) -> None:
        """Show the code of another address; raises `ApiError`."""
        self.code = await self.api.server.make_code({"url": url})
        self.chosen = url
