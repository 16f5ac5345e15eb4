"""Requests and socket echoes per second, against a bare Flask + Socket.IO server on the same engine.

    python -m benchmarks.throughput [--seconds 8]

The peer does nothing but answer: no identity, no limits, no validation, no log. The ratio is the price of these.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import socketio

from benchmarks.report import Figure, show
from tests.hub import Hub, free_port

CLIENTS = 8
PEER = """
from gevent import monkey; monkey.patch_all()
import socket, sys
from flask import Flask
from flask_socketio import SocketIO
from gevent.pywsgi import WSGIServer
app = Flask(__name__); sio = SocketIO(app, async_mode="gevent")
@app.get("/light")
def light(): return {"name": "anna", "spaces": []}
@sio.on("resume")
def echo(data): return {"ok": True}
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=512)
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
WSGIServer(listener, app, log=None).serve_forever()
"""


def in_parallel(work: Callable[[float], int], seconds: float) -> float:
    """Return how often per second `work` succeeded on all clients together."""
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(work(seconds))) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def requests_of(port: int, path: str, token: str | None) -> Callable[[float], int]:
    def work(seconds: float) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        end, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            assert response.status == 200, response.status
            count += 1
        return count

    return work


def echoes_of(port: int, token: str | None) -> Callable[[float], int]:
    def work(seconds: float) -> int:
        client = socketio.Client(reconnection=False)
        client.connect(f"http://127.0.0.1:{port}", transports=["websocket"], auth={"token": token} if token else None)
        end, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            client.call("resume", {"cursors": {}}, timeout=30)
            count += 1
        client.disconnect()
        return count

    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    seconds = parser.parse_args().seconds
    unlimited = {
        "HOMIE_REQUESTS_PER_MINUTE": "10000000",
        "HOMIE_SOCKET_EVENTS_PER_SECOND": "1000000",
        "HOMIE_SOCKET_BURST": "1000000",
    }
    peer_port = free_port()
    peer = subprocess.Popen([sys.executable, "-c", PEER, str(peer_port)], env=os.environ.copy())
    try:
        with tempfile.TemporaryDirectory() as scratch, Hub(Path(scratch) / "data", unlimited) as hub:
            token = hub.set_up()
            figures = []
            for name, ours, theirs in (
                (
                    "requests/s (logged in, one look-up)",
                    requests_of(hub.port, "/api/v1/accounts/me", token),
                    requests_of(peer_port, "/light", None),
                ),
                ("socket echoes/s", echoes_of(hub.port, token), echoes_of(peer_port, None)),
            ):
                theirs(0.5), ours(0.5)
                figures.append(
                    Figure(
                        name,
                        in_parallel(ours, seconds),
                        "/s",
                        in_parallel(theirs, seconds),
                        "bare Flask",
                        better="higher",
                    )
                )
    finally:
        peer.terminate()
        peer.wait()
    show(f"{CLIENTS} clients in one Python process, {seconds:.0f} s each", figures)


if __name__ == "__main__":
    main()
