"""How `homie restore` reaches a running server: a socket in `run/`, readable by the same user only.

The server has the module open, so the server must stop it, exchange the data and start it again. One request is one
JSON line; the answer is JSON lines: progress, then `{"report": ...}` or `{"error": ...}`. Who may open the socket may
read the data directory anyway (folder 0700, socket 0600), and the kernel tells the peer's user besides.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog

from backend.core.backup.keyring import GivenKey
from backend.core.backup.restore_runs import RestoreRun, RestoreRuns, RestoreWish
from backend.sdk.concurrency import Task, spawn
from backend.sdk.errors import FieldProblem, HomieError, InternalError

SOCKET = "backup.sock"
LOOK_SECONDS = 0.1
AGAIN_SECONDS = 0.2
MOST_BYTES = 1 << 16

log = structlog.get_logger("homie.backup")


class ControlServer:
    """Listen in the web process and hand restores to `RestoreRuns`."""

    def __init__(self, run_dir: Path, runs: RestoreRuns, audit: Callable[[RestoreWish], None]) -> None:
        self._path = run_dir / SOCKET
        self._runs = runs
        self._audit = audit
        self._socket: socket.socket | None = None
        self._task: Task | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self._path))
        self._path.chmod(0o600)
        listener.listen(4)
        self._socket = listener
        self._task = spawn(self._serve, listener, name="backup-control")

    def stop(self) -> None:
        """Stop listening; restores under way are finished first."""
        self._runs.wait()
        listener, self._socket = self._socket, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        if self._task is not None:
            self._task.join(2.0)
        self._path.unlink(missing_ok=True)

    def _serve(self, listener: socket.socket) -> None:
        while self._socket is listener:
            try:
                peer, _ = listener.accept()
            except OSError:
                if self._socket is not listener:
                    return
                log.exception("no restore request could be taken; trying again")
                time.sleep(AGAIN_SECONDS)
                continue
            try:
                with peer:
                    self._answer(peer)
            except (OSError, ValueError, KeyError, TypeError) as problem:
                log.warning("a restore request could not be answered", reason=type(problem).__name__)
            except Exception:
                log.exception("a restore request could not be answered")

    def _answer(self, peer: socket.socket) -> None:
        if _peer_uid(peer) not in (0, os.getuid()):
            return
        wish = _wish_of(_read_line(peer))
        try:
            if not wish.dry_run:
                self._audit(wish)
            run = self._runs.begin(wish)
        except HomieError as refusal:
            _send(peer, refusal.as_json(""))
            return
        told: tuple[float | None, str] = (None, "")
        while run.state == "running":
            if (run.fraction, run.note) != told:
                told = (run.fraction, run.note)
                _send(peer, {"fraction": told[0], "note": told[1]})
            time.sleep(LOOK_SECONDS)
        _send(peer, _outcome(run))


def ask_server(run_dir: Path, wish: RestoreWish) -> Iterator[dict[str, Any]] | None:
    """Let the running server restore; yields its progress and last its report or error. None: no server listens."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.connect(str(run_dir / SOCKET))
    except OSError:
        client.close()
        return None
    data = asdict(wish)
    data["given"]["key_file"] = str(wish.given.key_file) if wish.given.key_file else None
    data["directory"] = str(wish.directory) if wish.directory else None
    return _talk(client, data)


def _talk(client: socket.socket, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with client, client.makefile("rb") as lines:
        _send(client, request)
        for line in lines:
            yield json.loads(line)


def error_of(data: dict[str, Any]) -> HomieError:
    """Return the server's error as our own."""
    problem = data["error"]
    fields = [FieldProblem(f["name"], f["problem"], f["remedy"]) for f in problem["fields"]]
    return HomieError(problem["message"], code=problem["code"], fields=fields)


def _wish_of(raw: bytes) -> RestoreWish:
    data = json.loads(raw)
    given = data.pop("given")
    key_file = Path(given["key_file"]) if given["key_file"] else None
    directory = Path(data.pop("directory")) if data.get("directory") else data.pop("directory")
    return RestoreWish(
        given=GivenKey(given["passphrase"], given["recovery_key"], key_file), directory=directory or None, **data
    )


def _outcome(run: RestoreRun) -> dict[str, Any]:
    if run.report is None:
        return (run.error or InternalError()).as_json("")
    return {"report": asdict(run.report)}


def _read_line(peer: socket.socket) -> bytes:
    peer.settimeout(10)
    data = b""
    while not data.endswith(b"\n"):
        part = peer.recv(4096)
        if not part or len(data) > MOST_BYTES:
            raise ValueError("no complete request")
        data += part
    peer.settimeout(None)
    return data


def _send(peer: socket.socket, data: dict[str, Any]) -> None:
    peer.sendall(json.dumps(data, default=str).encode() + b"\n")


def _peer_uid(peer: socket.socket) -> int:
    raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", raw)[1])
