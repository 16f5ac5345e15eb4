"""What an admin may set as the address of an AI server; apart from what asks it, which needs an HTTP library."""

from __future__ import annotations

from urllib.parse import urlsplit

from backend.sdk.errors import FieldProblem, InvalidInput


def checked_base_url(url: str) -> str:
    """Return the address of a server without trailing slash and `/v1`; raises `InvalidInput` naming the remedy."""
    remedy = "Write it like http://192.168.1.20:11434 (Ollama) or http://127.0.0.1:8080 (llama.cpp)."
    try:
        parts = urlsplit(url.strip())
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput(fields=[FieldProblem("body.base_url", "This is not the plain address of a server.", remedy)])
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/v1')}"
