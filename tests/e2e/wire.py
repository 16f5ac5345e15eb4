"""A cable between browser and hub that can be cut for a while, and that can be slow."""

from __future__ import annotations

import random
import socket
import threading
import time


class Wire:
    """Pass everything on to a port; `cut` breaks all lines and lets nobody through until `mend`."""

    def __init__(self, port: int, jitter: tuple[float, float] = (0.0, 0.0)) -> None:
        self._to = port
        self._jitter = jitter
        self._chance = random.Random(7)
        self._lock = threading.Lock()
        self._is_cut = False
        self._lines: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._server.close()

    def cut(self) -> None:
        """Break every line; new ones are refused until `mend`."""
        with self._lock:
            self._is_cut = True
            lines, self._lines = self._lines, set()
        for line in lines:
            _end(line)

    def mend(self) -> None:
        """Let lines through again."""
        with self._lock:
            self._is_cut = False

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            with self._lock:
                if self._is_cut:
                    near.close()
                    continue
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._lines |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                if self._jitter[1]:
                    time.sleep(self._chance.uniform(*self._jitter))  # the slowness that is tested
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, sink):
                _end(one)
            with self._lock:
                self._lines -= {source, sink}


def _end(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    line.close()
