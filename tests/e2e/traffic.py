"""What a window asks for while the internet is away: nothing ever leaves for another address than the hub's."""

from __future__ import annotations

from playwright.sync_api import Page, Request

ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""The browser's flag that takes every name from it but this machine's address."""
STOPPED_BY_POLICY = "csp"


class Traffic:
    """What one window asked for: what left for elsewhere, what the policy stopped inside the browser, what failed."""

    def __init__(self, page: Page, url: str) -> None:
        self.left: list[str] = []
        self.stopped: list[str] = []
        self.failed: list[str] = []
        self._own = (url, url.replace("http", "ws"), "data:", "blob:")
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)
        page.on("response", lambda one: self.failed.append(f"{one.status} {one.url}") if one.status >= 400 else None)
        page.on("websocket", lambda one: None if one.url.startswith(self._own) else self.left.append(one.url))

    def _finished(self, request: Request) -> None:
        if not request.url.startswith(self._own):
            self.left.append(request.url)

    def _failed(self, request: Request) -> None:
        if request.url.startswith(self._own):
            return
        # A request that the page's policy refuses ends before a socket is opened. Anything else tried to go out, and
        # only the rule about names above held it back.
        (self.stopped if request.failure == STOPPED_BY_POLICY else self.left).append(request.url)

    def check(self) -> None:
        """Insist that nothing left, nothing was answered with an error, and only the engine's own wish was stopped."""
        assert self.left == []
        assert self.failed == []
        assert {url.rpartition("/")[2] for url in self.stopped} <= {"rive_native.js"}
