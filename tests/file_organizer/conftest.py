"""A hub in one process for tests: two people, real databases, real files, jobs that run when told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from backend.file_organizer import MODULE
from backend.file_organizer.base import Base
from backend.file_organizer.file_organizer_app import FileOrganizerApp
from backend.file_organizer.jobs import HANDLERS
from backend.sdk.actor import Actor
from backend.sdk.ai import NoAi
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database
from backend.sdk.errors import NotFound
from backend.sdk.events import Event
from backend.sdk.files import AllowedRoot, OwnerRoots, claim_root, read_marker
from backend.sdk.ids import new_id
from backend.sdk.jobs import JobState, JobView
from backend.sdk.module import ModuleContext
from backend.sdk.testing import client_for
from tests.file_organizer.messy_folder import make_messy_folder
from tests.made_tables import make_tables
from tests.postgres_server import PostgresServer, engine_kind, postgres_server

__all__ = ["engine_kind", "postgres_server"]


class GrantedRoots:
    """Give each owner the folders that were granted to it, as the accounts do."""

    def __init__(self) -> None:
        self._roots: dict[str, list[AllowedRoot]] = {}

    def grant(self, owner_id: str, path: Path, *, writable: bool = True) -> AllowedRoot:
        root = AllowedRoot(str(path), claim_root(str(path)).volume_id, label=path.name, writable=writable)
        self._roots.setdefault(owner_id, []).append(root)
        return root

    def take_back(self, owner_id: str) -> None:
        self._roots.pop(owner_id, None)

    def follow(self, actor: Actor, volume_id: str, path: str) -> bool:
        marker = read_marker(path)
        roots = self._roots.get(actor.owner_id, [])
        for index, root in enumerate(roots):
            if root.volume_id == volume_id and not root.online and marker and marker.volume_id == volume_id:
                roots[index] = replace(root, path=path)
                return True
        return False

    def for_actor(self, actor: Actor) -> OwnerRoots:
        return OwnerRoots(tuple(root for owner in sorted(actor.owners) for root in self._roots.get(owner, ())))


class RecordingBus:
    """Keep what was published, and pass it on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._listeners: list[tuple[type[Event], Any]] = []

    def publish(self, event: Event) -> None:
        self.events.append(event)
        for kind, listener in list(self._listeners):
            if isinstance(event, kind):
                listener(event)

    def subscribe(self, event_type: type[Any], listener: Any) -> Any:
        entry = (event_type, listener)
        self._listeners.append(entry)
        return lambda: self._listeners.remove(entry)

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name.endswith(name)]


@dataclass
class RunningJob:
    """The context that a handler is given."""

    job_id: str
    actor: Actor
    module: ModuleContext
    attempt: int = 1
    saved: Mapping[str, Any] = field(default_factory=dict)
    progressed: list[tuple[float | None, str]] = field(default_factory=list)
    stop_after: int | None = None

    def progress(self, fraction: float | None, note: str = "", **counts: int) -> None:
        self.progressed.append((fraction, note))
        self.check()

    def check(self) -> None:
        from backend.sdk.jobs import JobCancelled

        if self.stop_after is not None and len(self.progressed) > self.stop_after:
            raise JobCancelled

    def save(self, state: Mapping[str, Any]) -> None:
        self.saved = dict(state)


class TestJobs:
    """Keep jobs in a list; `run_all` runs them with the module's real handlers in this process."""

    __test__ = False

    def __init__(self) -> None:
        self.module: ModuleContext | None = None
        self.queue: list[tuple[str, Actor, str, BaseModel]] = []
        self.views: dict[str, JobView] = {}
        self.hastened: list[str] = []

    def hasten(self, actor: Actor, kinds: Any) -> int:
        self.hastened.append(actor.owner_id)
        return 0

    def enqueue(self, actor: Actor, kind: str, args: BaseModel, **options: Any) -> JobView:
        # Arguments travel as JSON, as they do through the real job table.
        handler = next(h for h in HANDLERS if h.kind == kind)
        args = handler.args.model_validate_json(args.model_dump_json())
        view = JobView(
            new_id(),
            actor.owner_id,
            kind,
            JobState.QUEUED,
            None,
            "",
            {},
            0,
            3,
            datetime.now(UTC),
            None,
            None,
            None,
            None,
        )
        self.views[view.id] = view
        self.queue.append((view.id, actor, kind, args))
        return view

    def get(self, actor: Actor, job_id: str) -> JobView:
        view = self.views.get(job_id)
        if view is None or view.owner_id not in actor.owners:
            raise NotFound()
        return view

    def cancel(self, actor: Actor, job_id: str) -> JobView:
        return self.get(actor, job_id)

    def run_all(self) -> list[Any]:
        """Run what waits, as the owner's own actor, and return the results."""
        assert self.module is not None
        results = []
        while self.queue:
            job_id, actor, kind, args = self.queue.pop(0)
            handler = next(h for h in HANDLERS if h.kind == kind)
            worker = Actor.of(actor.owner_id, actor.user_id)
            results.append(handler.run(RunningJob(job_id, worker, self.module), args))
        return results


@dataclass
class Hub:
    """What a test needs of the module."""

    app: FileOrganizerApp
    ctx: ModuleContext
    jobs: TestJobs
    bus: RecordingBus
    roots: GrantedRoots
    clock: FakeClock

    @property
    def organizer(self) -> Any:
        return self.app.organizer

    def client(self, actor: Actor) -> Any:
        from backend.file_organizer.api import build_api

        return client_for(build_api(self.ctx, self.organizer), actor)


@pytest.fixture
def module_engine() -> str:
    """Name the engine of the hub's database; modules that ask for `engine_kind` run on both."""
    return "sqlite"


@pytest.fixture
def hub(tmp_path: Path, module_engine: str, request: pytest.FixtureRequest) -> Iterator[Hub]:
    """Give a set-up module with an empty database."""
    target: str | Path = tmp_path / "module.db"
    if module_engine == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        target = server.new_schema()
    db = Database(target, Base, name="file_organizer")
    import backend.file_organizer.models  # noqa: F401

    make_tables(db)
    bus, jobs, roots = RecordingBus(), TestJobs(), GrantedRoots()
    clock = FakeClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    db.on_commit = bus.publish
    ctx = ModuleContext(
        MODULE, "worker", db, bus, jobs, NoAi(), roots, clock, new_id, structlog.get_logger(), tmp_path / "data"
    )
    jobs.module = ctx
    app = FileOrganizerApp(ctx)
    app.setup()
    yield Hub(app, ctx, jobs, bus, roots, clock)
    app.stop()
    db.close()


@pytest.fixture
def alice(hub: Hub, tmp_path: Path) -> Actor:
    """Give a person with a granted home folder `alice/`."""
    (tmp_path / "alice").mkdir()
    hub.roots.grant("alice", tmp_path / "alice")
    return Actor.of("alice")


@pytest.fixture
def bob(hub: Hub, tmp_path: Path) -> Actor:
    """Give another person with a granted home folder `bob/`."""
    (tmp_path / "bob").mkdir()
    hub.roots.grant("bob", tmp_path / "bob")
    return Actor.of("bob")


@pytest.fixture
def downloads(alice: Actor, tmp_path: Path) -> Path:
    """Give Alice's messy Downloads."""
    return make_messy_folder(tmp_path / "alice" / "Downloads")
