"""What household and spaces decided about AI, and what was learned about a provider: read in one unit per call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.ai.models import AiKey, AiOptIn, AiProviderState, AiSetting
from backend.core.ai.settings import HouseholdAi
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession

_HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Learned:
    """Hold what was learned about a provider at an endpoint."""

    endpoint: str = ""
    model: str | None = None
    plain_json: bool = False
    refused_fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold all that decides whether a provider may be asked for one module of one space."""

    settings: HouseholdAi
    opted_in: bool
    learned: Learned


class HouseholdStore:
    """Read and write settings, agreements and what was learned."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def standing(self, actor: Actor, module: str) -> Standing:
        """Return how things stand for a module in the space that the actor writes to."""

        def work(session: OwnedSession) -> Standing:
            settings = _settings(session)
            agreed = session.scalar(select(AiOptIn.enabled).where(AiOptIn.module == module))
            return Standing(settings, bool(agreed), _learned(session, settings.provider))

        # Agreements of other spaces that the same person may read must not count.
        return self._db.read(actor.only_in(actor.owner_id), work)

    def settings(self) -> HouseholdAi:
        """Return the household's settings; everything is off until an admin chose."""
        return self._db.unscoped("ai: read settings", _settings)

    def save(self, settings: HouseholdAi) -> None:
        """Replace the household's settings."""

        def work(session: Session) -> None:
            row = session.get(AiSetting, _HOUSEHOLD) or AiSetting(id=_HOUSEHOLD)
            row.value = settings.model_dump(mode="json")
            row.updated_at = self._clock.now()
            session.add(row)

        self._db.unscoped("ai: change settings", work, write=True)

    def learned(self, provider: str) -> Learned:
        """Return what was learned about a provider."""
        return self._db.unscoped("ai: what is known about the provider", _learned, provider)

    def learn(self, provider: str, **facts: Any) -> None:
        """Remember facts about a provider (`endpoint`, `model`, `plain_json`, `refused_fingerprint`)."""

        def work(session: Session) -> None:
            row = session.get(AiProviderState, provider) or AiProviderState(id=provider)
            for name, value in facts.items():
                setattr(row, name, value)
            row.updated_at = self._clock.now()
            session.add(row)

        self._db.unscoped("ai: remember a fact about the provider", work, write=True)

    def key_refused(self, provider: str, fingerprint: str) -> None:
        """Remember that the provider refuses this key, unless the key was changed meanwhile."""

        def work(session: Session) -> None:
            key = session.get(AiKey, provider)
            if key is not None and key.fingerprint != fingerprint:
                return
            row = session.get(AiProviderState, provider) or AiProviderState(id=provider)
            row.refused_fingerprint, row.updated_at = fingerprint, self._clock.now()
            session.add(row)

        self._db.unscoped("ai: a key was refused", work, write=True)

    def opt_ins(self, actor: Actor) -> dict[str, bool]:
        """Return module -> agreed, of the space that the actor writes to."""

        def work(session: OwnedSession) -> dict[str, bool]:
            return {row.module: row.enabled for row in session.scalars(select(AiOptIn))}

        return self._db.read(actor.only_in(actor.owner_id), work)

    def opt_in(self, actor: Actor, module: str, enabled: bool) -> bool:
        """Agree or withdraw for one module of the actor's space; tells whether that changed anything."""

        def work(session: OwnedSession) -> bool:
            row = session.scalar(select(AiOptIn).where(AiOptIn.module == module))
            if row is not None and row.enabled == enabled:
                return False
            if row is None:
                row = AiOptIn(module=module)
                session.add(row)
            row.enabled, row.changed_by, row.changed_at = enabled, actor.user_id, self._clock.now()
            return True

        return self._db.write(actor.only_in(actor.owner_id), work)


def _settings(session: Session) -> HouseholdAi:
    row = session.get(AiSetting, _HOUSEHOLD)
    return HouseholdAi.model_validate(row.value) if row else HouseholdAi()


def _learned(session: Session, provider: str) -> Learned:
    row = session.get(AiProviderState, provider)
    if row is None:
        return Learned()
    return Learned(row.endpoint, row.model, row.plain_json, row.refused_fingerprint)
