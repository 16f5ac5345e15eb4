"""Idempotency keys in core's database: one execution per key, for a day, over restarts and processes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from backend.core.runtime_models import IdempotencyRow
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.http import KeyScope, StoredResponse, check_replay

KEPT = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=10)
"""After this long a request without an answer is taken for dead (the server stopped within it)."""


class DatabaseIdempotencyStore:
    """Implement `sdk.http.IdempotencyStore` on the table `idempotency_keys`."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def begin(self, scope: KeyScope, request_hash: str) -> StoredResponse | None:
        """Claim the key and return None, or return the answer given before."""
        try:
            found = self._db.write(_actor(scope), self._claim, _row_id(scope), request_hash)
        except IntegrityError:
            # Another process claimed it between our look and our insert.
            found = self._db.write(_actor(scope), self._claim, _row_id(scope), request_hash)
        return check_replay(found[0], request_hash, found[1]) if found else None

    def finish(self, scope: KeyScope, response: StoredResponse) -> None:
        """Keep the answer."""

        def keep(session: OwnedSession) -> None:
            row = session.get(IdempotencyRow, (scope.owner_id, _row_id(scope)))
            if row is not None:
                row.status, row.body = response.status, response.body
                row.content_type = response.content_type

        self._db.write(_actor(scope), keep)

    def abandon(self, scope: KeyScope) -> None:
        """Release the key."""
        gone = delete(IdempotencyRow).where(IdempotencyRow.id == _row_id(scope))
        self._db.write(_actor(scope), lambda session: session.execute(gone) and None)

    def _claim(self, session: OwnedSession, row_id: str, request_hash: str) -> tuple[str, StoredResponse | None] | None:
        now = self._clock.now()
        session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < now - KEPT))
        row = session.get(IdempotencyRow, (session.actor.owner_id, row_id))
        if row is not None and not (row.status == 0 and row.created_at < now - GIVEN_UP):
            answer = StoredResponse(row.status, row.body, row.content_type) if row.status else None
            return row.request_hash, answer
        if row is None:
            row = IdempotencyRow(id=row_id)
            session.add(row)
        row.request_hash, row.created_at, row.status = request_hash, now, 0
        row.body, row.content_type = b"", ""
        return None


def _actor(scope: KeyScope) -> Actor:
    return Actor.of(scope.owner_id, scope.user_id)


def _row_id(scope: KeyScope) -> str:
    text = "\0".join((scope.user_id, scope.operation, scope.key))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
