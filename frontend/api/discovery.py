"""Find hubs in the local network: mDNS and DNS-SD, `_homie._tcp`, for the app on phones and desktops.

What is found is an offer, not a proof: anybody in the network can announce anything. The app shows the address, and
asks `GET /api/v1/server` there before it sends a password.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zeroconf import InterfaceChoice, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

SERVICE = "_homie._tcp.local."
ANSWER_MILLISECONDS = 1500
LONGEST = 120


@dataclass(frozen=True, slots=True)
class FoundHub:
    """One hub that announces itself. `url` is where it says that it is."""

    id: str
    name: str
    version: str
    url: str


async def find_hubs(
    seconds: float = 3.0,
    *,
    on_found: Callable[[FoundHub], None] | None = None,
    interfaces: Sequence[str] | None = None,
) -> list[FoundHub]:
    """Listen for some seconds and return the hubs by name; `on_found` is told each as soon as it is known.

    Returns nothing where the network cannot be listened to. `interfaces`: only these addresses of this device.
    """
    found: dict[str, FoundHub] = {}
    questions: set[asyncio.Task[None]] = set()
    try:
        heard_on: Any = InterfaceChoice.All if interfaces is None else list(interfaces)
        listener = AsyncZeroconf(interfaces=heard_on, ip_version=IPVersion.V4Only)
    except OSError:
        return []

    async def ask(name: str) -> None:
        info = AsyncServiceInfo(SERVICE, name)
        if await info.async_request(listener.zeroconf, ANSWER_MILLISECONDS):
            hub = hub_of(info)
            if hub is not None and found.get(hub.id) != hub:
                found[hub.id] = hub
                if on_found is not None:
                    on_found(hub)

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed:
            task = asyncio.ensure_future(ask(name))
            questions.add(task)
            task.add_done_callback(questions.discard)

    browser = AsyncServiceBrowser(listener.zeroconf, SERVICE, handlers=[changed])
    try:
        await asyncio.sleep(seconds)
        if questions:
            await asyncio.wait(questions, timeout=ANSWER_MILLISECONDS / 1000)
    finally:
        for task in questions:
            task.cancel()
        await browser.async_cancel()
        await listener.async_close()
    return sorted(found.values(), key=lambda hub: (hub.name.casefold(), hub.id))


def hub_of(info: Any) -> FoundHub | None:
    """Return the hub of a DNS-SD entry; None for one that does not say what a hub says."""
    values = {key: value for key, value in info.decoded_properties.items() if value and len(value) <= LONGEST}
    addresses = info.parsed_addresses(IPVersion.V4Only)
    if "id" not in values or not addresses or not info.port:
        return None
    scheme = "https" if values.get("scheme") == "https" else "http"
    return FoundHub(
        id=values["id"],
        name=values.get("name", "Homie"),
        version=values.get("version", ""),
        url=f"{scheme}://{addresses[0]}:{info.port}/",
    )
