"""The addresses under which phones in the house reach this hub."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from backend.core.settings import HomieSettings

Kind = Literal["public", "lan", "this_machine"]
_VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lo", "podman", "cni", "flannel")
"""Networks inside this machine: no phone is in them."""
_SIOCGIFADDR = 0x8915
"""Ask for the IPv4 address of a network card: netdevice(7)."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """One address. `public`: the one that was set; `lan`: of a network card; `this_machine`: only from here."""

    url: str
    kind: Kind
    interface: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One network card with one of its addresses."""

    name: str
    ip: str


def network_cards() -> list[Card]:
    """Return the addresses of this machine's network cards; one IPv4 address of each, all IPv6 ones (Linux)."""
    return [*_ipv4_cards(), *_ipv6_cards()]


def _ipv4_cards() -> Iterator[Card]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # a card without an IPv4 address
                answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                yield Card(name, socket.inet_ntoa(answer[20:24]))


def _ipv6_cards() -> Iterator[Card]:
    with contextlib.suppress(OSError), open("/proc/net/if_inet6", encoding="ascii") as table:
        for line in table:
            digits, *_, name = line.split()
            yield Card(name, str(ipaddress.IPv6Address(bytes.fromhex(digits))))


def lan_ipv4(cards: Iterable[Card]) -> list[str]:
    """Return the IPv4 addresses of this machine in the networks around it."""
    return sorted({str(ip) for ip, _ in _lan(cards, 4)})


def is_loopback_host(host: str) -> bool:
    """Tell whether somebody who listens there is heard on this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def server_addresses(settings: HomieSettings, cards: Iterable[Card], port: int | None = None) -> list[ServerAddress]:
    """Return the addresses, the best for a phone first. `port`: the one in use, where any was asked for (0)."""
    port = port or settings.port
    found: list[ServerAddress] = []
    if settings.public_url:
        found.append(ServerAddress(settings.public_url.rstrip("/") + "/", "public"))
    if is_loopback_host(settings.host):
        return [*found, ServerAddress(f"http://127.0.0.1:{port}/", "this_machine")]
    try:
        chosen = ipaddress.ip_address(settings.host)
    except ValueError:
        return [*found, ServerAddress(f"http://{settings.host}:{port}/", "lan")]
    if not chosen.is_unspecified:
        return [*found, ServerAddress(_url(chosen, port), "lan", _card_of(str(chosen), cards))]
    lan = sorted(_lan(cards, chosen.version), key=_rank)
    return [*found, *(ServerAddress(_url(ip, port), "lan", name) for ip, name in lan)]


def _lan(cards: Iterable[Card], version: int) -> Iterator[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, str]]:
    for card in cards:
        if card.name.startswith(_VIRTUAL):
            continue
        try:
            ip = ipaddress.ip_address(card.ip.partition("%")[0])
        except ValueError:
            continue
        # "::" listens to both versions, "0.0.0.0" to the older one only; link-local ones need a zone in the address.
        if not (ip.is_loopback or ip.is_link_local) and ip.version <= version:
            yield ip, card.name


def _rank(entry: tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, str]) -> tuple[bool, bool, str]:
    ip, name = entry
    return (ip.version == 6, not ip.is_private, f"{name} {ip}")


def _url(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> str:
    return f"http://[{ip}]:{port}/" if ip.version == 6 else f"http://{ip}:{port}/"


def _card_of(ip: str, cards: Iterable[Card]) -> str:
    return next((card.name for card in cards if card.ip == ip), "")
