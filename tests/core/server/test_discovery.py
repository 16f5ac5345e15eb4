"""The hub in the local network: announced by a process of its own, found by the app, and silent where it should be."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from backend.core.server.announcer import SERVICE, Announced, announce
from backend.core.server.discovery import should_announce
from frontend.api.discovery import FoundHub, find_hubs
from tests.hub import PATIENCE, ROOT

HERE = ["127.0.0.1"]
WHAT = Announced("01900000-0000-7000-8000-0000000000a7", "Casa Brava. 42", "1.2.3", 8321)


def search(until: str) -> list[FoundHub]:
    """Look on loopback until the hub is heard."""

    async def look() -> list[FoundHub]:
        for _ in range(int(PATIENCE / 3)):
            # A second question goes out after one second: the answer to the first may reach another listener here.
            found = await find_hubs(3.0, interfaces=HERE)
            if any(hub.id == until for hub in found):
                return found
        return []

    return asyncio.run(look())


@pytest.fixture
def loopback() -> None:
    """Skip where multicast on loopback is not possible (some containers)."""
    from zeroconf import Zeroconf

    try:
        Zeroconf(interfaces=HERE).close()
    except OSError:
        pytest.skip("no multicast on loopback here")


@pytest.mark.usefixtures("loopback")
def test_a_hub_that_is_announced_is_found() -> None:
    """Two mDNS speakers on loopback: name, id, version and address arrive."""
    speaker = announce(WHAT, HERE)
    try:
        found = search(WHAT.id)
    finally:
        speaker.close()
    assert FoundHub(WHAT.id, WHAT.name, "1.2.3", "http://127.0.0.1:8321/") in found


@pytest.mark.usefixtures("loopback")
def test_the_announcing_process_ends_with_its_server() -> None:
    """It announces what it is told, and ends when the pipe to it closes."""
    process = subprocess.Popen([sys.executable, "-m", "backend.core.server.announcer"], stdin=subprocess.PIPE, cwd=ROOT)
    assert process.stdin is not None
    given = {"id": WHAT.id, "name": "Homie", "version": "1", "port": 4711, "interfaces": HERE}
    process.stdin.write(json.dumps(given).encode() + b"\n")
    process.stdin.flush()
    try:
        assert [hub.url for hub in search(WHAT.id) if hub.id == WHAT.id] == ["http://127.0.0.1:4711/"]
    finally:
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


def test_nothing_of_people_or_the_machine_is_announced() -> None:
    """The entry holds the hub's name, id, version and scheme; its host name is made of the id."""
    import platform

    entry = WHAT.service(HERE)
    assert entry.name == f"Casa Brava 42 000000a7.{SERVICE}"
    assert entry.server == "homie-000000a7.local."
    assert sorted(entry.decoded_properties) == ["id", "name", "scheme", "version"]
    assert platform.node() not in entry.server


@pytest.mark.parametrize(
    ("host", "wanted", "announced"),
    [
        ("127.0.0.1", True, False),
        ("::1", True, False),
        ("localhost", True, False),
        ("0.0.0.0", True, True),
        ("192.168.1.5", True, True),
        ("0.0.0.0", False, False),
    ],
)
def test_a_hub_on_loopback_is_never_announced(host: str, wanted: bool, announced: bool) -> None:
    assert should_announce(host, wanted=wanted) is announced
