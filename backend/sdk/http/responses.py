"""What leaves: one error shape for everything, and the same security headers on every answer."""

from __future__ import annotations

import math
from typing import Any

import structlog
from flask import Flask, Response, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from backend.sdk.errors import HomieError, InternalError
from backend.sdk.http.context import request_id
from backend.sdk.http.reading import invalid_input

log = structlog.get_logger(__name__)

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_HTTP_CODES = {
    400: ("malformed_request", "The request could not be read."),
    404: ("not_found", "This does not exist."),
    405: ("method_not_allowed", "This address does not accept this method."),
    408: ("request_timeout", "The request took too long to arrive."),
    413: ("payload_too_large", "The request is too large."),
    414: ("address_too_long", "The address is too long."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    416: ("range_not_satisfiable", "The file has no such range."),
}


def error_response(error: HomieError) -> Response:
    """Return the one error body with the headers that belong to its status."""
    body = ErrorJson.dump(error, request_id())
    response = Response(body, status=error.status, mimetype="application/json")
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    return response


class ErrorJson:
    """Write errors as bytes, without Flask, so that the dispatcher speaks the same shape."""

    @staticmethod
    def dump(error: HomieError, request_id: str) -> bytes:
        """Return the JSON body of an error."""
        import json

        return json.dumps(error.as_json(request_id), ensure_ascii=False).encode("utf-8", "replace")


def install(app: Flask) -> None:
    """Give an application the error shape and the headers."""
    app.register_error_handler(Exception, _on_error)
    app.after_request(_add_headers)


def _on_error(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return _from_http(error)
    if isinstance(error, ValidationError):
        # Only reached by a model that a handler validated itself: the caller's input, not ours.
        error = invalid_input(error, "body")
    if isinstance(error, HomieError):
        if error.status >= 500:
            reason = str(error.__cause__ or error.message)
            log.warning("request failed", code=error.code, reason=reason, path=request.path)
        return error_response(error)
    log.error("request crashed", path=request.path, method=request.method, exc_info=error)
    return error_response(InternalError())


def _from_http(error: HTTPException) -> Response:
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    if status in (301, 302, 303, 304, 307, 308):
        plain: Any = error.get_response()
        return Response(plain.get_data(), status, headers=list(plain.headers))
    code, message = _HTTP_CODES.get(status, ("http_error", error.name))
    translated = HomieError(message, code=code)
    translated.status = status
    response = error_response(translated)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("X-Request-Id", request_id())
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
