"""The composition root: every part of Homie is made here, from settings, for one role.

web      the server process: everything, and it starts the workers
worker   a job process: the list of jobs; all else is opened, and its code imported, when the first job needs it
cli      one command: everything, beside a running server, without a network. Only the web role starts modules
"""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from backend.core.event_bus import EventBus
from backend.core.jobs.database import open_jobs_database, put_damaged_aside
from backend.core.jobs.parts import JobParts
from backend.core.schema_migration import bring_up_to_date
from backend.core.settings import HomieSettings
from backend.sdk.clock import Clock, SystemClock
from backend.sdk.db import Database, DatabaseDamaged
from backend.sdk.ids import NewId, new_id
from backend.sdk.module import ModuleApp, ModuleContext, ModuleSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend.core.accounts.audit import Audit
    from backend.core.accounts.service import Accounts
    from backend.core.ai.service import CoreAiService
    from backend.core.app_manager import AppManager
    from backend.core.backup.backups import Backups
    from backend.core.module_records import Discovered, ModuleStore
    from backend.core.notifications.rules import NoticeRules
    from backend.core.notifications.store import NotificationStore
    from backend.core.secrets import SecretFiles
    from backend.core.shared_services import SharedServices
    from backend.core.transfers import Transfers
    from backend.sdk.jobs import JobHandler

HERE = Path(__file__).parent

log = structlog.get_logger("homie.platform")


