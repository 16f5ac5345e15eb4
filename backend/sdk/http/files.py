"""Send files: ranges, conditional requests, and never as something a browser would run."""

from __future__ import annotations

from pathlib import Path

import flask
from flask import Response

from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import NotFound

INLINE_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
    }
    | {"audio/ogg", "audio/flac", "audio/mp4", "text/plain"}
)


def send_file(
    path: Path, *, media_type: str = "application/octet-stream", name: str | None = None, inline: bool = False
) -> Response:
    """Return a file as the answer, with Range, ETag and If-Range; `os.sendfile` carries it where possible.

    `path` must come from `OwnerRoots` or from the platform, never from a request. Only a few media types are shown
    inline; everything else, HTML and SVG above all, is an attachment. Raises `NotFound` when it is no regular file.
    """
    if not run_blocking(path.is_file):
        raise NotFound("This file does not exist.")
    shown = inline and media_type in INLINE_TYPES
    response = flask.send_file(
        path.absolute(),
        mimetype=media_type,
        as_attachment=not shown,
        download_name=_plain_name(name or path.name),
        conditional=True,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _plain_name(name: str) -> str:
    """Return a name that a header can carry: no control characters, no undecodable bytes, no folders."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("/", "_").replace("\\", "_")
    return "".join(character if character.isprintable() else "_" for character in text) or "file"
