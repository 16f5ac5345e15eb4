"""The process that announces the hub in the local network: `_homie._tcp` by mDNS and DNS-SD (RFC 6762, RFC 6763).

A process of its own, because zeroconf has an event loop and sockets of its own that do not live together with gevent.
It gets one JSON line on its standard input and ends when that closes, so it never outlives the server.

Announced are the hub's name, random id, version and port; no name of a person and none of the machine.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.core.server.addresses import lan_ipv4, network_cards

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

SERVICE = "_homie._tcp.local."
LOOK_SECONDS = 30.0
"""How often it is looked whether the machine has other addresses now (another WiFi, a cable)."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What is announced."""

    id: str
    name: str
    version: str
    port: int
    secure: bool = False

    def service(self, addresses: Sequence[str]) -> ServiceInfo:
        """Return the DNS-SD entry."""
        from zeroconf import ServiceInfo

        short = self.id.replace("-", "")[-8:]
        words = self.name.replace(".", " ").split()
        label = " ".join(words).encode("utf-8")[:50].decode("utf-8", "ignore") or "Homie"
        return ServiceInfo(
            SERVICE,
            f"{label} {short}.{SERVICE}",
            port=self.port,
            addresses=[socket.inet_aton(address) for address in addresses],
            properties={
                "id": self.id,
                "name": self.name,
                "version": self.version,
                "scheme": "https" if self.secure else "http",
            },
            server=f"homie-{short}.local.",
        )


def announce(what: Announced, addresses: Sequence[str]) -> Zeroconf:
    """Begin to announce on the network cards with these addresses; `close()` of what is returned says goodbye."""
    from zeroconf import IPVersion, Zeroconf

    speaker = Zeroconf(interfaces=list(addresses), ip_version=IPVersion.V4Only)
    try:
        speaker.register_service(what.service(addresses), allow_name_change=True)
    except BaseException:
        speaker.close()
        raise
    return speaker


def main() -> int:
    """Announce what the first line of the standard input says, until the input closes."""
    line = sys.stdin.buffer.readline()
    if not line:
        return 0
    given = json.loads(line)
    only = given.pop("interfaces", None)
    what = Announced(**given)
    spoken: list[str] = []
    speaker: Zeroconf | None = None
    try:
        while True:
            addresses = only or lan_ipv4(network_cards())
            if addresses != spoken:
                if speaker is not None:
                    speaker.close()
                speaker = announce(what, addresses) if addresses else None
                spoken = addresses
            if select.select([sys.stdin], [], [], LOOK_SECONDS)[0] and not os.read(sys.stdin.fileno(), 4096):
                return 0
    except KeyboardInterrupt:
        return 0
    finally:
        if speaker is not None:
            speaker.close()


if __name__ == "__main__":
    raise SystemExit(main())
