"""Answers kept by content: the same question of the same space costs nothing and sends nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from backend.core.ai.models import AiCacheEntry
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession


class AnswerCache:
    """Keep answers as the model gave them (aliases and placeholders), so that each use is checked anew."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    @staticmethod
    def key(content_hash: str, provider: str, model: str, endpoint: str) -> str:
        """Return the name of an answer: the content and who would be asked."""
        return hashlib.sha256("\0".join((content_hash, provider, model, endpoint)).encode()).hexdigest()

    def get(self, actor: Actor, key: str, max_age: timedelta) -> tuple[str, str] | None:
        """Return (answer text, model) of the actor's own space, or None."""
        oldest = self._clock.now() - max_age

        def work(session: OwnedSession) -> tuple[str, str] | None:
            found = session.execute(
                select(AiCacheEntry.answer, AiCacheEntry.model).where(
                    AiCacheEntry.content_hash == key, AiCacheEntry.created_at >= oldest
                )
            ).first()
            return (found.answer, found.model) if found else None

        return self._db.read(actor.only_in(actor.owner_id), work)

    def get_many(self, actor: Actor, keys: Sequence[str], max_age: timedelta) -> dict[str, tuple[str, str]]:
        """Return key -> (answer text, model) for those of the keys that are known; few keys (those of one call)."""
        oldest = self._clock.now() - max_age

        def work(session: OwnedSession) -> dict[str, tuple[str, str]]:
            rows = session.execute(
                select(AiCacheEntry.content_hash, AiCacheEntry.answer, AiCacheEntry.model).where(
                    AiCacheEntry.content_hash.in_(keys), AiCacheEntry.created_at >= oldest
                )
            )
            return {row.content_hash: (row.answer, row.model) for row in rows}

        return self._db.read(actor.only_in(actor.owner_id), work)

    def put(self, actor: Actor, key: str, answer: str, model: str) -> None:
        """Keep an answer that passed every check."""
        self.put_many(actor, {key: answer}, model)

    def put_many(self, actor: Actor, answers: Mapping[str, str], model: str) -> None:
        """Keep answers that passed every check, by key."""
        now = self._clock.now()

        def work(session: OwnedSession) -> None:
            found = session.scalars(select(AiCacheEntry).where(AiCacheEntry.content_hash.in_(list(answers))))
            rows = {row.content_hash: row for row in found}
            for key, answer in answers.items():
                row = rows.get(key)
                if row is None:
                    row = AiCacheEntry(content_hash=key)
                    session.add(row)
                row.answer, row.model, row.created_at = answer, model, now

        self._db.write(actor.only_in(actor.owner_id), work)

    def forget(self, actor: Actor) -> None:
        """Drop every answer of the actor's space."""
        self._db.write(actor.only_in(actor.owner_id), lambda s: s.execute(delete(AiCacheEntry)) and None)
