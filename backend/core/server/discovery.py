"""Start and end the process that announces the hub in the local network, where that is wanted and makes sense."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from typing import IO, TYPE_CHECKING

import structlog

from backend.core.server.addresses import is_loopback_host
from backend.core.server.announcer import Announced
from backend.core.server.identity import server_identity

if TYPE_CHECKING:
    from backend.core.platform import Platform

log = structlog.get_logger("homie.discovery")


def should_announce(host: str, *, wanted: bool) -> bool:
    """Tell whether announcing makes sense: nobody in the network reaches a hub that listens on loopback."""
    return wanted and not is_loopback_host(host)


class Discovery:
    """Hold the announcing process of a server."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, interfaces: list[str] | None = None) -> bool:
        """Begin to announce if it is wanted; returns whether it is. `interfaces`: only these addresses (tests)."""
        settings = self._platform.settings
        if not should_announce(settings.host, wanted=settings.discovery):
            return False
        who = server_identity(self._platform)
        what = Announced(who.id, who.name, who.version, self._platform.port or settings.port)
        given = asdict(what) | ({"interfaces": interfaces} if interfaces else {})
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "backend.core.server.announcer"], stdin=subprocess.PIPE
            )
            pipe = self._pipe()
            pipe.write(json.dumps(given).encode() + b"\n")
            pipe.flush()
        except OSError:
            log.warning("the hub cannot be announced in the local network", exc_info=True)
            return False
        self._platform.announced = True
        return True

    def stop(self) -> None:
        """Say goodbye to the network and end the process."""
        process, self._process = self._process, None
        self._platform.announced = False
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(3)

    def _pipe(self) -> IO[bytes]:
        assert self._process is not None
        assert self._process.stdin is not None
        return self._process.stdin
