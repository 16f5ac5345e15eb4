"""The table's rules, one by one, on both engines and with a clock that stands still."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from backend.core.jobs.carrier import Bell, Doorbell
from backend.core.jobs.models import Job
from backend.core.jobs.service import JobFilter, JobNotRetryable
from backend.core.jobs.store import Report
from backend.sdk.actor import Actor
from backend.sdk.errors import InvalidInput, NotFound
from backend.sdk.job_events import JobProgressed, JobQueued
from backend.sdk.jobs import JobState
from tests.core.jobs.conftest import Table
from tests.core.jobs.work_kinds import Mark, Steps

ANNA, BERT = Actor.of("anna"), Actor.of("bert")
HOUSE = Actor(user_id="anna", owner_id="anna", owners=frozenset({"anna", "house"}))
WORK = Mark(folder="/nowhere")


def put(table: Table, actor: Actor = ANNA, kind: str = "demo.write_mark", **options: object) -> str:
    return table.service.enqueue(actor, kind, WORK, **options).id  # type: ignore[arg-type]


def test_a_claim_takes_a_job_once(table: Table) -> None:
    """Two workers that look at the same moment never hold the same job."""
    job = put(table)
    first, second = table.store.claim("a/0"), table.store.claim("b/0")
    assert first is not None
    assert first.job_id == job
    assert second is None


def test_one_persons_thousand_jobs_do_not_starve_anothers_single_job(table: Table) -> None:
    """A job of somebody who had nothing waiting is second at the latest, whatever the length of the other's queue."""
    for _ in range(1000):
        put(table, ANNA)
    assert table.store.claim("w/0") is not None
    job = put(table, BERT)
    next_two = [table.store.claim("w/0"), table.store.claim("w/0")]
    assert job in {claim.job_id for claim in next_two if claim}


def test_people_with_long_queues_take_turns(table: Table) -> None:
    """Of two people with many jobs each gets every other turn."""
    for actor in [ANNA] * 10 + [BERT] * 10:
        put(table, actor)
    owners = [claim.owner_id for _ in range(20) if (claim := table.store.claim("w/0"))]
    for pair in range(0, 20, 2):
        assert set(owners[pair : pair + 2]) == {"anna", "bert"}


def test_a_higher_priority_goes_first_but_starves_nobody(table: Table) -> None:
    """An urgent job passes the waiting ones of its owner; a flood of urgent ones lets another's job through."""
    for _ in range(10):
        put(table, ANNA)
    urgent = put(table, ANNA, "demo.urgent_mark")
    claim = table.store.claim("w/0")
    assert claim is not None
    assert claim.job_id == urgent
    for _ in range(40):
        put(table, ANNA, "demo.urgent_mark")
    plain = put(table, BERT)
    assert plain in {claim.job_id for _ in range(15) if (claim := table.store.claim("w/0"))}


def test_jobs_of_one_person_run_in_the_order_they_were_queued(table: Table) -> None:
    """Within one owner and priority the queue is first in, first out."""
    jobs = [put(table) for _ in range(12)]
    assert [claim.job_id for _ in jobs if (claim := table.store.claim("w/0"))] == jobs


def test_a_job_for_later_waits_for_its_time(table: Table) -> None:
    """A job is not taken before `run_at`."""
    put(table, run_at=table.clock.now() + timedelta(seconds=60))
    assert table.store.claim("w/0") is None
    table.clock.advance(61)
    assert table.store.claim("w/0") is not None


def test_a_dedupe_key_gives_back_the_live_job_of_the_same_owner_and_kind(table: Table) -> None:
    """The same key is the same job while that lives; another owner, kind or a finished job does not count."""
    first = put(table, dedupe="scan:1")
    assert put(table, dedupe="scan:1") == first
    assert put(table, BERT, dedupe="scan:1") != first
    assert put(table, kind="demo.urgent_mark", dedupe="scan:1") != first
    for _ in range(3):
        claim = table.store.claim("w/0")
        assert claim is not None
        table.store.finish(claim, None)
    assert put(table, dedupe="scan:1") != first


def test_a_dedupe_key_of_a_household_space_does_not_meet_ones_own(table: Table) -> None:
    """Who may read two spaces still gets a job in the one that they write to."""
    own = put(table, HOUSE, dedupe="k")
    house = put(table, HOUSE.acting_in("house"), dedupe="k")
    assert own != house


