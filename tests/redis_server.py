"""A private Redis for one test session.

    from tests.redis_server import redis_server   # in a conftest.py, to have the fixture

Debian's binary is used as it is; the server listens on 127.0.0.1 with a free port and a password, keeps nothing on
disk and is stopped at the end. Without Redis the tests are skipped, and fail instead when HOMIE_TEST_REQUIRE_REDIS is
set (as in CI).
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

PATIENCE = 30.0


class RedisServer:
    """Run one server; `url` says how to reach it, `flush` empties it."""

    def __init__(self, binary: str) -> None:
        self._binary = binary
        self._folder = Path(tempfile.mkdtemp(prefix="homie-redis-", dir="/tmp"))
        self._password = secrets.token_hex(12)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and return when it answers."""
        config = self._folder / "redis.conf"
        config.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\ndir {self._folder}\n"
            'save ""\nappendonly no\ndaemonize no\n'
        )
        self._process = subprocess.Popen([self._binary, str(config)], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.flush()
                return
            except redis.exceptions.ConnectionError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def stop(self) -> None:
        """Stop the server; `start` begins an empty one at the same address."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def running_redis() -> Iterator[RedisServer]:
    binary = shutil.which("redis-server") or "/usr/bin/redis-server"
    if not os.access(binary, os.X_OK):
        if os.environ.get("HOMIE_TEST_REQUIRE_REDIS"):
            pytest.fail("redis-server is not installed (apt-get install redis-server)")
        pytest.skip("redis-server is not installed")
    server = RedisServer(binary)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def redis_server(running_redis: RedisServer) -> RedisServer:
    """An empty Redis."""
    running_redis.flush()
    return running_redis
