"""The live line to the hub: events in order, none lost and none twice, through any break of the connection.

One task holds the line: connect, wait for its end, wait a while, again. The hub replays what was missed since the
cursor of each space, or says `reload` (docs/subsystems/events.md).
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flet.components.observable import Observable

from frontend.api.errors import ApiError, LoggedOut, Offline, error_from
from frontend.api.session_tokens import SessionTokens
from frontend.providers.base import Event, Provider
from frontend.providers.cursors import Cursors
from frontend.providers.socket_line import Refusal, SocketLine

log = logging.getLogger("homie.app")
FIRST_WAIT, LONGEST_WAIT = 0.4, 20.0
READY_SECONDS = 20.0
"""Within this a hub says `ready`, or the connection counts as none: nothing else would ever tell that it is silent."""
REMEMBERED_EVENTS = 4096
Line = Literal["online", "connecting", "offline"]


def jitter(seconds: float) -> float:
    """Spread a wait over half to all of it: a household's devices do not come back in the same instant."""
    return seconds * random.uniform(0.5, 1.0)  # nosec B311: spreads waits, guards nothing


@dataclass(eq=False)
class WebSocketProvider(Observable):
    """Hold the connection's state and give every event to the subscribed providers.

    `on_logged_out` and `on_access_changed` tell the session what concerns all of it.
    """

    tokens: SessionTokens
    line: SocketLine
    state: Line = "offline"
    since: float = 0.0
    """Time (epoch seconds) of the last change of `state`."""
    wanted: bool = False
    tries: int = 0
    """Failed tries since the connection was lost."""
    limited_until: float = 0.0
    """Time until which the hub refuses what this client sends, because it sent too much."""
    module: str | None = None
    on_logged_out: Callable[[], None] = lambda: None
    on_access_changed: Callable[[], None] = lambda: None
    _listeners: list[Provider] = field(default_factory=list, init=False, repr=False)
    _cursors: Cursors = field(default_factory=Cursors, init=False, repr=False)
    _seen: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED_EVENTS), init=False, repr=False)
    _known: set[str] = field(default_factory=set, init=False, repr=False)
    _kick: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)
    _welcomed: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)
    _task: asyncio.Task[None] | None = field(default=None, init=False, repr=False)

    @property
    def online(self) -> bool:
        """Tell whether events arrive now."""
        return self.state == "online"

    def subscribe_provider(self, provider: Provider) -> Callable[[], None]:
        """Give every event to `provider`; call what is returned to end it."""
        self._listeners.append(provider)

        def end() -> None:
            if provider in self._listeners:
                self._listeners.remove(provider)

        return end

    # ------------------------------------------------------------------ the line

    def start(self) -> None:
        """Begin to hold the line; returns at once."""
        self.wanted = True
        if self._task is None or self._task.done():
            self._set("connecting")
            self._task = asyncio.get_running_loop().create_task(self._hold())

    async def stop(self) -> None:
        """Hang up and forget what was heard: the next person starts anew."""
        self.wanted = False
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self.line.close()
        self._cursors = Cursors()
        self._seen.clear()
        self._known.clear()
        self._set("offline")

    def try_now(self) -> None:
        """Do not wait for the next try: the person asked, or the device woke up."""
        self._kick.set()

    async def switch_module(self, module: str) -> None:
        """Say which module the person is in, so that the hub starts it; raises `ApiError`."""
        try:
            answer = await self.line.call("switch_module", {"module": module})
        except ConnectionError as error:
            raise Offline() from error
        if isinstance(answer, Mapping) and "error" in answer:
            raise error_from(409, answer)
        self.module = module

    async def _hold(self) -> None:
        while self._go_on():
            told = await self._connect_once()
            if not self._go_on():
                break
            self.tries += 1  # `ready` sets it back
            self._set("connecting" if self.tries <= 2 else "offline")
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self.tries - 1, 10))
            await self._pause(max(told, FIRST_WAIT) if told is not None else jitter(wait))
        self._set("offline")

    def _go_on(self) -> bool:
        return self.wanted

    async def _connect_once(self) -> float | None:
        """Connect and stay until the line breaks; returns how long the hub asks to wait, if it does."""
        token = ""  # nosec B105: none yet
        try:
            token = await self.tokens.access()
            self._welcomed.clear()
            async with asyncio.timeout(READY_SECONDS):
                await self.line.open(token, self._cursors.shown(), self.feed)
                await self._welcome_or_end()
            await self.line.ended()
        except LoggedOut:
            self._end()
        except Refusal as refusal:
            if refusal.code == "not_authenticated":
                await self._renew(token)
            return refusal.retry_after
        except (ApiError, ConnectionError, TimeoutError, OSError) as error:
            log.debug("the live line broke: %s", type(error).__name__)
        except Exception:  # whatever it was: without another try this window would never hear anything again
            log.exception("the live line broke")
        return None

    async def _welcome_or_end(self) -> None:
        waiting = [asyncio.ensure_future(one) for one in (self._welcomed.wait(), self.line.ended())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    async def _renew(self, token: str) -> None:
        try:
            await self.tokens.renew(token)
        except LoggedOut:
            self._end()
        except ApiError:
            pass  # nobody answers: the next round asks again

    async def _pause(self, seconds: float) -> None:
        self._kick.clear()
        try:
            await asyncio.wait_for(self._kick.wait(), seconds)
        except TimeoutError:
            pass

    def _end(self) -> None:
        self.wanted = False
        self.on_logged_out()

    def _set(self, state: Line) -> None:
        if state != self.state:
            self.since = time.time()
            self.state = state

    # ------------------------------------------------------------------ what the hub says

    def feed(self, name: str, data: Any) -> None:
        """Take one message of the hub; also the entry for tests."""
        heard = data if isinstance(data, Mapping) else {}
        if name == "event":
            self._event(heard)
        elif name == "ready":
            self._ready(heard)
        elif name == "reload":
            if "owner_id" in heard:  # without: events of another process were lost, of whatever space
                self._cursors.move(str(heard.get("owner_id")), str(heard.get("cursor")))
            self._each(lambda one: one.reload_soon())
        elif name == "access_changed":
            self._cursors.keep_only(dict(heard.get("cursors") or {}))
            self.on_access_changed()
            self._each(lambda one: one.reload_soon())
        elif name == "rate_limited":
            self.limited_until = time.time() + float(heard.get("retry_after") or 1.0)
        elif name == "logged_out":
            self._end()
        elif name == "module_switched":
            self.module = str(heard.get("module") or "") or None

    def _event(self, heard: Mapping[str, Any]) -> None:
        event: Event = heard  # type: ignore[assignment]
        event_id = str(heard.get("event_id"))
        if event_id in self._known:
            return
        if len(self._seen) == REMEMBERED_EVENTS:
            self._known.discard(self._seen[0])
        self._seen.append(event_id)
        self._known.add(event_id)
        self._each(lambda one: one.on_event(event))
        # Only after everybody heard it: if the line breaks now, it is better heard again (and known) than never.
        self._cursors.saw(str(heard.get("owner_id")), str(heard.get("cursor")))

    def _ready(self, heard: Mapping[str, Any]) -> None:
        unheard = self._cursors.ready(dict(heard.get("cursors") or {}))
        self.tries = 0
        self._welcomed.set()
        self._set("online")
        if unheard:
            # What was loaded before the line was up may have changed in between.
            self._each(lambda one: one.reload_soon())
        self._each(lambda one: one.in_background(one.came_online()))

    def _each(self, tell: Callable[[Provider], None]) -> None:
        for provider in tuple(self._listeners):
            try:
                tell(provider)
            except Exception:
                log.exception("%s could not take what the hub said", type(provider).__name__)
