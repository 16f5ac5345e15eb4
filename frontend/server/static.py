"""Serve the engine and our pages: compressed once and kept, checked by content, never cached unseen.

The engine is 14 MB raw and 4.4 MB with Brotli. Compressing takes seconds, so it is done before anybody asks, in
threads, into the data directory; whoever comes earlier waits for the one file.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import logging
import mimetypes
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import brotli

from frontend.server.policy import with_page_headers
from frontend.server.proxy import Message, Receive, Scope, Send

log = logging.getLogger("homie.front")

COMPRESSED = frozenset((".wasm", ".js", ".mjs", ".json", ".otf", ".ttf", ".html", ".svg", ".bin", ".css"))
TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".bin": "application/octet-stream",
    ".symbols": "text/plain",
}
FIRST = (
    "index.html",
    "flutter_bootstrap.js",
    "main.dart.mjs",
    "main.dart.wasm",
    "canvaskit/skwasm.wasm",
    "canvaskit/skwasm.js",
)
"""What the first visitor waits for, in this order."""
_SMALL = 1 << 10
_BLOCK = 1 << 18
Runner: TypeAlias = Callable[..., Awaitable[None]]
_YEAR = b"public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """One file as it is served: `digest` is of its content and becomes the ETag."""

    path: Path
    digest: str
    size: int


class StaticFiles:
    """Serve the first match of a path in `folders`; other places of the app get the page itself."""

    def __init__(self, folders: Sequence[Path], cache_dir: Path) -> None:
        self._folders = [folder.resolve() for folder in folders]
        self._cache = cache_dir
        self._known: dict[str, StaticFile] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    def find(self, path: str) -> StaticFile | None:
        """Return the file for a request path, or None; never one outside of the folders."""
        name = path.lstrip("/") or "index.html"
        if name in self._known:
            return self._known[name]
        for folder in self._folders:
            candidate = Path(os.path.realpath(folder / name))
            if candidate.is_relative_to(folder) and candidate.is_file():
                made = StaticFile(candidate, _digest(candidate), candidate.stat().st_size)
                self._known[name] = made
                return made
        return None

    async def prepare(self) -> None:
        """Compress everything that will be asked for, what comes first first."""
        self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = await asyncio.to_thread(_in_order, self._folders)
        first, later = names[: len(FIRST)], names[len(FIRST) :]
        # Browsers take Brotli only where the address is secure: a phone at http://192.168... asks for the second.
        for some, coding in ((first, "br"), (first, "gzip"), (later, "br"), (later, "gzip")):
            for name in some:
                found = await asyncio.to_thread(self.find, name)
                if found is not None and _is_compressed(found):
                    await self._packed(found, coding, run=_calmly)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD."""
        if scope["method"] not in ("GET", "HEAD"):
            await _plain(send, 405, b"This address can only be read.", [(b"allow", b"GET, HEAD")])
            return
        path = scope["path"]
        found = await asyncio.to_thread(self.find, path) if "\0" not in path else None
        if found is None and "." not in path.rsplit("/", 1)[-1]:
            found = await asyncio.to_thread(self.find, "index.html")  # a place of the app
        if found is None:
            await _plain(send, 404, b"There is nothing at this address.")
            return
        await self._send(found, scope, send)

    async def _send(self, found: StaticFile, scope: Scope, send: Send) -> None:
        asked = dict(scope["headers"])
        coding = _coding(asked.get(b"accept-encoding", b"")) if _is_compressed(found) else ""
        body = await self._packed(found, coding) if coding else None
        path, coding = (body, coding) if body is not None else (found.path, "")
        tag = f'"{found.digest}{"-" + coding if coding else ""}"'.encode()
        kind = TYPES.get(found.path.suffix) or mimetypes.guess_type(found.path.name)[0] or "application/octet-stream"
        headers = [
            (b"content-type", kind.encode()),
            (b"etag", tag),
            (b"cache-control", _YEAR if found.path.suffix == ".woff2" else b"no-cache"),
            (b"vary", b"accept-encoding"),
        ]
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        if _matches(asked.get(b"if-none-match", b""), tag):
            await _start(send, 304, headers)
            await send({"type": "http.response.body", "body": b""})
            return
        size = path.stat().st_size
        await _start(send, 200, [*headers, (b"content-length", str(size).encode())])
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _BLOCK):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _packed(self, found: StaticFile, coding: str, run: Runner = asyncio.to_thread) -> Path | None:
        """Return the compressed file; who comes early waits for it, which beats 14 MB on a slow line."""
        made = self._cache / f"{found.digest}.{coding}"
        if not made.exists():
            async with self._turns.setdefault(made.name, asyncio.Lock()):
                await run(self._compress, found, coding)
        return made if made.exists() else None

    def _compress(self, found: StaticFile, coding: str) -> None:
        made = self._cache / f"{found.digest}.{coding}"
        if made.exists():
            return
        data = found.path.read_bytes()
        # Quality 11 takes 40 s for the engine and saves 6 %; 9 takes 4 s.
        packed = brotli.compress(data, quality=9, lgwin=24) if coding == "br" else gzip.compress(data, 7, mtime=0)
        part = made.with_suffix(f".{os.getpid()}.part")
        try:
            self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_bytes(packed)
            part.replace(made)
        except OSError as error:  # a full disk must not keep anybody out: the raw file is sent
            part.unlink(missing_ok=True)
            log.warning("compressed files cannot be kept: %s", error.strerror)


async def _calmly(work: Callable[..., None], *arguments: Any) -> None:
    """Run `work` in a thread that gives way to everybody who uses the app, and that no stop waits for."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def run() -> None:
        failed: Exception | None = None
        try:
            if sys.platform == "linux":  # where a priority is a thread's own
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)
            work(*arguments)
        except Exception as error:
            failed = error
        with contextlib.suppress(RuntimeError):  # the front has ended meanwhile
            loop.call_soon_threadsafe(_settle, done, failed)

    threading.Thread(target=run, name="compress", daemon=True).start()
    await done


def _settle(done: asyncio.Future[None], failed: Exception | None) -> None:
    if done.done():
        return
    if failed is None:
        done.set_result(None)
    else:
        done.set_exception(failed)


def _in_order(folders: Iterable[Path]) -> list[str]:
    """Return the names of all files, those that a first visit needs first; not the parts that no visit asks for."""
    names = list(FIRST)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.is_file() and not name.startswith("pyodide/") and name not in names:
                names.append(name)
    return names


def _is_compressed(found: StaticFile) -> bool:
    return found.path.suffix in COMPRESSED and found.size >= _SMALL


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _coding(accepted: bytes) -> str:
    given = {part.split(b";")[0].strip() for part in accepted.split(b",") if b";q=0" not in part.replace(b" ", b"")}
    return "br" if b"br" in given else "gzip" if b"gzip" in given else ""


def _matches(asked: bytes, tag: bytes) -> bool:
    return any(one.strip().removeprefix(b"W/") in (tag, b"*") for one in asked.split(b",") if one.strip())


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    message: Message = {"type": "http.response.start", "status": status, "headers": with_page_headers(headers)}
    await send(message)


async def _plain(send: Send, status: int, text: bytes, more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode()), *more]
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": text})
