"""Where a device keeps what the app must remember: the browser's storage, or the phone's own safe."""

from __future__ import annotations

import asyncio

import flet as ft
from flet_secure_storage import SecureStorage

PREFIX = "homie."
WAIT_SECONDS = 5.0
"""A device that does not answer by then keeps nothing: the person logs in again, nothing hangs."""


class BrowserStorage:
    """Keep texts in the browser (localStorage), where pages of other addresses cannot read them."""

    def __init__(self) -> None:
        self._preferences = ft.SharedPreferences()

    async def get(self, key: str) -> str | None:
        """Return what is kept under `key`, or None."""
        found = await asyncio.wait_for(self._preferences.get(_name(key)), WAIT_SECONDS)
        return found if isinstance(found, str) else None

    async def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        await asyncio.wait_for(self._preferences.set(_name(key), value), WAIT_SECONDS)

    async def remove(self, key: str) -> None:
        """Forget `key`."""
        await asyncio.wait_for(self._preferences.remove(_name(key)), WAIT_SECONDS)


class DeviceStorage:
    """Keep texts in the device's safe: Keychain, Keystore, or what the desktop has."""

    def __init__(self) -> None:
        self._safe = SecureStorage()

    async def get(self, key: str) -> str | None:
        """Return what is kept under `key`, or None."""
        found = await asyncio.wait_for(self._safe.get(_name(key)), WAIT_SECONDS)
        return found if isinstance(found, str) else None

    async def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        await asyncio.wait_for(self._safe.set(_name(key), value), WAIT_SECONDS)

    async def remove(self, key: str) -> None:
        """Forget `key`."""
        await asyncio.wait_for(self._safe.remove(_name(key)), WAIT_SECONDS)


def _name(key: str) -> str:
    return key if key.startswith(PREFIX) else PREFIX + key
