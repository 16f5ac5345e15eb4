"""The owner's own choices: defaults of the installation, overridden in `module_data`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.file_organizer.memory.models import ModuleData
from backend.file_organizer.settings import FileOrganizerSettings, OwnerSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession

_KEY = "settings"


class OwnerSettingsStore:
    """Read and change the settings of the space that an actor writes to."""

    def __init__(self, db: Database, clock: Clock, installation: FileOrganizerSettings) -> None:
        self._db = db
        self._clock = clock
        self._defaults = installation.defaults

    def get(self, actor: Actor) -> OwnerSettings:
        """Return the owner's settings."""
        stored = self._db.read(actor, _load)
        known = {name: value for name, value in stored.items() if name in OwnerSettings.model_fields}
        return self._defaults.model_copy(update=known)

    def change(self, actor: Actor, changes: dict[str, Any]) -> OwnerSettings:
        """Store checked changes and return the settings as they are then."""

        def work(session: OwnedSession) -> OwnerSettings:
            row = _row(session)
            if row is None:
                row = ModuleData(key=_KEY, value={}, updated_at=self._clock.now())
                session.add(row)
            merged = OwnerSettings.model_validate(self._defaults.model_dump() | dict(row.value) | changes)
            row.value = merged.model_dump()
            row.updated_at = self._clock.now()
            return merged

        return self._db.write(actor, work)


def _row(session: OwnedSession) -> ModuleData | None:
    owner = session.actor.owner_id
    rows = session.scalars(select(ModuleData).where(ModuleData.key == _KEY))
    return next((row for row in rows if row.owner_id == owner), None)


def _load(session: OwnedSession) -> dict[str, Any]:
    row = _row(session)
    return dict(row.value) if row is not None else {}
