"""Where phones reach the hub: real network cards first by usefulness, nothing that only this machine sees."""

from __future__ import annotations

import pytest

from backend.core.server.addresses import Card, network_cards, server_addresses
from backend.core.server.pairing import pairing_code, pairing_text
from backend.core.settings import HomieSettings

CARDS = [
    Card("lo", "127.0.0.1"),
    Card("eth0", "192.168.1.5"),
    Card("eth0", "fe80::1%eth0"),
    Card("eth0", "2001:db8::5"),
    Card("docker0", "172.17.0.1"),
    Card("wlan0", "10.0.0.7"),
]


@pytest.mark.parametrize(
    ("host", "urls"),
    [
        ("127.0.0.1", ["http://127.0.0.1:80/"]),
        ("192.168.1.5", ["http://192.168.1.5:80/"]),
        ("0.0.0.0", ["http://192.168.1.5:80/", "http://10.0.0.7:80/"]),
        ("::", ["http://192.168.1.5:80/", "http://10.0.0.7:80/", "http://[2001:db8::5]:80/"]),
        ("homie.local", ["http://homie.local:80/"]),
    ],
)
def test_addresses_are_those_that_listen(host: str, urls: list[str]) -> None:
    settings = HomieSettings(host=host, port=80)
    assert [address.url for address in server_addresses(settings, CARDS)] == urls


def test_the_address_that_people_use_comes_first() -> None:
    settings = HomieSettings(host="127.0.0.1", port=80, public_url="https://homie.example.org")
    found = server_addresses(settings, CARDS, 4711)
    assert [(address.url, address.kind) for address in found] == [
        ("https://homie.example.org/", "public"),
        ("http://127.0.0.1:4711/", "this_machine"),
    ]


def test_this_machine_has_a_loopback_card() -> None:
    assert Card("lo", "127.0.0.1") in network_cards()


def test_the_code_is_a_square_with_a_quiet_border() -> None:
    """Black and white as ISO/IEC 18004 wants it, whatever the theme of the app; an invitation behind the #."""
    code = pairing_code(pairing_text("http://192.168.1.5:80", "A B"))
    assert code.text == "http://192.168.1.5:80/invite#code=A%20B"
    assert set("".join(code.rows)) == {"0", "1"}
    assert {len(row) for row in code.rows} == {code.size}
    for edge in (*code.rows[:4], *code.rows[-4:]):
        assert set(edge) == {"0"}
    assert code.svg.startswith("<svg")
    assert "script" not in code.svg
