"""Ask the picture process what a picture looks like, with a deadline; replace it when a picture kills or hangs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backend.sdk.confined.process import ConfinedProcess

_PROGRAM = Path(__file__).with_name("picture_process.py")
_MOST_ANSWER = 1 << 16
WAIT_SECONDS = 12.0


class PictureReader:
    """Own at most one picture process, started at the first question. Not for several threads at once."""

    def __init__(self) -> None:
        self._process = ConfinedProcess(_PROGRAM, wait=WAIT_SECONDS, most=_MOST_ANSWER)

    def __enter__(self) -> PictureReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def describe(self, descriptor: int) -> dict[str, Any]:
        """Return what the process says of the open file, or `{"problem": "unreadable"}`; never raises."""
        try:
            self._process.send(b"1", descriptor)
            found = json.loads(self._process.line()[0])
        except (OSError, ValueError):
            self.close()  # the picture was its end, or it hung: the next one gets a fresh process
            return {"problem": "unreadable"}
        return found if isinstance(found, dict) else {"problem": "unreadable"}

    def close(self) -> None:
        """End the process."""
        self._process.close()
