"""What opens without logging in, by a ticket in the address: a WSGI application for everything below `/transfers/`.

/transfers/d/<ticket>/<name>       a file or a folder (GET, HEAD)
/transfers/p/<ticket>?w=384        a small picture (GET, HEAD)
/transfers/upload/<ticket>         the upload page
/transfers/u/<ticket>[/<id>]       the uploads of that page (tus)
/transfers/page/<file>             style and script of the page
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import structlog
from flask import Response
from werkzeug.wsgi import wrap_file

from backend.core.transfers import tus
from backend.core.transfers.errors import LinkNotValid, UploadNotKnown
from backend.core.transfers.media import disposition, policy_for
from backend.core.transfers.service import Transfers
from backend.core.transfers.serving import file_answer
from backend.core.transfers.sources import Source
from backend.core.transfers.tickets import FILE, FOLDER, UPLOAD, Ticket
from backend.core.transfers.upload_page import UploadPage
from backend.core.transfers.zips import zipped
from backend.sdk.actor import Actor
from backend.sdk.errors import HomieError, InternalError, NotFound, RateLimited
from backend.sdk.http import SECURITY_HEADERS, ErrorJson, HttpServices

Environ = dict[str, Any]
PREFIX = "/transfers/"
TICKET_LIMIT = "3000/minute"
"""Per person: players ask for many ranges, pages for many pictures, fast uploads have many parts."""
GUESS_LIMIT = "60/minute"
"""Per address: tickets that open nothing."""
READS = ("GET", "HEAD")

log = structlog.get_logger("homie.transfers")


class MethodNotHere(HomieError):
    """The address exists, but not for this method."""

    code, status, message = "method_not_allowed", 405, "This address does not accept this method."


class TransfersSite:
    """Answer requests that carry a ticket instead of a log-in."""

    def __init__(self, transfers: Transfers) -> None:
        self._transfers = transfers
        self._page = UploadPage()
        self._routes: dict[str, Callable[[Environ, list[str]], Response]] = {
            "d": self._download,
            "p": self._picture,
            "u": self._upload,
            "upload": self._upload_page,
            "page": self._asset,
        }

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        answer = self._answer(environ)
        for name, value in SECURITY_HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("X-Request-Id", str(environ.get("homie.request_id", "")))
        if environ.get("wsgi.url_scheme") == "https":
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return answer(environ, start_response)

    def _answer(self, environ: Environ) -> Response:
        kind, *rest = environ["PATH_INFO"].removeprefix(PREFIX).split("/")
        try:
            route = self._routes.get(kind)
            if route is None or not rest or not rest[0]:
                raise NotFound("There is nothing at this address.")
            return route(environ, rest)
        except HomieError as error:
            return self._failed(environ, error)
        except Exception:
            log.exception("a transfer failed")
            return self._failed(environ, InternalError())

    def _failed(self, environ: Environ, error: HomieError) -> Response:
        """Return an error: as a page to people who opened a link in a browser, else in the one shape."""
        wants_page = "text/html" in environ.get("HTTP_ACCEPT", "") and environ["REQUEST_METHOD"] in READS
        if wants_page:
            return self._page.problem(environ, error)
        body = ErrorJson.dump(error, str(environ.get("homie.request_id", "")))
        answer = Response(body, status=error.status, content_type="application/json")
        for name, value in getattr(error, "headers", {}).items():
            answer.headers[name] = value
        if error.retry_after is not None:
            answer.headers["Retry-After"] = str(max(1, int(error.retry_after + 0.999)))
        return answer

    # ------------------------------------------------------------------ who

    def _holder(self, environ: Environ, text: str, *kinds: str) -> tuple[Ticket, Actor]:
        """Return ticket and person; guesses are counted per address, everything else per person."""
        try:
            ticket, actor = self._transfers.holder(text, *kinds)
        except LinkNotValid:
            self._take(environ, f"ticket guess|{environ.get('homie.limit_key', '')}", GUESS_LIMIT)
            raise
        self._take(environ, f"ticket|{actor.user_id}", TICKET_LIMIT)
        return ticket, actor

    @staticmethod
    def _take(environ: Environ, key: str, limit: str) -> None:
        services: HttpServices | None = environ.get("homie.http")
        if services is not None and services.limiter is not None:
            wait = services.limiter.take(key, limit)
            if wait > 0:
                raise RateLimited(retry_after=wait)

    # ------------------------------------------------------------------ out

    def _download(self, environ: Environ, rest: list[str]) -> Response:
        if environ["REQUEST_METHOD"] not in READS:
            raise MethodNotHere()
        ticket, actor = self._holder(environ, rest[0], FILE, FOLDER)
        source = self._transfers.open(ticket, actor)
        if source.is_folder:
            return self._zip(environ, source)
        return file_answer(environ, source, shown=ticket.shown)

    def _zip(self, environ: Environ, source: Source) -> Response:
        name = f"{source.name}.zip"
        blocks: Iterable[bytes] = _Hopping(self._transfers, source)
        if environ["REQUEST_METHOD"] == "HEAD":
            source.close()
            blocks = ()
        answer = Response(blocks, content_type="application/zip", direct_passthrough=True)
        answer.headers["Content-Disposition"] = disposition(name, shown=False)
        answer.headers["Content-Security-Policy"] = policy_for("application/zip")
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    def _picture(self, environ: Environ, rest: list[str]) -> Response:
        if environ["REQUEST_METHOD"] not in READS:
            raise MethodNotHere()
        ticket, actor = self._holder(environ, rest[0], FILE)
        owner = self._transfers.owner_of(actor, ticket.volume_id)
        source = self._transfers.open(ticket, actor)
        try:
            path, kind = self._transfers.pictures.show(owner, source, _width(environ))
        finally:
            source.close()
        file = self._transfers.pool.run(path.open, "rb")
        answer = Response(wrap_file(environ, file), content_type=kind, direct_passthrough=True)
        answer.content_length = path.stat().st_size
        answer.headers["Content-Security-Policy"] = policy_for(kind)
        answer.headers["Content-Disposition"] = "inline"
        # The address names one content: whoever has it need not ask again while the ticket lasts.
        answer.headers["Cache-Control"] = "private, max-age=3600, immutable"
        answer.set_etag(path.stem)
        answer.make_conditional(environ)
        if environ["REQUEST_METHOD"] == "HEAD" or answer.status_code == 304:
            file.close()
        return answer

    # ------------------------------------------------------------------ in

    def _upload(self, environ: Environ, rest: list[str]) -> Response:
        method: str = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return tus.capabilities()
        ticket, actor = self._holder(environ, rest[0], UPLOAD)
        actor = actor.acting_in(self._transfers.owner_of(actor, ticket.volume_id))
        base = f"{PREFIX}u/{rest[0]}"
        door = tus.TusDoor(self._transfers.uploads, actor, environ, base)
        # Some networks let nothing but GET and POST through (tus, X-HTTP-Method-Override).
        method = str(environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", method)) if method == "POST" else method
        if len(rest) == 1:
            if method != "POST":
                raise MethodNotHere()
            return tus.answered(environ, lambda: door.create(lambda given: self._target(ticket, actor)))
        if len(rest) != 2:
            raise NotFound("There is nothing at this address.")
        work = {"HEAD": door.look, "PATCH": door.patch, "DELETE": door.delete}.get(method)
        if work is None:
            raise MethodNotHere()
        return tus.answered(environ, lambda: work(self._own(ticket, actor, rest[1])))

    def _target(self, ticket: Ticket, actor: Actor) -> tuple[str, str]:
        """Return where the ticket leads: into its folder, whatever a client asks for."""
        self._transfers.upload_folder(ticket, actor)
        return ticket.volume_id, ticket.path

    def _own(self, ticket: Ticket, actor: Actor, upload_id: str) -> str:
        """Return the id of an upload into the ticket's own folder; others of the same person are as unknown as none."""
        upload = self._transfers.uploads.show(actor, upload_id)
        if (upload.volume_id, upload.folder) != (ticket.volume_id, ticket.path):
            raise UploadNotKnown()
        return upload_id

    def _upload_page(self, environ: Environ, rest: list[str]) -> Response:
        if environ["REQUEST_METHOD"] not in READS:
            raise MethodNotHere()
        ticket, actor = self._holder(environ, rest[0], UPLOAD)
        root = self._transfers.upload_folder(ticket, actor)
        name = ticket.path.rpartition("/")[2] or root.label
        return self._page.show(environ, f"{PREFIX}u/{rest[0]}", name, ticket)

    def _asset(self, environ: Environ, rest: list[str]) -> Response:
        if environ["REQUEST_METHOD"] not in READS:
            raise MethodNotHere()
        return self._page.asset(environ, rest[0])


class _Hopping:
    """Give the blocks of a zip, each made in a native thread, and close everything at the end."""

    def __init__(self, transfers: Transfers, source: Source) -> None:
        self._pool = transfers.pool
        self._source = source
        self._blocks = zipped(source)

    def __iter__(self) -> _Hopping:
        return self

    def __next__(self) -> bytes:
        block = self._pool.run(next, self._blocks, None)
        if block is None:
            raise StopIteration
        return block

    def close(self) -> None:
        """End the zip, also when the client went away in the middle."""
        self._pool.run(self._blocks.close)  # type: ignore[attr-defined]
        self._source.close()


def _width(environ: Environ) -> int:
    text = parse_qs(environ.get("QUERY_STRING", "")).get("w", ["384"])[0]
    return min(int(text), 4096) if text.isascii() and text.isdigit() and len(text) < 6 else 384
