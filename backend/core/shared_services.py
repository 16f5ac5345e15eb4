"""What modules are handed: database, bus, jobs, AI with its keys, blobs, settings. They reach nothing else."""

from __future__ import annotations

import os
import platform
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from pydantic import BaseModel

from backend.core.module_events import ResidentWanted
from backend.core.module_records import load_object
from backend.core.residents import set_resident_wanted
from backend.core.secrets import ModuleSealer, SecretBox
from backend.sdk.clock import Clock
from backend.sdk.db import Database, DatabaseMissing
from backend.sdk.events import Event, EventBus, Unsubscribe
from backend.sdk.ids import NewId
from backend.sdk.module import ModuleApp, ModuleContext, ModuleNotReady, ModuleSpec

if TYPE_CHECKING:
    from backend.core.settings import HomieSettings
    from backend.sdk.actor import Actor
    from backend.sdk.ai import AiService
    from backend.sdk.blobs import BlobStore
    from backend.sdk.files import OwnerRootsSource
    from backend.sdk.jobs import Jobs

E = TypeVar("E", bound=Event)
Migrate = Callable[[Database, Path], None]


class ModuleBus:
    """Be the bus as one module sees it; everything it subscribed ends with the module, even if its stop fails."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._lock = threading.Lock()
        self._open: list[Unsubscribe] = []

    def publish(self, event: Event) -> None:
        """Send an event on its way."""
        self._bus.publish(event)

    def subscribe(self, event_type: type[E], listener: Callable[[E], None]) -> Unsubscribe:
        """Call `listener` for each event of that type; returns its own un-subscribe."""
        end = self._bus.subscribe(event_type, listener)
        with self._lock:
            self._open.append(end)
        return end

    def close(self) -> None:
        """End every subscription that is left."""
        with self._lock:
            ends, self._open = self._open, []
        for end in ends:
            end()


class SharedServices:
    """Make the contexts of modules from the platform's parts."""

    def __init__(
        self,
        settings: HomieSettings,
        role: str,
        *,
        bus: EventBus,
        jobs: Jobs,
        ai: AiService,
        roots: OwnerRootsSource,
        blobs: Callable[[str], BlobStore],
        clock: Clock,
        new_id: NewId,
        migrate: Migrate,
        stored_settings: Callable[[str], Mapping[str, Any]],
        ask: Callable[[str, Actor, BaseModel], BaseModel],
        box: SecretBox,
        people: Callable[[Actor], Mapping[str, str]],
    ) -> None:
        self.settings = settings
        self.role = role
        self.ai = ai
        self.jobs = jobs
        self.roots = roots
        self.blobs = blobs
        self._bus = bus
        self._clock = clock
        self._new_id = new_id
        self._migrate = migrate
        self._stored_settings = stored_settings
        self._ask = ask
        self._box = box
        self._people = people

    def environment(self) -> dict[str, Any]:
        """Return what this machine is, without secrets and personal data; for health pages and support."""
        return {
            "role": self.role,
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "processors": os.cpu_count() or 1,
            "container": Path("/.dockerenv").exists() or Path("/run/.containerenv").exists(),
        }

    def missing_binaries(self, spec: ModuleSpec) -> list[str]:
        """Return the programs that a module needs and this machine lacks."""
        return [name for name in spec.needs_binaries if shutil.which(name) is None]

    def open_database(self, spec: ModuleSpec) -> Database:
        """Open the module's database and bring it to the newest schema."""
        base = load_object(spec.models)
        base.registry.configure(cascade=True)  # here, where one module is imported at a time; not at the first question
        target = self.settings.database_target(spec.id)
        opened = self._opened_before(spec, target)
        database = Database(target, base, name=spec.id, durable=spec.durable)
        try:
            if self.role == "web":
                database.check_after_crash()
            package = Path(load_file(spec.package))
            self._migrate(database, package.parent / spec.migrations)
        except BaseException:
            database.close()
            raise
        opened.touch(mode=0o600)
        database.on_commit = self._bus.publish
        return database

    def _opened_before(self, spec: ModuleSpec, target: str | Path) -> Path:
        """Return the file that tells that the module had a database here; raises `DatabaseMissing` if that is gone.

        An empty new one in its place would look as if the household had never had any data.
        """
        folder = self.settings.data_dir / "modules" / spec.id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = folder / ".has-data"
        path = Path(target) if not str(target).startswith(("sqlite:", "postgresql")) else None
        if path is not None and opened.exists() and not path.exists():
            raise DatabaseMissing()
        return opened

    def settings_type(self, spec: ModuleSpec) -> type[BaseModel] | None:
        """Return the pydantic type of the module's settings."""
        kind: type[BaseModel] | None = load_object(spec.settings) if spec.settings else None
        return kind

    def load(self, spec: ModuleSpec) -> None:
        """Import the module's code; may take a second, so call it where that hurts nobody."""
        load_object(spec.app)

    def make_app(self, spec: ModuleSpec, db: Database) -> tuple[ModuleApp, Callable[[], None]]:
        """Return the module's app with its context, and what takes back everything it was lent.

        Raises `ModuleNotReady` while a program that it needs is missing.
        """
        if missing := self.missing_binaries(spec):
            raise ModuleNotReady(f"these programs are not installed: {', '.join(missing)}")
        bus = ModuleBus(self._bus)
        app: ModuleApp = load_object(spec.app)(self.context_for(spec, db, bus))
        return app, bus.close

    def context_for(self, spec: ModuleSpec, db: Database, bus: EventBus) -> ModuleContext:
        """Return what one module is handed."""
        kind = self.settings_type(spec)
        folder = self.settings.data_dir / "modules" / spec.id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ModuleContext(
            spec=spec,
            role=self.role,
            db=db,
            bus=bus,
            jobs=self.jobs,
            ai=self.ai,
            roots=self.roots,
            clock=self._clock,
            new_id=self._new_id,
            log=structlog.get_logger(f"homie.{spec.id}").bind(module=spec.id),
            data_dir=folder,
            settings=kind.model_validate(self._stored_settings(spec.id)) if kind else None,
            ask=self._ask,
            blobs=self.blobs(spec.id),
            want_resident=lambda wanted: self._want_resident(spec.id, folder, wanted),
            sealer=ModuleSealer(self._box, spec.id),
            people=self._people,
        )

    def _want_resident(self, module_id: str, folder: Path, wanted: bool) -> None:
        """Keep whether a module's resident is to run, and tell the server process if that is new."""
        if set_resident_wanted(folder, wanted):
            self._bus.publish(ResidentWanted(module_id=module_id))


def load_file(package: str) -> str:
    """Return the path of a package's `__init__.py`."""
    import importlib

    module = importlib.import_module(package)
    return str(module.__file__)
