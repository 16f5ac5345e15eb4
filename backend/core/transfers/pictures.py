"""Small pictures: drawn once by a confined process, kept in `cache/pictures/<owner>/`.

The process is asked from the greenlet of the request, so the hub goes on while it works. The name in the cache is a
keyed hash of what the file is known by: another content is another picture, and nobody learns names from the cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from backend.core.secrets import SecretBox
from backend.core.transfers.errors import PictureNotShown
from backend.core.transfers.sources import Source
from backend.sdk.concurrency import run_blocking
from backend.sdk.confined.process import ConfinedProcess
from backend.sdk.files import write_atomic

WIDTHS = (96, 192, 384, 768, 1536, 2560)
MOST_SOURCE_BYTES = 300 << 20
MOST_ANSWER_BYTES = 16 << 20
MOST_CACHE_BYTES = 1 << 30
KEPT_SECONDS = 90 * 24 * 3600
WAIT_SECONDS = 12.0
_PROGRAM = Path(__file__).with_name("picture_process.py")
ENDINGS = {"image/jpeg": ".jpg", "image/webp": ".webp"}


class Pictures:
    """Show pictures small. One process draws, one picture after the other; it ends by itself when idle."""

    def __init__(self, cache: Path, box: SecretBox) -> None:
        self._cache = cache / "pictures"
        self._key = box.derive("picture cache")
        self._turn = threading.Lock()
        self._process = ConfinedProcess(_PROGRAM, wait=WAIT_SECONDS, most=MOST_ANSWER_BYTES)

    def show(self, owner_id: str, source: Source, width: int) -> tuple[Path, str]:
        """Return (file in the cache, media type) of the picture in `source`, at least `width` wide if it is itself.

        Raises `PictureNotShown` for what is no picture, is damaged, or too large to be drawn safely.
        """
        wide = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
        if source.is_folder or source.stat.st_size > MOST_SOURCE_BYTES:
            raise PictureNotShown()
        stem = self._stem(owner_id, source, wide)
        found = run_blocking(_look, stem)
        if found is None:
            kind, content = self._draw(source.file.fileno(), wide)
            found = stem.with_name(stem.name + ENDINGS[kind]), kind
            run_blocking(_keep, found[0], content)
        return found

    def _stem(self, owner_id: str, source: Source, width: int) -> Path:
        known = f"{owner_id}|{source.place.volume_id}|{source.seen}|{width}"
        name = hashlib.blake2b(known.encode(), key=self._key, digest_size=20).hexdigest()
        return self._cache / owner_id / name[:2] / name

    def _draw(self, descriptor: int, width: int) -> tuple[str, bytes]:
        with self._turn:
            try:
                kind, content = self._ask(descriptor, width)
            except (OSError, ValueError):
                # It ended by itself after a quiet while, or the picture was its end: ask a fresh one, once.
                self.close()
                try:
                    kind, content = self._ask(descriptor, width)
                except (OSError, ValueError):
                    self.close()
                    raise PictureNotShown() from None
        if kind not in ENDINGS:
            raise PictureNotShown()
        return kind, content

    def _ask(self, descriptor: int, width: int) -> tuple[str, bytes]:
        self._process.send(str(width).encode(), descriptor)
        head, begun = self._process.line()
        said = json.loads(head)
        return str(said.get("type", "")), self._process.take(int(said["size"]), begun)

    def close(self) -> None:
        """End the process."""
        self._process.close()

    def sweep(self, now: datetime) -> int:
        """Remove pictures that nobody looked at for long, and the oldest ones beyond a gigabyte."""
        kept = sorted(_files(self._cache), key=lambda one: one[1], reverse=True)
        gone, total = 0, 0
        for path, used, size in kept:
            total += size
            if total > MOST_CACHE_BYTES or now.timestamp() - used > KEPT_SECONDS:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def _look(stem: Path) -> tuple[Path, str] | None:
    """Return the picture that was drawn before; its time says when it was last wanted."""
    for kind, ending in ENDINGS.items():
        path = stem.with_name(stem.name + ending)
        try:
            os.utime(path)
        except FileNotFoundError:
            continue
        return path, kind
    return None


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomic(str(path), content)


def _files(folder: Path) -> Iterator[tuple[Path, float, int]]:
    """Give (path, last use, size) of every picture that is kept."""
    for path in folder.glob("*/*/*") if folder.is_dir() else ():
        try:
            info = path.stat()
        except FileNotFoundError:
            continue
        yield path, info.st_mtime, info.st_size
