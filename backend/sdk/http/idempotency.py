"""Make a repeated write harmless: the same `Idempotency-Key` gets the same answer, and the work is done once."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Protocol

import structlog

from backend.sdk.errors import Conflict

FINISH_TRIES = 3
FINISH_PAUSE_SECONDS = 0.2
FINISH_SECONDS = 5.0

log = structlog.get_logger(__name__)


class IdempotencyKeyReused(Conflict):
    """The key was used before for a different request."""

    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for another request. Use a new key."


class IdempotencyInProgress(Conflict):
    """The first request with this key has not ended yet."""

    code = "idempotency_in_progress"
    message = "The first request with this Idempotency-Key is still being worked on. Try again in a moment."


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """Keep what is needed to give the same answer again."""

    status: int
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class KeyScope:
    """Tell keys apart: whose, and for which operation."""

    owner_id: str
    user_id: str
    operation: str
    key: str


class IdempotencyStore(Protocol):
    """Remember keys for a day."""

    def begin(self, scope: KeyScope, request_hash: str) -> StoredResponse | None:
        """Claim the key and return None, or return the answer given before.

        Raises `IdempotencyKeyReused` for another request, `IdempotencyInProgress` while the first one runs.
        """
        ...

    def finish(self, scope: KeyScope, response: StoredResponse) -> None:
        """Keep the answer."""
        ...

    def abandon(self, scope: KeyScope) -> None:
        """Release the key: the work failed and may be tried again."""
        ...


class MemoryIdempotencyStore:
    """Keep keys in this process; for tests and for a module that runs without a platform."""

    def __init__(self) -> None:
        self._kept: dict[KeyScope, tuple[str, StoredResponse | None]] = {}
        self._lock = threading.Lock()

    def begin(self, scope: KeyScope, request_hash: str) -> StoredResponse | None:
        """Claim the key or return the answer given before."""
        with self._lock:
            kept = self._kept.get(scope)
            if kept is None:
                self._kept[scope] = (request_hash, None)
                return None
        return check_replay(kept[0], request_hash, kept[1])

    def finish(self, scope: KeyScope, response: StoredResponse) -> None:
        """Keep the answer."""
        with self._lock:
            self._kept[scope] = (self._kept[scope][0], response)

    def abandon(self, scope: KeyScope) -> None:
        """Release the key."""
        with self._lock:
            self._kept.pop(scope, None)


def keep_answer(store: IdempotencyStore, scope: KeyScope, response: StoredResponse) -> None:
    """Keep the answer to work that is done; never raises, for an error would have the work done a second time.

    Tried again a few times, but not after a try that waited long by itself: somebody waits for the answer.
    """
    began = time.monotonic()
    for left in reversed(range(FINISH_TRIES)):
        try:
            return store.finish(scope, response)
        except Exception:
            log.exception("an answer could not be kept for its Idempotency-Key", operation=scope.operation)
        if not left or time.monotonic() - began > FINISH_SECONDS:
            return
        time.sleep(FINISH_PAUSE_SECONDS)


def release_key(store: IdempotencyStore, scope: KeyScope) -> None:
    """Release the key of work that failed; never raises, so that its caller's own error is the one that is told."""
    try:
        store.abandon(scope)
    except Exception:
        log.exception("an Idempotency-Key could not be released", operation=scope.operation)


def check_replay(kept_hash: str, request_hash: str, response: StoredResponse | None) -> StoredResponse:
    """Return the stored answer, or raise the reason why it cannot be given."""
    if kept_hash != request_hash:
        raise IdempotencyKeyReused()
    if response is None:
        raise IdempotencyInProgress(retry_after=1)
    return response
