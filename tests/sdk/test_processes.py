"""When a process began: the same each time, another for another process, none for one that ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.sdk import processes
from backend.sdk.processes import began


def child() -> subprocess.Popen[bytes]:
    """Start a process that waits until its input ends."""
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


@pytest.mark.parametrize("kernel_tells", [True, False])
def test_a_process_is_known_again_and_gone_when_it_ended(monkeypatch: pytest.MonkeyPatch, kernel_tells: bool) -> None:
    """Also while nobody has asked what it ended with, and where only the time of day is told."""
    if not kernel_tells:
        monkeypatch.setattr(processes, "_PROCESSES", Path("/nowhere"))
    time.sleep(0.05)
    one = child()
    first = began(one.pid)
    assert first is not None
    assert first == began(one.pid) != began(os.getpid())
    one.kill()
    deadline = time.monotonic() + 10
    while began(one.pid) is not None and time.monotonic() < deadline:
        time.sleep(0.01)  # it is a zombie now: nobody has waited for it
    assert began(one.pid) is None
    one.wait()
    assert one.stdin is not None
    one.stdin.close()
    assert began(one.pid) is None
