"""Keep worker processes alive: start them, take back what a dead one held, start it again, stop them all.

In the web process every thread here is a greenlet, because `threading` is patched there; so `subprocess` is only
ever used from greenlets (from gevent's native threads it hangs) and nothing here needs to know gevent.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from backend.core.jobs.process import SlotLock
from backend.core.jobs.store import JobStore
from backend.core.jobs.worker import DEFAULT_HOST, worker_name
from backend.sdk.clock import Clock
from backend.sdk.ids import new_id

STEADY_SECONDS = 10.0
"""A worker that lived this long was healthy: its next start is immediate."""
PRUNE_SECONDS = 3600.0
UNHEARD_SECONDS = 30.0
DUE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """Say how workers are started. `module` is what they run, `env` is added to our environment.

    `group` keeps the workers of several supervisors on one data folder apart; "" is the server's own. A worker that
    keeps dying young is started again after growing pauses, at most `longest_wait` seconds.
    """

    run_dir: Path
    count: int = 2
    nice: int = 10
    memory_mb: int = 0
    stop_seconds: float = 4.0
    modules: tuple[str, ...] = ()
    host: str = DEFAULT_HOST
    env: Mapping[str, str] = field(default_factory=dict)
    keep: timedelta = timedelta(days=30)
    module: str = "backend.core.jobs.worker"
    group: str = ""
    longest_wait: float = 30.0

    def command(self, node: str, slot: str) -> list[str]:
        """Return the command line of one worker."""
        line = [
            sys.executable, "-m", self.module, "--run-dir", str(self.run_dir), "--node", node, "--slot", slot,
            "--parent", str(os.getpid()), "--nice", str(self.nice), "--memory-mb", str(self.memory_mb),
            "--host", self.host,
        ]  # fmt: skip
        return [*line, "--modules", ",".join(self.modules)] if self.modules else line


class Supervisor:
    """Run `plan.count` workers on the jobs of `store`. `ring` wakes workers after jobs were put back.

    `carry_again` is called with (job id, module) pairs that nobody took for a while, for carriers that may lose them.
    `on_lost` hears that jobs were taken back from vanished workers, whose last events may be missing.
    """

    def __init__(
        self,
        store: JobStore,
        plan: WorkerPlan,
        clock: Clock,
        *,
        ring: Callable[[], Any] = lambda: None,
        carry_again: Callable[[Sequence[tuple[str, str]]], None] | None = None,
        on_lost: Callable[[], Any] = lambda: None,
        log: Any = None,
    ) -> None:
        self.store = store
        self.plan = plan
        self._clock = clock
        self._ring = ring
        self._carry_again = carry_again
        self._on_lost = on_lost
        self._log = log or structlog.get_logger("homie.jobs")
        self.node = _node_of(plan.run_dir) + plan.group
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts = 0
        self._due_until = clock.now()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Take back what workers of an earlier, crashed server held, then start ours. Returns at once."""
        self.plan.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._end_leftovers()
        if count := self.store.requeue_worker(self.node + "/"):
            self._log.info("jobs of the last session go on", count=count)
        for slot in range(self.plan.count):
            self._begin(self._keep_running, f"{self.plan.group}{slot}")
        self._begin(self._look_after)

    def stop(self) -> None:
        """Ask all workers to stop, end those that do not, and put back what they held; returns when none is left."""
        self._stop.set()
        running = dict(self.processes)
        for process in running.values():
            _send(process, signal.SIGTERM)
        deadline = self._clock.monotonic() + self.plan.stop_seconds
        for slot, process in running.items():
            try:
                process.wait(max(0.0, deadline - self._clock.monotonic()))
            except subprocess.TimeoutExpired:
                self._log.warning("worker did not stop in time and is ended", slot=slot)
                _send(process, signal.SIGKILL)
                process.wait()
        for thread in self._threads:
            thread.join()
        self.store.requeue_worker(self.node + "/", counted=False)
        if self.plan.group:  # nobody will use these slots again
            for slot in running:
                (self.plan.run_dir / f"worker-{slot}.lock").unlink(missing_ok=True)

    def pids(self) -> dict[str, int]:
        """Return slot -> process number of the workers that live now."""
        return {slot: process.pid for slot, process in self.processes.items() if process.poll() is None}

    def _begin(self, target: Callable[..., None], *args: str) -> None:
        thread = threading.Thread(target=target, args=args, name=f"supervise-{target.__name__}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep_running(self, slot: str) -> None:
        """Start the worker of one slot again and again, slower and slower if it dies young."""
        deaths = 0
        while not self._stop.is_set():
            began, code = self._clock.monotonic(), None
            try:  # whatever goes wrong in one round, the slot must not stay empty for ever
                code = self._run_once(slot)
            except Exception:
                self._log.exception("worker could not be started", slot=slot)
            if self._stop.is_set():
                return
            try:
                self._after_death(slot, code)
            except Exception:
                self._log.exception("what a dead worker left could not be looked after", slot=slot)
            deaths = 0 if self._clock.monotonic() - began >= STEADY_SECONDS else deaths + 1
            if deaths > 1:
                self._stop.wait(min(self.plan.longest_wait, 0.25 * 2**deaths))

    def _run_once(self, slot: str) -> int:
        environment = {**os.environ, **self.plan.env}
        process = subprocess.Popen(
            self.plan.command(self.node, slot),
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl+C in the terminal reaches us only, and we stop workers in order
        )
        self.processes[slot] = process
        if self._stop.is_set():  # `stop` may have looked just before we were there
            _send(process, signal.SIGTERM)
        return process.wait()

    def _after_death(self, slot: str, code: int | None) -> None:
        self.restarts += 1
        self._log.warning("worker ended and is started again", slot=slot, exit_code=code)
        try:
            count = self.store.requeue_worker(worker_name(self.node, slot))
        except Exception:
            # Its leases run out by themselves; the workers take the jobs back then.
            self._log.exception("the jobs of a dead worker could not be put back", slot=slot)
            return
        if count:
            self._ring()

    def _look_after(self) -> None:
        """Take back expired leases, carry unheard jobs again, and drop old finished jobs, each at its own pace."""
        duties: list[tuple[float, Callable[[], None]]] = [
            (self.store.lease_seconds / 2, self._take_back),
            (PRUNE_SECONDS, self._prune),
        ]
        if self._carry_again is not None:
            duties += [(UNHEARD_SECONDS, self._carry_unheard), (DUE_SECONDS, self._carry_due)]
        next_at = [self._clock.monotonic() + pace for pace, _ in duties]
        while not self._stop.wait(max(0.05, min(next_at) - self._clock.monotonic())):
            for place, (pace, duty) in enumerate(duties):
                if self._clock.monotonic() >= next_at[place]:
                    next_at[place] = self._clock.monotonic() + pace
                    try:
                        duty()
                    except Exception:
                        self._log.exception("looking after the job table failed; trying again")

    def _prune(self) -> None:
        self.store.prune(self.plan.keep)

    def _take_back(self) -> None:
        if self.store.requeue_expired():
            self._on_lost()
            self._ring()

    def _carry_unheard(self) -> None:
        assert self._carry_again is not None
        if unheard := self.store.waiting(UNHEARD_SECONDS):
            self._carry_again(unheard)

    def _carry_due(self) -> None:
        assert self._carry_again is not None
        since, self._due_until = self._due_until, self._clock.now()
        if due := self.store.became_due(since, self._due_until):
            self._carry_again(due)

    def _end_leftovers(self) -> None:
        """Wait for workers of an earlier server, which stop by themselves when it dies; end those that do not."""
        waiter = threading.Event()
        for path in self.plan.run_dir.glob(f"worker-{self.plan.group}[0-9]*.lock"):
            lock = SlotLock(self.plan.run_dir, path.stem.removeprefix("worker-"))
            tries = 0
            while (pid := lock.holder()) is not None:
                tries += 1
                if tries > 20 and pid:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)  # the lock proves that this is our worker and that it lives
                waiter.wait(0.1)
            lock.close()


def _node_of(run_dir: Path) -> str:
    """Return the lasting name of this installation, so that only its own dead workers' jobs are taken back at once."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = run_dir / "node"
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(new_id())
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


def _send(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        process.send_signal(number)
