"""What the outcome of a handler means for its job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from backend.core.jobs.backoff import jittered
from backend.core.jobs.handlers import HandlerRegistry, UnknownJobKind
from backend.core.jobs.runner import JobRunner
from backend.core.jobs.running import LOOK_SECONDS, RunningJob
from backend.core.jobs.turns import next_turn, step
from backend.sdk.actor import Actor
from backend.sdk.db import DatabaseBusy
from backend.sdk.errors import InternalError
from backend.sdk.jobs import JobCancelled, JobHandler, JobInterrupted, JobState
from backend.sdk.module import ModuleSpec
from tests.core.jobs.conftest import Table
from tests.core.jobs.work_host import DemoHost
from tests.core.jobs.work_kinds import HANDLERS, Mark, Steps, marks

ANNA = Actor.of("anna")
Run = Callable[..., Any]


@pytest.fixture
def host(table: Table, jobs_url: str) -> DemoHost:
    made = DemoHost(jobs_url, None)
    made._db.close()
    made.store = table.store
    made.clock = table.clock
    return made


@pytest.fixture
def run(table: Table, host: DemoHost, tmp_path: Path) -> Run:
    """Return a function that queues one job of a kind, runs it once and returns its view."""

    def run_(kind: str, **options: Any) -> Any:
        job = table.service.enqueue(ANNA, kind, Mark(folder=str(tmp_path)))
        assert JobRunner(host, "w/0", **options).run_next()
        return table.service.get(ANNA, job.id)

    return run_


def test_a_mistake_in_the_request_is_final(run: Run) -> None:
    """An error that names a wrong input fails the job at once, with its sentence."""
    view = run("demo.refuse_input")
    assert (view.state, view.error) == (JobState.FAILED, "That folder is not allowed.")


def test_an_unforeseen_error_is_tried_again_and_never_shows_its_details(run: Run, table: Table) -> None:
    """People see a general sentence; the traceback is for the log only."""
    view = run("demo.raise_secret")
    assert (view.state, view.error, view.attempt) == (JobState.QUEUED, InternalError.message, 1)
    assert "secret detail" not in str(table.events)


def test_a_handler_that_must_wait_uses_no_attempt(run: Run, table: Table, host: DemoHost, tmp_path: Path) -> None:
    """A drive that is away puts the job off with its reason; when it is back, the job is done as attempt one."""
    view = run("demo.wait_for_drive")
    assert (view.state, view.attempt, view.note) == (JobState.QUEUED, 0, "The drive is not connected.")
    assert not JobRunner(host, "w/0").run_next()
    (tmp_path / "drive").touch()
    table.clock.advance(61)
    assert JobRunner(host, "w/0").run_next()
    assert table.service.get(ANNA, view.id).state is JobState.DONE


def test_a_result_that_is_no_json_fails_the_job_not_the_worker(run: Run) -> None:
    """The worker lives on and says that something inside went wrong."""
    assert run("demo.return_no_json").state is JobState.FAILED


def test_a_stop_puts_the_job_back_uncounted(run: Run, table: Table, host: DemoHost, tmp_path: Path) -> None:
    """A worker that stops gives its job back as if it had never begun, except for what was saved."""
    job = table.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=3, seconds=0))
    JobRunner(host, "w/0", stopping=lambda: True).run_next()
    view = table.service.get(ANNA, job.id)
    assert (view.state, view.attempt) == (JobState.QUEUED, 0)
    JobRunner(host, "w/0").run_next()
    assert table.service.get(ANNA, job.id).result["from"] == 1  # type: ignore[index]
    assert [m.split()[3] for m in marks(tmp_path) if m.startswith("step")] == ["0", "1", "2"]


def test_a_kind_nobody_knows_any_more_fails_with_a_sentence(table: Table, host: DemoHost) -> None:
    """A job of a module that was removed does not crash the worker."""
    job = table.service.enqueue(ANNA, "demo.write_mark", Mark(folder="/x"))
    host._registry = HandlerRegistry()
    JobRunner(host, "w/0").run_next()
    view = table.service.get(ANNA, job.id)
    assert view.state is JobState.FAILED
    assert view.error == UnknownJobKind.message


def test_stored_arguments_of_another_version_fail_with_a_sentence(table: Table, host: DemoHost) -> None:
    """An update that changed the arguments of a kind does not crash the worker either."""
    table.service._find_handler = None
    job = table.service.enqueue(ANNA, "demo.count_steps", Mark(folder="/x"))
    JobRunner(host, "w/0").run_next()
    view = table.service.get(ANNA, job.id)
    assert view.state is JobState.FAILED
    assert "another version" in (view.error or "")


def test_a_busy_table_while_settling_does_not_lose_the_outcome(table: Table, host: DemoHost, tmp_path: Path) -> None:
    """The result is stored on a later try."""
    job = table.service.enqueue(ANNA, "demo.write_mark", Mark(folder=str(tmp_path)))
    finish, failures = table.store.finish, [1, 2]

    def moody(*args: Any) -> bool:
        if failures:
            failures.pop()
            raise RuntimeError("busy")
        return finish(*args)

    table.store.finish = moody  # type: ignore[method-assign]
    JobRunner(host, "w/0", pause=lambda seconds: None).run_next()
    assert table.service.get(ANNA, job.id).state is JobState.DONE
    assert len(marks(tmp_path)) == 1


def running(table: Table, stopping: Callable[[], bool] = lambda: False) -> RunningJob:
    table.service.enqueue(ANNA, "demo.write_mark", Mark(folder="/x"))
    claim = table.store.claim("w/0")
    assert claim is not None
    return RunningJob(table.store, claim, cast(Any, None), table.clock, stopping)


def test_a_checkpoint_asks_the_table_at_most_ten_times_a_second(table: Table) -> None:
    """A tight loop of checks costs no queries; a cancel is seen once the tenth of a second is over."""
    job = running(table)
    table.service.cancel(ANNA, job.job_id)
    before = dict(table.db.unscoped_counts)
    for _ in range(1000):
        job.check()
    assert table.db.unscoped_counts == before
    table.clock.advance(LOOK_SECONDS)
    with pytest.raises(JobCancelled) as caught:
        job.check()
    assert not isinstance(caught.value, JobInterrupted)


def test_a_run_that_lost_its_lease_is_interrupted_at_its_next_checkpoint(table: Table) -> None:
    """A worker that slept through its lease stops instead of working beside its successor."""
    job = running(table)
    table.clock.advance(31)
    table.store.requeue_expired()
    with pytest.raises(JobInterrupted):
        job.check()


def test_progress_is_bounded_and_stored_by_the_next_beat(table: Table) -> None:
    """Out-of-range fractions are clipped; many calls become one write of the last."""
    job = running(table)
    for fraction in (-1.0, 0.3, 7.0):
        job.progress(fraction, "n" * 900, files=2)
    job.beat()
    view = table.service.get(ANNA, job.job_id)
    assert (view.progress, view.note, dict(view.counts)) == (1.0, "n" * 500, {"files": 2})
    assert table.names().count("jobs.progressed") == 1


@pytest.mark.parametrize("newer", [False, True])
def test_progress_that_could_not_be_stored_is_stored_by_the_next_beat(table: Table, newer: bool) -> None:
    """A busy table costs no report, and an old one never takes the place of a newer one."""
    job = running(table)
    keep_alive = table.store.keep_alive

    def fail(*_: Any) -> JobState | None:
        if newer:
            job.progress(0.75, "three quarters")
        raise DatabaseBusy()

    job.progress(0.5, "half")
    table.store.keep_alive = fail  # type: ignore[method-assign]
    with pytest.raises(DatabaseBusy):
        job.beat()
    table.store.keep_alive = keep_alive  # type: ignore[method-assign]
    job.beat()
    view = table.service.get(ANNA, job.job_id)
    assert (view.progress, view.note) == ((0.75, "three quarters") if newer else (0.5, "half"))


def test_the_job_acts_in_its_own_space_only(table: Table) -> None:
    """Whoever queued it, a handler sees the one space that the job belongs to."""
    house = Actor(user_id="anna", owner_id="anna", owners=frozenset({"anna", "house"})).acting_in("house")
    table.service.enqueue(house, "demo.write_mark", Mark(folder="/x"))
    claim = table.store.claim("w/0")
    assert claim is not None
    actor = RunningJob(table.store, claim, cast(Any, None), table.clock, lambda: False).actor
    assert (actor.user_id, actor.owner_id, actor.owners, actor.is_admin) == (
        "anna", "house", frozenset({"house"}), False,
    )  # fmt: skip


def test_handlers_of_modules_are_found_by_their_declaration() -> None:
    """A kind leads to the `jobs` entry of its module's spec, imported on first use."""
    spec = ModuleSpec(
        id="demo", title="Demo", version="1", app="demo:App", models="demo:Base",
        jobs="tests.core.jobs.work_kinds:HANDLERS",
    )  # fmt: skip
    registry = HandlerRegistry([spec])
    assert registry.find("demo.write_mark").args is Mark
    for kind in ("demo.nothing", "other.write_mark", "demo"):
        with pytest.raises(UnknownJobKind):
            registry.find(kind)


