"""A server that publishes prices, for tests: as JSON and CSV of several feeds, or failing in a way of the internet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.local_server import QuietHandler, listening


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

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            body = found.answers.get(self.path.partition("?")[0])
            more = {"Location": found.location} if found.location else {}
            self.reply(found.status if body is not None else 404, body or b"", **more)

    with listening(Handler) as address:
        found.address = address
        yield found
