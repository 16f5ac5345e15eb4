"""Tokens for browsers: cookies that scripts cannot read, that are not sent from other sites, and that TLS protects.

The access cookie goes with every request, so every change also needs `X-Homie-CSRF` (the dispatcher checks it). The
refresh cookie is sent to one address only.
"""

from __future__ import annotations

from flask import Response, request
from pydantic import BaseModel

from backend.core.accounts.tokens import TokenPair
from backend.sdk.http import SESSION_COOKIE

REFRESH_COOKIE = "homie_refresh"
CSRF_HEADER = "X-Homie-CSRF"
REFRESH_PATH = "/api/v1/accounts/refresh"


def with_cookies(body: BaseModel, pair: TokenPair, *, status: int, secure: bool) -> Response:
    """Return the answer with both tokens as cookies."""
    response = Response(body.model_dump_json(), status, mimetype="application/json")
    _set(response, SESSION_COOKIE, pair.access, pair.access_seconds, "/", secure)
    _set(response, REFRESH_COOKIE, pair.refresh, pair.refresh_seconds, REFRESH_PATH, secure)
    return response


def without_cookies(*, secure: bool) -> Response:
    """Return an empty answer that takes both cookies away."""
    response = Response(status=204)
    _set(response, SESSION_COOKIE, "", 0, "/", secure)
    _set(response, REFRESH_COOKIE, "", 0, REFRESH_PATH, secure)
    return response


def refresh_cookie() -> str | None:
    """Return the refresh token that the browser sent, or None."""
    return request.cookies.get(REFRESH_COOKIE)


def came_from_another_site() -> bool:
    """Tell whether the browser says that another site caused this request (Fetch Metadata, W3C)."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _set(response: Response, name: str, value: str, seconds: int, path: str, secure: bool) -> None:
    response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, secure=secure, samesite="Strict")
