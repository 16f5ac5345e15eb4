"""Secrets of a module at rest: sealed by the hub's master key, opened only for the purpose they were sealed for."""

from __future__ import annotations

from typing import Protocol


class Sealer(Protocol):
    """Seal and open short secrets of one module. What one module sealed does not open for another."""

    def seal(self, secret: str, purpose: str) -> str:
        """Return `secret` encrypted as printable text; `purpose` names what it is for, and the row that holds it."""
        ...

    def open_text(self, sealed: str, purpose: str) -> str:
        """Return what `seal` was given; raises `Unavailable` for another purpose, key or a damaged value."""
        ...
