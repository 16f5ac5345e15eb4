"""What tests of APIs and modules need: a client that is logged in as whom you say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.test import Client

from backend.sdk.actor import Actor
from backend.sdk.http import Api, Group, HttpServices, Limiter, MemoryIdempotencyStore


def client_for(
    api: Api | Group | Iterable[Group],
    actor: Actor | None,
    *,
    sudo: bool = True,
    limiter: Limiter | None = None,
    session_id: str | None = None,
) -> Client:
    """Return a test client of an API (or of groups) on which `actor` is logged in.

    The answers are those of the real server: same checks, errors and headers. `answer.json` is the parsed body.
    """
    if isinstance(api, Group):
        api = Api("test", "Test", "1.0", groups=[api])
    elif not isinstance(api, Api):
        api = Api("test", "Test", "1.0", groups=api)
    client: Any = api.wsgi.test_client()
    services = HttpServices(limiter=limiter, idempotency=MemoryIdempotencyStore())
    client.environ_base |= {
        "homie.actor": actor,
        "homie.sudo": lambda: sudo,
        "homie.http": services,
        "homie.session_id": session_id or (actor.session_id if actor else None),
    }
    found: Client = client
    return found
