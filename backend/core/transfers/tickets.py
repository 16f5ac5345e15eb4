"""Tickets: what a link carries instead of a log-in. Sealed, so that it can neither be made up nor read.

A ticket names the log-in that made it, one place, what was there (inode, size, time), the purpose and the end of its
time. AES-SIV (RFC 5297) authenticates all of it under a key derived from `secrets/master.key`, compares in constant
time, and hides the path from histories and proxies. It is deterministic: the same file asked for twice within a few
minutes has the same address, so that a browser's cache works (docs/adr/0100).
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from backend.core.secrets import SecretBox
from backend.core.transfers.errors import LinkNotValid

FILE, FOLDER, UPLOAD = "f", "d", "u"
STEP_SECONDS = 300
"""Ends are rounded up to this, so that addresses repeat."""
_PURPOSE = b"homie transfer ticket 1"
_MOST_CHARS = 8000


@dataclass(frozen=True, slots=True)
class Ticket:
    """One right of one log-in. `path` is the text form; `seen` is what the file was known by ("" for uploads)."""

    kind: str
    session_id: str
    user_id: str
    volume_id: str
    path: str
    seen: str
    shown: bool
    back: str
    expires: int

    @property
    def expires_at(self) -> datetime:
        """Return the end of its time."""
        return datetime.fromtimestamp(self.expires, UTC)


def rounded_end(now: datetime, seconds: int) -> int:
    """Return when a ticket asked for now ends (seconds since 1970): at least `seconds` from now."""
    end = int((now + timedelta(seconds=seconds)).timestamp())
    return -(-end // STEP_SECONDS) * STEP_SECONDS


class Tickets:
    """Seal and open tickets."""

    def __init__(self, box: SecretBox) -> None:
        self._aead = AESSIV(box.derive("transfer tickets", 64))

    def seal(self, ticket: Ticket) -> str:
        """Return the ticket as it stands in an address."""
        plain = json.dumps(astuple(ticket), separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(self._aead.encrypt(plain, [_PURPOSE])).decode().rstrip("=")

    def open(self, text: str, now: datetime) -> Ticket:
        """Return the ticket; raises `LinkNotValid` for one that is not ours, spoiled or too old, never saying which."""
        try:
            if len(text) > _MOST_CHARS:
                raise ValueError
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            ticket = Ticket(*json.loads(self._aead.decrypt(raw, [_PURPOSE])))
        except (InvalidTag, ValueError, binascii.Error, TypeError):
            raise LinkNotValid() from None
        if now.timestamp() >= ticket.expires:
            raise LinkNotValid()
        return ticket