def test_a_failed_attempt_waits_longer_each_time_and_then_the_job_is_given_up(table: Table) -> None:
    """Back-off between attempts, `failed` after the last, with the sentence for people kept."""
    job = put(table)
    waits = []
    for _ in range(3):
        claim = table.store.claim("w/0")
        assert claim is not None
        table.store.fail(claim, "The server did not answer.")
        waits.append(0.0)
        while table.service.get(ANNA, job).state is JobState.QUEUED and waits[-1] < 100:
            table.clock.advance(1)
            waits[-1] += 1
            if table.store.waiting(0):
                break
    assert waits == [2.0, 4.0, 0.0]
    view = table.service.get(ANNA, job)
    assert (view.state, view.error, view.attempt) == (JobState.FAILED, "The server did not answer.", 3)


def test_a_lost_lease_cannot_write_over_the_run_that_replaced_it(table: Table) -> None:
    """After expiry another worker takes the job; the first one's reports and results count for nothing."""
    job = put(table)
    old = table.store.claim("w/0")
    table.clock.advance(31)
    assert table.store.requeue_expired() == 1
    new = table.store.claim("w/1")
    assert old is not None
    assert new is not None
    assert table.store.keep_alive(old, Report(0.9, "stale", {})) is None
    assert table.store.save(old, {"stale": True}) is None
    assert not table.store.finish(old, {"from": "old"})
    assert not table.store.fail(old, "stale")
    assert table.store.finish(new, {"from": "new"})
    assert table.service.get(ANNA, job).result == {"from": "new"}


def test_a_kept_lease_does_not_expire(table: Table) -> None:
    """A worker that gives signs of life keeps its job for as long as it needs."""
    put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    for _ in range(10):
        table.clock.advance(20)
        assert table.store.keep_alive(claim) is JobState.RUNNING
        assert table.store.requeue_expired() == 0


def test_only_the_dead_workers_own_jobs_are_taken_back(table: Table) -> None:
    """`node/` means all workers of that node; names that merely look alike do not match."""
    for _ in range(3):
        put(table)
    for worker in ("n_1/0", "n_1/1", "nx1/0"):
        table.store.claim(worker)
    assert table.store.requeue_worker("n_1/0") == 1
    assert table.store.requeue_worker("n_1/") == 1


def test_cancel_of_a_queued_job_is_immediate_and_of_a_running_one_a_request(table: Table) -> None:
    """Both are told to the owner once they are true; a second cancel changes nothing."""
    queued, running = put(table), None
    assert table.service.cancel(ANNA, queued).state is JobState.CANCELLED
    running = put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    assert table.service.cancel(ANNA, running).state is JobState.CANCELLING
    assert table.service.cancel(ANNA, running).state is JobState.CANCELLING
    assert table.store.state_of(claim) is JobState.CANCELLING
    assert table.store.cancelled(claim)
    assert table.service.cancel(ANNA, running).state is JobState.CANCELLED
    assert table.names().count("jobs.cancelled") == 2


@pytest.mark.parametrize("how", ["fail", "release", "requeue_worker", "expire"])
def test_a_cancelled_job_never_comes_back(table: Table, how: str) -> None:
    """Whatever ends the run of a job being cancelled, it ends as cancelled, not queued."""
    job = put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.service.cancel(ANNA, job)
    if how == "fail":
        table.store.fail(claim, "broke")
    elif how == "release":
        table.store.release(claim)
    elif how == "requeue_worker":
        table.store.requeue_worker("w/0")
    else:
        table.clock.advance(31)
        table.store.requeue_expired()
    assert table.service.get(ANNA, job).state is JobState.CANCELLED


def test_retry_gives_a_failed_job_fresh_attempts_and_what_it_saved(table: Table) -> None:
    """Only failed and cancelled jobs can be tried again; done ones never."""
    job = put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.save(claim, {"step": 3})
    table.store.fail(claim, "no", retry=False)
    assert table.service.retry(ANNA, job).state is JobState.QUEUED
    again = table.store.claim("w/0")
    assert again is not None
    assert (again.attempt, again.saved) == (1, {"step": 3})
    with pytest.raises(JobNotRetryable):
        table.service.retry(ANNA, job)
    table.store.finish(again, None)
    with pytest.raises(JobNotRetryable):
        table.service.retry(ANNA, job)


def test_retry_is_refused_while_the_same_work_is_under_way(table: Table) -> None:
    """A failed job whose dedupe key a new job has taken is not doubled."""
    job = put(table, dedupe="k")
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.fail(claim, "no", retry=False)
    put(table, dedupe="k")
    with pytest.raises(JobNotRetryable, match="already"):
        table.service.retry(ANNA, job)


