"""The owner's choice of names: templates that are on or off, and "like the others"; kept in `module_data`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from backend.file_organizer.memory.models import ModuleData
from backend.file_organizer.naming.templates import DEFAULTS, NameKind, check_template
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession

_KEY = "naming"


class TemplateChoice(BaseModel):
    """One kind's template; `on`: files of this kind get their name from it when they are filed."""

    model_config = ConfigDict(extra="forbid")

    on: bool = False
    template: str = Field(max_length=400)


class NamingChoices(BaseModel):
    """What one owner chose. Nothing is renamed while everything is off.

    `like_others`: episodes are named as the other episodes of their series are, where those agree.
    """

    model_config = ConfigDict(extra="forbid")

    like_others: bool = False
    templates: dict[NameKind, TemplateChoice] = Field(
        default_factory=lambda: {kind: TemplateChoice(template=text) for kind, text in DEFAULTS.items()}
    )

    @property
    def anything(self) -> bool:
        """Tell whether any file may get another name."""
        return self.like_others or any(choice.on for choice in self.templates.values())


class NamingStore:
    """Read and change the naming choices of the space that an actor writes to."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def get(self, actor: Actor) -> NamingChoices:
        """Return the owner's choices; the defaults where nothing was chosen."""
        return _merged(self._db.read(actor, _load), {})

    def change(self, actor: Actor, changes: dict[str, Any]) -> NamingChoices:
        """Store changes and return the choices as they are then; raises `InvalidInput` for a bad template."""
        checked: dict[str, Any] = {key: value for key, value in changes.items() if key != "templates"}
        checked["templates"] = {
            kind: self._checked(kind, choice) for kind, choice in dict(changes.get("templates") or {}).items()
        }

        def work(session: OwnedSession) -> NamingChoices:
            row = _row(session)
            if row is None:
                row = ModuleData(key=_KEY, value={}, updated_at=self._clock.now())
                session.add(row)
            merged = _merged(dict(row.value), checked)
            row.value = merged.model_dump(mode="json")
            row.updated_at = self._clock.now()
            return merged

        return self._db.write(actor, work)

    @staticmethod
    def _checked(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
        given = {key: value for key, value in choice.items() if value is not None}
        if "template" in given:
            given["template"] = check_template(
                NameKind(kind), given["template"], field=f"body.templates.{kind}.template"
            )
        return given


def _merged(stored: dict[str, Any], changes: dict[str, Any]) -> NamingChoices:
    """Return stored choices with changes laid over them, kind by kind."""
    like_others = changes.get("like_others")
    if like_others is None:
        like_others = bool(stored.get("like_others", False))
    templates = {}
    for kind, text in DEFAULTS.items():
        old = dict(stored.get("templates", {}).get(kind.value, {}))
        new = {"on": False, "template": text} | old | dict(changes.get("templates", {}).get(kind.value, {}))
        templates[kind] = TemplateChoice(on=bool(new["on"]), template=str(new["template"]))
    return NamingChoices(like_others=bool(like_others), templates=templates)


def _row(session: OwnedSession) -> ModuleData | None:
    owner = session.actor.owner_id
    rows = session.scalars(select(ModuleData).where(ModuleData.key == _KEY))
    return next((row for row in rows if row.owner_id == owner), None)


def _load(session: OwnedSession) -> dict[str, Any]:
    row = _row(session)
    return dict(row.value) if row is not None else {}
