"""Which uploads are being received by this process right now, and how somebody else ends that."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from backend.core.transfers.errors import UploadLocked

PATIENCE_SECONDS = 15.0


@dataclass(slots=True)
class _Claim:
    session_id: str | None
    connection: Any
    released: threading.Event = field(default_factory=threading.Event)


class Claims:
    """Let one connection at a time send parts of an upload.

    A phone that lost its WiFi comes back long before the server notices that the old connection is dead. Whoever asks
    where an upload stands therefore ends the old one, which first writes through what it has.
    """

    def __init__(self) -> None:
        self._held: dict[str, _Claim] = {}

    @contextmanager
    def hold(self, upload_id: str, session_id: str | None, connection: Any) -> Iterator[None]:
        """Hold an upload; raises `UploadLocked` while another connection does."""
        if upload_id in self._held:
            raise UploadLocked()
        claim = self._held[upload_id] = _Claim(session_id, connection)
        try:
            yield
        finally:
            del self._held[upload_id]
            claim.released.set()

    def end(self, upload_id: str) -> None:
        """End the connection that sends this upload, if any, and wait until it wrote through what it had."""
        claim = self._held.get(upload_id)
        if claim is not None:
            _hang_up(claim.connection)
            claim.released.wait(PATIENCE_SECONDS)

    def end_of_sessions(self, session_ids: Iterable[str]) -> None:
        """End what devices are sending whose access was taken away."""
        ended = set(session_ids)
        for claim in list(self._held.values()):
            if claim.session_id in ended:
                _hang_up(claim.connection)


def _hang_up(connection: Any) -> None:
    """Let the reader see the end of the stream; the answer to it can still be written."""
    try:
        if connection is not None:
            connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass
