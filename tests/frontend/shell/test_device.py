"""The app on a device of its own: it asks where its server is, remembers it, and never mixes that up with a browser."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from frontend.shell import app
from tests.frontend.headless import Headless
from tests.hub import Hub


def test_a_device_asks_for_its_server_once_and_then_remembers_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First start: an address is asked for; what is no hub is refused in words. Second start: straight to the door."""
    monkeypatch.delenv("HOMIE_HUB_SOCKET", raising=False)
    stored: dict[str, Any] = {}

    async def first(url: str) -> None:
        window = Headless(stored=stored)
        window.session.apply_page_patch({"web": False})
        await window.run(app.main)
        await window.until(lambda: window.shows("Where is your Homie?"))
        await window.type("Address of your server", "127.0.0.1:9")
        await window.click("Connect")
        await window.until(lambda: window.shows("Nobody answers at this address") or _error(window))
        await window.type("Address of your server", url)
        await window.click("Connect")
        await window.until(lambda: window.shows("Welcome home"))
        await window.fire(window.page, "close")

    async def second() -> None:
        window = Headless(stored=stored)
        window.session.apply_page_patch({"web": False})
        await window.run(app.main)
        await window.until(lambda: window.shows("Welcome home"))
        await window.fire(window.page, "close")

    with Hub(tmp_path / "data") as hub:
        hub.set_up("anna", "correct horse staple")
        asyncio.run(first(hub.url))
        assert stored["homie.server"] == hub.url
        asyncio.run(second())


def _error(window: Headless) -> bool:
    return any(field.error for field in window.find("TextField") if isinstance(field, ft.TextField))
