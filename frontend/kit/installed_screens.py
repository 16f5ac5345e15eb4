"""Find the screens of the installed modules, as the hub finds the modules themselves: by entry point."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib.metadata import entry_points

from frontend.kit.module_screens import ModuleScreens

log = logging.getLogger("homie.app")
GROUP = "homie.screens"


@lru_cache(maxsize=1)
def installed_screens() -> tuple[ModuleScreens, ...]:
    """Return the screens of every installed module, by name; one that cannot be loaded is left out and logged."""
    found = []
    # A packaged app beside an installed hub names its modules twice; the first on the path counts.
    named = {entry.name: entry for entry in reversed(tuple(entry_points(group=GROUP)))}
    for entry in sorted(named.values(), key=lambda one: one.name):
        try:
            found.append(entry.load())
        except Exception:
            log.exception("the screens of %s cannot be loaded", entry.name)
    return tuple(found)
