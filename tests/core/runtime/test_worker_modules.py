"""What a worker thinks of a module follows the server: it lives for months, and nobody tells it anything."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from backend.core.jobs.platform_host import PlatformHost
from backend.core.jobs.runner import JobRunner
from backend.core.jobs.store import JobStore
from backend.core.module_records import Discovered
from backend.core.platform import Platform
from backend.core.settings import HomieSettings
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobContext, JobHandler, JobState
from backend.sdk.module import ModuleState
from tests.core.runtime import sample_modules as samples

ANNA = Actor.of("anna", "anna")


class Nothing(BaseModel):
    """A job that is told nothing."""


def _greeting(ctx: JobContext, _: Nothing) -> dict[str, Any]:
    return {"greeting": getattr(ctx.module.settings, "greeting", None)}


class Both:
    """The server and one worker of it, as two platforms on one folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        work = types.ModuleType("sample_work")
        monkeypatch.setitem(sys.modules, "sample_work", work)
        found = []
        for spec in (samples.GOOD, samples.QUIET, samples.NOT_READY):
            setattr(work, spec.id, (JobHandler(f"{spec.id}.go", Nothing, _greeting),))
            found.append(Discovered(spec.id, replace(spec, jobs=f"sample_work:{spec.id}")))
        settings = HomieSettings(data_dir=folder)
        self.admin = Platform.open(settings, "cli", modules=found)
        self.worker = Platform.open(settings, "worker", modules=found)
        host: Any = PlatformHost(self.worker)
        host.store = JobStore(self.worker.jobs_db, self.worker.clock, backoff=lambda _: 0.0)
        self._runner = JobRunner(host, "w/0")

    def run(self, module: str, times: int = 1) -> Any:
        """Ask for a job of a module, have the worker run what is due so often, and return the job."""
        job = self.admin.jobs.enqueue(ANNA, f"{module}.go", Nothing())
        for _ in range(times):
            self._runner.run_next()
        return self.admin.jobs.get(ANNA, job.id)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    made = Both(tmp_path, monkeypatch)
    yield made
    made.worker.close()
    made.admin.close()


def test_a_module_that_is_enabled_later_works(both: Both) -> None:
    """A worker that met it switched off runs its jobs as soon as the household wants it."""
    both.admin.apps.disable("quiet")
    assert "switched off" in both.run("quiet").note
    both.admin.apps.enable("quiet")
    assert both.run("quiet", 2).state is JobState.DONE


def test_a_module_that_is_disabled_works_no_more(both: Both) -> None:
    """What an admin switches off stands still in workers too, also in those that have used it."""
    assert both.run("good").state is JobState.DONE
    both.admin.apps.disable("good")
    job = both.run("good")
    assert (job.state, both.worker.apps.status("good").state) == (JobState.QUEUED, ModuleState.DISABLED)


def test_settings_reach_the_next_job(both: Both) -> None:
    """The module is set up anew with what was stored; without a change it stays as it is."""
    assert both.run("good").result == {"greeting": "hello"}
    app = both.worker.module("good")
    assert both.worker.module("good") is app
    both.admin.apps.set_settings("good", {"greeting": "changed", "most": 3})
    assert both.run("good").result == {"greeting": "changed"}


def test_what_a_module_waited_for_is_noticed_and_costs_no_try(both: Both, tmp_path: Path) -> None:
    """A drive that is not plugged in is no failure of the job."""
    job = both.run("not_ready")
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)
    assert "drive is not plugged in" in job.note
    (tmp_path / "modules" / "not_ready" / "ready").touch()
    assert both.run("not_ready").state is JobState.DONE


def test_a_fault_that_passed_is_forgotten(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set-up that failed once does not fail every later job of this worker."""
    hiccups = _fail_once(monkeypatch, RuntimeError("not today"))
    job = both.run("quiet", 2)
    assert (job.state, hiccups) == (JobState.DONE, [])


def test_a_shortage_costs_no_try(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine lacks for a moment is no failure of the job; the next one finds it there."""
    hiccups = _fail_once(monkeypatch, OSError(24, "Too many open files"))
    job = both.run("quiet")
    assert (job.state, job.attempt, hiccups) == (JobState.QUEUED, 0, [])
    assert "short of" in job.note
    assert both.run("quiet").state is JobState.DONE


def _fail_once(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[int]:
    """Have the set-up of a module fail the first time; what is returned is empty after that."""
    real, hiccups = samples.OtherApp.setup, [1]

    def setup(app: Any) -> None:
        if hiccups:
            hiccups.pop()
            raise error
        real(app)

    monkeypatch.setattr(samples.OtherApp, "setup", setup)
    return hiccups
