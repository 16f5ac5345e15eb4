"""A hub at the wire, made to misbehave, and the real front process before it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any

from tests.hub import ROOT, free_port

BLOCK = bytes(1 << 16)
PATIENCE = 60.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandInHub

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def address_string(self) -> str:
        return "unix"

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/healthz":
            self._answer(200, b"{}")
        elif path == "/api/big":
            self.send_response(200)
            self.send_header("Content-Length", query)
            self.end_headers()
            for _ in range(int(query) // len(BLOCK)):
                self.wfile.write(BLOCK)
        elif path == "/api/echo":
            seen = [[name.lower(), value] for name, value in self.headers.items()]
            body = json.dumps({"path": self.path, "headers": seen}).encode()
            hop = {"Connection": "keep-alive, X-Between-Us", "X_Between_Us": "1", "Keep_Alive": "timeout=9"}
            self._answer(200, body, X_For_You="1", **hop)
        elif path == "/api/range":
            self._answer(206, b"cdef", Content_Range="bytes 2-5/10", Seen_Range=self.headers.get("Range", ""))
        elif path == "/api/same":
            self._answer(304, b"", ETag='"x"')
        elif path == "/api/half":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"0123456789")
            self.wfile.flush()
            self.close_connection = True
        elif path == "/api/endless":
            self._endless()
        else:
            self._answer(404, b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.server.asked.set()
        got = 0
        try:
            if self.headers.get("Transfer-Encoding") == "chunked":
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    got += len(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
            else:
                left = int(self.headers.get("Content-Length", 0))
                while left and (chunk := self.rfile.read(min(left, 1 << 16))):
                    got += len(chunk)
                    left -= len(chunk)
                if left:
                    raise ConnectionError
        except (ValueError, OSError):
            self.server.left.set()
            self.close_connection = True
            return
        self._answer(200, json.dumps({"bytes": got}).encode())

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.server.sent = 0
        try:
            while not self.server.ending:
                self.wfile.write(b"10000\r\n" + BLOCK + b"\r\n")
                self.server.sent += len(BLOCK)
        except OSError:
            self.server.left.set()
        self.close_connection = True


class StandInHub(ThreadingMixIn, UnixStreamServer):
    """Answer on a Unix socket as the hub does. `left` is set when a client was seen to leave in the middle."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), _Handler)
        self.left = threading.Event()
        self.asked = threading.Event()
        self.ending = False
        self.sent = 0
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, _ = super().get_request()
        return connection, ("unix", 0)

    def end(self) -> None:
        self.ending = True
        self.shutdown()
        self.server_close()


class Front:
    """The real front process, started as the hub starts it."""

    def __init__(self, folder: Path, ready: str = "/healthz", **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.hub: StandInHub | None = StandInHub(folder / "web.sock")
        listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMIE_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        given = {
            "HOMIE_DATA_DIR": str(folder),
            "HOMIE_FRONT_HOST": "127.0.0.1",
            "HOMIE_FRONT_PORT": str(self.port),
            "HOMIE_FRONT_SOCKET": str(listener.fileno()),
            "HOMIE_HUB_SOCKET": str(folder / "web.sock"),
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "frontend.server"],
            env={**kept, **given, **environment},
            cwd=ROOT,
            pass_fds=(listener.fileno(),),
        )
        listener.close()
        deadline = time.monotonic() + PATIENCE
        while self.ask("GET", ready)[0] != 200:
            assert time.monotonic() < deadline

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Send one request; return status, headers (small letters) and body."""
        connection = self.connect()
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    @property
    def peak_memory(self) -> int:
        """Return the most memory that the process ever held, bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmHWM")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        if self.hub is not None:
            self.hub.end()
