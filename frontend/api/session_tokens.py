"""The tokens as one session (one tab, one app) sees them: its device's keeper, and its copy on the person's device."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from frontend.api.errors import ApiError, LoggedOut
from frontend.api.generated.schemas import TokensOut
from frontend.api.sealing import TokenStorage
from frontend.api.tokens import Keepers, TokenKeeper, token_hash
from frontend.api.transport import Transport

log = logging.getLogger("homie.app")
STORED_AS = "homie.device"
SAVE_SECONDS = 3.0
SAVE_AGAIN_SECONDS = 60.0


class SessionTokens:
    """Give a session its tokens. `on_logged_out` is called once when the hub no longer knows the device."""

    def __init__(self, transport: Transport, keepers: Keepers, storage: TokenStorage) -> None:
        self._transport = transport
        self._keepers = keepers
        self._storage = storage
        self._keeper: TokenKeeper | None = None
        self._saved = ""
        self._save_not_before = 0.0
        self.generation = 0
        self.on_logged_out: Callable[[LoggedOut], None] = lambda _: None
        transport.tokens = self

    @property
    def session_id(self) -> str:
        """Return which device this is, as the hub's list of devices names it."""
        return self._keeper.session_id if self._keeper else ""

    @property
    def has_device(self) -> bool:
        """Tell whether this session is, or was until now, some logged-in device."""
        return self._keeper is not None

    async def restore(self) -> bool:
        """Take up the device that this browser or app was; tell whether there is one. Asks nobody."""
        kept = await self._kept()
        if not kept:
            return False
        self._keeper = self._keepers.find(kept)
        self._saved = token_hash(kept)
        return True

    async def start(self, tokens: TokensOut) -> None:
        """Take the tokens of a log-in and keep them on the device."""
        self._keeper = self._keepers.adopt(tokens)
        self.generation += 1
        self._saved = ""
        await self.save()

    async def access(self) -> str:
        """Return an access token that is valid now; raises `LoggedOut`."""
        return await self._ask(None)

    async def renew(self, refused: str) -> str:
        """Return another token than `refused`; raises `LoggedOut`."""
        return await self._ask(refused)

    async def save(self) -> None:
        """Keep the present refresh token on the device, unless it is there; a browser that is away is asked later."""
        keeper = self._keeper
        if keeper is None or keeper.ended or (fresh := token_hash(keeper.refresh_token)) == self._saved:
            return
        if time.monotonic() < self._save_not_before:
            return
        try:
            await asyncio.wait_for(self._storage.set(STORED_AS, keeper.refresh_token), SAVE_SECONDS)
            self._saved = fresh
        except Exception as error:  # whatever a browser that went away ends with: the keeper still has the token
            self._save_not_before = time.monotonic() + SAVE_AGAIN_SECONDS
            log.info("a refreshed device could not be kept in the browser: %s", type(error).__name__)

    async def resumed(self) -> None:
        """Save again after the browser came back."""
        self._save_not_before = 0.0
        await self.save()

    async def end(self) -> None:
        """Forget the device here and on the person's device; other tabs learn it by their next call."""
        keeper, self._keeper = self._keeper, None
        self.generation += 1
        if keeper is not None:
            keeper.end(LoggedOut())
        await self._forget(keeper)

    async def _ask(self, refused: str | None) -> str:
        if self._keeper is None:
            raise LoggedOut()
        try:
            keeper = self._keeper
            refresh = self._transport.refresh
            token = await (keeper.access(refresh) if refused is None else keeper.renew(refused, refresh))
        except LoggedOut as gone:
            if await self._other_device():
                return await self._ask(refused)
            if self._keeper is not None:  # of many calls the first one says so
                self._keeper = None
                self.generation += 1
                self.on_logged_out(gone)
            raise
        await self.save()
        return token

    async def _other_device(self) -> bool:
        """Tell whether this browser was logged in anew meanwhile, by another tab, and go on as that."""
        gone = self._keeper
        if gone is None:
            return False
        kept = await self._kept()
        if not kept or token_hash(kept) in gone.hashes:
            await self._forget(gone)
            return False
        self._keeper = self._keepers.find(kept)
        self._saved = token_hash(kept)
        return self._keeper is not gone

    async def _kept(self) -> str | None:
        """Return what the device keeps; a device that does not answer keeps nothing."""
        try:
            return await self._storage.get(STORED_AS)
        except Exception as error:  # whatever a browser that went away ends with
            log.info("the device's copy could not be read: %s", type(error).__name__)
            return None

    async def _forget(self, gone: TokenKeeper | None) -> None:
        """Remove the stored copy, unless it belongs to a newer log-in."""
        try:
            kept = await self._storage.get(STORED_AS)
            if kept and (gone is None or token_hash(kept) in gone.hashes):
                await self._storage.remove(STORED_AS)
        except Exception as error:
            log.info("a logged-out device could not be removed from the browser: %s", type(error).__name__)
        self._saved = ""


async def log_out(tokens: SessionTokens, transport: Transport) -> None:
    """End this device at the hub, where it can be reached, and here in any case."""
    try:
        await transport.call("POST", "/api/v1/accounts/logout")
    except ApiError as error:
        log.info("the hub was not told of a log-out: %s", error.code)
    await tokens.end()
