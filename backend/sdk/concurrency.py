"""Where blocking work goes: off the gevent hub in the web process, inline everywhere else.

This file and `backend/main.py` are the only ones that know gevent. Nothing here imports it unless the process was
patched, so workers and the command line stay plain Python.

Why hop at all: sqlite3, bcrypt, stat and hashing hold a C call for milliseconds to seconds; run on the hub they freeze
every client (measured: a 1.5 s query, no request served). A hop costs 0.2 ms, so hop once per unit of work.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context
from typing import Any, ParamSpec, Protocol, TypeVar, cast

T = TypeVar("T")
P = ParamSpec("P")


class Hop(Protocol):
    """Run a function somewhere it may block; the caller waits for its result."""

    def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `fn(*args, **kwargs)`; its exception is raised here. Context variables travel along."""
        ...

    def close(self) -> None:
        """End the threads; work that is under way finishes."""
        ...


class Task(Protocol):
    """Be a started background activity."""

    def join(self, timeout: float | None = None) -> Any:
        """Wait until it ended, at most `timeout` seconds."""
        ...


def is_patched() -> bool:
    """Tell whether this process runs on gevent (only the web process does)."""
    monkey = sys.modules.get("gevent.monkey")
    return bool(monkey and monkey.is_module_patched("socket"))


def hop_pool(size: int) -> Hop:
    """Return a place for blocking work: `size` native threads (made on demand) under gevent, inline otherwise."""
    return _ThreadHop(size) if is_patched() else _InlineHop()


def run_blocking(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one blocking call (bcrypt, a stat of a slow drive) off the hub and return its result."""
    if not is_patched():
        return fn(*args, **kwargs)
    return _shared_pool().run(fn, *args, **kwargs)


def spawn(fn: Callable[..., Any], /, *args: Any, name: str = "homie") -> Task:
    """Start a background activity: a greenlet under gevent, a daemon thread otherwise.

    It MUST end by itself when its owner is stopped (wait on an event, not on time).
    """
    if is_patched():
        import gevent

        greenlet: Task = gevent.spawn(fn, *args)
        return greenlet
    thread = threading.Thread(target=fn, args=args, name=name, daemon=True)
    thread.start()
    return thread


def spawn_process(program: str, command: list[str], environment: Mapping[str, str]) -> int:
    """Start a program, as `os.posix_spawn` does, from whatever thread, and return its process id; raises `OSError`.

    gevent's own `os.posix_spawn` watches children in the event loop of the main thread, and fails in others.
    """
    if not is_patched() or threading.get_native_id() == threading.main_thread().native_id:
        return os.posix_spawn(program, command, environment)
    import posix

    return posix.posix_spawn(program, command, environment)


def native_lock() -> threading.Lock:
    """Return a lock for native threads, also under gevent, whose own locks belong to greenlets.

    Never hold it on the hub: whoever waits for it blocks its whole thread.
    """
    if not is_patched():
        return threading.Lock()
    from gevent.monkey import get_original

    lock: threading.Lock = get_original("_thread", "allocate_lock")()
    return lock


def hub_caller() -> Callable[[Callable[[], Any]], None]:
    """Return a function, safe from any thread, that has a callable run in the thread that called `hub_caller`.

    A native database thread must not touch sockets: it hands the emit over. Without gevent the callable runs at once.
    """
    if not is_patched():
        return lambda fn: fn()
    import gevent

    home, hub = _native_ident(), gevent.get_hub()

    def call(fn: Callable[[], Any]) -> None:
        if _native_ident() == home:
            fn()
        else:
            hub.loop.run_callback_threadsafe(gevent.spawn, fn)

    return call


def _caught(fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> tuple[T | None, BaseException | None]:
    """Return what `fn` returns, or the error that it raises."""
    try:
        return fn(*args, **kwargs), None
    except BaseException as error:
        return None, error


class _InlineHop:
    """Run at once in the calling thread."""

    def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `fn(*args, **kwargs)`."""
        return fn(*args, **kwargs)

    def close(self) -> None:
        """Do nothing."""


class _ThreadHop:
    """Run in native threads of gevent; a call that is off the hub already runs inline.

    Inline, because a pool may only be used from the hub's own thread, and there is nothing to protect elsewhere.
    """

    def __init__(self, size: int) -> None:
        from gevent.threadpool import ThreadPool

        self._home = _native_ident()
        self._pool = ThreadPool(size)

    def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `fn(*args, **kwargs)`, waiting without blocking the hub."""
        if _native_ident() != self._home:
            return fn(*args, **kwargs)
        context = copy_context()
        call = functools.partial(_caught, fn, *args, **kwargs)
        # Errors travel as values: gevent prints the stack of whatever is raised in a pool thread, also of a plain 401.
        result, error = self._pool.apply(context.run, (call,))
        if error is not None:
            try:
                raise error
            finally:
                del error  # its traceback holds this frame
        return cast(T, result)

    def close(self) -> None:
        """Wait for work under way, then end the threads."""
        self._pool.join()
        self._pool.kill()


@functools.cache
def _shared_pool() -> Hop:
    return hop_pool(4)


def _native_ident() -> int:
    from gevent.monkey import get_original

    ident: int = get_original("_thread", "get_ident")()
    return ident
