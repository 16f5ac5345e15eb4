"""The composition root: every part of Homie is made here, from settings, for one role.

web      the server process: everything, and it starts the workers
worker   a job process: modules are set up (not started) when a job needs them
cli      one command: the same beside a running server, without a network
"""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from backend.core.accounts.audit import Audit
from backend.core.accounts.service import Accounts
from backend.core.ai.service import CoreAiService
from backend.core.app_manager import AppManager
from backend.core.backup.blobs import LocalBlobStore
from backend.core.backup.jobs import backup_handlers
from backend.core.backup.settings import BackupSettingsStore
from backend.core.event_bus import EventBus
from backend.core.jobs.database import open_jobs_database, put_damaged_aside
from backend.core.jobs.parts import JobParts
from backend.core.module_records import ModuleStore, discover
from backend.core.schema import CoreBase
from backend.core.schema_migration import bring_up_to_date
from backend.core.secrets import SecretFiles
from backend.core.settings import HomieSettings
from backend.core.shared_services import SharedServices
from backend.sdk.clock import Clock, SystemClock
from backend.sdk.db import Database, DatabaseDamaged
from backend.sdk.ids import NewId, new_id
from backend.sdk.module import ModuleApp, ModuleContext, ModuleSpec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend.core.backup.backups import Backups
    from backend.core.module_records import Discovered
    from backend.core.notifications.rules import NoticeRules
    from backend.core.notifications.store import NotificationStore
    from backend.core.transfers import Transfers

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
        self.secrets = SecretFiles(settings.secrets_dir)

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
        platform._open_core()
        platform._open_jobs(modules)
        platform._open_modules()
        return platform

    def _finish_restores(self) -> None:
        from backend.core.backup.backups import recover_restores

        if finished := recover_restores(self.settings, self.version):
            log.warning("restores that were interrupted are finished", parts=finished)

    def _open_core(self) -> None:
        self.core_db = Database(self.settings.database_target("core"), CoreBase, name="core", durable=True)
        bring_up_to_date(self.core_db, HERE / "migrations")
        self.core_db.on_commit = self.bus.publish
        self.audit = Audit(self.core_db, self.clock, self.secrets)
        self.accounts = Accounts(self.core_db, self.bus, self.audit, self.clock, self.new_id, self.settings)
        self.ai = CoreAiService(self.core_db, self.secrets.box(), self.clock, self.new_id, self.settings.ai)

    def _open_jobs(self, modules: Iterable[Discovered] | None) -> None:
        self.jobs_db = self._jobs_database()
        self.jobs_db.on_commit = self.bus.publish
        self._found = list(modules) if modules is not None else discover(self.settings.modules)
        specs = [found.spec for found in self._found if found.spec is not None]
        self.job_parts = JobParts.open(self.settings, self.clock, specs, db=self.jobs_db)
        self.jobs = self.job_parts.service
        self._leave_bus = self.job_parts.connect(self.bus) if self.role != "web" else None

    def _jobs_database(self) -> Database:
        """Open the list of jobs; the server puts a damaged one aside and begins anew, others refuse it."""
        from backend.core.backup.platform_parts import no_server

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
                with no_server(self.settings, "jobs"):  # another server may be using it just now
                    aside = put_damaged_aside(target, self.settings.data_dir / "damaged")
                log.error("the list of jobs was damaged: it is put aside and begun anew", aside=str(aside))
        raise AssertionError("unreachable")

    def _open_modules(self) -> None:
        store = ModuleStore(self.core_db, self.clock)
        self.services = SharedServices(
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
            stored_settings=store.settings,
            ask=lambda name, actor, query: self.apps.ask(name, actor, query),
            box=self.secrets.box(),
            people=self.accounts.people.names,
        )
        self.apps = AppManager(self._found, self.services, store, self.clock, role=self.role)
        self.job_parts.registry.register(*backup_handlers(lambda: self.backup))
        backup_settings = BackupSettingsStore(self.settings)
        self.accounts.roots.also_private = lambda: (backup_settings.load().directory,)

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
        self.apps.close()
        if self._leave_bus is not None:
            self._leave_bus()
        self.ai.close()
        self.jobs_db.close()
        self.core_db.close()


def homie_version() -> str:
    """Return the version of this installation."""
    try:
        return version("homie")
    except PackageNotFoundError:
        return "0+checkout"
