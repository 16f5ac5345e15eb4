"""Run one claimed job from start to settlement; used by our own workers and inside Celery's alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pydantic import ValidationError

from backend.core.jobs.handlers import UnknownJobKind
from backend.core.jobs.running import Pulse, RunningJob
from backend.core.jobs.store import Claim, JobStore
from backend.core.jobs.texts import is_plain
from backend.sdk.clock import Clock
from backend.sdk.db import DatabaseDamaged
from backend.sdk.errors import HomieError, InternalError, RateLimited, Unavailable
from backend.sdk.jobs import JobCancelled, JobHandler, JobInterrupted, JobRetryLater
from backend.sdk.module import ModuleContext, ModuleNotReady

SETTLE_TRIES = 5
NOT_READY_SECONDS = 30.0
"""How long a job waits whose module cannot be set up yet."""


class JobHost(Protocol):
    """What a worker process stands on: the store, and for each kind its handler and its module's context."""

    store: JobStore
    clock: Clock
    log: Any

    def handler(self, kind: str) -> JobHandler[Any]:
        """Return the handler of a kind; raise `UnknownJobKind`."""
        ...

    def context(self, kind: str) -> ModuleContext:
        """Return the context of the module that handles the kind, set up in this process; raise if it cannot be."""
        ...

    def close(self) -> None:
        """Flush what is still to be told and close the databases."""
        ...


class JobRunner:
    """Take jobs one at a time as `worker` (a name that is unique among all workers)."""

    def __init__(
        self,
        host: JobHost,
        worker: str,
        *,
        stopping: Callable[[], bool] = lambda: False,
        modules: Sequence[str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._host = host
        self._worker = worker
        self._stopping = stopping
        self._modules = modules
        self._pause = pause

    def run_next(self, modules: Sequence[str] | None = None) -> bool:
        """Run the job whose turn it is; tell whether there was one. Never raises for what a handler does."""
        claim = self._host.store.claim(self._worker, modules=modules or self._modules)
        if claim is None:
            return False
        log = self._host.log.bind(job_id=claim.job_id, kind=claim.kind, attempt=claim.attempt, worker=self._worker)
        settle = self._attempt(claim, log)
        self._settle(settle, log)
        return True

    def _attempt(self, claim: Claim, log: Any) -> Callable[[], bool]:
        """Run the handler and return how to settle the job; no exception of a handler gets past this."""
        store = self._host.store
        try:
            handler = self._host.handler(claim.kind)
            job = RunningJob(store, claim, self._host.context(claim.kind), self._host.clock, self._stopping)
            args = _arguments(handler, claim.args)
            with Pulse(job, store.lease_seconds, log):
                result = handler.run(job, args)
            _check_result(result)
        except JobInterrupted as error:
            log.info("job interrupted", reason=str(error))
            return lambda: store.release(claim, "Homie was stopped; the work goes on at the next start.")
        except JobCancelled:
            log.info("job cancelled")
            return lambda: store.cancelled(claim)
        except (JobRetryLater, ModuleNotReady) as error:
            reason = getattr(error, "reason", "") or str(error)
            wait = getattr(error, "seconds", NOT_READY_SECONDS)
            log.info("job waits", reason=reason, seconds=wait)
            return lambda: store.release(claim, reason, wait=wait)
        except Exception as error:
            return self._failed(claim, error, log)
        return lambda: store.finish(claim, result, job.last)

    def _failed(self, claim: Claim, error: Exception, log: Any) -> Callable[[], bool]:
        """Decide what a failure means: a mistake in the request stays one, everything else may pass."""
        if isinstance(error, Unavailable) and error.code == "module_not_ready":
            log.info("job waits", reason=error.message, seconds=NOT_READY_SECONDS)
            return lambda: self._host.store.release(claim, error.message, wait=NOT_READY_SECONDS)
        if isinstance(error, HomieError):
            sentence, wait = error.message, error.retry_after
            retry = error.status >= 500 or isinstance(error, (RateLimited, Unavailable))
            retry = retry and not isinstance(error, DatabaseDamaged)  # more tries could only make it worse
        else:
            sentence, wait, retry = InternalError.message, None, True
        log.warning("job attempt failed", retry=retry, exc_info=error)
        return lambda: self._host.store.fail(claim, sentence, retry=retry, wait=wait)

    def _settle(self, settle: Callable[[], bool], log: Any) -> None:
        """Store the outcome, patiently: a busy database must not make finished work run again."""
        for attempt in range(1, SETTLE_TRIES + 1):
            try:
                if not settle():
                    log.warning("the outcome is dropped: another run has taken over this job")
                return
            except Exception:
                log.exception("the outcome of a job could not be stored", tries=attempt)
                if attempt < SETTLE_TRIES:
                    self._pause(0.2 * 2**attempt)


def _arguments(handler: JobHandler[Any], stored: Mapping[str, Any]) -> Any:
    try:
        if is_plain(stored):
            return handler.args.model_validate_json(json.dumps(stored))
        return handler.args.model_validate(dict(stored))  # the JSON reader refuses undecodable file names
    except ValidationError as error:
        raise UnknownJobKind("This work was stored by another version of Homie. Please start it again.") from error


def _check_result(result: Mapping[str, Any] | None) -> None:
    """Refuse a result that is not JSON here, where it counts as the handler's failure, not while settling."""
    json.dumps(None if result is None else dict(result))
