"""Build one window's session: on the hub's machine over its private socket, on a device over the network."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import flet as ft

from frontend.api.connection import HubConnection
from frontend.api.sealing import SealedStorage, Sealer, TokenStorage
from frontend.api.tokens import Keepers
from frontend.api.transport import Visitor
from frontend.i18n import supported
from frontend.kit.keys import KeyListeners
from frontend.providers.session import Session, Surroundings
from frontend.shell.storage import BrowserStorage, DeviceStorage


def make_session(page: ft.Page) -> Session:
    """Return the session of a window."""
    visitor = Visitor(address=page.client_ip or "", user_agent=page.client_user_agent or "")
    if socket_path := os.environ.get("HOMIE_HUB_SOCKET"):
        connection, keepers, sealer = _on_the_hub(socket_path)
        storage: TokenStorage = SealedStorage(BrowserStorage(), sealer)
    else:
        # Where the server is, the session reads from the device, or asks.
        connection, keepers, storage = HubConnection(url=""), Keepers(), DeviceStorage()
    given = Surroundings(
        connection,
        keepers,
        storage,
        visitor=visitor,
        device=_device_name(page),
        language=_language(page),
    )
    return Session(given, keys=KeyListeners())


@lru_cache(maxsize=1)
def _on_the_hub(socket_path: str) -> tuple[HubConnection, Keepers, Sealer]:
    """Return what all windows of the front share: connections, token keepers, the sealing key. Never an observable."""
    data = Path(os.environ["HOMIE_DATA_DIR"])
    sealer = Sealer.from_file(Path(os.environ.get("HOMIE_APP_KEY_FILE", data / "secrets" / "app.key")))
    keepers = Keepers(sealer, data / "secrets" / "app-devices.json")
    return HubConnection(socket_path=socket_path), keepers, sealer


def _language(page: ft.Page) -> str:
    """Return the language that the browser asks for (the front notes it on the window's connection)."""
    wanted = getattr(page.session.connection, "accept_language", "") or os.environ.get("LANG", "")
    return supported(wanted.split(",")[0].split(";")[0])


def _device_name(page: ft.Page) -> str:
    """Name the device as people will recognise it in their list: "Firefox on Android"."""
    agent = page.client_user_agent or ""
    if not agent:
        return f"Homie app on {str(page.platform.value if page.platform else 'this device').title()}"
    browser = next(
        (
            name
            for mark, name in (
                ("Edg/", "Edge"),
                ("OPR/", "Opera"),
                ("SamsungBrowser/", "Samsung Internet"),
                ("Firefox/", "Firefox"),
                ("Chrome/", "Chrome"),
                ("Safari/", "Safari"),
            )
            if mark in agent
        ),
        "Browser",
    )
    system = next(
        (
            name
            for mark, name in (
                ("Android", "Android"),
                ("iPhone", "iPhone"),
                ("iPad", "iPad"),
                ("Windows", "Windows"),
                ("Mac OS X", "Mac"),
                ("Linux", "Linux"),
            )
            if mark in agent
        ),
        "",
    )
    return f"{browser} on {system}" if system else browser
