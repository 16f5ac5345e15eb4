"""Start the front: `python -m frontend.server`. The hub does this; its variables are in `environment.py`."""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any


def main() -> int:
    """Serve until SIGTERM; return the exit code."""
    _end_with_parent()
    import uvicorn

    from frontend.server import flet_fixes
    from frontend.server.asgi import Front
    from frontend.server.environment import FrontEnvironment

    logging.basicConfig(level=os.environ.get("HOMIE_LOG_LEVEL", "info").upper(), format="%(name)s: %(message)s")
    for chatty in (
        "httpx",
        "httpcore",
        "socketio",
        "engineio",
        "asyncio",
        # It would write everything that is typed, passwords too.
        "flet_transport",
        "flet",
        "flet_web",
        "flet_web.fastapi",
        "flet_components",
        "flet_controls",
        "flet_object_patch",
    ):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    environment = FrontEnvironment.from_env()
    flet_fixes.apply()
    app_main = _app()

    config = uvicorn.Config(
        Front(environment, app_main),
        host=environment.host,
        port=environment.port,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=4 << 20,
        # A phone that slept or changed its network finds its session again only once its old line is known to be dead.
        ws_ping_interval=10.0,
        ws_ping_timeout=10.0,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=75,
        backlog=512,
    )
    listener = socket.socket(fileno=int(os.environ["HOMIE_FRONT_SOCKET"]))
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _app() -> Callable[..., Any]:
    """Return the app's entry; when it cannot be loaded, one that says so: API and files are served all the same."""
    try:
        module, _, name = os.environ.get("HOMIE_FRONT_APP", "frontend.shell.app:main").partition(":")
        entry: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return entry
    except Exception:
        logging.getLogger("homie.front").exception("the app cannot be loaded")
        from frontend.server.broken_app import main as broken_main

        return broken_main


def _end_with_parent() -> None:
    """Be ended by the kernel when the hub dies, however it dies (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform != "linux":
        return
    parent = int(os.environ.get("HOMIE_FRONT_PARENT", "0"))
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)
    if parent and os.getppid() != parent:
        raise SystemExit(1)  # it died before we could ask


if __name__ == "__main__":
    raise SystemExit(main())
