"""Who is at the other end: forwarded addresses count only when a listed proxy says them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from backend.sdk.errors import FieldProblem, InvalidInput

_FORWARDED = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REAL_IP",
    "HTTP_VIA",
)  # fmt: skip

UNIX_PEER = "unix"
"""The address of whoever connects to our Unix socket: the front, which says for whom it asks."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ClientAddress:
    """Read a request's client address, scheme and host behind the given proxies (addresses or networks)."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted: list[Network] = [_network(text) for text in trusted]

    def apply(self, environ: dict[str, Any]) -> str:
        """Return the client's address; takes over `X-Forwarded-Proto` and `-Host` from a trusted proxy.

        From anybody else the `X-Forwarded-*` headers are removed, so that nothing behind can believe them; that there
        were some stays in `homie.forwarded`.
        """
        peer = str(environ.get("REMOTE_ADDR", ""))
        environ["homie.forwarded"] = environ.get("homie.forwarded", False) or any(
            name in environ for name in _FORWARDED
        )
        if peer == UNIX_PEER:
            # The front always names its own peer; only more than that was forwarded to it.
            environ["homie.forwarded"] = "," in environ.get("HTTP_X_FORWARDED_FOR", "")
        if not self._is_trusted(peer):
            for name in _FORWARDED:
                environ.pop(name, None)
            return peer
        if environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip() in ("http", "https"):
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"].split(",")[-1].strip()
        if host := environ.get("HTTP_X_FORWARDED_HOST", "").split(",")[-1].strip():
            environ["HTTP_HOST"] = host
        return self._behind(peer, environ.get("HTTP_X_FORWARDED_FOR", ""))

    def _behind(self, peer: str, forwarded: str) -> str:
        """Walk the chain from our side; the first address that is no trusted proxy is the client."""
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if _address(hop) is None:
                return "" if peer == UNIX_PEER else peer
            peer = hop
            if not self._is_trusted(hop):
                return hop
        return peer

    def _is_trusted(self, text: str) -> bool:
        if text == UNIX_PEER:
            return True
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


def limit_key(ip: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 that one IPv6 household has."""
    address = _address(ip)
    if address is None:
        return ip[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def is_loopback(ip: str) -> bool:
    """Tell whether an address is this machine."""
    address = _address(ip)
    return address is not None and address.is_loopback


def is_local_host(environ: Mapping[str, Any]) -> bool:
    """Tell whether the request was sent to this machine by a name that only this machine means."""
    host = str(environ.get("HTTP_HOST", ""))
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name == "localhost" or is_loopback(name)


def same_origin(environ: Mapping[str, Any]) -> bool:
    """Tell whether the request's Origin is the address it was sent to."""
    here = f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}"
    return bool(environ.get("HTTP_ORIGIN") == here)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        problem = FieldProblem("HOMIE_TRUSTED_PROXIES", f"{text!r} is no address.", "Write 10.0.0.2 or 10.0.0.0/24.")
        raise InvalidInput("Some settings are not valid.", fields=[problem]) from None
