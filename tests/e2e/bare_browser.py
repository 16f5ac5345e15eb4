"""Chromium over its own protocol, with as little of it as possible.

Playwright listens to the network, and to do so the browser copies every body: a file of gigabytes would be measured in
the wrong place. This one only evaluates expressions and fills a file field.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from simple_websocket import Client

from tests.hub import PATIENCE


class BareBrowser:
    """One Chromium with one tab. Use as a context manager."""

    def __init__(self, program: str, flags: Sequence[str], profile: Path, port: int) -> None:
        self._port = port
        own = [f"--user-data-dir={profile}", f"--remote-debugging-port={port}", "--headless=new", "about:blank"]
        self._process = subprocess.Popen([program, *flags, *own], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self._process.pid
        self._numbers = itertools.count(1)
        self._socket: Client | None = None

    def __enter__(self) -> BareBrowser:
        deadline = time.monotonic() + PATIENCE
        while self._socket is None:
            assert time.monotonic() < deadline, "the browser did not start"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/json/list", timeout=2) as answer:
                    tab = next(one for one in json.load(answer) if one["type"] == "page")
                self._socket = Client.connect(tab["webSocketDebuggerUrl"])
            except (OSError, StopIteration):
                time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self._socket is not None:
            self._socket.close()
        self._process.terminate()
        self._process.wait(PATIENCE)

    def send(self, method: str, **parameters: Any) -> Any:
        """Send one command and return its result."""
        assert self._socket is not None
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            got = self._socket.receive(PATIENCE)
            assert got is not None, method
            message = json.loads(got)
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def ask(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def open(self, address: str) -> None:
        self.send("Page.navigate", url=address)

    def until(self, expression: str, *, each: Callable[[], None] = lambda: None) -> None:
        """Wait until an expression is true; as long as the page changes, for as long as it takes."""
        last, since = "", time.monotonic()
        while not self.ask(expression):
            each()
            now = str(self.ask("document.body && document.body.innerText"))
            if now != last:
                last, since = now, time.monotonic()
            assert time.monotonic() - since < 2 * PATIENCE, last
            time.sleep(0.05)

    def choose(self, field: str, path: Path) -> None:
        """Put a file on disk into a file field, as a person does."""
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=root, selector=field)["nodeId"]
        self.send("DOM.setFileInputFiles", files=[str(path)], nodeId=node)
