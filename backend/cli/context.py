"""Open the platform for one command: in this process, without a server, beside a running one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.core.platform import Platform


@contextmanager
def open_platform() -> Iterator[Platform]:
    """Yield a `Platform` in the "cli" role, from the same settings as the server, and close it afterwards.

    Whoever may read the data directory is trusted like the server itself; nothing listens on the network.
    """
    from backend.core.platform import Platform
    from backend.core.settings import load_settings

    platform = Platform.open(load_settings(), role="cli")
    try:
        yield platform
    finally:
        platform.close()
