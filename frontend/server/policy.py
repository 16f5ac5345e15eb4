"""What browsers may do with our pages: nothing from elsewhere, no framing, no sniffing."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Flutter's loader is inline and compiles WebAssembly; its workers come from blobs of ours.
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

PAGE_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    # Without an embedder policy beside it: with both, the engine draws in a thread of its own that breaks the memory of
    # the other (flutter/flutter#190039), and windows freeze (ADR 0205).
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_OURS = {name for name, _ in PAGE_HEADERS}


def with_page_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return an answer's headers with ours in place of its own of the same names."""
    return [*((name, value) for name, value in headers if name.lower() not in _OURS), *PAGE_HEADERS]


def same_origin(headers: dict[bytes, bytes], scheme: str, public_url: str) -> bool:
    """Tell whether a socket is opened by a page of ours. Programs send no Origin and have no cookies to abuse."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return True
    host = headers.get(b"host", b"").decode("latin-1")
    web = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    if origin in (f"{web}://{host}", f"https://{host}"):
        return True
    public = urlsplit(public_url)
    return bool(public.netloc) and origin == f"{public.scheme}://{public.netloc}"


class Windows:
    """Count the open windows of the app, in all and per address, so that nobody can use up the memory of the hub."""

    def __init__(self, most: int, most_per_address: int) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more window and return True, unless there are too many."""
        if self._open.total() >= self._most or self._open[address] >= self._most_per_address:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Count one window less."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]
