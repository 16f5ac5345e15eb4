"""Ask the reader process about documents, with a deadline; replace it when a document kills or hangs it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from backend.sdk.confined.process import ConfinedProcess, Hangs

_PROGRAM = Path(__file__).with_name("reader_process.py")
_MAX_ANSWER = 8 << 20


class DocumentReader:
    """Own at most one reader process, started at the first question. Use as a context manager or call `close`.

    `seconds`: time for one document; `memory_mb`: address space of the process.
    """

    def __init__(self, *, seconds: float = 5.0, memory_mb: int = 768, max_chars: int = 20_000) -> None:
        self._seconds = seconds
        self._max_chars = max_chars
        self._process = ConfinedProcess(
            _PROGRAM,
            [str(memory_mb << 20)],
            wait=seconds + 1.0,  # its own alarm comes a second earlier
            most=_MAX_ANSWER,
        )
        self.restarts = 0

    def __enter__(self) -> DocumentReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def read(self, what: str, path: str) -> dict[str, Any]:
        """Return what the process found, or `{"problem": "unreadable" | "too slow" | "too large"}`; never raises."""
        request = {
            "what": what,
            "path": os.fsencode(path).hex(),
            "limit": self._max_chars,
            "seconds": self._seconds,
        }
        try:
            self._process.send(json.dumps(request).encode() + b"\n")
            found = json.loads(self._process.line()[0])
        except Hangs:
            self._replace()
            return {"problem": "too slow"}
        except (OSError, ValueError):
            self._replace()
            return {"problem": "unreadable"}
        return found if isinstance(found, dict) else {"problem": "unreadable"}

    def _replace(self) -> None:
        self.close()
        self.restarts += 1

    def close(self) -> None:
        """End the process."""
        self._process.close()
