"""The household's own choices: defaults of the installation, overridden in `module_data`; each change can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.module_data import ModuleData
from backend.financial_manager.settings import OwnerSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId

_KEY = "settings"


class OwnerSettingsStore:
    """Read and change the settings of the space that an actor acts in."""

    def __init__(self, db: Database, log: ChangeLog, clock: Clock, new_id: NewId, defaults: OwnerSettings) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._defaults = defaults

    def get(self, actor: Actor) -> OwnerSettings:
        """Return the household's settings."""
        return self._db.read(actor, self._load)

    def currency(self, session: OwnedSession) -> str:
        """Return the household's own currency, inside a read or write that is going on."""
        return self._load(session).currency

    def change(self, actor: Actor, values: Mapping[str, Any]) -> OwnerSettings:
        """Change some of the settings; raises `InvalidInput` for an unknown currency or a null."""
        for name, value in values.items():
            if value is None:
                problem = FieldProblem(f"body.{name}", "It cannot be nothing.", "Leave it out, or give a value.")
                raise InvalidInput(fields=[problem])
        if values.get("currency", "EUR") not in KNOWN:
            told = f"{values['currency']} is no currency."
            raise InvalidInput(fields=[FieldProblem("body.currency", told, "Use the three letters, such as EUR.")])
        return self._log.write(actor, "settings.change", self._change, dict(values))

    def _change(self, session: OwnedSession, values: dict[str, Any]) -> OwnerSettings:
        now = self._load(session)
        merged = OwnerSettings.model_validate({**now.model_dump(), **values})
        row = _row(session)
        if row is None:
            row = ModuleData(id=self._new_id(), key=_KEY, value={}, updated_at=self._clock.now())
            session.add(row)
        if dict(row.value) != merged.model_dump():
            row.value, row.updated_at = merged.model_dump(), self._clock.now()
        step_of(session).title = f"{merged.currency}, {merged.country}"
        return merged

    def _load(self, session: OwnedSession) -> OwnerSettings:
        row = _row(session)
        known = {
            name: value for name, value in (row.value if row else {}).items() if name in OwnerSettings.model_fields
        }
        return self._defaults.model_copy(update=known)


def _row(session: OwnedSession) -> ModuleData | None:
    query = select(ModuleData).where(ModuleData.owner_id == session.actor.owner_id, ModuleData.key == _KEY)
    return session.scalars(query).first()
