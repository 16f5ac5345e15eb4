"""The contract between the platform and a module."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.sdk.finding import SearchKind
from backend.sdk.overview import AttentionItem, ModuleSummary, NoticeRule

if TYPE_CHECKING:
    from pydantic import BaseModel

    from backend.sdk.actor import Actor
    from backend.sdk.ai import AiService
    from backend.sdk.blobs import BlobStore
    from backend.sdk.clock import Clock
    from backend.sdk.db import Database
    from backend.sdk.events import EventBus
    from backend.sdk.files import OwnerRootsSource
    from backend.sdk.finding import SearchHit
    from backend.sdk.ids import NewId
    from backend.sdk.jobs import Jobs
    from backend.sdk.sealing import Sealer

SDK_VERSION = "1.0"


class ModuleState(enum.StrEnum):
    """Say where a module is in its life; `.recoverable` tells whether starting it again may help."""

    DISABLED = "disabled"
    NOT_LOADED = "not_loaded"
    MIGRATING = "migrating"
    STARTING = "starting"
    RUNNING = "running"
    RETRYING = "retrying"
    SETUP_ERROR = "setup_error"
    MIGRATION_ERROR = "migration_error"
    STOPPING = "stopping"
    FAILED_STOP = "failed_stop"

    @property
    def recoverable(self) -> bool:
        """Tell whether a start (or a retry) is allowed from this state."""
        return self in (
            ModuleState.NOT_LOADED,
            ModuleState.RETRYING,
            ModuleState.SETUP_ERROR,
            ModuleState.FAILED_STOP,
        )


class ModuleNotReady(Exception):
    """Raised by a module's `setup` or `start` when something it needs is not there yet: retried with back-off."""


@dataclass(frozen=True, slots=True)
class Health:
    """Say in plain words how a module is. `problems` are sentences with a remedy."""

    ok: bool = True
    problems: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModuleSpec:
    """Declare a module; cheap to import (no Flask, no SQLAlchemy): heavy parts are named by dotted path.

    `app`       "package.file:Class" of the `ModuleApp`
    `models`    "package.models:Base" whose metadata is the module's schema
    `jobs`      "package.jobs:HANDLERS", a tuple of `JobHandler`
    `migrations` folder of Alembic revisions beside the package
    `settings`  "package.settings:Class", a pydantic model of the module's settings, or None
    `durable`   every commit of the module's database survives a power cut: needed by a module that journals changes
                which it makes elsewhere (files); the platform passes it to `Database(durable=...)`
    `resident`  "package.file:function" that runs for as long as the hub does, in a plain process of its own, once the
                module says that it wants it (`ModuleContext.want_resident`); called with the context and a `stopping()`
    `notices`   which of its events are news for people; `home_events`: after which of them Home is read again
    `finds`     what its `search` can find
    """

    id: str
    title: str
    version: str
    app: str
    models: str
    sdk_range: str = ">=1.0,<2"
    jobs: str | None = None
    settings: str | None = None
    resident: str | None = None
    migrations: str = "migrations"
    icon: str = "extension"
    description: str = ""
    durable: bool = False
    needs_binaries: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    navigation: tuple[str, ...] = ()
    notices: tuple[NoticeRule, ...] = ()
    home_events: tuple[str, ...] = ()
    finds: tuple[SearchKind, ...] = ()

    @property
    def package(self) -> str:
        """Return the dotted package of the module (`backend.file_organizer`)."""
        return self.app.split(":")[0].rpartition(".")[0]

    @property
    def database_name(self) -> str:
        """Return the file name of the module's SQLite database."""
        return f"homie_{self.id}.db"


def _knows_nobody(_: Actor) -> Mapping[str, str]:
    """Know no names: where no household is (tests, tools)."""
    return {}


def _nobody_resides(wanted: bool) -> None:
    """Do nothing: where nothing starts residents (tests, tools)."""


@dataclass(slots=True)
class ModuleContext:
    """Everything a module is handed; it reaches nothing else of the platform.

    `role`: "web" inside the server, "worker" inside a job process, "cli" on the command line.
    `want_resident`: say whether the module's resident is to run from now on, also after a restart.
    `data_dir`: a folder of the module's own (created, mode 0700). `sealer`: encrypts the module's secrets.
    `people`: how those are shown who belong to the space that an actor acts in, by user id; who left is not among them.
    """

    spec: ModuleSpec
    role: str
    db: Database
    bus: EventBus
    jobs: Jobs
    ai: AiService
    roots: OwnerRootsSource
    clock: Clock
    new_id: NewId
    log: Any
    data_dir: Path
    settings: BaseModel | None = None
    ask: Callable[[str, Actor, BaseModel], BaseModel] | None = None
    blobs: BlobStore | None = None
    want_resident: Callable[[bool], None] = _nobody_resides
    sealer: Sealer | None = None
    people: Callable[[Actor], Mapping[str, str]] = _knows_nobody


class ModuleApp(ABC):
    """Coordinate one module. Made once per process with its context; `setup` then `start`, later `stop`.

    `setup` prepares (no threads, no watchers); `start` begins background activity; `stop` ends it and MUST leave
    nothing running. All three may raise; the platform shows the reason and stays healthy.
    """

    def __init__(self, ctx: ModuleContext) -> None:
        self.ctx = ctx

    @abstractmethod
    def setup(self) -> None:
        """Prepare the module's parts; raise `ModuleNotReady` to be retried."""

    @abstractmethod
    def start(self) -> None:
        """Subscribe to the bus and begin background activity."""

    @abstractmethod
    def stop(self) -> None:
        """End all activity begun in `start`."""

    @abstractmethod
    def wsgi_app(self) -> Any:
        """Return the module's own WSGI application (a `backend.sdk.http.Api().wsgi`)."""

    def health(self) -> Health:
        """Tell how the module is."""
        return Health()

    def queries(self) -> Mapping[str, Callable[[Actor, Any], BaseModel]]:
        """Return the named queries that other modules may ask ("documents.find" -> function)."""
        return {}

    def attention(self, actor: Actor) -> Sequence[AttentionItem]:
        """Return what waits for this person; from the module's own rows, without looking at drives. For Home."""
        return ()

    def summary(self, actor: Actor) -> ModuleSummary:
        """Say in one line how the module stands for this person. For Home."""
        return ModuleSummary()

    def search(self, actor: Actor, query: str, limit: int) -> Sequence[SearchHit]:
        """Return at most `limit` hits per kind among what this person may see, the best first."""
        return ()

    def blob_folders(self) -> Sequence[Path]:
        """Return folders (besides the database) that belong to a backup of this module."""
        return ()

    def export_owner(self, owner_id: str, dest: Path) -> None:
        """Write everything of one owner below `dest`; the default exports all rows of owned tables as JSON lines."""
        from backend.sdk.db import export_rows

        export_rows(self.ctx.db, owner_id, dest)

    def erase_owner(self, owner_id: str) -> None:
        """Remove every trace of one owner; the default deletes the rows of every owned table."""
        from backend.sdk.db import erase_rows

        erase_rows(self.ctx.db, owner_id)
