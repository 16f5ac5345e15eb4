"""The parts of an installation: core and each installed module, found from settings and declarations alone.

Nothing is opened to list them, so that a restore works when core's own database is what is broken.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.core.backup.errors import RestoreRefused
from backend.core.backup.parts import BackupPart
from backend.core.backup.postgres_part import PostgresPart
from backend.core.backup.sqlite_part import SqlitePart
from backend.core.module_records import load_object
from backend.core.schema_migration import bring_up_to_date
from backend.core.settings import HomieSettings
from backend.core.shared_services import load_file
from backend.sdk.db import Database
from backend.sdk.errors import FieldProblem, HomieError, NotFound
from backend.sdk.module import ModuleSpec, ModuleState

if TYPE_CHECKING:
    from backend.core.app_manager import AppManager

CORE = "core"
CORE_MIGRATIONS = Path(__file__).parent.parent / "migrations"


class InstalledParts:
    """Implement `Parts` for one installation.

    `apps` is given in a running platform: loaded modules are asked for further folders, and in the web role a module is
    stopped and started around a restore. Without it (emergency) the server must not be running.
    """

    def __init__(
        self,
        settings: HomieSettings,
        specs: list[ModuleSpec],
        *,
        version: str,
        role: str = "cli",
        apps: AppManager | None = None,
    ) -> None:
        self._settings = settings
        self._specs = {spec.id: spec for spec in specs}
        self._version = version
        self._role = role
        self._apps = apps
        self._said: dict[str, tuple[Path, ...]] = {}

    def ids(self) -> tuple[str, ...]:
        """Return core and the modules that have data here."""
        return (CORE, *(i for i in self._specs if self._has_data(i)))

    def get(self, part_id: str) -> BackupPart:
        """Return one part; `NotFound` when there is none."""
        if part_id != CORE and part_id not in self._specs:
            raise NotFound(
                "There is no such part to back up.",
                fields=[FieldProblem("module", f"{part_id} is not installed here", "choose core or a module's id")],
            )
        target = self._settings.database_target(part_id)
        if isinstance(target, str) and not target.startswith("sqlite"):
            return PostgresPart(
                part_id,
                lambda: Database(target, self._base(part_id), name=part_id, durable=True),
                version=self._part_version(part_id),
                upgrade=lambda db: bring_up_to_date(db, self._migrations(part_id)),
                folders=lambda: self._folders(part_id),
                secrets=self._settings.secrets_dir if part_id == CORE else None,
                data_dir=self._settings.data_dir,
            )
        return SqlitePart(
            part_id,
            _path_of(target),
            version=self._part_version(part_id),
            upgrade=lambda copy: self._upgrade(part_id, copy),
            folders=lambda: self._folders(part_id),
            secrets=self._settings.secrets_dir if part_id == CORE else None,
            data_dir=self._settings.data_dir,
        )

    @contextmanager
    def held(self, part_id: str) -> Iterator[None]:
        """Hold a part still: in the server the module is stopped, elsewhere no server may run at all."""
        if self._role == "web":
            with self._stopped(part_id):
                yield
            return
        with no_server(self._settings, part_id):
            yield

    # ------------------------------------------------------------------ inside

    @contextmanager
    def _stopped(self, part_id: str) -> Iterator[None]:
        if part_id == CORE or self._apps is None:
            raise RestoreRefused(
                "The accounts can only be restored while Homie is stopped: stop it, then run `homie restore`.",
                fields=[FieldProblem("part", "core is in use by this server", "stop Homie first")],
            )
        before = self._apps.status(part_id).state
        self._folders(part_id)
        self._apps.stop(part_id)
        try:
            yield
        finally:
            if before is not ModuleState.DISABLED:
                self._apps.start(part_id)

    def _folders(self, part_id: str) -> Mapping[str, Path]:
        if part_id == CORE:
            return {}
        data_dir = self._settings.data_dir
        found = [self._settings.blobs_dir / part_id, *self._asked_folders(part_id)]
        return {p.relative_to(data_dir).as_posix(): p for p in found if p.is_relative_to(data_dir)}

    def _asked_folders(self, part_id: str) -> tuple[Path, ...]:
        """Ask the module for its further folders; what it said last counts while it cannot be asked (stopped)."""
        if self._apps is not None:
            try:
                self._said[part_id] = tuple(self._apps.ensure(part_id).blob_folders())
            except HomieError:
                pass
        return self._said.get(part_id, ())

    def _upgrade(self, part_id: str, copy: Path) -> str | None:
        db = Database(copy, self._base(part_id), name=f"restored-{part_id}", durable=True)
        try:
            bring_up_to_date(db, self._migrations(part_id))
        finally:
            db.close()
        with closing(sqlite3.connect(copy, isolation_level=None)) as opened:
            opened.execute("PRAGMA journal_mode=DELETE")
            known = opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = opened.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        return str(row[0]) if row else None

    def _base(self, part_id: str) -> Any:
        if part_id == CORE:
            from backend.core.schema import CoreBase

            return CoreBase
        return load_object(self._specs[part_id].models)

    def _migrations(self, part_id: str) -> Path:
        if part_id == CORE:
            return CORE_MIGRATIONS
        spec = self._specs[part_id]
        return Path(load_file(spec.package)).parent / spec.migrations

    def _part_version(self, part_id: str) -> str:
        return self._version if part_id == CORE else self._specs[part_id].version

    def _has_data(self, module_id: str) -> bool:
        target = self._settings.database_target(module_id)
        return isinstance(target, str) or target.exists()


@contextmanager
def no_server(settings: HomieSettings, part_id: str) -> Iterator[None]:
    """Make sure that no server runs, and that none starts, for the length of the block.

    The server holds `run/hub.lock` all its life; whoever holds it here keeps a server from starting meanwhile.
    """
    settings.run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(settings.run_dir / "hub.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RestoreRefused(
                "Homie is running. It restores a module itself; the accounts need it to be stopped.",
                fields=[FieldProblem("part", f"{part_id} is in use by the server", "stop Homie, then try again")],
            ) from None
        yield
    finally:
        os.close(handle)


def _path_of(target: str | Path) -> Path:
    return target if isinstance(target, Path) else Path(target.removeprefix("sqlite:///"))