def test_nobody_sees_or_touches_anothers_job(table: Table) -> None:
    """Get, cancel and retry of another's job answer as for one that does not exist; lists leave it out."""
    job = put(table, ANNA)
    for act in (table.service.get, table.service.cancel, table.service.retry):
        with pytest.raises(NotFound) as mine:
            act(BERT, job)
        with pytest.raises(NotFound) as absent:
            act(BERT, "00000000-0000-7000-8000-000000000000")
        assert str(mine.value) == str(absent.value)
    assert table.service.list(BERT) == []
    with pytest.raises(NotFound):
        table.service.list(BERT, JobFilter(space="anna"))


def test_a_member_sees_and_cancels_work_of_a_shared_space(table: Table) -> None:
    """Somebody who acts in their own space may stop a job of the household that they belong to."""
    job = put(table, Actor.of("house"))
    assert [view.id for view in table.service.list(HOUSE)] == [job]
    assert table.service.cancel(HOUSE, job).state is JobState.CANCELLED


def test_lists_are_newest_first_and_filtered(table: Table) -> None:
    """State, kind, module and position narrow the list."""
    first, second = put(table), put(table, kind="demo.urgent_mark")
    table.service.cancel(ANNA, first)
    listed = table.service.list
    assert [v.id for v in listed(ANNA)] == [second, first]
    assert [v.id for v in listed(ANNA, JobFilter(states=(JobState.CANCELLED,)))] == [first]
    assert [v.id for v in listed(ANNA, JobFilter(kind="demo.urgent_mark"))] == [second]
    assert [v.id for v in listed(ANNA, JobFilter(module="other"))] == []
    assert [v.id for v in listed(ANNA, JobFilter(before=second))] == [first]


def test_wrong_kinds_and_arguments_are_refused_before_anything_is_stored(table: Table) -> None:
    """An unknown kind and arguments of another kind name the culprit."""
    with pytest.raises(InvalidInput) as unknown:
        table.service.enqueue(ANNA, "demo.no_such", WORK)
    assert unknown.value.fields[0].name == "kind"
    with pytest.raises(InvalidInput) as wrong:
        table.service.enqueue(ANNA, "demo.write_mark", Steps(folder="/x", count=1))
    assert wrong.value.fields[0].name == "args"
    assert table.service.list(ANNA) == []


def test_every_change_is_told_to_the_owner_in_order(table: Table) -> None:
    """Queued, started, progressed, queued again, started, finished: each with the owner, none twice."""
    put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.keep_alive(claim, Report(0.5, "half", {"files": 3}))
    table.store.fail(claim, "try again", wait=0)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.finish(claim, {"files": 6})
    assert table.names() == [
        "jobs.queued", "jobs.started", "jobs.progressed", "jobs.queued", "jobs.started", "jobs.finished",
    ]  # fmt: skip
    assert {event.owner_id for event in table.events} == {"anna"}
    progressed = next(event for event in table.events if isinstance(event, JobProgressed))
    assert (progressed.progress, progressed.note, progressed.counts) == (0.5, "half", {"files": 3})
    assert [e.reason for e in table.events if isinstance(e, JobQueued)] == ["", "try again"]


def test_old_finished_jobs_are_dropped_and_nothing_else(table: Table) -> None:
    """Retention looks at the end of a job; waiting and running ones stay, however old."""
    done, running, queued = put(table), put(table), put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.finish(claim, None)
    table.store.claim("w/0")
    table.clock.advance(86_400 * 40)
    fresh = put(table)
    table.service.cancel(ANNA, fresh)
    assert table.store.prune(timedelta(days=30)) == 1
    assert {view.id for view in table.service.list(ANNA)} == {running, queued, fresh}
    with pytest.raises(NotFound):
        table.service.get(ANNA, done)


def test_a_space_may_be_bound_to_fewer_workers(table: Table) -> None:
    """With `per_owner`, one space never holds more workers than that, and others go on."""
    table.store._per_owner = 1
    put(table), put(table)
    bert = put(table, BERT)
    first, second, third = (table.store.claim("w/0") for _ in range(3))
    assert first is not None
    assert second is not None
    assert second.job_id == bert
    assert third is None


def test_a_worker_takes_only_jobs_of_its_modules(table: Table, tmp_path: Path) -> None:
    """A worker that serves some modules leaves the others' jobs alone."""
    put(table)
    assert table.store.claim("w/0", modules=["documents"]) is None
    assert table.store.claim("w/0", modules=["demo", "documents"]) is not None


def test_the_row_of_a_dedupe_race_is_found(table: Table) -> None:
    """A job that another process stored between look and insert is given back, not an error."""
    first = put(table, dedupe="k")
    seen = table.service.db.write

    def race(actor: Actor, fn: object, *args: object) -> object:
        # What the loser of a race on PostgreSQL meets: its look came before the winner's commit.
        table.service.db.write = seen  # type: ignore[method-assign]
        from sqlalchemy.exc import IntegrityError

        raise IntegrityError("insert", {}, Exception("ux_jobs_dedupe"))

    table.service.db.write = race  # type: ignore[assignment]
    assert put(table, dedupe="k") == first


