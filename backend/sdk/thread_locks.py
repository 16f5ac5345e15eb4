"""Locks that greenlets and native threads share, for the one process that runs on gevent.

`monkey.patch_all()` makes `threading.Lock` a lock between greenlets. Databases, hashing and files work in native
threads (`concurrency.py`), and there gevent's lock loses the waking: of four threads that take one lock in turns, three
stand still for ever (measured with gevent 23.9 to 26.9, `tests/sdk/test_thread_locks.py`), and so does a request whose
log line meets that of a thread. These locks stand on the native one. A native thread waits natively; a greenlet lets
others run until the lock is released, and looks by itself every `PATIENCE` seconds, whoever forgot to call it.

Conditions, queues and semaphores of the standard library are made of these locks. `threading.Event` stays gevent's.
"""

from __future__ import annotations

import _thread
import logging
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

import gevent
from gevent.event import Event
from gevent.monkey import get_original, is_module_patched

_allocate = get_original("_thread", "allocate_lock")
_native_ident = get_original("_thread", "get_ident")
_home, _hub = _native_ident(), gevent.get_hub()
"""The thread that imports this, the one whose greenlets wait, and its event loop."""

PATIENCE = 0.5
"""Seconds after which a waiting greenlet looks again, should nobody have woken it."""
ON_THE_LOOP = 5.0
"""Seconds that a callback of the event loop itself, which cannot let others run, waits for a lock at most."""


class ThreadLock:
    """Be what `threading.Lock` makes: not reentrant, and released by whoever likes to."""

    __slots__ = ("__weakref__", "_lock", "_waiting")

    def __init__(self) -> None:
        self._lock = _allocate()
        self._waiting: deque[Any] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; return whether it was taken. `timeout`: seconds, without end if negative."""
        if self._lock.acquire(False):
            return True
        if not blocking:
            return False
        if _native_ident() != _home:
            return bool(self._lock.acquire(True, timeout))
        if gevent.getcurrent() is gevent.get_hub():
            if self._lock.acquire(True, timeout if timeout >= 0 else ON_THE_LOOP):
                return True
            if timeout < 0:
                raise RuntimeError("a callback of the event loop waits for a lock that a greenlet holds")
            return False
        return self._wait(None if timeout < 0 else time.monotonic() + timeout)

    def _wait(self, deadline: float | None) -> bool:
        """Let other greenlets run until the lock is taken or the time is over."""
        while True:
            woken = Event()
            self._waiting.append(woken)  # before the next look: a release in between finds it
            try:
                if self._lock.acquire(False):
                    return True
                left = PATIENCE if deadline is None else min(PATIENCE, deadline - time.monotonic())
                if left <= 0:
                    return False
                woken.wait(left)
            finally:
                with suppress(ValueError):
                    self._waiting.remove(woken)
            if self._lock.acquire(False):
                return True

    def release(self) -> None:
        """Give the lock back, and wake the greenlet that waits longest; raises `RuntimeError` if nobody holds it."""
        self._lock.release()
        if self._waiting:
            with suppress(IndexError):
                woken = self._waiting.popleft()
                if _native_ident() == _home:
                    woken.set()
                else:
                    _hub.loop.run_callback_threadsafe(woken.set)

    def locked(self) -> bool:
        """Tell whether somebody holds it."""
        return bool(self._lock.locked())

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<{'locked' if self.locked() else 'unlocked'} {type(self).__name__} at {id(self):#x}>"

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]


def install() -> None:
    """Have the standard library make these locks from now on: once, after `patch_all`, before all other imports.

    Raises `RuntimeError` where the standard library is not patched: there its own locks are right.
    """
    if not is_module_patched("threading"):
        raise RuntimeError("patch the standard library first")
    standard: Any = threading
    for module in (standard, _thread):
        for name in ("Lock", "allocate_lock", "_allocate_lock"):
            if hasattr(module, name):
                setattr(module, name, ThreadLock)
    standard.RLock = standard._PyRLock
    log: Any = logging
    log._lock = threading.RLock()  # the only one of the standard library that was made before
