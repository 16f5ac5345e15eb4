"""A hub with one person, and a wire in between that can be cut: what the tests of the upload page drive."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.hub import Hub

SEED = b"Homie upload test, block %d\n"


@dataclass
class Wire:
    """A small TCP proxy before the hub, so that connections can be cut in the middle of a file."""

    target: int
    port: int = 0
    carried: int = 0
    pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)
    _made: list[socket.socket] = field(default_factory=list)

    def start(self) -> Wire:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                hub = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()  # the hub is down: the browser sees the same
                continue
            self.pairs.append((client, hub))
            self._made += [client, hub]
            for source, sink, counts in ((client, hub, True), (hub, client, False)):
                thread = threading.Thread(target=self._carry, args=(source, sink, counts), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, sink: socket.socket, counts: bool) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(1 << 16):
                sink.sendall(block)
                if counts:
                    self.carried += len(block)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> int:
        """Cut every connection now; return how many there were."""
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        return len(pairs)

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()
        for end in self._made:
            end.close()


def big_file(path: Path, size: int) -> str:
    """Write a file of `size` bytes that no two blocks of are alike; return its SHA-256."""
    digest, left, number = hashlib.sha256(), size, 0
    with path.open("wb") as file:
        while left:
            block = hashlib.shake_128(SEED % number).digest(min(left, 1 << 20))
            file.write(block)
            digest.update(block)
            left, number = left - len(block), number + 1
    return digest.hexdigest()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def memory_mb(hub: Hub) -> float:
    """Return the resident memory of the hub's process, with the app's front if it runs."""
    assert hub.process is not None
    process = psutil.Process(hub.process.pid)
    sizes = [process.memory_info().rss]
    for child in process.children():
        with contextlib.suppress(psutil.Error):
            if "frontend.server" in child.cmdline():
                sizes.append(child.memory_info().rss)
    return sum(sizes) / 1e6


def tab_memory_mb(browser_pid: int) -> float:
    """Return the largest resident memory of a page's process of this browser."""
    sizes = [0.0]
    for process in psutil.Process(browser_pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "--type=renderer" in process.cmdline():
                sizes.append(process.memory_info().rss / 1e6)
    return max(sizes)
