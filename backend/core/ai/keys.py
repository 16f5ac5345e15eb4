"""Keys of providers: sealed with the master key, written by an admin, read by the sender, shown to nobody."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.ai.models import AiKey, AiProviderState
from backend.core.secrets import SecretBox
from backend.sdk.clock import Clock
from backend.sdk.db import Database
from backend.sdk.errors import FieldProblem, InvalidInput


class KeyStore:
    """Keep one key per provider."""

    def __init__(self, db: Database, box: SecretBox, clock: Clock) -> None:
        self._db = db
        self._box = box
        self._clock = clock

    def put(self, provider: str, key: str) -> None:
        """Store a key, replacing the one before; a refusal of the old one is forgotten."""
        key = key.strip()
        if not 1 <= len(key) <= 500 or not key.isascii() or not key.isprintable() or " " in key:
            raise InvalidInput(
                fields=[
                    FieldProblem(
                        "body.key",
                        "This does not look like an API key.",
                        "Copy the key from the provider's page again, without spaces or line breaks.",
                    )
                ]
            )
        self._db.unscoped("ai: store a key", self._put, provider, key, write=True)

    def remove(self, provider: str) -> bool:
        """Forget a key; tells whether there was one."""

        def work(session: Session) -> bool:
            row = session.get(AiKey, provider)
            if row is None:
                return False
            session.delete(row)
            return True

        return self._db.unscoped("ai: remove a key", work, write=True)

    def get(self, provider: str) -> str | None:
        """Return the key in clear, for the request that is about to be sent."""

        def work(session: Session) -> str | None:
            row = session.get(AiKey, provider)
            return row.sealed if row else None

        sealed = self._db.unscoped("ai: read the key for a call", work)
        return self._box.open_text(sealed, _context(provider)) if sealed else None

    def known(self) -> dict[str, str]:
        """Return provider -> fingerprint of the stored keys."""

        def work(session: Session) -> dict[str, str]:
            return {row.id: row.fingerprint for row in session.scalars(select(AiKey))}

        return self._db.unscoped("ai: which keys are there", work)

    def fingerprint(self, key: str) -> str:
        """Return a keyed fingerprint: it tells two keys apart and nothing about either."""
        return hmac.new(self._box.derive("ai-key-fingerprint"), key.encode(), hashlib.sha256).hexdigest()[:16]

    def _put(self, session: Session, provider: str, key: str) -> None:
        row = session.get(AiKey, provider) or AiKey(id=provider)
        row.sealed = self._box.seal(key, _context(provider))
        row.fingerprint = self.fingerprint(key)
        row.updated_at = self._clock.now()
        session.add(row)
        state = session.get(AiProviderState, provider)
        if state is not None:
            state.refused_fingerprint = None


def _context(provider: str) -> str:
    return f"ai-key:{provider}"
