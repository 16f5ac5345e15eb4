"""Noto fonts for the scripts that the app's own font does not have."""

from __future__ import annotations

import re
from pathlib import Path

from frontend.server.proxy import Receive, Scope, Send

FALLBACK = re.compile(r"^/assets/fonts/(noto[a-z0-9]+)/v\d+/[\w-]+(?:\.(\d+))?\.(?:woff2|ttf|otf)$")


class FallbackFonts:
    """Serve the fonts that Flutter asks for when it meets a character that it cannot draw."""

    def __init__(self, cache_dir: Path) -> None:
        self._cache = cache_dir

    def knows(self, path: str) -> bool:
        """Tell whether a request is for a fallback font."""
        return FALLBACK.match(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the font."""
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
