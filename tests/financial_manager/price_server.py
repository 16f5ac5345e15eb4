"""A server that publishes prices, for tests: as JSON and CSV of several feeds, or failing in a way of the internet."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class PriceServer:
    """What is answered, and what was asked. `answers`: path without query -> body; `status`: of every answer."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.status = 200
        self.location = ""
        self.asked: list[str] = []
        self.address = ""


@contextmanager
def publishing() -> Iterator[PriceServer]:
    """Run the server."""
    found = PriceServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            body = found.answers.get(self.path.partition("?")[0])
            self.send_response(found.status if body is not None else 404)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            try:
                self.wfile.write(body or b"")
            except OSError:
                pass  # the asker had enough

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
