"""Banks asked every morning: off unless wanted, once a morning, four times a day at most, never after a refusal."""

from __future__ import annotations

import datetime as dt
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.banks.models import BankConnection
from backend.financial_manager.banks.turns import DAY, MOST_A_DAY, end_turn, take_turn, went_well, went_wrong
from backend.financial_manager.banks.watch import AGAIN, EVERY, BankWatch
from backend.financial_manager.jobs import fetch_bank
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobRetryLater
from backend.sdk.outgoing import ServerUnreachable
from tests.financial_manager.bank_servers import IBAN, BankServer, booked
from tests.financial_manager.banking import bank, consent, fetch, ok, simplefin
from tests.financial_manager.conftest import Household

__all__ = ["bank"]
HOUR = 3600
START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


class NotedJobs:
    """Note what is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str | None]] = []

    def enqueue(self, actor: Actor, kind: str, args: Any, *, dedupe: str | None = None) -> None:
        self.asked.append((actor.owner_id, args.connection_id, dedupe))


@pytest.fixture
def connection(household: Household, anna: Actor, bank: BankServer) -> dict[str, Any]:
    """Give Anna's connected bank with a linked account."""
    household.account(anna, "Giro", iban=IBAN)
    bank.valid_until = "2027-03-01T00:00:00+00:00"
    bank.lines = [booked("2026-02-20", "-5.00", "Shop", "r1")]
    bank.balance = "-5.00"
    return consent(household, anna, bank)


