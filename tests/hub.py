"""A real hub for tests and benchmarks: the server process with its workers, on a free port, in its own directory."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FRONT_CACHE = Path(tempfile.gettempdir()) / f"homie-test-front-{os.getuid()}"
"""The engine's compressed files, by content: a new data directory would have each hub make them anew, 13 s of work."""
PATIENCE = 60.0
"""Seconds after which a hub that does not answer is taken for dead; a liveness bound, not a target."""


LATEST: deque[Hub] = deque(maxlen=2)
"""The hubs that were started last, for the report of a test that fails."""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Answer:
    """Hold one HTTP answer; `json` is the parsed body or None."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


@dataclass(eq=False)
class Hub:
    """Start, ask and end one server process. `environment` adds HOMIE_ variables."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    app: bool = False
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.data_dir.parent / f"{self.data_dir.name}.log"

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8", "replace") if self.log_file.exists() else ""

    def start(self) -> Hub:
        """Start the process and return when it answers healthy."""
        skip = ("HOMIE_", "PYTHONDONTWRITEBYTECODE")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(skip)}
        environment |= {
            "HOMIE_DATA_DIR": str(self.data_dir),
            "HOMIE_PORT": str(self.port),
            # The app costs two seconds a start; what tests it asks for it.
            "HOMIE_APP": "true" if self.app else "false",
            **({"HOMIE_FRONT_CACHE": str(FRONT_CACHE)} if self.app else {}),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
            **self.environment,
        }
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        if self not in LATEST:
            LATEST.append(self)
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backend.main"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self.wait_until_healthy()
        return self

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"the hub ended with {self.process.returncode}:\n{self.log[-4000:]}")
            try:
                if self.get("/healthz", timeout=2).status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.03)
        raise AssertionError(f"the hub is not healthy after {PATIENCE} s:\n{self.log[-4000:]}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the process as Ctrl+C does and return its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process = None
        return code

    def kill(self) -> None:
        """End the process without warning (SIGKILL)."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None

    def __enter__(self) -> Hub:
        return self if self.process else self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 30.0,
    ) -> Answer:
        """Send one request on a connection of its own; `body` is sent as JSON unless it is bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Accept": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        data = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, data, sent)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, **options: Any) -> Answer:
        return self.request("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.request("POST", path, body, **options)

    def setup_code(self) -> str:
        """Return the one-time set-up code that the start printed."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := re.search(r"[Ss]et-?up code:?\s+([A-Z0-9][A-Z0-9-]{5,})", self.log):
                return found.group(1)
            time.sleep(0.05)
        raise AssertionError(f"no set-up code was printed:\n{self.log[-2000:]}")

    def set_up(self, name: str = "anna", password: str = "correct horse staple") -> str:
        """Make the first account and return its access token."""
        answer = self.post(
            "/api/v1/accounts/setup",
            {"code": self.setup_code(), "name": name, "password": password, "household": "Home"},
        )
        assert answer.status in (200, 201), answer.body
        return str(answer.json["tokens"]["access_token"])

    def log_in(self, name: str = "anna", password: str = "correct horse staple") -> str:
        """Log in and return an access token."""
        answer = self.post("/api/v1/accounts/login", {"name": name, "password": password})
        assert answer.status in (200, 201), answer.body
        return str(answer.json["tokens"]["access_token"])
