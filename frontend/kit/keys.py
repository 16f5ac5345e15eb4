"""Keys of the keyboard: whoever is on top of the screen answers first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Keys = Mapping[str, Callable[[], Awaitable[None] | None]]


class KeyListeners:
    """Keep the listeners of one session in the order in which their components appeared."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], Keys]] = []

    def listen(self, keys: Callable[[], Keys]) -> Callable[[], None]:
        """Add a listener; call what is returned to end it."""
        self._listeners.append(keys)

        def end() -> None:
            if keys in self._listeners:
                self._listeners.remove(keys)

        return end

    async def press(self, name: str) -> bool:
        """Give a key to the newest listener that knows it; tell whether one did."""
        for keys in reversed(self._listeners):
            if (work := keys().get(name)) is not None:
                if (waiting := work()) is not None:
                    await waiting
                return True
        return False


_TYPING = "homie.typing"


def set_typing(page: Any, field: object, on: bool) -> None:
    """Note that a text field of this window has, or no longer has, the keyboard."""
    store = page.session.store
    if on:
        store.set(_TYPING, id(field))
    elif store.get(_TYPING) == id(field):
        store.remove(_TYPING)


def is_typing(page: Any) -> bool:
    """Tell whether letters go into a text field now, and mean no command."""
    return page.session.store.get(_TYPING) is not None


def key_name(key: str, *, ctrl: bool, shift: bool, alt: bool, meta: bool) -> str:
    """Return a key's name with what was held: `Ctrl+Z` (also for the Command key), `Shift+Arrow Down`."""
    held = [name for name, down in (("Ctrl", ctrl or meta), ("Alt", alt), ("Shift", shift)) if down]
    return "+".join([*held, key])