def test_unheard_jobs_are_found_for_carrying_again(table: Table) -> None:
    """A due job that nobody took for a while is reported with its module, a later one is not."""
    job = put(table)
    put(table, run_at=table.clock.now() + timedelta(hours=1))
    assert table.store.waiting(30) == []
    table.clock.advance(31)
    assert table.store.waiting(30) == [(job, "demo")]


def test_queue_depth_counts_live_jobs(table: Table) -> None:
    """The numbers for metrics."""
    put(table), put(table)
    table.store.claim("w/0")
    assert table.store.depth() == {"queued": 1, "running": 1, "cancelling": 0}


def test_the_database_itself_refuses_two_live_jobs_with_one_key(table: Table) -> None:
    """The unique index, not only the look before, keeps dedupe keys single."""
    from sqlalchemy.exc import IntegrityError

    put(table, dedupe="a")
    job = put(table, dedupe="b")
    with pytest.raises(IntegrityError), table.db.unscoped_session("test", write=True) as session:
        session.execute(update(Job).where(Job.id == job).values(dedupe="a"))


def test_odd_texts_can_be_stored_on_both_engines(table: Table) -> None:
    """Notes and errors with undecodable file names, NUL or endless length are kept in a readable form."""
    put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.fail(claim, "cannot read caf\udce9\0" + "x" * 2000, wait=0)
    view = table.service.list(ANNA)[0]
    assert view.error is not None
    assert view.error.startswith("cannot read caf\\udce9x")
    assert len(view.error) == len(view.note) == 500


def test_a_dedupe_key_that_does_not_fit_is_refused(table: Table) -> None:
    """Both engines answer alike, before anything is stored."""
    with pytest.raises(InvalidInput) as caught:
        put(table, dedupe="k" * 201)
    assert caught.value.fields[0].name == "dedupe"


ODD = "/home/anna/caf\udce9/\ue000hex:00"


def test_undecodable_names_in_arguments_results_and_saved_state_come_back_exactly(table: Table) -> None:
    """What a job was given, saved and returned survives the table on both engines; events show it readably."""
    job = table.service.enqueue(ANNA, "demo.write_mark", Mark(folder=ODD, text="\ue000hex:no")).id
    claim = table.store.claim("w/0")
    assert claim is not None
    assert claim.args == {"folder": ODD, "text": "\ue000hex:no"}
    table.store.save(claim, {ODD: [ODD, 1, None, {"x": ODD}]})
    table.store.release(claim)
    again = table.store.claim("w/0")
    assert again is not None
    assert again.saved == {ODD: [ODD, 1, None, {"x": ODD}]}
    table.store.finish(again, {"folder": ODD})
    assert table.service.get(ANNA, job).result == {"folder": ODD}
    str(table.events[-1].payload()).encode()


def test_what_waits_for_something_is_hastened_and_what_has_its_time_is_not(table: Table) -> None:
    """A drive came back: the owner's jobs that wait try again now; others' and later ones keep their time."""
    waiting, later = put(table), put(table, run_at=table.clock.now() + timedelta(hours=1))
    claim = table.store.claim("w/0")
    assert claim is not None
    assert claim.job_id == waiting
    table.store.release(claim, "The drive is not connected.", wait=60.0)
    assert table.store.claim("w/0") is None
    assert table.service.hasten(BERT, ["demo.write_mark"]) == 0
    assert table.service.hasten(ANNA, ["demo.something_else"]) == 0
    assert table.service.hasten(ANNA, ["demo.write_mark"]) == 1
    again = table.store.claim("w/0")
    assert again is not None
    assert again.job_id == waiting
    assert table.service.get(ANNA, later).state is JobState.QUEUED
    assert table.store.claim("w/1") is None


def test_a_job_is_queued_though_no_bell_can_ring(table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no file left to open, the worker finds the job when it next looks; who queued it hears of no error."""

    @contextmanager
    def no_files_left(folder: Path, name: str) -> Iterator[str]:
        raise OSError(errno.EMFILE, "Too many open files")
        yield ""

    bell = Bell(tmp_path, "0")
    doorbell = Doorbell(tmp_path)
    table.service._carrier = doorbell
    assert doorbell.ring() == 1
    monkeypatch.setattr("backend.core.jobs.carrier.reachable", no_files_left)
    job = put(table)
    bell.ring()
    assert doorbell.ring() == 0
    assert table.service.get(ANNA, job).state is JobState.QUEUED
    bell.close()
