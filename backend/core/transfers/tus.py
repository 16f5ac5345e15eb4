"""The tus 1.0.0 protocol (https://tus.io/protocols/resumable-upload): core, creation, creation-with-upload, expiration,
checksum and termination.

Two doors lead here: `/api/v1/transfers/uploads` for clients with a token (`api.py`), and `/transfers/u/<ticket>` for
the upload page (`site.py`), which may send into one folder only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response
from werkzeug.http import http_date

from backend.core.transfers.errors import ProtocolRefused, UploadRefused
from backend.core.transfers.models import FINISHED
from backend.core.transfers.names import clean_name, split_relative
from backend.core.transfers.upload_store import Upload, Wanted
from backend.core.transfers.uploads import Incoming, Uploads
from backend.sdk.actor import Actor
from backend.sdk.errors import HomieError, InvalidInput
from backend.sdk.files import encode_path
from backend.sdk.http import SECURITY_HEADERS, ErrorJson

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
ALGORITHMS = ("sha1", "sha256")
PART_TYPE = "application/offset+octet-stream"
CAPABILITIES = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Tus-Extension": EXTENSIONS,
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}
SAVED_AS = "X-Homie-Saved-As"
MOST_BYTES = 1 << 50
_MOST_METADATA = 16_384
Environ = dict[str, Any]
Folder = Callable[[Mapping[str, str]], tuple[str, str]]
"""From the metadata to (volume id, folder in its text form) that the client may and wants to send to."""


def capabilities() -> Response:
    """Answer OPTIONS: what this server speaks."""
    answer = _answer(204)
    for name, value in CAPABILITIES.items():
        answer.headers[name] = value
    return answer


def answered(environ: Environ, work: Callable[[], Response]) -> Response:
    """Run one request of the protocol; its failures carry the header of the protocol too."""
    try:
        if environ.get("HTTP_TUS_RESUMABLE") != VERSION:
            raise ProtocolRefused()
        return work()
    except HomieError as error:
        answer = _answer(error.status)
        answer.set_data(ErrorJson.dump(error, str(environ.get("homie.request_id", ""))))
        answer.content_type = "application/json"
        if error.retry_after is not None:
            answer.headers["Retry-After"] = str(max(1, int(error.retry_after + 0.999)))
        if isinstance(error, ProtocolRefused):
            answer.headers["Tus-Version"] = VERSION
        return answer


class TusDoor:
    """Answer the requests of one person, who may send into the folders that `folder_of` allows."""

    def __init__(self, uploads: Uploads, actor: Actor, environ: Environ, base: str) -> None:
        self._uploads = uploads
        self._actor = actor
        self._environ = environ
        self._base = base

    def create(self, folder_of: Folder) -> Response:
        """POST: begin an upload; a body is its first part."""
        size = _number(self._environ, "HTTP_UPLOAD_LENGTH", "Upload-Length")
        given = read_metadata(self._environ.get("HTTP_UPLOAD_METADATA", ""))
        subfolder, name = _name(given)
        volume_id, folder = folder_of(given)
        wanted = Wanted(volume_id, folder, encode_path(subfolder), name, size, _modified(given))
        with_part = self._environ.get("CONTENT_TYPE") == PART_TYPE
        if not with_part and _length(self._environ):
            raise UploadRefused("Content-Type", "The body is no part of a file.", f"Send it as {PART_TYPE}.")
        upload = self._uploads.create(self._actor, wanted)
        if with_part and upload.state != FINISHED:
            upload = self._receive(upload.id, 0)
        answer = standing(upload, 201)
        answer.headers["Location"] = f"{self._base}/{upload.id}"
        return answer

    def look(self, upload_id: str) -> Response:
        """HEAD: say how far an upload came; a connection that still sends it is ended."""
        upload = self._uploads.show(self._actor, upload_id, take_over=True)
        answer = standing(upload, 200)
        answer.headers["Upload-Length"] = str(upload.size)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def patch(self, upload_id: str) -> Response:
        """PATCH: take in one part."""
        if self._environ.get("CONTENT_TYPE") != PART_TYPE:
            raise UnsupportedPart()
        offset = _number(self._environ, "HTTP_UPLOAD_OFFSET", "Upload-Offset")
        return standing(self._receive(upload_id, offset), 204)

    def delete(self, upload_id: str) -> Response:
        """DELETE: give an upload up."""
        self._uploads.remove(self._actor, upload_id)
        return _answer(204)

    def _receive(self, upload_id: str, offset: int) -> Upload:
        digest, expected = _checksum(self._environ.get("HTTP_UPLOAD_CHECKSUM"))
        source = self._environ["wsgi.input"]
        incoming = Incoming(source.read, self._environ.get("homie.connection"), digest, expected)
        return self._uploads.receive(self._actor, upload_id, offset, incoming)


class UnsupportedPart(HomieError):
    """A part of a file has another media type than the protocol says."""

    code, status, message = "unsupported_media_type", 415, f"Send parts of a file as {PART_TYPE}."


def standing(upload: Upload, status: int) -> Response:
    """Return an answer that says how an upload stands."""
    answer = _answer(status)
    answer.headers["Upload-Offset"] = str(upload.received)
    answer.headers["Upload-Expires"] = http_date(upload.expires_at)
    if upload.path is not None:
        answer.headers[SAVED_AS] = quote(upload.path.rpartition("/")[2])
    return answer


def read_metadata(header: str) -> dict[str, str]:
    """Return the metadata of an upload (`name base64,...`); raises `UploadRefused` for anything else."""
    found: dict[str, str] = {}
    refused = UploadRefused("Upload-Metadata", "It cannot be read.", "Send names with values in base64 of UTF-8.")
    if len(header) > _MOST_METADATA:
        raise refused
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (ValueError, binascii.Error):
            raise refused from None
    return found


def _name(given: Mapping[str, str]) -> tuple[str, str]:
    if relative := given.get("relativePath"):
        return split_relative(relative)
    if not given.get("filename"):
        raise UploadRefused("Upload-Metadata", "The file has no name.", "Send `filename`.")
    return "", clean_name(given["filename"])


def _modified(given: Mapping[str, str]) -> int | None:
    """Return the file's own time in ns; one that makes no sense is left out (before 1980 or after 2200)."""
    text = given.get("lastModified", "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        return None
    stamp = int(text)
    sensible = datetime(1980, 1, 1).timestamp() <= stamp / 1000 <= datetime(2200, 1, 1).timestamp()
    return stamp * 1_000_000 if sensible else None


def _number(environ: Environ, key: str, header: str) -> int:
    text = environ.get(key, "")
    if not text.isascii() or not text.isdigit() or len(text) > 16 or int(text) > MOST_BYTES:
        raise UploadRefused(header, "A whole number of bytes is needed.", f"Send {header}.")
    return int(text)


def _length(environ: Environ) -> bool:
    """Tell whether the request has a body."""
    return environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def _checksum(header: str | None) -> tuple[Any, bytes]:
    if header is None:
        return None, b""
    name, _, value = header.partition(" ")
    try:
        expected = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        expected = b""
    if name not in ALGORITHMS or not expected:
        raise UploadRefused("Upload-Checksum", "It cannot be read.", f"Send one of {', '.join(ALGORITHMS)}.")
    return hashlib.new(name, usedforsecurity=False), expected


def _answer(status: int) -> Response:
    answer = Response(status=status)
    for name, value in SECURITY_HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers["Tus-Resumable"] = VERSION
    answer.headers.pop("Content-Type", None)
    return answer


def folder_needed(problem: str) -> InvalidInput:
    """Return the refusal of an upload that does not say where to."""
    from backend.sdk.errors import FieldProblem

    return InvalidInput(fields=[FieldProblem("Upload-Metadata.folder", problem, "Send the full path of a folder.")])
