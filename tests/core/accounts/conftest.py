"""A whole set of accounts on a database of its own, with a clock that stands still and bcrypt at its least cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from backend.core.accounts import Accounts, Audit, Visitor
from backend.core.accounts.passwords import PasswordHasher
from backend.core.accounts.setup import FirstOwner
from backend.core.accounts.views import SignedIn
from backend.core.schema import CoreBase
from backend.core.secrets import SecretFiles
from backend.core.settings import HomieSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database
from backend.sdk.events import Event
from backend.sdk.ids import new_id
from tests.engines import installation_engine, postgres_server
from tests.postgres_server import PostgresServer, engine_kind

__all__ = ["engine_kind", "installation_engine", "postgres_server"]

PASSWORD = "seven purple otters"
HOME = "10.0.0.1"


class RecordingBus:
    """Keep what is published."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def publish(self, event: Event) -> None:
        self.events.append(event)


@dataclass
class House:
    """One installation of accounts and what its tests ask of it."""

    accounts: Accounts
    audit: Audit
    db: Database
    clock: FakeClock
    bus: RecordingBus
    settings: HomieSettings
    revoked: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def set_up(self, name: str = "eva") -> SignedIn:
        """Make the first owner."""
        code = self.accounts.setup_code()
        assert code is not None
        return self.accounts.setup.complete(code, FirstOwner(name, PASSWORD), Visitor(HOME, "pytest"))

    def add(self, name: str) -> SignedIn:
        """Make another person and log them in."""
        self.accounts.people.add(name, PASSWORD)
        return self.login(name)

    def login(self, name: str, password: str = PASSWORD, code: str | None = None, ip: str = HOME) -> SignedIn:
        return self.accounts.sign_in.login(name, password, code, Visitor(ip, "pytest", "phone"))

    def actor(self, signed_in: SignedIn) -> Actor:
        return self.accounts.authenticate(signed_in.tokens.access)[0]

    def households(self, signed_in: SignedIn) -> list[str]:
        return [s.id for s in self.accounts.spaces.of_person(signed_in.person.id) if s.kind == "household"]

    def events(self, name: str) -> list[Any]:
        return [event for event in self.bus.events if event.name == name]

    def actions(self) -> list[str]:
        return [entry.action for entry in reversed(self.audit.entries(limit=1000))]

    def sql(self, statement: str, **values: Any) -> None:
        """Change the database behind the program's back."""
        import sqlalchemy as sa

        with self.db.store.admin() as connection, connection.begin():
            connection.execute(sa.text(statement), values)


def build(db: Database, data_dir: Path, cost: int = 4) -> House:
    settings = HomieSettings(data_dir=data_dir)
    settings.make_folders()
    clock, bus = FakeClock(), RecordingBus()
    db.on_commit = bus.publish
    audit = Audit(db, clock, SecretFiles(settings.secrets_dir))
    accounts = Accounts(db, cast(Any, bus), audit, clock, new_id, settings, hasher=PasswordHasher(cost))
    house = House(accounts, audit, db, clock, bus, settings)
    accounts.on_revoked(house.revoked.extend)
    accounts.on_access_changed(house.changed.append)
    return house


@pytest.fixture
def core_url(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty core database on the engine of this run."""
    if engine_kind == "sqlite":
        return str(tmp_path / "data" / "homie_users.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_schema()


@pytest.fixture
def house(core_url: str, tmp_path: Path) -> Iterator[House]:
    """An installation that nobody has set up yet, on each engine."""
    db = Database(core_url, CoreBase, name="core")
    db.create_all()
    yield build(db, tmp_path / "data")
    db.close()


@pytest.fixture
def eva(house: House) -> SignedIn:
    """The first owner, logged in."""
    return house.set_up()


@pytest.fixture
def ben(house: House, eva: SignedIn) -> SignedIn:
    """A second person without rights, logged in."""
    return house.add("ben")
