"""One window of the app with a fake hub behind it: any place, as any person, with the answers that a test gives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from frontend.api.connection import HubConnection
from frontend.api.sealing import MemoryStorage
from frontend.api.tokens import Keepers
from frontend.i18n import set_language
from frontend.kit import SessionContext, Viewport
from frontend.kit.context import ViewportContext
from frontend.kit.keys import KeyListeners
from frontend.providers.session import Session, Surroundings
from frontend.shell.routes import app_routes
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, event, page, tokens

V1 = "/api/v1"
NOW = "2026-11-23T12:00:00Z"


def person(*, admin: bool = True) -> dict[str, Any]:
    """Return Anna."""
    return {
        "id": "p1",
        "name": "anna",
        "display_name": "Anna Berger",
        "is_admin": admin,
        "disabled": False,
        "second_factor": False,
        "private_space_id": "o1",
        "created_at": NOW,
        "last_login_at": NOW,
    }


def module(module_id: str = "file_organizer", state: str = "running", **more: Any) -> dict[str, Any]:
    """Return a module as the hub lists it."""
    return {
        "id": module_id,
        "title": "File Organizer",
        "version": "1.0",
        "description": "Sorts folders.",
        "icon": "folder",
        "state": state,
        "reason": "",
        "enabled": state != "disabled",
        "recoverable": True,
        "since": NOW,
        "navigation": [],
        **more,
    }


def job(job_id: str = "j1", state: str = "running", kind: str = "core.backup_module", **more: Any) -> dict[str, Any]:
    """Return a job as the hub shows it."""
    ended = NOW if state in ("done", "failed", "cancelled") else None
    return {
        "id": job_id,
        "owner_id": "o1",
        "kind": kind,
        "state": state,
        "progress": 0.25 if state == "running" else None,
        "note": "",
        "counts": {},
        "attempt": 1,
        "max_attempts": 3,
        "created_at": NOW,
        "started_at": None if state == "queued" else NOW,
        "finished_at": ended,
        "result": None,
        "error": "The drive is full." if state == "failed" else None,
        **more,
    }


class Stage:
    """Hold the fake hub, the session and the window."""

    def __init__(self, *, admin: bool = True, language: str = "en", width: float = 412) -> None:
        self.hub = FakeHub()
        self.language, self.width = language, width
        self.person = person(admin=admin)
        self.storage = MemoryStorage()
        self.hub.on("GET", f"{V1}/modules", {"items": [module()]})
        self.hub.on("GET", f"{V1}/notifications/unread", {"unread": 0})
        self.hub.on("GET", f"{V1}/jobs", page())
        self.session: Session
        self.window: Headless

    async def open(self, route: str) -> Headless:
        """Open a place of the app."""
        connection: HubConnection = self.hub.connection()
        self.session = Session(Surroundings(connection, Keepers(), self.storage), keys=KeyListeners())
        self.session.transport._sleep = self.hub.sleep
        tokens_of = self.session.tokens
        tokens_of._keeper = tokens_of._keepers.adopt(tokens(1))  # type: ignore[arg-type]
        self.session.auth.person = self.person  # type: ignore[assignment]
        self.session.auth.stage = "logged_in"
        await self.session.modules.load()
        await self.session.drafts.read()
        self.session.drafts.begin(self.person["id"])
        viewport = Viewport()
        viewport.resize(self.width, 915)
        self.window = Headless(width=self.width, route=route)
        await self.window.show(Scene, self.session, viewport, self.language)
        await self.window.settle()
        return self.window

    async def hear(self, name: str, number: int = 1, **payload: Any) -> None:
        """Let the hub say something on the live line."""
        self.session.socket.feed("event", event(name, f"e-{name}-{number}", f"a-{number}", "o1", **payload))
        await self.window.settle()


@ft.component
def Scene(session: Session, viewport: Viewport, language: str) -> Any:
    """Show the app's places without entrance."""
    set_language(language)
    return SessionContext(session, lambda: ViewportContext(viewport, lambda: ft.Router(app_routes())))


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run one scenario."""
    asyncio.run(scenario())  # type: ignore[arg-type]
