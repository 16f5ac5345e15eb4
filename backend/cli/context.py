"""Open the platform for one command: in this process, without a server, beside a running one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.sdk.actor import Actor


@contextmanager
def open_platform(data_dir: Path | None = None) -> Iterator[Platform]:
    """Yield a `Platform` in the "cli" role, from the same settings as the server, and close it afterwards.

    `data_dir`: work there instead of in the household's own folder.

    Whoever may read the data directory is trusted like the server itself; nothing listens on the network.
    """
    # A short-lived process that imports much and then makes many small objects: looking for cycles among them again and
    # again would cost a quarter of the start and find nothing.
    gc.disable()
    from backend.core.logs import configure_logs
    from backend.core.platform import Platform
    from backend.core.settings import load_settings

    settings = load_settings()
    if "log_level" not in settings.model_fields_set:
        # The command's own words are for the person at the terminal; the log speaks up only when something is wrong.
        settings = settings.model_copy(update={"log_level": "warning"})
    if data_dir is not None:
        settings = settings.model_copy(update={"data_dir": data_dir})
    configure_logs(settings)
    platform = Platform.open(settings, role="cli")
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()
    try:
        yield platform
    finally:
        platform.close()
        gc.freeze()  # the process ends: searching for cycles once more would only keep people waiting


def space_headings(platform: Platform, actor: Actor) -> dict[str, str]:
    """Return what stands above the result of each space where a command looks at several; {} where there is one."""
    if len(actor.owners) < 2:
        return {}
    found = platform.accounts.spaces.of_person(actor.user_id)
    return {one.id: f"{one.name} (shared)" if one.kind == "household" else "Private" for one in found}


def acting(platform: Platform, user: str | None) -> Actor:
    """Return who a command acts for: the person of that login name, or the hub's first owner; raises `NotFound`."""
    return platform.accounts.actor_for(user) if user is not None else platform.accounts.local_owner()
