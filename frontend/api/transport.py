"""Carry one session's calls to the hub: who asks, one error shape, repeats that are harmless, one refresh for all."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from frontend.api.connection import HubConnection
from frontend.api.errors import ApiError, LoggedOut, Offline, error_from

TRIES = 3
LONGEST_WAIT = 5.0
"""Seconds: a person waits at a screen; what takes longer is told instead of waited for."""


class Tokens(Protocol):
    """Give access tokens of this session (`SessionTokens`). `generation` changes when somebody else logs in or out."""

    generation: int

    async def access(self) -> str:
        """Return an access token that is valid now; raises `LoggedOut`."""
        ...

    async def renew(self, refused: str) -> str:
        """Return another token than the one that the hub refused; raises `LoggedOut`."""
        ...


def new_idempotency_key() -> str:
    """Return a key that makes a repeated write the same write."""
    return str(uuid.uuid4())


def segment(value: str) -> str:
    """Return a value as one segment of a path, whatever is in it."""
    return quote(value, safe="")


@dataclass(frozen=True)
class Visitor:
    """Who sits in front of this session: passed on, so that the hub's log and limits see people, not the front."""

    address: str = ""
    user_agent: str = ""


class Transport:
    """Call the hub for one session. Safe to use from many tasks at once."""

    def __init__(
        self,
        connection: HubConnection,
        *,
        visitor: Visitor | None = None,
        language: str = "",
        tokens: Tokens | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.connection = connection
        self.visitor = visitor or Visitor()
        self.language = language
        self.tokens = tokens
        self._sleep = sleep

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        space: str | None = None,
        idempotency_key: str | None = None,
        public: bool = False,
    ) -> Any:
        """Send one request and return its JSON, or None; raises `ApiError`, `Offline` or `LoggedOut`."""
        headers = self._headers(space, idempotency_key)
        harmless = method == "GET" or idempotency_key is not None
        if public:
            return await self._persist(method, path, headers, body, query, harmless)
        generation = self._tokens().generation
        token = await self._tokens().access()
        try:
            answer = await self._persist(method, path, headers | _bearer(token), body, query, harmless)
            if self._tokens().generation != generation:
                raise LoggedOut()  # an answer for the person before must not reach the next one's screen
            return answer
        except LoggedOut:
            raise
        except ApiError as refused:
            if refused.status != 401:
                raise
        token = await self._tokens().renew(token)
        try:
            return await self._persist(method, path, headers | _bearer(token), body, query, harmless)
        except ApiError as refused:
            if refused.status != 401:
                raise
            raise LoggedOut(refused.code, refused.request_id) from None

    async def stream(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, space: str | None = None
    ) -> AsyncIterator[bytes]:
        """Yield a file's bytes as they come, without ever holding the whole file."""
        headers = self._headers(space, None) | _bearer(await self._tokens().access())
        try:
            async with self.connection.client.stream(method, path, headers=headers, params=_given(query)) as response:
                if response.is_error:
                    await response.aread()
                    raise _refusal(response)
                async for chunk in response.aiter_bytes():
                    yield chunk
        except httpx.TransportError as error:
            raise Offline() from error

    async def refresh(self, refresh_token: str) -> Any:
        """Exchange a refresh token. Asking again at once is harmless: the hub gives the same successor (ADR 0031)."""
        path = "/api/v1/accounts/refresh"
        return await self._persist(
            "POST", path, self._headers(None, None), {"refresh_token": refresh_token}, None, True
        )

    def _tokens(self) -> Tokens:
        if self.tokens is None:
            raise LoggedOut()
        return self.tokens

    def _headers(self, space: str | None, idempotency_key: str | None) -> dict[str, str]:
        given = {
            "Accept": "application/json",
            "Accept-Language": self.language,
            "User-Agent": self.visitor.user_agent,
            "X-Forwarded-For": self.visitor.address,
            "X-Homie-Space": space,
            "Idempotency-Key": idempotency_key,
        }
        return {name: value for name, value in given.items() if value}

    async def _persist(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Any,
        query: Mapping[str, Any] | None,
        harmless: bool,
    ) -> Any:
        """Send, and send again where that cannot do harm and may help."""
        tries = 0
        while True:
            tries += 1
            try:
                return await self._send(method, path, headers, body, query)
            except ApiError as error:
                wait = _wait_before_next(error, tries, harmless)
                if wait is None:
                    raise
            await self._sleep(wait)

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Any, query: Mapping[str, Any] | None
    ) -> Any:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        sent = {**headers, "Content-Type": "application/json"} if content is not None else dict(headers)
        try:
            response = await self.connection.client.request(
                method, path, headers=sent, content=content, params=_given(query)
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Offline("unreachable") from error
        except (httpx.TransportError, httpx.StreamError) as error:
            raise Offline() from error
        if response.is_error:
            raise _refusal(response)
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError as error:
            raise error_from(response.status_code, None) from error


def _wait_before_next(error: ApiError, tries: int, harmless: bool) -> float | None:
    """Return the seconds to wait before the next try, or None when this error is the answer."""
    if tries >= TRIES:
        return None
    if isinstance(error, Offline):
        # What never reached the hub can always be sent again; what may have been done only if that is harmless.
        return _back_off(tries) if harmless or error.code == "unreachable" else None
    if error.retry_after is None or error.retry_after > LONGEST_WAIT:
        return None
    if error.status == 503 or error.code == "rate_limited":
        return error.retry_after  # it was not begun, so it may be sent again
    if harmless and error.code == "idempotency_in_progress":
        return error.retry_after
    return None


def _back_off(tries: int) -> float:
    return float(0.15 * 2**tries * random.uniform(0.5, 1.0))  # nosec B311: spreads waits, guards nothing


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _given(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Leave out what was not given, and write booleans as the hub reads them."""
    if not query:
        return None
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in query.items()
        if value is not None
    } or None


def _refusal(response: httpx.Response) -> ApiError:
    try:
        body = response.json()
    except ValueError:
        body = None
    told = response.headers.get("Retry-After", "")
    return error_from(response.status_code, body, float(told) if told.isdigit() else None)
