"""The token by which an application shows itself to Enable Banking: a JWT signed with its own key (RFC 7519, RS256)."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backend.sdk.errors import FieldProblem, InvalidInput

LIVES_SECONDS = 600
_LEAST_BITS = 2048


def load_key(pem: str) -> RSAPrivateKey:
    """Return a private RSA key out of its PEM text; raises `InvalidInput` for anything else."""
    try:
        key = load_pem_private_key(pem.strip().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
        problem = "This is no private RSA key of at least 2048 bits."
        remedy = "Copy the whole .pem file that came with the application, without a password."
        raise InvalidInput(fields=[FieldProblem("body.private_key", problem, remedy)])
    return key


def signed(application_id: str, pem: str, now: int) -> str:
    """Return the token of an application, good for ten minutes from `now` (seconds since 1970)."""
    header = {"typ": "JWT", "alg": "RS256", "kid": application_id}
    claims = {"iss": "enablebanking.com", "aud": "api.enablebanking.com", "iat": now, "exp": now + LIVES_SECONDS}
    text = f"{_part(header)}.{_part(claims)}"
    signature = load_key(pem).sign(text.encode(), PKCS1v15(), SHA256())
    return f"{text}.{_encoded(signature)}"


def _part(value: Any) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
