"""Time-based one-time passwords (RFC 6238: SHA-1, six digits, 30 seconds), through pyotp.

A code is accepted one step early or late (a phone's clock), and never twice: the counter that matched is stored, and
only a later one counts (RFC 6238 section 5.2).
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30
RECOVERY_CODES = 10


def new_secret() -> str:
    """Return a fresh 160-bit secret in base 32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, name: str) -> str:
    """Return the `otpauth://` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Homie")


def matching_counter(secret: str, code: str, at: datetime, last_counter: int) -> int | None:
    """Return the counter that `code` belongs to, or None when it is wrong, too old, or was used already."""
    digits = code.replace(" ", "")
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    generator = pyotp.HOTP(secret)
    found = None
    for counter in (now - 1, now, now + 1):  # all three are computed, so that time tells nothing
        if hmac.compare_digest(generator.at(counter), digits) and counter > last_counter:
            found = counter
    return found
