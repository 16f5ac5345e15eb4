"""A Financial Manager in one process for tests: two people, a real database, an API client for each."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import structlog

import backend.financial_manager.models  # noqa: F401
from backend.financial_manager import MODULE
from backend.financial_manager.api import build_api
from backend.financial_manager.base import Base
from backend.financial_manager.finances import Finances
from backend.financial_manager.financial_manager_app import FinancialManagerApp
from backend.sdk.actor import Actor
from backend.sdk.ai import NoAi
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database
from backend.sdk.http import Api
from backend.sdk.ids import new_id
from backend.sdk.module import ModuleContext
from backend.sdk.testing import client_for
from tests.file_organizer.conftest import GrantedRoots, RecordingBus
from tests.made_tables import make_tables
from tests.postgres_server import PostgresServer, engine_kind, postgres_server

__all__ = ["engine_kind", "postgres_server"]


@dataclass
class Household:
    """What a test needs of the module."""

    app: FinancialManagerApp
    ctx: ModuleContext
    bus: RecordingBus
    roots: GrantedRoots
    clock: FakeClock

    @property
    def finances(self) -> Finances:
        assert self.app.finances is not None
        return self.app.finances

    @cached_property
    def api(self) -> Api:
        return build_api(self.ctx, self.finances)

    def client(self, actor: Actor) -> Any:
        return client_for(self.api, actor)

    def account(self, actor: Actor, name: str = "Giro", **values: Any) -> dict[str, Any]:
        """Open an account through the API."""
        answer = self.client(actor).post("/accounts", json={"name": name, **values})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json
        return found

    def look(self, actor: Actor, account_id: str, data: bytes, name: str = "bank.csv", **more: Any) -> Any:
        body = {"account_id": account_id, "name": name, "content": base64.b64encode(data).decode(), **more}
        return self.client(actor).post("/imports/preview", json=body)

    def book(self, actor: Actor, account_id: str, data: bytes, name: str = "bank.csv", **more: Any) -> Any:
        body = {"account_id": account_id, "name": name, "content": base64.b64encode(data).decode(), **more}
        return self.client(actor).post("/imports", json=body)

    def lines(self, actor: Actor, **query: Any) -> list[dict[str, Any]]:
        """Return all transactions, page by page."""
        client, found, cursor = self.client(actor), [], None
        while True:
            asked = {"limit": 7, **query, **({"cursor": cursor} if cursor else {})}
            page = client.get("/transactions", query_string=asked).json
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def balance(self, actor: Actor, account_id: str) -> int:
        found: int = self.client(actor).get(f"/accounts/{account_id}").json["balance_minor"]
        return found


@pytest.fixture
def module_engine() -> str:
    """Name the engine of the module's database; test files that ask for `engine_kind` run on both."""
    return "sqlite"


@pytest.fixture
def household(tmp_path: Path, module_engine: str, request: pytest.FixtureRequest) -> Iterator[Household]:
    """Give a set-up module with an empty database."""
    target: str | Path = tmp_path / "module.db"
    if module_engine == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        target = server.new_schema()
    db = Database(target, Base, name="financial_manager")
    make_tables(db)
    bus, roots = RecordingBus(), GrantedRoots()
    clock = FakeClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    db.on_commit = bus.publish
    ctx = ModuleContext(
        MODULE, "web", db, bus, None, NoAi(), roots, clock, new_id, structlog.get_logger(), tmp_path / "data"
    )  # type: ignore[arg-type]
    app = FinancialManagerApp(ctx)
    app.setup()
    yield Household(app, ctx, bus, roots, clock)
    app.stop()
    db.close()


@pytest.fixture
def anna() -> Actor:
    """Give a person."""
    return Actor.of("anna")


@pytest.fixture
def ben() -> Actor:
    """Give another person."""
    return Actor.of("ben")
