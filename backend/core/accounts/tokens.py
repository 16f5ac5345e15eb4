"""Opaque tokens: 256 random bits for the client, their SHA-256 for the database.

A refresh token's successor is computed from it with a secret key, not drawn. The same token presented twice within a
few seconds (two tabs at once, an answer lost on a train) therefore yields the same successor instead of a fork, and
reuse detection stays strict: of two holders of one token, the slower one ends the session (`docs/adr/0031`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

ACCESS_SECONDS = 15 * 60
REFRESH_SECONDS = 30 * 24 * 3600
RETRY_SECONDS = 10.0
SUDO_SECONDS = 10 * 60

_ACCESS, _REFRESH = "hma_", "hmr_"
_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


@dataclass(frozen=True, slots=True, repr=False)
class TokenPair:
    """What a client is given once. `repr` shows nothing, so that no log can."""

    access: str
    refresh: str
    session_id: str
    access_seconds: int = ACCESS_SECONDS
    refresh_seconds: int = REFRESH_SECONDS

    def __repr__(self) -> str:
        return f"TokenPair(session_id={self.session_id!r})"


def new_access_token() -> str:
    """Return a fresh access token: a prefix that secret scanners know, and 256 random bits."""
    return _ACCESS + secrets.token_urlsafe(32)


def new_refresh_token() -> str:
    """Return the first refresh token of a session."""
    return _REFRESH + secrets.token_urlsafe(32)


def successor(key: bytes, refresh: str) -> str:
    """Return the one token that follows `refresh`: HMAC-SHA256 under a key of this installation."""
    made = hmac.new(key, refresh.encode(), hashlib.sha256).digest()
    return _REFRESH + base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """Return what the database knows of a token; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def looks_like(token: str, kind: str) -> bool:
    """Tell cheaply whether a text can be a token of that kind ("access" or "refresh"), before any look-up."""
    return token.startswith(_ACCESS if kind == "access" else _REFRESH) and 40 <= len(token) <= 64


def new_code(groups: int = 4) -> str:
    """Return a one-time code that people can type: groups of five without look-alikes, 24 random bits each."""
    return "-".join("".join(secrets.choice(_CODE_ALPHABET) for _ in range(5)) for _ in range(groups))


def code_hash(key: bytes, code: str) -> str:
    """Return the keyed hash of a typed code; case, spaces and hyphens do not matter."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hmac.new(key, plain.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def recovery_hash(user_id: str, code: str) -> str:
    """Return the hash of a recovery code (72 random bits); without a key, so that it outlives a lost master key."""
    return code_hash(b"homie recovery code of " + user_id.encode(), code)


def csrf_token(key: bytes, session_id: str) -> str:
    """Return the value that a browser must send back in `X-Homie-CSRF`, bound to its session."""
    return hmac.new(key, b"csrf:" + session_id.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
