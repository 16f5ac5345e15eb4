"""Which addresses of the network something of the household may connect to: none inside the house by mistake."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_METADATA = {ipaddress.ip_address("169.254.169.254"), ipaddress.ip_address("fd00:ec2::254")}


def is_public(address: Address) -> bool:
    """Tell whether an address is on the open internet."""
    return _plain(address).is_global and not _plain(address).is_multicast


def address_allowed(address: Address, *, allow_private: bool) -> bool:
    """Tell whether one may connect there: public, or (if an admin named it) loopback and private networks.

    Link-local (cloud metadata), multicast, unspecified and reserved addresses are never allowed.
    """
    plain = _plain(address)
    if plain in _METADATA or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    if is_public(plain):
        return True
    return allow_private and (plain.is_loopback or plain.is_private) and not (plain.is_reserved and plain.version == 4)


def _plain(address: Address) -> Address:
    """Return the IPv4 address inside an IPv4-mapped IPv6 address (`::ffff:10.0.0.1`)."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
