"""How backups are made: from the environment, changed by the household's admin, kept beside the data.

The admin's choices lie in `<data_dir>/backup_settings.json`, not in a database: they must be readable when the database
is what is broken.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.core.backup.durable import write_atomic
from backend.core.backup.retention import RetentionRules
from backend.core.settings import HomieSettings
from backend.sdk.errors import FieldProblem, InvalidInput

SETTINGS_FILE = "backup_settings.json"


class BackupSettings(BaseModel):
    """Hold the choices. `hour`: local hour of the nightly backup; `directory`: absolute path of the backup folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schedule: bool = True
    hour: int = Field(3, ge=0, le=23)
    directory: Path
    encrypt: bool = False
    keep_last: int = Field(3, ge=1, le=1000)
    keep_daily: int = Field(7, ge=0, le=1000)
    keep_weekly: int = Field(4, ge=0, le=1000)
    keep_monthly: int = Field(6, ge=0, le=1000)

    @property
    def rules(self) -> RetentionRules:
        """Return what to keep."""
        return RetentionRules(self.keep_last, self.keep_daily, self.keep_weekly, self.keep_monthly)


class BackupSettingsStore:
    """Read and change the choices of the admin over the defaults of the environment."""

    def __init__(self, home: HomieSettings) -> None:
        self._home = home
        self._file = home.data_dir / SETTINGS_FILE

    def defaults(self) -> BackupSettings:
        """Return what the environment says."""
        home = self._home
        return BackupSettings(
            schedule=home.backup_hour >= 0,
            hour=max(home.backup_hour, 0),
            directory=home.backups_dir.absolute(),
            encrypt=home.backup_passphrase is not None,
            keep_daily=home.backup_daily,
            keep_weekly=home.backup_weekly,
            keep_monthly=home.backup_monthly,
        )

    def load(self) -> BackupSettings:
        """Return the choices in force; a damaged file counts as none."""
        base = self.defaults()
        try:
            chosen = BackupSettings.model_validate_json(self._merged(base, self._file.read_bytes()))
        except (FileNotFoundError, ValidationError, ValueError):
            return base
        return chosen

    def change(self, changes: dict[str, Any]) -> BackupSettings:
        """Store the given choices and return all that are now in force; raises `InvalidInput`."""
        directory = changes.get("directory")
        if directory is not None and not Path(directory).is_absolute():
            raise InvalidInput(
                fields=[FieldProblem("directory", "it is not an absolute path", "begin it with a slash")]
            )
        present = json.loads(self._file.read_bytes()) if self._file.exists() else {}
        merged = {**present, **{k: str(v) if isinstance(v, Path) else v for k, v in changes.items()}}
        try:
            chosen = BackupSettings.model_validate({**self.defaults().model_dump(mode="json"), **merged})
        except ValidationError as error:
            raise InvalidInput(
                fields=[FieldProblem(str(e["loc"][0]), e["msg"]) for e in error.errors(include_url=False)]
            ) from None
        write_atomic(self._file, json.dumps(merged, sort_keys=True).encode())
        return chosen

    @staticmethod
    def _merged(base: BackupSettings, raw: bytes) -> str:
        chosen = json.loads(raw)
        return json.dumps({**base.model_dump(mode="json"), **chosen})


def next_run(settings: BackupSettings, now: datetime) -> datetime | None:
    """Return when the nightly backup is due next, as aware UTC; None when it is switched off."""
    if not settings.schedule:
        return None
    local = now.astimezone()
    due = local.replace(hour=settings.hour, minute=0, second=0, microsecond=0)
    if due <= local:
        # Through the calendar, not by adding 24 hours: the hour stays the same when the clocks change.
        due = datetime.combine(local.date() + timedelta(days=1), due.time()).astimezone()
    return due.astimezone(UTC)
