"""Celery on Redis as carrier: messages hold a job id, workers may be on other machines, our table stays the truth.

A message means "one more job of this module is due". The worker that gets it claims the job whose turn it is, so turns
stay fair although Redis hands out messages first come, first served; each job sends one message, so each gets its turn.
A message may be lost (the web process carries unheard jobs again) or come twice (then nothing is due, and nothing
happens). Jobs for later are carried when they are due: an ETA would occupy a worker's memory until then.
Neither results nor arguments pass through Redis, and nothing is ever unpickled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from celery import Celery

from backend.core.jobs.carrier import JobCarrier
from backend.sdk.clock import Clock

TASK = "homie.run_job"
QUEUE_PREFIX = "homie."
VISIBILITY_SECONDS = 3600
"""Redis hands out an unacknowledged message again after this; harmless, since no job can be claimed twice."""


def celery_app(redis_url: str) -> Celery:
    """Return our Celery application: JSON only, no results, acknowledged after the work."""
    app = Celery("homie", broker=redis_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": VISIBILITY_SECONDS, "global_keyprefix": "homie:celery:"},
    )
    return app


def queue_of(module: str) -> str:
    """Return the name of a module's queue."""
    return QUEUE_PREFIX + module


class CeleryCarrier(JobCarrier):
    """Send one message per job to the queue of its module."""

    def __init__(self, app: Celery, clock: Clock, log: Any = None) -> None:
        self._app = app
        self._clock = clock
        self._log = log or structlog.get_logger("homie.jobs")

    def carry(self, job_id: str, module: str, run_at: datetime) -> None:
        """Send the message; without Redis the job waits in the table until it is carried again."""
        if run_at > self._clock.now():
            return
        try:
            self._app.send_task(TASK, args=[job_id, module], queue=queue_of(module), retry=False)
        except Exception:
            self._log.exception("Redis did not take a job; it will be carried again", job_id=job_id)

    def carry_unheard(self, unheard: Sequence[tuple[str, str]]) -> None:
        """Carry (job id, module) pairs again where the module's queue is empty, so that its messages were lost.

        A long queue is no loss: its messages are still there, and sending more would only make it longer.
        """
        now = self._clock.now()
        empty = {module: self._is_empty(module) for module in {module for _, module in unheard}}
        for job_id, module in unheard:
            if empty[module]:
                self.carry(job_id, module, now)

    def _is_empty(self, module: str) -> bool:
        try:
            with self._app.connection_for_write() as connection, connection.channel() as channel:
                found = channel.queue_declare(queue=queue_of(module))  # "passive" overlooks the key prefix
                return bool(found.message_count == 0)
        except Exception:
            self._log.exception("Redis cannot be asked for the length of a queue", module=module)
            return False


def bind_worker(app: Celery, run_next: Callable[[str], bool]) -> None:
    """Give the application its one task; `run_next` runs the next job of a module."""

    def run_job(job_id: str, module: str) -> None:
        run_next(module)

    app.task(run_job, name=TASK)
