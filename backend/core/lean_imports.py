"""Keep a library from importing packages that it can work with, but that nothing in this process asks it for.

Socket.IO imports the HTTP libraries of its clients and every message queue that is installed, structlog imports rich:
a fifth of the server's start, for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def unseen(*packages: str) -> Iterator[None]:
    """Let `import package` fail inside the block as if it was not installed; one that is loaded already stays seen.

    `None` in `sys.modules` is Python's own way to say so. Only for the start, while nobody else imports anything.
    """
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in packages if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            modules.pop(name, None)