def test_handlers_of_the_platform_are_made_when_one_is_asked_for() -> None:
    """Until then their names are known, so that whoever chooses whose jobs to take finds them."""
    made: list[str] = []

    def make() -> tuple[JobHandler[Any], ...]:
        made.append("made")
        return HANDLERS

    registry = HandlerRegistry()
    registry.register_later("demo", make)
    assert registry.core_modules() == {"demo"}
    with pytest.raises(UnknownJobKind):
        registry.find("other.write_mark")
    assert not made
    assert registry.is_core("demo.write_mark")
    assert not registry.is_core("demo.nothing")
    assert registry.find("demo.write_mark").args is Mark
    assert registry.core_modules() == {"demo"}
    assert made == ["made"]


def test_back_off_doubles_within_its_jitter_and_is_bounded() -> None:
    """Attempt n waits between half and all of first * 2^(n-1), never more than the bound."""
    assert [jittered(2, 60, lambda: 1.0)(n) for n in (1, 2, 3, 9)] == [2, 4, 8, 60]
    assert [jittered(2, 60, lambda: 0.0)(n) for n in (1, 2, 3, 9)] == [1, 2, 4, 30]


def test_turns_step_by_priority() -> None:
    """The step is positive, falls with priority, and a new turn lies beyond both clock and own last turn."""
    steps = [step(p) for p in range(-20, 21)]
    assert steps == sorted(steps, reverse=True)
    assert min(steps) > 0
    assert next_turn(5.0, None, 0) == 6.0
    assert next_turn(5.0, 9.0, 0) == 10.0
    assert next_turn(5.0, 2.0, 0) == 6.0


def test_a_handler_gets_undecodable_names_as_they_are(table: Table, host: DemoHost, tmp_path: Path) -> None:
    """A folder whose name is not UTF-8 reaches the handler byte for byte."""
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    job = table.service.enqueue(ANNA, "demo.write_mark", Mark(folder=str(folder)))
    JobRunner(host, "w/0").run_next()
    assert table.service.get(ANNA, job.id).state is JobState.DONE
    assert len(marks(folder)) == 1
