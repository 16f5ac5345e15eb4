"""A hub at the wire: answers by method and path, and a list of what was asked. No sockets, no waiting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx

from frontend.api.connection import HubConnection
from frontend.api.generated import HomieApi
from frontend.api.sealing import MemoryStorage
from frontend.api.session_tokens import SessionTokens
from frontend.api.tokens import Keepers
from frontend.api.transport import Transport, Visitor

Answer = Callable[[httpx.Request], Any]


def refusal(status: int, code: str, *, retry_after: int | None = None, fields: Any = ()) -> httpx.Response:
    """Return an error as the hub shapes it."""
    body = {"error": {"code": code, "message": f"Words about {code}.", "fields": list(fields), "request_id": "r1"}}
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return httpx.Response(status, json=body, headers=headers)


class Held:
    """An answer that waits until `go` is set."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.go = answer, asyncio.Event()

    async def __call__(self, _: httpx.Request) -> Any:
        await self.go.wait()
        return self.answer


async def begun(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Begin with some work, as far as it comes by itself."""
    task = asyncio.create_task(work)
    await asyncio.sleep(0.01)
    return task


def tokens(number: int, session_id: str = "s1") -> dict[str, Any]:
    """Return a pair of tokens as the hub gives them."""
    return {
        "session_id": session_id,
        "access_token": f"hma_{number}",
        "refresh_token": f"hmr_{number}",
        "access_seconds": 900,
        "refresh_seconds": 2_592_000,
    }


@dataclass
class FakeHub:
    """Answer calls: `hub.on("GET", "/api/v1/jobs", {...})`; a function gets the request; a list is used up in turn."""

    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def on(self, method: str, path: str, answer: Any) -> None:
        self.answers[method, path] = answer

    def calls(self, method: str, path: str) -> list[httpx.Request]:
        return [one for one in self.asked if one.method == method and one.url.path == path]

    def bodies(self, method: str, path: str) -> list[Any]:
        return [json.loads(one.content) for one in self.calls(method, path)]

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.get((request.method, request.url.path))
        if isinstance(answer, list):
            answer = answer.pop(0)
        if callable(answer):
            answer = answer(request)
        if hasattr(answer, "__await__"):
            answer = await answer
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        if answer is None:
            return refusal(404, "not_found")
        return httpx.Response(200, json=answer)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def connection(self) -> HubConnection:
        return HubConnection("http://homie.test", wire=httpx.MockTransport(self.handle))

    def transport(self, **options: Any) -> Transport:
        return Transport(self.connection(), sleep=self.sleep, **options)

    def signed_in(self, keepers: Keepers | None = None, storage: MemoryStorage | None = None) -> SessionTokens:
        """Return the tokens of a session that holds a device with the access token `hma_1`."""
        transport = self.transport(visitor=Visitor("192.0.2.7", "Tester/1"), language="de")
        made = SessionTokens(transport, keepers or Keepers(), storage or MemoryStorage())
        made._keeper = made._keepers.adopt(tokens(1))  # type: ignore[arg-type]
        return made

    def api(self) -> HomieApi:
        """Return the API of somebody who is logged in."""
        return HomieApi(self.signed_in()._transport)


def event(name: str, event_id: str = "e1", cursor: str = "a-1", owner_id: str = "o1", **payload: Any) -> dict[str, Any]:
    """Return an envelope as the hub sends it."""
    return {
        "name": name,
        "owner_id": owner_id,
        "event_id": event_id,
        "occurred_at": "2026-01-01T00:00:00Z",
        "cursor": cursor,
        "payload": payload,
    }


def page(*items: Any, cursor: str | None = None) -> dict[str, Any]:
    """Return one page of a list."""
    return {"items": list(items), "next_cursor": cursor}
