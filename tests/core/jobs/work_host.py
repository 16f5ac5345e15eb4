"""The host of test workers: the demo kinds on the database that `HOMIE_TEST_JOBS_URL` names, without a platform."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path
from typing import Any, cast

import structlog

from backend.core.jobs.channel import EventSender
from backend.core.jobs.database import open_jobs_database
from backend.core.jobs.handlers import HandlerRegistry
from backend.core.jobs.store import JobStore
from backend.sdk.clock import SystemClock
from backend.sdk.jobs import JobHandler
from backend.sdk.module import ModuleContext, ModuleSpec
from tests.core.jobs.work_kinds import HANDLERS

LEASE_SECONDS = 5.0


class DemoHost:
    """Stand in for the platform in a worker process."""

    def __init__(self, url: str, sender: EventSender | None, lease_seconds: float = LEASE_SECONDS) -> None:
        self.clock = SystemClock()
        self.log: Any = structlog.get_logger("test")
        self._db = open_jobs_database(url)
        self._sender = sender
        if sender is not None:
            self._db.on_commit = sender.send
        self.store = JobStore(self._db, self.clock, lease_seconds=lease_seconds)
        self._registry = HandlerRegistry(core=HANDLERS)

    def handler(self, kind: str) -> JobHandler[Any]:
        return self._registry.find(kind)

    def context(self, kind: str) -> ModuleContext:
        nothing = cast(Any, None)
        spec = ModuleSpec(id="demo", title="Demo", version="1", app="demo:App", models="demo:Base")
        return ModuleContext(
            spec, "worker", nothing, nothing, nothing, nothing, nothing, self.clock, nothing, self.log, Path()
        )

    def close(self) -> None:
        if self._sender is not None:
            self._sender.close()
        self._db.close()


def open_host(options: argparse.Namespace) -> DemoHost:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return DemoHost(os.environ["HOMIE_TEST_JOBS_URL"], EventSender(options.run_dir))
