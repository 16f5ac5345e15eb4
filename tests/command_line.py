"""The command line as a person uses it: each command in a process and on a data directory of its own.

Nearly all the time of a short command goes into importing Homie. So one process imports it and waits; each command is a
fork of it, with the environment, folder, memory, output and exit code of its own. `tests/cli` starts it from nothing.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0
"""How long (seconds) a command may take."""
READY = (
    "backend.core.platform",
    "backend.file_organizer.file_organizer_app",
    "backend.financial_manager.financial_manager_app",
)


class ReadyCommandLine:
    """A process that has imported Homie, and runs each command in a fork."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def run(self, arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run `homie <arguments>`; raises `subprocess.TimeoutExpired`."""
        with tempfile.TemporaryDirectory() as scratch:
            out, error = Path(scratch) / "out", Path(scratch) / "error"
            order = {"arguments": arguments, "environment": environment, "out": str(out), "error": str(error)}
            code = self._ask(json.dumps(order))
            return subprocess.CompletedProcess(arguments, code, _text(out), _text(error))

    def close(self) -> None:
        """End the process, with what it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    def _ask(self, order: str) -> int:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], PATIENCE)[0]:
            self.close()
            raise subprocess.TimeoutExpired(order, PATIENCE)
        answer = process.stdout.readline()
        if not answer:
            self.close()
            raise RuntimeError("the process that runs commands has ended")
        return int(answer)

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.command_line"],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
            )  # fmt: skip
        return self._process


_ready = ReadyCommandLine()
atexit.register(_ready.close)


def homie(tmp_path: Path, *arguments: str | Path, expect: int = 0) -> str:
    """Run a command on the data below `tmp_path` and return what it printed."""
    environment = os.environ | {"HOMIE_DATA_DIR": str(tmp_path / "data")}
    done = _ready.run([str(argument) for argument in arguments], environment)
    assert done.returncode == expect, (done.stdout, done.stderr)
    return done.stdout if expect == 0 else done.stdout + done.stderr


def homie_json(tmp_path: Path, *arguments: str | Path, expect: int = 0) -> Any:
    """Run a command and return the JSON that it printed."""
    return json.loads(homie(tmp_path, *arguments, "--json", expect=expect))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _serve() -> None:
    """Import Homie, then fork for each line of orders; answer each with the exit code."""
    import backend.cli

    for name in (*READY, *(f"backend.cli.{one.name}" for one in pkgutil.iter_modules(backend.cli.__path__))):
        if not name.endswith("__main__"):
            import_module(name)
    gc.freeze()
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            _become(json.loads(line))
            backend.cli.main()
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(order: dict[str, Any]) -> None:
    """Take over what the order says, as if started with it."""
    for fd, path, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["out"], os.O_WRONLY | os.O_CREAT),
        (2, order["error"], os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, how, 0o600)
        os.dup2(opened, fd)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    sys.argv = ["homie", *order["arguments"]]


if __name__ == "__main__":
    _serve()
