"""The tokens of a device: one keeper per device and process, shared by all tabs, so that rotation never races itself.

Refresh tokens rotate, and a spent one that comes back ends the device (docs/adr/0031). Tabs of one browser hold copies
of one token, of different age. `Keepers` therefore knows every token that it has seen by its hash, and answers with
the one keeper of that device; the keeper refreshes once for all who wait (docs/adr/0111).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frontend.api.errors import ApiError, LoggedOut
from frontend.api.generated.schemas import TokensOut
from frontend.api.sealing import Sealer

log = logging.getLogger("homie.app")
MARGIN = 30.0
"""Seconds before its end from which an access token is no longer used: a request may be on its way for a while."""
REMEMBERED = 64
"""Spent tokens known per device: that many rotations are most of a day without the tab noticing one."""
MOST_DEVICES = 2000
KEPT_SECONDS = 31 * 24 * 3600.0
"""A day longer than the hub honours a refresh token."""

Refresh = Callable[[str], Awaitable[Any]]


def token_hash(token: str) -> str:
    """Return what stands for a token in memory and on disk."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(eq=False)
class TokenKeeper:
    """Hold the present tokens of one device, and refresh them once for everybody who waits."""

    refresh_token: str = field(repr=False)
    access_token: str | None = field(default=None, repr=False)
    valid_until: float = 0.0
    session_id: str = ""
    hashes: list[str] = field(default_factory=list)
    ended: LoggedOut | None = None
    changed: Callable[[TokenKeeper], None] = lambda _: None
    clock: Callable[[], float] = time.monotonic
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def take(self, tokens: TokensOut) -> None:
        """Take over a pair that the hub gave."""
        if not tokens["access_token"] or not tokens["refresh_token"]:
            raise ApiError("unexpected_answer", "Homie answered in an unexpected way.")
        self.refresh_token, self.access_token = tokens["refresh_token"], tokens["access_token"]
        self.session_id = tokens["session_id"]
        self.valid_until = self.clock() + tokens["access_seconds"]
        fresh = token_hash(self.refresh_token)
        self.hashes = [*(one for one in self.hashes if one != fresh), fresh][-REMEMBERED:]
        self.changed(self)

    async def access(self, refresh: Refresh) -> str:
        """Return an access token that is valid for a while, by `refresh` if there is none."""
        if self.ended is None and self.access_token and self.clock() < self.valid_until - MARGIN:
            return self.access_token
        return await self.renew(self.access_token, refresh)

    async def renew(self, refused: str | None, refresh: Refresh) -> str:
        """Return a token other than `refused`; of all who ask at once only the first one asks the hub."""
        async with self._lock:
            if self.ended is not None:
                raise self.ended
            if self.access_token and self.access_token != refused:
                return self.access_token
            try:
                await self._take_new(refresh)
            except ApiError as error:
                if error.status != 401:
                    raise
                self.end(LoggedOut(error.code, error.request_id))
                raise self.ended or error from None
            assert self.access_token is not None
            return self.access_token

    async def _take_new(self, refresh: Refresh) -> None:
        """Ask the hub for a pair, and take it also if who waits gives up: the old one is spent by then."""
        asked = asyncio.ensure_future(refresh(self.refresh_token))
        try:
            self.take(await asyncio.shield(asked))
        except asyncio.CancelledError:
            self.take(await asked)
            raise

    def end(self, why: LoggedOut) -> None:
        """Say that this device is logged out, to every tab."""
        self.ended, self.access_token = why, None
        self.changed(self)


class Keepers:
    """Find the keeper of a device by any token that it recently had. One object per front process.

    With `journal`, what is known outlives the process: a tab that comes back with an older token after a restart is
    still the same device. The file holds hashes, and the present token sealed.
    """

    def __init__(self, sealer: Sealer | None = None, journal: Path | None = None) -> None:
        self._by_hash: OrderedDict[str, TokenKeeper] = OrderedDict()
        self._sealer = sealer
        self._journal = journal if sealer else None
        self._seen: dict[str, float] = {}
        self._read()

    def find(self, refresh_token: str) -> TokenKeeper:
        """Return the device's keeper; a token never seen before gets a new one."""
        known = self._by_hash.get(token_hash(refresh_token))
        if known is not None and known.ended is None:
            return known
        return self._add(TokenKeeper(refresh_token, hashes=[token_hash(refresh_token)], changed=self._changed))

    def adopt(self, tokens: TokensOut) -> TokenKeeper:
        """Return the keeper of a device that was logged in just now."""
        keeper = TokenKeeper("", changed=self._changed)
        keeper.take(tokens)
        return keeper

    def _add(self, keeper: TokenKeeper) -> TokenKeeper:
        for one in keeper.hashes:
            self._by_hash[one] = keeper
            self._by_hash.move_to_end(one)
        while len(self._by_hash) > MOST_DEVICES * 4:
            self._by_hash.popitem(last=False)
        return keeper

    def _changed(self, keeper: TokenKeeper) -> None:
        if keeper.ended is not None:
            for one in keeper.hashes:
                if self._by_hash.get(one) is keeper:
                    del self._by_hash[one]
        else:
            self._add(keeper)
            self._seen[keeper.session_id] = time.time()
        self._write()

    def _read(self) -> None:
        if self._journal is None or self._sealer is None or not self._journal.exists():
            return
        try:
            kept = json.loads(self._journal.read_text("utf-8"))
            for session_id, one in kept.items():
                token = self._sealer.open(one["sealed"])
                if token and time.time() - one["at"] < KEPT_SECONDS:
                    keeper = TokenKeeper(
                        token, session_id=session_id, hashes=list(one["hashes"]), changed=self._changed
                    )
                    self._seen[session_id] = float(one["at"])
                    self._add(keeper)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("the list of this server's logged-in browsers cannot be read; each browser has its own copy")

    def _write(self) -> None:
        if self._journal is None or self._sealer is None:
            return
        kept = {}
        for keeper in dict.fromkeys(self._by_hash.values()):
            at = self._seen.get(keeper.session_id)
            if keeper.session_id and at is not None and time.time() - at < KEPT_SECONDS:
                sealed = self._sealer.seal(keeper.refresh_token)
                kept[keeper.session_id] = {"at": at, "hashes": keeper.hashes, "sealed": sealed}
        self._seen = {one: self._seen[one] for one in kept}
        made = self._journal.with_name(f"{self._journal.name}.{os.getpid()}.new")
        try:
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(kept, file)
            os.replace(made, self._journal)
        except OSError:
            log.warning("the list of this server's logged-in browsers cannot be written")
