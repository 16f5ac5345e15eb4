"""Which addresses of the network something of the household may connect to: none inside the house by mistake."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that is given out on the open internet (RFC 4291, section 2.4; IANA's registry of IPv6 addresses)."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""An IPv4 address behind a translator, in the last 32 bits (RFC 6052)."""
_LEADING_ELSEWHERE = tuple(
    ipaddress.IPv6Network(one)
    for one in (
        "64:ff9b:1::/48",  # translators of a network's own, to any IPv4 address (RFC 8215)
        "2002::/16",  # 6to4 (RFC 3056)
        "2001::/32",  # Teredo (RFC 4380)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
"""Addresses that carry another one, or none: where they lead is not what they look like."""
_METADATA = {ipaddress.ip_address("169.254.169.254"), ipaddress.ip_address("fd00:ec2::254")}


def is_public(address: Address) -> bool:
    """Tell whether an address is on the open internet; what carries an IPv4 address is judged by that."""
    plain = _plain(address)
    if isinstance(plain, ipaddress.IPv6Address) and (plain not in _GLOBAL_UNICAST or _leads_elsewhere(plain)):
        return False
    return plain.is_global and not plain.is_multicast


def address_allowed(address: Address, *, allow_private: bool) -> bool:
    """Tell whether one may connect there: public, or (if an admin named it) loopback and private networks.

    Link-local (cloud metadata), multicast, unspecified, reserved and tunnel addresses (6to4, Teredo) are never allowed,
    nor is a private address behind a translator (NAT64): that is the translator's network, not the house's.
    """
    plain = _plain(address)
    if _leads_elsewhere(address) or (address in _NAT64 and not is_public(plain)):
        return False
    if plain in _METADATA or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    if is_public(plain):
        return True
    return allow_private and (plain.is_loopback or plain.is_private) and not (plain.is_reserved and plain.version == 4)


def _leads_elsewhere(address: Address) -> bool:
    return any(address in network for network in _LEADING_ELSEWHERE)


def _plain(address: Address) -> Address:
    """Return the IPv4 address inside an IPv4-mapped (`::ffff:10.0.0.1`) or a NAT64 address (`64:ff9b::10.0.0.1`)."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address
