"""The front is kept alive, also through moments in which nothing can be started."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from backend.core.front_process import FrontProcess
from backend.core.settings import HomieSettings
from tests.core.runtime.conftest import eventually


class CountedFront(FrontProcess):
    """Count how often it was tried to start the front."""

    tries = 0

    def _begin(self) -> None:
        self.tries += 1
        super()._begin()


def test_a_front_that_cannot_be_started_for_a_moment_is_tried_again(tmp_path: Path) -> None:
    """A start that fails (no files, no memory) does not end the watch over the front; the next one may work."""
    program, aside = tmp_path / "front", tmp_path / "aside"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o700)
    listener = socket.create_server(("127.0.0.1", 0))
    front = CountedFront(HomieSettings(data_dir=tmp_path), listener, command=[str(program)])
    front.start()
    try:
        first = front.process
        assert first is not None
        program.rename(aside)
        first.send_signal(signal.SIGKILL)
        eventually(lambda: front.tries >= 3)
        aside.rename(program)
        eventually(lambda: front.process is not first and front.process is not None and front.process.poll() is None)
    finally:
        front.stop()
