"""The front: the process before the hub that serves the app and passes everything else on to us.

The hub holds the listening socket and hands it down, so the port is ours from the first moment, and connections wait in
its queue while a front that died is started again. The hub itself listens on a Unix socket that only its user can open.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import structlog

from backend.core.settings import HomieSettings

log = structlog.get_logger("homie.front")

MODULE = "frontend.server"
STEADY_SECONDS = 10.0
"""A front that lived this long was healthy: its next start is immediate."""
LONGEST_WAIT = 10.0
STOP_SECONDS = 3.0


class FrontProcess:
    """Start the front on `listener`, start it again when it dies, stop it at the end.

    In the web process every thread here is a greenlet, as in `jobs/supervisor.py`.
    """

    def __init__(self, settings: HomieSettings, listener: socket.socket, *, command: list[str] | None = None) -> None:
        self._settings = settings
        self._listener = listener
        self._command = command or [sys.executable, "-m", MODULE]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0

    def start(self) -> None:
        """Start it and keep it running; returns at once."""
        self._begin()
        self._thread = threading.Thread(target=self._keep_running, name="supervise-front", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        self._stop.set()
        process = self.process
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("the front did not stop in time and is ended")
                process.kill()
                process.wait()
        if self._thread is not None:
            self._thread.join()
        self._listener.close()

    def _begin(self) -> None:
        descriptor = self._listener.fileno()
        self.process = subprocess.Popen(
            self._command, env=self._environment(descriptor), pass_fds=(descriptor,), stdin=subprocess.DEVNULL
        )

    def _keep_running(self) -> None:
        pause = 0.0
        while not self._stop.is_set():
            began = time.monotonic()
            process = self.process
            assert process is not None
            code = process.wait()
            if self._stop.is_set():
                return
            pause = 0.0 if time.monotonic() - began > STEADY_SECONDS else min(LONGEST_WAIT, pause * 2 + 0.2)
            self.restarts += 1
            log.error("the front ended and is started again", code=code, pause=pause)
            while not self._stop.wait(pause) and not self._begin_again():
                pause = min(LONGEST_WAIT, pause * 2 + 0.2)

    def _begin_again(self) -> bool:
        """Start it; tell whether that worked: files or memory may be short for a moment."""
        try:
            self._begin()
        except OSError:
            log.exception("the front could not be started; trying again")
            return False
        return True

    def _environment(self, descriptor: int) -> Mapping[str, str]:
        settings = self._settings
        host, port = self._listener.getsockname()[:2]
        return {
            **os.environ,
            "HOMIE_DATA_DIR": str(settings.data_dir),
            "HOMIE_FRONT_HOST": str(host),
            "HOMIE_FRONT_PORT": str(port),
            "HOMIE_FRONT_SOCKET": str(descriptor),
            "HOMIE_FRONT_PARENT": str(os.getpid()),
            "HOMIE_HUB_SOCKET": str(settings.web_socket),
            "HOMIE_TRUSTED_PROXIES": ",".join(settings.trusted_proxies),
            "HOMIE_PUBLIC_URL": settings.public_url or "",
            "HOMIE_LOG_LEVEL": settings.log_level,
        }


def app_is_installed() -> bool:
    """Tell whether the parts of the app are there; a hub alone works without them."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("frontend", "flet_web", "uvicorn"))
