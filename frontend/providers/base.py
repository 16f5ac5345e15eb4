"""What every provider has: data that says how fresh it is, loading that never races itself, actions that roll back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Literal, TypeAlias

from flet.components.observable import Observable

from frontend.api.errors import ApiError, Offline
from frontend.api.generated import HomieApi
from frontend.api.generated.schemas import EventOut

log = logging.getLogger("homie.app")
Event: TypeAlias = EventOut
Loadable = Literal["idle", "loading", "ready", "error", "offline"]
CATCH_UP = 0.1
"""Seconds that a screen has to load what it shows by itself, as most do: to ask twice would be one time too many."""
_INTERNAL = "Something went wrong inside Homie. The details are in the log."
"""The hub's own words for what nobody foresaw."""


@dataclass(eq=False)
class Loading(Observable):
    """Say how far loading is. `loaded` stays true once there was data: it stays on the screen meanwhile."""

    state: Loadable = "idle"
    error: ApiError | None = None
    loaded: bool = False
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)
    _asked: int = field(default=0, init=False, repr=False)
    _answered: tuple[Callable[[], Awaitable[None]] | None, int] = field(default=(None, 0), init=False, repr=False)
    """What was done last, and how many had asked when it began."""
    _running: asyncio.Future[None] | None = field(default=None, init=False, repr=False)
    _era: int = field(default=0, init=False, repr=False)

    async def loading(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` with its outcome as state.

        Calls for the same work that come meanwhile are answered by one more run, not by many: bound methods are equal,
        other functions are the same only to themselves. Calls from before a `drop` end without having done anything.
        """
        self._asked += 1
        ticket, era = self._asked, self._era
        if self.state != "loading":
            self.state = "loading"
        async with self._lock:
            done, for_tickets = self._answered
            if era != self._era or (done == work and for_tickets >= ticket):
                return
            covers = self._asked
            self.state = "loading"
            problem: ApiError | None = None
            self._running = asyncio.ensure_future(work())  # a task of its own: `drop` ends it, and nobody who waits
            try:
                await self._running
            except ApiError as error:
                problem = error
            except Exception:
                log.exception("what %s asked for could not be read", type(self).__name__)
                problem = ApiError("internal", _INTERNAL)
            except BaseException:
                waiter = asyncio.current_task()
                if era != self._era and waiter is not None and not waiter.cancelling():
                    return
                self.state = "idle"
                raise
            if era != self._era:
                return
            self.error, self.loaded = problem, self.loaded or problem is None
            self.state = "ready" if problem is None else "offline" if isinstance(problem, Offline) else "error"
            self._answered = work, covers

    def drop(self) -> None:
        """Forget that anything was loaded or asked for: an answer under way is of something that is shown no more."""
        self._era += 1
        running = self._running
        if running is not None and not running.done() and running is not asyncio.current_task():
            running.cancel()
        self.loaded, self.error, self.state = False, None, "idle"


@dataclass(eq=False)
class Provider(Loading):
    """Be the base of providers: `load` asks the hub, `on_event` hears what changed, `reload` when that was missed.

    Fields without underscore redraw whoever shows the provider. Subclasses write `fetch`, and name in `hears` the
    prefixes of events after which they load anew; those that `rests` wait with that until somebody shows them again.
    """

    hears: ClassVar[tuple[str, ...]] = ()
    rests: ClassVar[bool] = False

    api: HomieApi = field(kw_only=True)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False, repr=False)
    _waiting: bool = field(default=False, init=False, repr=False)
    _shown: int = field(default=0, init=False, repr=False)
    _behind: bool = field(default=False, init=False, repr=False)

    def subscribe(self, fn: Callable[[Any, str | None], None]) -> Callable[[], None]:
        """Call `fn` after each change until the returned function is called; what fell behind is read anew."""
        end = super().subscribe(fn)
        self._shown += 1
        if self._behind:
            self.in_background(self._catch_up())

        def dispose() -> None:
            nonlocal end
            if end is not _ended:
                end()
                end = _ended
                self._shown -= 1

        return dispose

    async def fetch(self) -> None:
        """Ask the hub and set the fields; raises `ApiError`."""

    async def load(self) -> None:
        """Load, with the outcome in `state` and `error`."""
        self._behind = False
        await self.loading(self.fetch)

    async def reload(self) -> None:
        """Load again what somebody looked at before; something was missed."""
        if self.state != "idle" or self.loaded:
            await self.load()

    def on_event(self, event: Event) -> None:
        """Hear an event: load anew, soon and once, after those named in `hears`."""
        if event["name"].startswith(self.hears) and self.hears:
            self.reload_soon()

    async def came_online(self) -> None:
        """Try again what failed while nobody answered: what it holds itself, or one of its lists."""
        if self.state == "offline" or any(one.state == "offline" for one in self._lists()):
            await self.load()

    def _lists(self) -> list[Loading]:
        return [one for one in vars(self).values() if isinstance(one, Loading)]

    def reload_soon(self) -> None:
        """Reload in the background; many events at once cause one reload."""
        if self.rests and not self._shown:
            self._behind = True
        elif not self._waiting and (self.state != "idle" or self.loaded):
            self._waiting = True
            self.in_background(self._reload_once())

    async def _reload_once(self) -> None:
        self._waiting = False
        await self.reload()

    async def _catch_up(self) -> None:
        await asyncio.sleep(CATCH_UP)
        if self._behind:
            await self.reload()

    def replace(self, name: str, value: Any) -> Callable[[], None]:
        """Set a field at once, and return the undo: what was there is put back only while nobody set it since.

        Otherwise the field is newer than what was there, or of another space, and all is read anew instead.
        """
        before = getattr(self, name)
        setattr(self, name, _Own() if value == () else value)
        made = getattr(self, name)

        def undo() -> None:
            if getattr(self, name) is made:
                setattr(self, name, before)
            else:
                self.reload_soon()

        return undo

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside what goes on; `close` ends it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, ApiError):
            log.error("work of %s in the background failed", type(self).__name__, exc_info=error)

    def close(self) -> None:
        """End what runs in the background."""
        for task in tuple(self._tasks):
            task.cancel()
        self._waiting = False  # what is cancelled before it began cannot say so itself

    def reset(self) -> None:
        """Forget everything: another person may log in here."""
        self.close()
        self.drop()
        for one in fields(self):
            if one.name.startswith("_") or one.name == "api" or not one.init:
                continue
            if isinstance(value := getattr(self, one.name), Resettable):
                value.reset()
            elif one.default is not MISSING:
                setattr(self, one.name, one.default)
            elif one.default_factory is not MISSING:
                setattr(self, one.name, one.default_factory())


def _ended() -> None:
    """Stand for a subscription that has ended: to end it again does nothing."""


class _Own(tuple[Any, ...]):
    """Be empty, and no other object: Python has only one `()`, which could be that of another space as well."""


class Resettable:
    """Mark parts of a provider that forget their content themselves instead of being replaced."""

    def reset(self) -> None:
        """Forget everything."""
        raise NotImplementedError


async def read_after_write(provider: Provider, reading: Awaitable[None]) -> None:
    """Read anew after a write: where that fails the provider reads later, and the write is not said to have failed."""
    try:
        await reading
    except ApiError:
        provider.reload_soon()


@asynccontextmanager
async def undone_on_error(*undos: Callable[[], None]) -> AsyncIterator[None]:
    """Take optimistic changes back if the hub refuses: `async with undone_on_error(undo): await api...`."""
    try:
        yield
    except BaseException:
        for undo in reversed(undos):
            undo()
        raise
