"""A household on PostgreSQL and Redis, prepared as docs/postgresql.md tells its readers, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.hub import ROOT
from tests.postgres_server import PostgresServer, engine_kind, postgres_server, private_server
from tests.redis_server import redis_server, running_redis

__all__ = ["engine_kind", "postgres_server", "redis_server", "running_redis"]

PARTS = ("core", "jobs", "file_organizer")
PASSWORD = "choose-a-long-one"


@dataclass(frozen=True)
class Household:
    """One PostgreSQL database for every part, and the user that Homie logs in as."""

    server: PostgresServer
    database: str = "homie"

    @property
    def url(self) -> str:
        return self.server.url(self.database, "homie", PASSWORD)

    @property
    def environment(self) -> dict[str, str]:
        return {f"HOMIE_DB__{part.upper()}": self.url for part in PARTS}

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the server as its superuser, who sees everything."""
        return self.server.execute(sql, self.database)


@pytest.fixture
def household() -> Iterator[Household]:
    """A server of its own, with the roles and the database that the documentation has its readers make."""
    (commands,) = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "postgresql.md").read_text("utf-8"), re.DOTALL)
    with private_server() as server:
        for command in commands.strip().splitlines():
            server.execute(command)
        yield Household(server)
