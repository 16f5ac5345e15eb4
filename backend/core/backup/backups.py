"""Everything about backups of one process, put together: from a platform, or from the settings alone (emergency)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from backend.core.backup.blobs import LocalBlobStore
from backend.core.backup.control import ControlServer
from backend.core.backup.jobs import schedule_nightly
from backend.core.backup.keyring import KeyRing
from backend.core.backup.owner_service import OwnerErased, OwnerService
from backend.core.backup.owners import AccountsPlace, ModulePlace, OwnerPlace, RowsPlace
from backend.core.backup.platform_parts import InstalledParts
from backend.core.backup.restore import Restorer
from backend.core.backup.restore_runs import RestoreRuns, RestoreWish
from backend.core.backup.scrubbing import remove_old_copies, scrub_sqlite
from backend.core.backup.service import BackupService
from backend.core.backup.settings import BackupSettingsStore
from backend.core.backup.status import BackupHistory, BackupStatus, backup_health, backup_status
from backend.core.module_records import discover
from backend.core.settings import HomieSettings
from backend.sdk.clock import Clock, SystemClock
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.module import Health, ModuleSpec

if TYPE_CHECKING:
    from backend.core.event_log import EventLog
    from backend.core.platform import Platform


class Backups:
    """Be the backup part of a platform (`platform.backup`): service, restores, history, owners, nightly jobs."""

    def __init__(self, platform: Platform) -> None:
        settings, clock = platform.settings, platform.clock
        self._platform = platform
        self.jobs = platform.jobs
        self.audit = platform.audit
        self.settings_store = BackupSettingsStore(settings)
        parts = InstalledParts(
            settings, platform.apps.specs(), version=platform.version, role=platform.role, apps=platform.apps
        )
        self.service = make_service(settings, parts, clock, platform.version, self.settings_store)
        self.history = BackupHistory(platform.core_db, clock, platform.new_id)
        self.restorer = Restorer(self.service)
        self.runs = RestoreRuns(self.restorer, self.history, clock, platform.new_id)
        self.owners = OwnerService(
            data_dir=settings.data_dir,
            core_db=platform.core_db,
            jobs=platform.jobs,
            bus=platform.bus,
            audit=platform.audit,
            places=self._places,
            role_of=self._role_of,
            scrub=self._scrub,
        )
        self._control: ControlServer | None = None

    def start(self, events: EventLog) -> None:
        """Begin the web process' part: nightly jobs, the door for `homie restore`, forgetting of erased owners."""
        schedule_nightly(self, self.jobs, self.service.clock.now())
        self._platform.bus.subscribe(OwnerErased, lambda event: events.forget())
        self._control = ControlServer(self._platform.settings.run_dir, self.runs, self._audit_console)
        self._control.start()

    def stop(self) -> None:
        """End it; a restore under way is finished first."""
        if self._control is not None:
            self._control.stop()

    def status(self) -> BackupStatus:
        """Return how everything stands."""
        return backup_status(self.service, self.history, self._since())

    def health(self) -> Health:
        """Return the status as health."""
        return backup_health(self.status)

    def check_directory(self, directory: str) -> None:
        """Raise `InvalidInput` for a backup folder that people can reach: it holds everybody's things."""
        if Path(directory).is_absolute() and self._platform.accounts.roots.is_granted(Path(directory)):
            remedy = "Choose a folder that is apart from all folders opened to people."
            raise InvalidInput(fields=[FieldProblem("directory", "It is opened to a space.", remedy)])

    # ------------------------------------------------------------------ inside

    def _since(self) -> datetime:
        """Return when this installation began: the master key is made at the first start and never again."""
        path = self._platform.settings.secrets_dir / "master.key"
        if not path.exists():
            return self.service.clock.now()
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _audit_console(self, wish: RestoreWish) -> None:
        self.audit.record("backups.restored", actor=None, target=wish.part, detail={"set_id": wish.set_id, "by": "cli"})

    def _places(self, by: str | None) -> Sequence[OwnerPlace]:
        platform = self._platform
        modules = [
            ModulePlace(
                spec.id,
                lambda spec=spec: platform.module(spec.id),  # type: ignore[misc]
                LocalBlobStore(platform.settings.blobs_dir / spec.id),
            )
            for spec in platform.apps.specs()
        ]
        return [
            *modules,
            RowsPlace("jobs", platform.jobs_db),
            RowsPlace("core", platform.core_db),
            AccountsPlace(platform.accounts.ownership, by),
        ]

    def _role_of(self, user_id: str, owner_id: str) -> str | None:
        spaces = self._platform.accounts.spaces.of_person(user_id)
        return next((space.role for space in spaces if space.id == owner_id), None)

    def _scrub(self) -> None:
        """Rewrite the SQLite files; PostgreSQL reuses freed pages by itself and is left to its own vacuum."""
        settings = self._platform.settings
        for part_id in ("core", "jobs", *(spec.id for spec in self._platform.apps.specs())):
            if not isinstance(settings.database_target(part_id), str):
                scrub_sqlite(settings.database_file(part_id))
        remove_old_copies(settings.data_dir)


def make_service(
    settings: HomieSettings, parts: InstalledParts, clock: Clock, version: str, store: BackupSettingsStore
) -> BackupService:
    """Return the backup service of an installation."""
    secret = settings.backup_passphrase
    return BackupService(
        data_dir=settings.data_dir,
        settings=store.load,
        parts=parts,
        keys=KeyRing(settings.secrets_dir),
        clock=clock,
        homie_version=version,
        passphrase=secret.get_secret_value() if secret else None,
    )


def open_offline(settings: HomieSettings, version: str, specs: list[ModuleSpec] | None = None) -> BackupService:
    """Return the backup service without opening any database: for emergencies, when core itself is broken."""
    settings.make_folders()
    found = specs if specs is not None else [d.spec for d in discover(settings.modules) if d.spec is not None]
    parts = InstalledParts(settings, found, version=version)
    return make_service(settings, parts, SystemClock(), version, BackupSettingsStore(settings))


def recover_restores(settings: HomieSettings, version: str, specs: list[ModuleSpec] | None = None) -> list[str]:
    """Finish restores that a kill interrupted. Call at the start of the server, before any database is opened."""
    if not (settings.data_dir / "restoring").is_dir():
        return []
    return Restorer(open_offline(settings, version, specs)).recover()
