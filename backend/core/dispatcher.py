"""From a request to the application that answers it: identity, origin, limits, then the module by its prefix.

    /healthz  /metrics  /            answered here
    /openapi.json                    every API of this process in one document
    /api/v1/<module>/...             the module's own WSGI application, started on first use
    /api/v1/...                      the API of core
    /transfers/...                   what opens by a ticket in its address (`transfers/site.py`)

Everything behind reads the caller from the WSGI environment (`backend/sdk/http/context.py`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol

import structlog

from backend.core.client_address import UNIX_PEER, ClientAddress, is_local_host, is_loopback, limit_key, same_origin
from backend.core.metrics import CONTENT_TYPE, Metrics
from backend.core.settings import HomieSettings
from backend.core.status_page import STATUS_PAGE_POLICY, status_page
from backend.core.transfers import tus
from backend.sdk.actor import Actor
from backend.sdk.errors import HomieError, InternalError, NotAllowed, NotAuthenticated, NotFound, RateLimited
from backend.sdk.http import SECURITY_HEADERS, SESSION_COOKIE, Api, ErrorJson, HttpServices, merge_documents
from backend.sdk.ids import NewId

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

API = "/api/v1/"
TRANSFERS = "/transfers/"
UPLOADS = "/api/v1/transfers/uploads"
CSRF_HEADER = "HTTP_X_HOMIE_CSRF"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
ALLOWED_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, X-Homie-Space, X-Homie-CSRF, "
    "Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset, Upload-Checksum"
)
EXPOSED_HEADERS = (
    "X-Request-Id, Retry-After, Idempotency-Replayed, Content-Disposition, ETag, "
    "Location, Tus-Resumable, Tus-Version, Upload-Offset, Upload-Length, Upload-Expires, X-Homie-Saved-As"
)

log = structlog.get_logger("homie.http")


class OriginRefused(NotAllowed):
    """A page of a foreign origin asked for a change."""

    code = "origin_refused"
    message = "This web page may not talk to Homie. Its address can be allowed in HOMIE_CORS_ORIGINS."


class Gate(Protocol):
    """Tell who a token belongs to (`core/accounts`)."""

    def authenticate(self, token: str, ip: str = "", user_agent: str = "") -> tuple[Actor, str]:
        """Return the actor and the session id; raises `NotAuthenticated`."""
        ...

    def has_sudo(self, session_id: str) -> bool:
        """Tell whether the session proved its password lately."""
        ...

    def check_csrf(self, session_id: str, given: str | None) -> bool:
        """Tell whether a header value proves that our own page made the request."""
        ...


class Modules(Protocol):
    """Give the applications of modules (`AppManager`)."""

    def knows(self, module_id: str) -> bool:
        """Tell whether such a module is installed here."""
        ...

    def wsgi(self, module_id: str) -> WsgiApp:
        """Return the module's application, started on first use; raises when it cannot be used."""
        ...

    def documents(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the OpenAPI documents of all modules that can be started."""
        ...


class Dispatcher:
    """Be the WSGI application of the hub."""

    def __init__(
        self,
        settings: HomieSettings,
        core: Api,
        modules: Modules,
        gate: Gate,
        services: HttpServices,
        metrics: Metrics,
        *,
        new_id: NewId,
        needs_setup: Callable[[], bool],
        check: Callable[[], None],
        version: str,
        transfers: WsgiApp | None = None,
    ) -> None:
        self._settings = settings
        self._core = core
        self._modules = modules
        self._gate = gate
        self._services = services
        self._metrics = metrics
        self._new_id = new_id
        self._needs_setup = needs_setup
        self._check = check
        self._version = version
        self._transfers = transfers
        self._address = ClientAddress(settings.trusted_proxies)
        self._user_limit = f"{settings.requests_per_minute}/minute"
        self._anonymous_limit = f"{settings.anonymous_per_minute}/minute"

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = _Answer(self, environ, start_response)
        self.apply_address(environ)
        environ["homie.http"] = self._services
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=environ["homie.request_id"])
        try:
            return self._route(environ, answer)
        except HomieError as error:
            return answer.error(error)
        except Exception:
            log.exception("a request could not be dispatched", path=environ.get("PATH_INFO"))
            return answer.error(InternalError())

    def apply_address(self, environ: Environ) -> None:
        """Put the client's address and a request id into the environment, once."""
        if "homie.ip" not in environ:
            environ["homie.ip"] = self._address.apply(environ)
            environ["homie.limit_key"] = limit_key(environ["homie.ip"])
            environ["homie.request_id"] = self._new_id()

    def refuse_origin(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a page of a foreign origin."""
        return _Answer(self, environ, start_response).error(OriginRefused())

    def origin_allowed(self, environ: Environ) -> bool:
        """Tell whether the page behind a request may talk to us: none, our own, or one that was configured."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or same_origin(environ) or origin in self._settings.cors_origins:
            return True
        public = (self._settings.public_url or "").rstrip("/")
        return bool(public) and origin == public

    # ------------------------------------------------------------------ routes

    def _route(self, environ: Environ, answer: _Answer) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "GET")
        if not self.origin_allowed(environ) and method not in READS:
            raise OriginRefused()
        if method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            return answer.send("204 No Content", b"", "text/plain")
        if path == "/healthz":
            answer.area = "health"
            return self._health(answer)
        if self._transfers is not None and path.startswith(TRANSFERS):
            # A ticket says who it is and counts for that person: no log-in is looked at, no anonymous limit taken.
            answer.area = "transfers"
            return self._transfers(environ, answer)
        if method == "OPTIONS" and path.startswith(UPLOADS):
            return answer.send("204 No Content", b"", "text/plain", extra=tus.CAPABILITIES)
        self._authenticate(environ, method)
        self._limit(environ)
        if path in ("/openapi.json", "/api/v1/openapi.json"):
            return answer.json(self.openapi())
        if path == "/metrics":
            return self._metrics_text(environ, answer)
        if path == "/":
            page = status_page(self._version, needs_setup=self._needs_setup())
            return answer.send("200 OK", page, "text/html; charset=utf-8", policy=STATUS_PAGE_POLICY)
        if not path.startswith(API):
            raise NotFound("There is nothing at this address.")
        return self._api(path, environ, answer)

    def _api(self, path: str, environ: Environ, answer: _Answer) -> Iterable[bytes]:
        first = path[len(API) :].partition("/")[0]
        if self._modules.knows(first):
            answer.area, app, mount = first, self._modules.wsgi(first), API + first
        else:
            answer.area, app, mount = "core", self._core.wsgi, API.rstrip("/")
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = mount, path[len(mount) :]
        return app(environ, answer)

    def _health(self, answer: _Answer) -> Iterable[bytes]:
        try:
            self._check()
        except Exception:
            log.exception("health check failed")
            return answer.json({"status": "failing"}, status="503 Service Unavailable")
        return answer.json({"status": "ok"})

    def _metrics_text(self, environ: Environ, answer: _Answer) -> Iterable[bytes]:
        actor: Actor | None = environ.get("homie.actor")
        wanted = self._settings.metrics_token
        token = _bearer(environ)
        import hmac

        by_token = bool(wanted and token and hmac.compare_digest(wanted.get_secret_value().encode(), token.encode()))
        # Behind a proxy of this machine everybody looks local, and so does a page whose name leads here (rebinding).
        peer = str(environ.get("REMOTE_ADDR", ""))
        local = is_loopback(environ["homie.ip"]) and (peer == UNIX_PEER or is_loopback(peer))
        local = local and not environ["homie.forwarded"] and not self._settings.trusted_proxies
        if not (by_token or (local and is_local_host(environ)) or (actor and actor.is_admin)):
            raise NotAllowed("Only an admin may see this.") if actor else NotAuthenticated()
        return answer.send("200 OK", self._metrics.text(), CONTENT_TYPE)

    def openapi(self) -> dict[str, Any]:
        """Return one document of everything that this process serves."""
        documents = [("core", self._core.openapi()), *self._modules.documents()]
        return merge_documents("Homie", self._version, documents)

    # ------------------------------------------------------------------ who and how often

    def _authenticate(self, environ: Environ, method: str) -> None:
        token, by_cookie = _bearer(environ), False
        if token is None:
            token = _cookie(environ)
            by_cookie = token is not None
        if token is None:
            return
        if by_cookie and method not in READS and not self._from_own_page(environ):
            raise OriginRefused("A change by cookie must come from Homie's own page.")
        agent = environ.get("HTTP_USER_AGENT", "")
        try:
            actor, session_id = self._gate.authenticate(token, environ["homie.ip"], agent)
        except NotAuthenticated:
            return
        if by_cookie and method not in READS and not self._gate.check_csrf(session_id, environ.get(CSRF_HEADER)):
            raise OriginRefused(
                "A change by cookie needs the header X-Homie-CSRF of this session.", code="csrf_missing"
            )
        environ["homie.actor"], environ["homie.session_id"] = actor, session_id
        environ["homie.sudo"] = lambda: self._gate.has_sudo(session_id)

    def _from_own_page(self, environ: Environ) -> bool:
        """Tell whether a browser says that our own page sent this; a cookie alone proves nothing."""
        if "HTTP_ORIGIN" in environ:
            return self.origin_allowed(environ)
        return bool(environ.get("HTTP_SEC_FETCH_SITE") == "same-origin")

    def _limit(self, environ: Environ) -> None:
        actor: Actor | None = environ.get("homie.actor")
        limiter, ip = self._services.limiter, environ["homie.limit_key"]
        if limiter is None:
            return
        key = f"http|{actor.user_id}|{ip}" if actor else f"http||{ip}"
        wait = limiter.take(key, self._user_limit if actor else self._anonymous_limit)
        if wait > 0:
            raise RateLimited(retry_after=wait)

    # ------------------------------------------------------------------ answers

    def extra_headers(self, environ: Environ) -> list[tuple[str, str]]:
        """Return the CORS headers, for configured origins only."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or origin not in self._settings.cors_origins:
            return []
        headers = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Expose-Headers", EXPOSED_HEADERS),
            ("Vary", "Origin"),
        ]
        if environ.get("REQUEST_METHOD") == "OPTIONS":
            headers += [
                ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
                ("Access-Control-Allow-Headers", ALLOWED_HEADERS),
                ("Access-Control-Max-Age", "600"),
            ]
        return headers

    def note(self, area: str, environ: Environ, status: str, seconds: float) -> None:
        """Count an answer and log it."""
        method = environ.get("REQUEST_METHOD", "")
        known = method if method in (*READS, "POST", "PUT", "PATCH", "DELETE") else "other"
        self._metrics.requests.labels(area, known, status[:3]).inc()
        self._metrics.seconds.labels(area).observe(seconds)
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        if area == "transfers":  # the rest of the address is a right
            path = "/".join(path.split("/")[:3])
        if area != "health":
            log.debug("answered", method=known, path=path[:200], status=status[:3], ms=round(seconds * 1000, 1))


class _Answer:
    """Be the `start_response` that adds headers and takes the time."""

    def __init__(self, hub: Dispatcher, environ: Environ, start_response: StartResponse) -> None:
        self._hub = hub
        self._environ = environ
        self._start = start_response
        self._began = time.perf_counter()
        self.area = "hub"

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self._hub.note(self.area, self._environ, status, time.perf_counter() - self._began)
        headers = [*headers, *self._hub.extra_headers(self._environ)]
        return self._start(status, headers, exc_info) if exc_info else self._start(status, headers)

    def send(
        self,
        status: str,
        body: bytes,
        media_type: str,
        *,
        policy: str | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> list[bytes]:
        headers = {**SECURITY_HEADERS, **(extra or {}), "Content-Type": media_type, "Content-Length": str(len(body))}
        headers["X-Request-Id"] = self._environ["homie.request_id"]
        if policy:
            headers["Content-Security-Policy"] = policy
        if self._environ.get("wsgi.url_scheme") == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if status.startswith("204"):
            headers.pop("Content-Type")
        self(status, list(headers.items()))
        return [] if self._environ.get("REQUEST_METHOD") == "HEAD" else [body]

    def json(self, value: Any, *, status: str = "200 OK") -> list[bytes]:
        return self.send(status, json.dumps(value).encode(), "application/json")

    def error(self, error: HomieError) -> list[bytes]:
        from http import HTTPStatus

        body = ErrorJson.dump(error, self._environ["homie.request_id"])
        extra = []
        if error.retry_after is not None:
            extra.append(("Retry-After", str(max(1, int(error.retry_after + 0.999)))))
        if error.status == 401:
            extra.append(("WWW-Authenticate", "Bearer"))
        plain, self._start = self._start, lambda status, headers, *rest: plain(status, [*headers, *extra], *rest)
        return self.send(f"{error.status} {HTTPStatus(error.status).phrase}", body, "application/json")


def _bearer(environ: Environ) -> str | None:
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _cookie(environ: Environ) -> str | None:
    return cookie_token(environ.get("HTTP_COOKIE", ""))


def cookie_token(header: str) -> str | None:
    """Return the session token of a Cookie header, or None."""
    if SESSION_COOKIE not in header:
        return None
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return None
    return jar[SESSION_COOKIE].value if SESSION_COOKIE in jar else None
