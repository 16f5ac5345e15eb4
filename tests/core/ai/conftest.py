"""A core database with the AI service on it, and providers at the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import text

from backend.core.ai import models as ai_models
from backend.core.ai.service import CoreAiService
from backend.core.ai.settings import AiConfig, HouseholdAi
from backend.core.models import CoreBase
from backend.core.secrets import SecretBox
from backend.sdk.actor import Actor
from backend.sdk.ai import AiChoice, AiItem, AiPayload, AiTask, FromChoices, FromItems
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database
from backend.sdk.ids import new_id
from tests.core.ai.wire_servers import OpenAiWireServer, WireServer, serving
from tests.engines import database_of, installation_engine, postgres_server

__all__ = ["installation_engine", "postgres_server"]

assert ai_models


class Filing(BaseModel):
    """One decision."""

    file: Annotated[str, FromItems()]
    folder: Annotated[str, FromChoices("folders")]
    reason: str = Field(max_length=200)


class Filings(BaseModel):
    """All decisions."""

    filings: list[Filing]


TASK = AiTask(
    module="file_organizer",
    name="choose_folders",
    result=Filings,
    system="Choose the folder that fits each file best.",
    timeout=20.0,
)


def payload_of(*names: str, folders: tuple[str, ...] = ("Invoices", "Photos")) -> AiPayload:
    """Files by name, with ids that a model must never see."""
    items = [AiItem(f"secret-file-id-{n}", {"name": name}) for n, name in enumerate(names)]
    choices = [AiChoice(f"/srv/family/{label}", label) for label in folders]
    return AiPayload(items, {"folders": choices})


def local_choice(payload: AiPayload, folder: str = "/srv/family/Photos") -> Callable[[], Filings]:
    """The module's own engine."""
    return lambda: Filings(filings=[Filing(file=i.id, folder=folder, reason="local") for i in payload.items])


class Hub:
    """The service with its clock and database, on the engine of this run."""

    def __init__(self, folder: Path, config: AiConfig) -> None:
        self.clock = FakeClock()
        self.path = folder / "homie_users.db"
        self.db = Database(database_of(folder, "core") or self.path, CoreBase, name="core")
        self.db.create_all()
        self.slept: list[float] = []
        self.config = config
        self.box = SecretBox(b"m" * 32)
        self.ai = self.service()

    def service(self) -> CoreAiService:
        """Another process of the same installation."""
        return CoreAiService(self.db, self.box, self.clock, new_id, self.config, sleep=self._sleep, jitter=lambda: 1.0)

    def choose(self, **settings: object) -> None:
        self.ai.household.save(HouseholdAi.model_validate(settings))

    def agree(self, actor: Actor, module: str = "file_organizer") -> None:
        self.ai.household.opt_in(actor, module, True)

    def close(self) -> None:
        self.ai.close()
        self.db.close()

    def stored(self) -> bytes:
        """Return everything that the database holds: its files, or each row of each table as the server tells it."""
        if self.db.store.kind == "sqlite":
            return self.path.read_bytes() + Path(f"{self.path}-wal").read_bytes()
        with self.db.store.admin() as connection:
            names = CoreBase.metadata.tables
            rows = [row for name in names for (row,) in connection.execute(text(f"SELECT t::text FROM {name} t"))]
        assert rows
        return "\n".join(rows).encode()

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)


@pytest.fixture
def anna() -> Actor:
    return Actor.of(new_id())


@pytest.fixture
def ben() -> Actor:
    return Actor.of(new_id())


@pytest.fixture
def gemini() -> Iterator[WireServer]:
    with serving(WireServer()) as server:
        yield server


@pytest.fixture
def local_server() -> Iterator[WireServer]:
    with serving(OpenAiWireServer()) as server:
        server.known_models = ["llama3.2:3b"]
        server.key = ""
        yield server


@pytest.fixture
def hub(tmp_path: Path, gemini: WireServer, installation_engine: str) -> Iterator[Hub]:
    """Gemini at the wire server, keyed and chosen, on each engine; nobody has agreed yet."""
    hub = Hub(tmp_path, AiConfig(gemini_base_url=gemini.url))
    hub.choose(provider="gemini")
    hub.ai.keys.put("gemini", gemini.key)
    yield hub
    hub.close()