class Platform:
    """Hold every part of one process; `open` makes it, `close` ends it in the right order."""

    def __init__(self, settings: HomieSettings, role: str, clock: Clock, make_id: NewId) -> None:
        self.settings = settings
        self.role = role
        self.clock = clock
        self.new_id = make_id
        self.version = homie_version()
        self.bus = EventBus()
        self.port: int | None = None
        """The port that the server listens on, once it does."""
        self.announced = False
        """Whether the hub is announced in the local network."""

    @classmethod
    def open(
        cls,
        settings: HomieSettings,
        role: str = "cli",
        *,
        clock: Clock | None = None,
        make_id: NewId = new_id,
        modules: Iterable[Discovered] | None = None,
    ) -> Platform:
        """Make the platform; `modules` replaces the installed ones (tests)."""
        platform = cls(settings, role, clock or SystemClock(), make_id)
        settings.make_folders()
        if role == "web":
            platform._finish_restores()
        if modules is not None:
            platform.found = list(modules)
        if role != "worker":
            platform._make("accounts", "ai")  # on core's database: if it cannot be opened, nothing else is begun
        platform._open_jobs()
        if role != "worker":
            platform._make("apps")
        return platform

    def _make(self, *parts: str) -> None:
        """Make parts now, in this order, instead of at their first use."""
        for part in parts:
            getattr(self, part)

    def _finish_restores(self) -> None:
        from backend.core.backup.backups import recover_restores

        if finished := recover_restores(self.settings, self.version):
            log.warning("restores that were interrupted are finished", parts=finished)

    @cached_property
    def secrets(self) -> SecretFiles:
        """Hold the keys of this installation."""
        from backend.core.secrets import SecretFiles

        return SecretFiles(self.settings.secrets_dir)

    @cached_property
    def core_db(self) -> Database:
        """Hold core's database, brought to the newest schema."""
        from backend.core.schema import CoreBase

        opened = Database(self.settings.database_target("core"), CoreBase, name="core", durable=True)
        bring_up_to_date(opened, HERE / "migrations")
        opened.on_commit = self.bus.publish
        return opened

    @cached_property
    def audit(self) -> Audit:
        """Hold the security log."""
        from backend.core.accounts.audit import Audit

        return Audit(self.core_db, self.clock, self.secrets)

    @cached_property
    def accounts(self) -> Accounts:
        """Hold people, their rights and their folders."""
        from backend.core.accounts.service import Accounts
        from backend.core.backup.settings import BackupSettingsStore

        made = Accounts(self.core_db, self.bus, self.audit, self.clock, self.new_id, self.settings)
        backup_settings = BackupSettingsStore(self.settings)
        made.roots.also_private = lambda: (backup_settings.load().directory,)
        return made

    @cached_property
    def ai(self) -> CoreAiService:
        """Hold what asks AI providers."""
        from backend.core.ai.service import CoreAiService

        return CoreAiService(self.core_db, self.secrets.box(), self.clock, self.new_id, self.settings.ai)

    @cached_property
    def found(self) -> list[Discovered]:
        """Hold the installed modules."""
        from backend.core.module_records import discover

        return discover(self.settings.modules)

    def _specs(self) -> Iterator[ModuleSpec]:
        for found in self.found:
            if found.spec is not None:
                yield found.spec

    def _open_jobs(self) -> None:
        self.jobs_db = self._jobs_database()
        self.jobs_db.on_commit = self.bus.publish
        self.job_parts = JobParts.open(self.settings, self.clock, list(self._specs()), db=self.jobs_db)
        self.jobs = self.job_parts.service
        self.job_parts.registry.register_later("core", self._core_handlers)
        self._leave_bus = self.job_parts.connect(self.bus) if self.role != "web" else None

    def _core_handlers(self) -> Iterable[JobHandler[Any]]:
        from backend.core.backup.jobs import backup_handlers

        return backup_handlers(lambda: self.backup)

    def _jobs_database(self) -> Database:
        """Open the list of jobs; the server puts a damaged one aside and begins anew, others refuse it."""
        target = self.settings.database_target("jobs")
        for attempt in (1, 2):
            opened = None
            try:
                opened = open_jobs_database(target)
                if self.role == "web":
                    opened.check_after_crash()
                bring_up_to_date(opened, HERE / "jobs" / "migrations")
                return opened
            except DatabaseDamaged:
                if opened is not None:
                    opened.close()
                if self.role != "web" or attempt == 2 or not isinstance(target, Path):
                    raise
                from backend.core.backup.platform_parts import no_server

                with no_server(self.settings, "jobs"):  # another server may be using it just now
                    aside = put_damaged_aside(target, self.settings.data_dir / "damaged")
                log.error("the list of jobs was damaged: it is put aside and begun anew", aside=str(aside))
        raise AssertionError("unreachable")

    @cached_property
    def _module_store(self) -> ModuleStore:
        from backend.core.module_records import ModuleStore

        return ModuleStore(self.core_db, self.clock)

    @cached_property
    def services(self) -> SharedServices:
        """Hold what makes the contexts of modules."""
        from backend.core.backup.blobs import LocalBlobStore
        from backend.core.shared_services import SharedServices

        return SharedServices(
            self.settings,
            self.role,
            bus=self.bus,
            jobs=self.jobs,
            ai=self.ai,
            roots=self.accounts.roots,
            blobs=lambda part: LocalBlobStore(self.settings.blobs_dir / part),
            clock=self.clock,
            new_id=self.new_id,
            migrate=bring_up_to_date,
            stored_settings=self._module_store.settings,
            ask=lambda name, actor, query: self.apps.ask(name, actor, query),
            box=self.secrets.box(),
            people=self.accounts.people.names,
        )

    @cached_property
    def apps(self) -> AppManager:
        """Hold the modules of this process."""
        from backend.core.app_manager import AppManager

        return AppManager(self.found, self.services, self._module_store, self.clock, role=self.role)

    @cached_property
    def backup(self) -> Backups:
        """Hold the backup part; made on first use, for most commands and jobs never back up."""
        from backend.core.backup.backups import Backups

        return Backups(self)

    @cached_property
    def transfers(self) -> Transfers:
        """Hold links, pictures and uploads; made on first use, for only the server hands files out."""
        from backend.core.transfers import Transfers

        return Transfers(
            self.accounts, self.core_db, self.secrets.box(), self.clock, self.new_id, self.settings.cache_dir
        )

    @cached_property
    def notice_rules(self) -> NoticeRules:
        """Hold which events are news."""
        from backend.core.notifications.rules import NoticeRules

        return NoticeRules(self.apps.specs())

    @cached_property
    def notifications(self) -> NotificationStore:
        """Hold the news for people; made on first use, for only the server shows them."""
        from backend.core.notifications.store import NotificationStore

        preferences = self.accounts.preferences
        return NotificationStore(
            self.core_db,
            self.clock,
            self.new_id,
            muted=preferences.muted,
            private=lambda actor: preferences.home(actor).owner_id,
            quiet=preferences.quiet_since,
        )

    def module(self, module_id: str) -> ModuleApp:
        """Return a module, migrated and set up in this process (started too in the web role)."""
        return self.apps.ensure(module_id)

    def core_context(self) -> ModuleContext:
        """Return what jobs of core itself (backups) are handed: core's database in place of a module's."""
        spec = ModuleSpec(id="core", title="Homie", version=self.version, app="", models="")
        return self.services.context_for(spec, self.core_db, self.bus)

    def unscoped_counts(self) -> dict[str, dict[str, int]]:
        """Return how often each database of this process was read past the owners, by reason."""
        counts = {"core": self.core_db.unscoped_counts, "jobs": self.jobs_db.unscoped_counts}
        return counts | {name: app.ctx.db.unscoped_counts for name, app in self.apps.loaded().items()}

    def close(self) -> None:
        """Stop modules, flush events to the server, close the databases."""
        opened = vars(self)  # a worker that had nothing to do has opened the list of jobs only
        if "apps" in opened:
            self.apps.close()
        if self._leave_bus is not None:
            self._leave_bus()
        if "ai" in opened:
            self.ai.close()
        self.jobs_db.close()
        if "core_db" in opened:
            self.core_db.close()


def homie_version() -> str:
    """Return the version of this installation."""
    try:
        return version("homie")
    except PackageNotFoundError:
        return "0+checkout"
