"""What people decide about AI: the household's settings and keys (admins), and each space's agreement; all audited."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import Select, delete, select, tuple_
from sqlalchemy.orm import Session

from backend.core.ai.base_url import checked_base_url
from backend.core.ai.errors import PayloadMissing
from backend.core.ai.models import AiCall, AiPayloadEntry
from backend.core.ai.service import CoreAiService
from backend.core.ai.settings import HouseholdAi
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput, NotAllowed


class AuditLog(Protocol):
    """Be the security log of the installation."""

    def record(
        self,
        action: str,
        *,
        actor: Actor | None,
        owner_id: str | None = None,
        target: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> Any:
        """Write down one action."""
        ...


MaySpeakFor = Callable[[Actor], bool]
"""Tell whether a person may decide for the space that they write to (its owner, or an admin who is in it)."""


class AiAdmin:
    """Change and show what belongs to AI, on top of the service."""

    def __init__(self, ai: CoreAiService, db: Database, audit: AuditLog, may_speak_for: MaySpeakFor) -> None:
        self.ai = ai
        self._db = db
        self._audit = audit
        self._may_speak_for = may_speak_for

    def save_settings(self, actor: Actor, wanted: HouseholdAi) -> HouseholdAi:
        """Check and store the household's settings; what was learned about another provider or model is forgotten."""
        settings = _checked(wanted)
        before = self.ai.household.settings()
        self.ai.household.save(settings)
        if settings.provider != "none":
            facts: dict[str, Any] = {"endpoint": settings.base_url or "", "model": None, "plain_json": False}
            if settings.base_url != before.base_url:
                facts["refused_fingerprint"] = None
            self.ai.household.learn(settings.provider, **facts)
        changed = [name for name in HouseholdAi.model_fields if getattr(before, name) != getattr(settings, name)]
        # Names of fields only: the list of names to hide is itself personal.
        self._audit.record("ai.settings_changed", actor=actor, target=settings.provider, detail={"fields": changed})
        return settings

    def put_key(self, actor: Actor, provider: str, key: str) -> None:
        """Store a provider's key."""
        self.ai.keys.put(provider, key)
        self._audit.record("ai.key_stored", actor=actor, target=provider)

    def remove_key(self, actor: Actor, provider: str) -> None:
        """Forget a provider's key; nothing to do is no error."""
        if self.ai.keys.remove(provider):
            self._audit.record("ai.key_removed", actor=actor, target=provider)

    def opt_in(self, actor: Actor, module: str, enabled: bool) -> None:
        """Agree (or withdraw) for one module of the actor's space; needs the space's owner or an admin in it."""
        if not self._may_speak_for(actor):
            raise NotAllowed("Only an owner of this space or an admin may decide about AI for it.")
        if self.ai.household.opt_in(actor, module, enabled):
            action = "ai.opted_in" if enabled else "ai.opted_out"
            self._audit.record(action, actor=actor, owner_id=actor.owner_id, target=module)

    def payloads(self, actor: Actor, limit: int, after: tuple[Any, ...] | None) -> list[dict[str, Any]]:
        """Return what was sent for the spaces that the actor may read, newest first, with what each call came to."""

        def work(session: OwnedSession) -> list[dict[str, Any]]:
            query = _sent()
            if after is not None:
                query = query.where(AiPayloadEntry.id < after[0])
            rows = session.execute(query.order_by(AiPayloadEntry.id.desc()).limit(limit)).all()
            return [_payload_view(entry, call) for entry, call in rows]

        return self._db.read(actor, work)

    def payload(self, actor: Actor, payload_id: str) -> dict[str, Any]:
        """Return one sent request; raises `PayloadMissing`, also for one of a space that the actor is not in."""

        def work(session: OwnedSession) -> dict[str, Any]:
            row = session.execute(_sent().where(AiPayloadEntry.id == payload_id)).first()
            if row is None:
                raise PayloadMissing()
            return _payload_view(row[0], row[1])

        return self._db.read(actor, work)

    def calls(self, actor: Actor, limit: int, after: tuple[Any, ...] | None) -> list[dict[str, Any]]:
        """Return the ledger's entries of the spaces that the actor may read, newest first."""

        def work(session: OwnedSession) -> list[dict[str, Any]]:
            query = select(AiCall)
            if after is not None:
                query = query.where(AiCall.id < after[0])
            rows = session.scalars(query.order_by(AiCall.id.desc()).limit(limit)).all()
            return [{c.key: getattr(row, c.key) for c in AiCall.__mapper__.column_attrs} for row in rows]

        return self._db.read(actor, work)

    def erase_payloads(self, actor: Actor) -> None:
        """Erase the payload log and the cached answers of the actor's space; the figures of the ledger stay."""
        if not self._may_speak_for(actor):
            raise NotAllowed("Only an owner of this space or an admin may erase its AI log.")
        own = actor.only_in(actor.owner_id)
        self._db.write(own, lambda session: session.execute(delete(AiPayloadEntry)) and None)
        self.ai.cache.forget(own)
        self._audit.record("ai.payloads_erased", actor=actor, owner_id=actor.owner_id)


def _sent() -> Select[AiPayloadEntry, AiCall]:
    return select(AiPayloadEntry, AiCall).join(
        AiCall, (AiCall.owner_id == AiPayloadEntry.owner_id) & (AiCall.id == AiPayloadEntry.call_id)
    )


def _payload_view(entry: AiPayloadEntry, call: AiCall) -> dict[str, Any]:
    """Return a request with the figures of its call."""
    of_call = ("module", "task", "subject", "model", "outcome", "requests", "input_tokens", "output_tokens")
    of_entry = ("id", "owner_id", "call_id", "provider", "url", "body", "sent_at")
    found = {name: getattr(call, name) for name in of_call} | {name: getattr(entry, name) for name in of_entry}
    found["item_count"] = call.items
    return found | {"cost_micro_usd": call.cost_micro_usd if call.cost_known else None}


def space_owner_or_admin(db: Database) -> MaySpeakFor:
    """Return the rule for spaces of core's accounts: the role `owner`, or an admin of the household in that space."""
    from backend.core.accounts.models import Membership

    def rule(actor: Actor) -> bool:
        def work(session: Session) -> str | None:
            return session.scalar(
                select(Membership.role).where(
                    tuple_(Membership.user_id, Membership.space_id).in_([(actor.user_id, actor.owner_id)])
                )
            )

        role = db.unscoped("ai: may this person decide for the space", work)
        return role == "owner" or (role is not None and actor.is_admin)

    return rule


def _checked(wanted: HouseholdAi) -> HouseholdAi:
    base_url = checked_base_url(wanted.base_url) if wanted.base_url else None
    if wanted.provider == "openai" and base_url is None:
        raise InvalidInput(
            fields=[
                FieldProblem(
                    "body.base_url",
                    "An AI server of your own needs its address.",
                    "Write it like http://192.168.1.20:11434 (Ollama) or http://127.0.0.1:8080 (llama.cpp).",
                )
            ]
        )
    names = tuple(dict.fromkeys(unicodedata.normalize("NFC", name).strip() for name in wanted.names))
    if any(len(name) < 2 for name in names):
        raise InvalidInput(
            fields=[
                FieldProblem("body.names", "A name to hide has at least two characters.", "Write the name in full.")
            ]
        )
    return wanted.model_copy(
        update={"base_url": base_url, "names": names, "model": (wanted.model or "").strip() or None}
    )
