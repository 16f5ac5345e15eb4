"""Small pictures for rows: a signed link each, asked for a few at a time; the engine fetches only what it shows."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import VolumePath
from frontend.providers.base import Provider

AT_ONCE = 4
GOOD_FOR = 3000.0
"""Seconds that a link is used; the hub makes it for an hour."""
MOST = 2000
WIDTH = 96
PICTURES = frozenset(("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff"))


@dataclass(eq=False)
class Thumbnails(Provider):
    """Know the addresses of small pictures, by place."""

    _known: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict, init=False, repr=False)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), init=False, repr=False)

    def known(self, place: VolumePath) -> str:
        """Return the address of a place's small picture as far as it is known, "" else."""
        found = self._known.get((place["volume_id"], place["path"]))
        return found[1] if found is not None and found[0] > time.monotonic() else ""

    async def address(self, place: VolumePath) -> str:
        """Return the address (on the hub) of a place's small picture; "" where there is none."""
        key = (place["volume_id"], place["path"])
        async with self._turn:
            if (found := self._known.get(key)) is not None and found[0] > time.monotonic():
                return found[1]
            try:
                link = await self.api.transfers.make_link(
                    {"path": place["path"], "volume_id": place["volume_id"], "purpose": "view"}
                )
                address = f"{link['preview_url']}?w={WIDTH}" if link["preview_url"] else ""
            except ApiError:  # away, gone, or no picture after all: the row shows its sign
                address = ""
        if len(self._known) >= MOST:
            self._known.pop(next(iter(self._known)))
        self._known[key] = (time.monotonic() + GOOD_FOR, address)
        return address

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._known.clear()


def is_picture(path: str) -> bool:
    """Tell whether a file is one that the hub draws small, by its ending."""
    return path.rpartition(".")[2].lower() in PICTURES
