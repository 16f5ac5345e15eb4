"""Answers that carry a file: the whole one, a range (RFC 9110, section 14), or nothing because it is known already."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO, cast

from flask import Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

from backend.core.transfers.media import UNKNOWN, disposition, media_type, policy_for
from backend.core.transfers.sources import Source
from backend.sdk.errors import HomieError

Environ = dict[str, Any]


class RangeNotSatisfiable(HomieError):
    """The file is shorter than the range that was asked for, or several ranges were asked for at once."""

    code, status, message = "range_not_satisfiable", 416, "The file has no such range."

    def __init__(self, length: int) -> None:
        super().__init__()
        self.headers = {"Content-Range": f"bytes */{length}", "Accept-Ranges": "bytes"}


def file_answer(environ: Environ, source: Source, *, shown: bool) -> Response:
    """Return the answer with an open file, which it closes when it is sent; `shown` inline where that is harmless.

    The kernel sends it (`http_handler.py`), so a film of any size costs no memory. Raises `RangeNotSatisfiable`.
    """
    kind = media_type(source.name)
    shown = shown and kind != UNKNOWN
    size = source.stat.st_size
    answer = Response(wrap_file(environ, cast(BinaryIO, source.file)), content_type=kind, direct_passthrough=True)
    answer.content_length = size
    answer.headers["Content-Disposition"] = disposition(source.name, shown=shown)
    answer.headers["Content-Security-Policy"] = policy_for(kind)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Last-Modified"] = http_date(source.stat.st_mtime)
    answer.set_etag(hashlib.blake2b(source.seen.encode(), digest_size=12).hexdigest())
    try:
        answer.make_conditional(environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        source.close()
        raise RangeNotSatisfiable(size) from None
    except BaseException:
        source.close()
        raise
    if environ["REQUEST_METHOD"] == "HEAD" or answer.status_code == 304:
        source.close()  # nothing of it will be read, so nobody else would
    return answer
