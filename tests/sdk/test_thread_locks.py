"""Locks that greenlets and native threads share: nobody waits for ever. Each test is a process that gevent patched."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from tests.hub import ROOT

BEGIN = """
from gevent import monkey
monkey.patch_all()
from backend.sdk import thread_locks
thread_locks.install()
import logging, os, queue, threading, time
import gevent
from gevent.monkey import get_original
from gevent.threadpool import ThreadPool
native_sleep = get_original("time", "sleep")
pool = ThreadPool(4)
def ended(*given, within=20):
    for one in given:
        one.wait(within) if hasattr(one, "wait") else one.join(within)
        assert one.ready(), "somebody waits for ever"
"""
END = "\nprint('good', flush=True)\nos._exit(0)\n"
KINDS = ("threading.Lock()", "threading.RLock()", "threading.Condition()", "threading.Semaphore(1)", "logging._lock")


def run(body: str) -> None:
    """Run a script in a patched process, and insist that it comes to its end."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(body) + END],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.strip().endswith("good"), done.stdout + done.stderr


@pytest.mark.parametrize("lock", KINDS)
def test_native_threads_take_a_lock_in_turns(lock: str) -> None:
    """All four come to their end, and nobody was inside while another was."""
    run(f"""
        lock, inside, most = {lock}, [0], [0]
        def use():
            for _ in range(100):
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    native_sleep(0.0002)
                    inside[0] -= 1
        ended(*(pool.spawn(use) for _ in range(4)))
        assert most == [1]
    """)


@pytest.mark.parametrize("lock", KINDS)
def test_a_greenlet_gets_its_turn_while_threads_work(lock: str) -> None:
    """On an otherwise idle loop, where nothing but the release can wake it; the loop goes on meanwhile."""
    run(f"""
        lock, waits, ticks = {lock}, [], [0]
        def native():
            for _ in range(50):
                with lock:
                    native_sleep(0.001)
        def green():
            began = time.monotonic()
            with lock:
                waits.append(time.monotonic() - began)
        for turn in range(20):
            threads = [pool.spawn(native) for _ in range(2)]
            gevent.sleep(0.002)
            ended(*(gevent.spawn(green) for _ in range(3)), *threads)
        assert len(waits) == 60
    """)


def test_a_thread_waits_for_what_a_greenlet_holds() -> None:
    """Across a switch to other greenlets, too: they go on, and the lock is free in the end."""
    run("""
        lock, order = threading.Lock(), []
        def green():
            with lock:
                gevent.sleep(0.2)
                order.append("greenlet")
        def native():
            with lock:
                order.append("thread")
        first = gevent.spawn(green)
        gevent.sleep(0.01)
        second = pool.spawn(native)
        third = gevent.spawn(lambda: gevent.sleep(0.05) or order.append("other"))
        ended(first, second, third)
        assert order == ["other", "greenlet", "thread"], order
        assert not lock.locked()
    """)


def test_time_limits_and_refusals() -> None:
    """`timeout` and `blocking` mean what they do in the standard library; a greenlet that is killed leaves nothing."""
    run("""
        lock = threading.Lock()
        assert lock.acquire() and not lock.acquire(False)
        began = time.monotonic()
        assert not lock.acquire(timeout=0.1)
        assert 0.09 < time.monotonic() - began < 5
        assert not pool.apply(lambda: lock.acquire(True, 0.05))
        killed = gevent.spawn(lock.acquire)
        gevent.sleep(0.01)
        killed.kill()
        lock.release()
        assert not lock.locked() and lock.acquire(False)
        lock.release()
        try:
            lock.release()
        except RuntimeError:
            pass
        else:
            raise AssertionError("released twice")
        again = threading.RLock()
        with again, again:
            assert not pool.apply(lambda: again.acquire(False))
            other = gevent.spawn(lambda: again.acquire(False))
            other.join()
            assert other.value is False
    """)


def test_events_and_queues_reach_over() -> None:
    """A thread wakes a greenlet by an event and by a queue, and a greenlet a thread by an event."""
    run("""
        event, answer, lines = threading.Event(), threading.Event(), queue.SimpleQueue()
        def native():
            native_sleep(0.1)
            event.set()
            assert answer.wait(10)
            native_sleep(0.1)
            lines.put("done")
        thread = pool.spawn(native)
        assert event.wait(10)
        answer.set()
        assert lines.get(timeout=10) == "done"
        ended(thread)
    """)


def test_the_hub_uses_them() -> None:
    """They are in place before anything of the hub is imported, and log lines of threads and requests end."""
    done = subprocess.run(
        [sys.executable, "-c", "import backend.main, threading; print(threading.Lock.__module__, threading.RLock())"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("backend.sdk.thread_locks <unlocked threading._RLock"), done.stdout + done.stderr
