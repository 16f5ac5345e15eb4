"""Seal what is kept outside this process, so that it is of use to this server only (docs/adr/0110)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken


class TokenStorage(Protocol):
    """Keep small texts where the person's device keeps them: browser preferences, Keychain, Keystore, memory."""

    async def get(self, key: str) -> str | None:
        """Return what is kept under `key`, or None."""
        ...

    async def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        ...

    async def remove(self, key: str) -> None:
        """Forget `key`; it need not be there."""
        ...


class MemoryStorage:
    """Keep texts for the life of this object: tests, and sessions that shall not be remembered."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Return what is kept under `key`, or None."""
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        self.kept[key] = value

    async def remove(self, key: str) -> None:
        """Forget `key`."""
        self.kept.pop(key, None)


class Sealer:
    """Seal and open texts with one key (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    @classmethod
    def from_file(cls, path: Path) -> Sealer:
        """Use the key in a file; it is made, readable by its owner only, when there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}.new")
        if not path.exists():
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(Fernet.generate_key())
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(made, path)  # of two processes that start at once one wins, and both read its key
            except FileExistsError:
                pass
            made.unlink()
        return cls(path.read_bytes().strip())

    def seal(self, text: str) -> str:
        """Return `text` so that only `open` with the same key gives it back."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Return the text, or None for anything that this key did not seal."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError):
            return None


class SealedStorage:
    """Keep texts sealed in another storage: what a thief copies from there is useless without this server's key."""

    def __init__(self, below: TokenStorage, sealer: Sealer) -> None:
        self._below = below
        self._sealer = sealer

    async def get(self, key: str) -> str | None:
        """Return what is kept under `key`; None when it is absent or was not sealed here."""
        sealed = await self._below.get(key)
        return self._sealer.open(sealed) if sealed else None

    async def set(self, key: str, value: str) -> None:
        """Seal and keep `value`."""
        await self._below.set(key, self._sealer.seal(value))

    async def remove(self, key: str) -> None:
        """Forget `key`."""
        await self._below.remove(key)
