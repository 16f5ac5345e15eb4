"""Half-typed text, kept on the person's device until it was sent or left: no end of the front's process loses it.

What a window knows lies in the front, and the front may be killed. So each change of a field that asked for it goes to
the device's storage at once (sealed, ADR 0110), by place and field. Never kept: passwords, codes, keys, and whatever no
form asked for. A form that is shown again at its place begins with what is kept for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from frontend.api.sealing import TokenStorage

log = logging.getLogger("homie.app")

KEY = "drafts"
LONGEST = 20_000
"""Characters of one text; a longer one is not kept."""
MOST_PLACES = 20
TOO_OLD = 24 * 3600.0
"""Seconds: who comes back after a day begins anew."""

Kept = dict[str, dict[str, Any]]
"""place -> {"at": seconds since 1970, "texts": {field: text}}"""


class Drafts:
    """Keep the drafts of one window's person. All of it is forgotten at log-out."""

    def __init__(self, storage: TokenStorage, now: Callable[[], float] = time.time) -> None:
        self._storage = storage
        self._now = now
        self._person = ""
        self._kept: Kept = {}
        self._stored: Any = {}
        self._changed = False
        self._writing: asyncio.Task[None] | None = None

    async def read(self) -> None:
        """Read what the device keeps; before it is known who is here, so that the first screen begins with it."""
        try:
            self._stored = json.loads(await self._storage.get(KEY) or "{}")
        except Exception:  # whatever a device answers: it is only a convenience
            log.info("drafts could not be read", exc_info=True)
            self._stored = {}

    def begin(self, person_id: str) -> None:
        """Begin for a person; what belongs to another one, or is too old, counts as nothing."""
        stored, self._stored = self._stored, {}
        self._person, self._kept = person_id, {}
        oldest = self._now() - TOO_OLD
        try:
            if stored.get("person") == person_id:
                self._kept = {place: one for place, one in stored["kept"].items() if float(one["at"]) >= oldest}
        except Exception:
            log.info("drafts could not be understood", exc_info=True)

    def texts(self, place: str) -> dict[str, str]:
        """Return what is kept for the fields of a place."""
        return dict(self._kept.get(place, {}).get("texts", {}))

    def put(self, place: str, field: str, text: str) -> None:
        """Keep a field's text; the write follows at once, beside what goes on."""
        if not self._person or len(text) > LONGEST:
            return self.drop(place, field)
        one = self._kept.setdefault(place, {"at": 0.0, "texts": {}})
        one["at"], one["texts"][field] = self._now(), text
        if len(self._kept) > MOST_PLACES:
            del self._kept[min(self._kept, key=lambda known: float(self._kept[known]["at"]))]
        self._save()

    def drop(self, place: str, *fields: str) -> None:
        """Forget fields of a place, or the whole place."""
        one = self._kept.get(place)
        if one is None:
            return
        for field in fields:
            one["texts"].pop(field, None)
        if not fields or not one["texts"]:
            del self._kept[place]
        self._save()

    def forget(self) -> None:
        """Forget everything, on the device too."""
        had, self._person, self._kept = bool(self._kept), "", {}
        if had:
            self._save()

    async def written(self) -> None:
        """Wait until the device has what is known here."""
        if self._writing is not None:
            await self._writing

    def _save(self) -> None:
        """Write what is known now; changes while a write is on its way are one more write."""
        self._changed = True
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._changed:
            self._changed = False
            try:
                if self._kept:
                    await self._storage.set(KEY, json.dumps({"person": self._person, "kept": self._kept}))
                else:
                    await self._storage.remove(KEY)
            except Exception:
                log.info("drafts could not be kept", exc_info=True)