def switch(household: Household, actor: Actor, connection: dict[str, Any], on: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = ok(
        household.client(actor).put(f"/bank-connections/{connection['id']}/clock", json={"on": on})
    )
    return found


def shown(household: Household, actor: Actor, connection: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ok(household.client(actor).get(f"/bank-connections/{connection['id']}"))
    return found


def to_the_moment(household: Household, actor: Actor, connection: dict[str, Any]) -> float:
    """Let the clock go to when the bank is asked next; returns how many hours that took."""
    then = dt.datetime.fromisoformat(shown(household, actor, connection)["next_at"])
    seconds = (then - household.clock.now()).total_seconds()
    household.clock.advance(seconds + 1)
    return seconds / HOUR


def run(household: Household, actor: Actor, connection: dict[str, Any]) -> Any:
    """Do what a worker does with the job."""
    job: Any = SimpleNamespace(module=household.ctx, actor=actor)
    return fetch_bank(job, SimpleNamespace(connection_id=connection["id"]))  # type: ignore[arg-type]


def test_a_bank_is_asked_every_morning_only_where_that_was_wanted(
    household: Household, anna: Actor, bank: BankServer, connection: dict[str, Any]
) -> None:
    """Off at first; on, tomorrow between five and seven; booked once, and again the morning after; off, never more."""
    wanted: list[bool] = []
    household.ctx.want_resident = wanted.append
    assert (connection["clock"], connection["next_at"], connection["unattended"]) == (False, None, True)
    clock, jobs = household.finances.bank_clock, NotedJobs()
    household.clock.advance(3 * 86400)
    assert clock.due() == []
    assert run(household, anna, connection)["accounts"] == 0
    assert household.lines(anna) == []
    on = switch(household, anna, connection)
    local = dt.datetime.fromisoformat(on["next_at"]).astimezone()
    assert local.date() == household.clock.now().astimezone().date() + dt.timedelta(days=1)
    assert 5 <= local.hour < 7
    assert wanted[-1] is True
    watch = BankWatch(clock, jobs)  # type: ignore[arg-type]
    assert watch.tick(0) == 0
    to_the_moment(household, anna, connection)
    assert [watch.tick(EVERY), watch.tick(EVERY + 1), watch.tick(3 * EVERY), watch.tick(AGAIN + 3 * EVERY)] == [
        1,
        0,
        0,
        1,
    ]
    assert jobs.asked[0] == ("anna", connection["id"], f"bank-{connection['id']}")
    assert run(household, anna, connection) == {"accounts": 1, "booked": 1, "twins": 0}
    assert len(household.lines(anna)) == 1
    asked = len(bank.asked)
    assert run(household, anna, connection)["accounts"] == 0  # the job is run twice: the bank is asked once
    assert len(bank.asked) == asked
    assert 20 < to_the_moment(household, anna, connection) < 28
    bank.lines.append(booked("2026-03-04", "-6.00", "Bakery", "r2"))
    assert run(household, anna, connection)["booked"] == 1
    off = switch(household, anna, connection, on=False)
    assert (off["clock"], off["next_at"]) == (False, None)
    household.clock.advance(5 * 86400)
    assert clock.due() == []
    assert wanted[-1] is False


def test_the_resident_ends_with_the_last_bank_that_it_ran_for(
    household: Household, anna: Actor, connection: dict[str, Any]
) -> None:
    """Disconnected with the clock on, or erased with its owner: it does not wait for the next start of the hub."""
    wanted: list[bool] = []
    household.ctx.want_resident = wanted.append
    client = household.client(anna)
    switch(household, anna, connection)
    assert wanted == [True]
    assert client.delete(f"/bank-connections/{connection['id']}").status_code == 204
    assert wanted == [True, False]
    household.app.erase_owner("anna")
    assert wanted == [True, False, False]


def test_a_refusal_stops_the_clock_until_a_person_comes(
    household: Household, anna: Actor, bank: BankServer, connection: dict[str, Any]
) -> None:
    """Asked once, told on Home, never again by itself; after a new yes the mornings go on."""
    switch(household, anna, connection)
    to_the_moment(household, anna, connection)
    bank.fault, bank.asked = "refused", []
    run(household, anna, connection)
    assert len(bank.asked) == 1
    found = shown(household, anna, connection)
    assert (found["state"], found["clock"], found["next_at"]) == ("needs_you", True, None)
    assert [one.kind for one in household.app.attention(anna)] == ["financial_manager.banks"]
    bank.fault = ""
    household.clock.advance(10 * 86400)
    assert household.finances.bank_clock.due() == []
    run(household, anna, connection)
    assert len(bank.asked) == 1
    client = household.client(anna)
    ok(client.post(f"/bank-connections/{connection['id']}/renew"))
    address = f"https://home.example/banks?code=code-2&state={bank.state}"
    renewed = ok(client.post(f"/bank-connections/{connection['id']}/consent", json={"address": address}))
    assert renewed["next_at"] is not None
    to_the_moment(household, anna, connection)
    assert run(household, anna, connection)["booked"] == 1


def test_a_consent_that_ended_is_not_used(
    household: Household, anna: Actor, bank: BankServer, connection: dict[str, Any]
) -> None:
    switch(household, anna, connection)
    household.clock.advance(500 * 86400)
    bank.asked = []
    run(household, anna, connection)
    assert bank.asked == []
    assert shown(household, anna, connection)["next_at"] is None


@pytest.mark.parametrize(("fault", "waits"), [("down", (1, 3, 6)), ("busy", ())])
def test_what_fails_is_tried_again_later_and_then_tomorrow(
    household: Household, anna: Actor, bank: BankServer, connection: dict[str, Any], fault: str, waits: tuple[int, ...]
) -> None:
    """The bank's own trouble is waited for longer and longer; "ask less often" means tomorrow."""
    switch(household, anna, connection)
    to_the_moment(household, anna, connection)
    bank.fault = fault
    for hours in waits:
        run(household, anna, connection)
        assert shown(household, anna, connection)["state"] == "failed"
        assert hours <= to_the_moment(household, anna, connection) <= hours * 1.3
    run(household, anna, connection)
    assert to_the_moment(household, anna, connection) > 7
    bank.fault = ""
    assert run(household, anna, connection)["booked"] == 1
    found = shown(household, anna, connection)
    assert (found["state"], found["problem"]) == ("ready", "")


@given(
    st.lists(st.tuples(st.sampled_from(["well", "down", "killed", "person"]), st.integers(0, 40)), max_size=40),
    st.data(),
)
def test_the_clock_never_makes_a_fifth_question_in_a_day(steps: list[tuple[str, int]], data: st.DataObject) -> None:
    """Whatever fails, is killed or is asked by a person: when the clock asks, it is at most the fourth in 24 hours."""
    row = BankConnection(state="ready", clock=True, next_at=START, tries=0, asked=[], busy_by="", busy_until=None)
    now, asked = START, list[dt.datetime]()
    for number, (what, hours) in enumerate(steps):
        now += dt.timedelta(hours=hours, minutes=11)
        jitter = lambda most: data.draw(st.integers(0, most - 1))  # noqa: E731
        unattended = what != "person"
        if not take_turn(row, str(number), now, unattended=unattended):
            continue
        asked.append(now)
        if unattended:
            assert sum(now - one < DAY for one in asked) <= MOST_A_DAY
        if what == "killed":
            continue
        if what == "down":
            row.state = "failed"
            went_wrong(row, ServerUnreachable(), now, jitter, unattended=unattended)
        else:
            row.state = "ready"
            went_well(row, now, jitter, unattended=unattended)
        assert row.next_at is not None
        end_turn(row, str(number))


def test_one_asks_at_a_time(
    household: Household, anna: Actor, bank: BankServer, connection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the clock asks, a person is told so, and the other way round; nothing is booked twice."""
    switch(household, anna, connection)
    to_the_moment(household, anna, connection)
    began, go_on = threading.Event(), threading.Event()
    provider = household.finances.connections.enable_banking
    whole = provider.fetch

    def slow(*given: Any) -> Any:
        began.set()
        assert go_on.wait(30)
        return whole(*given)

    monkeypatch.setattr(provider, "fetch", slow)
    done: list[Any] = []
    other = threading.Thread(target=lambda: done.append(household.finances.bank_clock.fetch(anna, connection["id"])))
    other.start()
    assert began.wait(30)
    answer = fetch(household, anna, connection)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "bank_asking")
    with pytest.raises(JobRetryLater):
        run(household, anna, connection)
    go_on.set()
    other.join()
    assert len(done[0]) == 1
    assert len(household.lines(anna)) == 1
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 0


def test_who_is_killed_gives_up_the_turn_and_leaves_nothing_half(
    household: Household, anna: Actor, bank: BankServer, connection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after booking: the morning is still due, minutes later it goes on, all is there once."""
    switch(household, anna, connection)
    to_the_moment(household, anna, connection)

    class Killed(BaseException):
        pass

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    fetching = household.finances.fetching
    with monkeypatch.context() as patch:
        patch.setattr(fetching, "_fetched", dies)
        patch.setattr("backend.financial_manager.banks.fetching.end_turn", lambda *_: None)  # nobody cleans up
        with pytest.raises(Killed):
            household.finances.bank_clock.fetch(anna, connection["id"])
    assert len(household.lines(anna)) == 1
    with pytest.raises(JobRetryLater):
        run(household, anna, connection)
    household.clock.advance(11 * 60)
    assert run(household, anna, connection) == {"accounts": 1, "booked": 0, "twins": 0}
    assert len(household.lines(anna)) == 1


def test_a_bank_that_may_ask_for_a_code_is_left_alone(
    household: Household, anna: Actor, ben: Actor, bank: BankServer, connection: dict[str, Any]
) -> None:
    """It cannot be switched on, says so at the field, and is not asked even where its row says otherwise."""
    switch(household, anna, connection)
    provider = household.finances.connections.enable_banking
    provider.unattended = False
    assert shown(household, anna, connection)["unattended"] is False
    answer = household.client(anna).put(f"/bank-connections/{connection['id']}/clock", json={"on": True})
    assert answer.status_code == 422
    assert answer.json["error"]["fields"][0]["name"] == "body.on"
    to_the_moment(household, anna, connection)
    bank.asked = []
    assert household.finances.bank_clock.fetch(anna, connection["id"]) == []
    assert bank.asked == []
    path = f"/bank-connections/{connection['id']}/clock"
    assert household.client(ben).put(path, json={"on": True}).status_code == 404
    assert household.client(anna).put(path, json={"on": None}).status_code == 422


def test_a_clock_of_the_machine_that_went_wrong_stops_nothing(
    household: Household, anna: Actor, bank: BankServer, connection: dict[str, Any]
) -> None:
    """Switched on while the machine said 2080: when it is right again, the bank is asked."""
    household.clock.advance(-86400)
    row_time = household.clock.now()
    household.clock.advance(54 * 365 * 86400)
    switch(household, anna, connection)
    household.clock.advance((row_time - household.clock.now()).total_seconds())
    assert household.finances.bank_clock.due() == [("anna", connection["id"])]
    assert run(household, anna, connection)["booked"] == 1


def test_simplefin_and_a_bank_without_accounts(household: Household, anna: Actor, bank: BankServer) -> None:
    """What has no account of the ledger yet is asked tomorrow again, and says what is missing."""
    one = simplefin(household, anna, bank)
    switch(household, anna, one)
    to_the_moment(household, anna, one)
    run(household, anna, one)
    found = shown(household, anna, one)
    assert found["state"] == "failed"
    assert "linked" in found["problem"]
    assert to_the_moment(household, anna, one) > 7
    ok(household.client(anna).post(f"/bank-accounts/{one['accounts'][0]['id']}/open"), 201)
    assert run(household, anna, one)["booked"] == 3
