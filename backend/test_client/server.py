"""Serve the test client: a page for several users side by side, for developers.

It is a page and nothing more: it talks to the hub straight from the browser, so the hub must allow the page's origin
(`HOMIE_CORS_ORIGINS`). Run it with `python -m backend.test_client.server --hub http://127.0.0.1:8321`.
"""

from __future__ import annotations

import argparse
import json
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/index.html": ("index.html", "text/html; charset=utf-8"),
    "/app.js": ("app.js", "text/javascript; charset=utf-8"),
    "/style.css": ("style.css", "text/css; charset=utf-8"),
    "/vendor/socket.io.min.js": ("vendor/socket.io.min.js", "text/javascript; charset=utf-8"),
}


class TestClientHandler(SimpleHTTPRequestHandler):
    """Serve the page's few files by exact name, and `/hub.json`, which says where the hub is."""

    hub = "http://127.0.0.1:8321"

    def do_GET(self) -> None:
        """Answer one file or 404; there is no path to climb, because names are looked up, not opened."""
        path = urlsplit(self.path).path
        if path == "/hub.json":
            self._answer(json.dumps({"hub": self.hub}).encode(), "application/json")
        elif path in _FILES:
            name, media_type = _FILES[path]
            self._answer((HERE / name).read_bytes(), media_type)
        else:
            self.send_error(404)

    do_HEAD = do_GET

    def _answer(self, body: bytes, media_type: str) -> None:
        socket_origin = self.hub.replace("http", "ws", 1)
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; frame-ancestors 'none'; "
            f"connect-src 'self' {self.hub} {socket_origin}",
        )
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: requests of a developer's page are not worth a log."""


def serve(hub: str, host: str, port: int) -> ThreadingHTTPServer:
    """Return a listening server for `hub` (its origin, such as `http://127.0.0.1:8321`); call `serve_forever`."""
    parts = urlsplit(hub)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"hub: {hub!r} is not an address such as http://127.0.0.1:8321")
    handler = type("Handler", (TestClientHandler,), {"hub": f"{parts.scheme}://{parts.netloc}"})
    return ThreadingHTTPServer((host, port), handler)


def main() -> None:
    """Serve until Ctrl+C."""
    parser = argparse.ArgumentParser(description="Serve Homie's test client.")
    parser.add_argument("--hub", default="http://127.0.0.1:8321", help="the hub's address")
    parser.add_argument("--host", default="127.0.0.1", help="where to serve the page (default: this machine only)")
    parser.add_argument("--port", type=int, default=8322, help="port of the page (default: 8322)")
    arguments = parser.parse_args()
    try:
        server = serve(arguments.hub, arguments.host, arguments.port)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    origin = f"http://{arguments.host}:{server.server_port}"
    print(f"Test client: {origin}")
    print(f"Start the hub with HOMIE_CORS_ORIGINS='[\"{origin}\"]' so that it answers this page. Ctrl+C stops.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
