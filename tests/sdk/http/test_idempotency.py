"""The same key gives the same answer and does the work once."""

from __future__ import annotations

import threading

import pytest
from werkzeug.test import Client

from backend.sdk.actor import Actor
from backend.sdk.db import DatabaseBusy
from backend.sdk.http import Api, Group, In, KeyScope, MemoryIdempotencyStore, Out, StoredResponse, idempotency
from backend.sdk.http.context import HttpServices
from backend.sdk.testing import client_for
from tests.sdk.http.conftest import Notes


class Body(In):
    n: int


class Done(Out):
    n: int


KEY = {"Idempotency-Key": "k-1"}


def test_a_repeated_request_is_answered_from_memory(client: Client, notes: Notes) -> None:
    first = client.post("/notes", json={"title": "a"}, headers=KEY)
    again = client.post("/notes", json={"title": "a"}, headers=KEY)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert notes.made == ["a"]


def test_the_key_for_another_request_is_a_conflict(client: Client, notes: Notes) -> None:
    client.post("/notes", json={"title": "a"}, headers=KEY)
    other = client.post("/notes", json={"title": "b"}, headers=KEY)
    assert (other.status_code, other.json["error"]["code"]) == (409, "idempotency_key_reused")
    assert notes.made == ["a"]


def test_keys_of_two_people_do_not_meet(api: Api, notes: Notes) -> None:
    store = MemoryIdempotencyStore()
    for name in ("alice", "bob"):
        client = client_for(api, Actor.of(name))
        client.environ_base["homie.http"] = HttpServices(idempotency=store)  # type: ignore[attr-defined]
        assert client.post("/notes", json={"title": name}, headers=KEY).json["title"] == name
    assert notes.made == ["alice", "bob"]


def test_a_failed_request_may_be_tried_again_with_its_key(client: Client, notes: Notes) -> None:
    notes.fail_next = True
    assert client.post("/notes", json={"title": "a"}, headers=KEY).status_code == 409
    assert client.post("/notes", json={"title": "a"}, headers=KEY).status_code == 201
    assert notes.made == ["a"]


def test_an_unusable_key_is_refused(client: Client, notes: Notes) -> None:
    for key in ("", "x" * 201, "tab\there"):
        answer = client.post("/notes", json={"title": "a"}, headers={"Idempotency-Key": key})
        assert answer.status_code == 422
    assert notes.made == []


def test_of_concurrent_requests_with_one_key_one_executes() -> None:
    """While the first is at work the second hears so at once, instead of doing the work too."""
    entered, leave = threading.Event(), threading.Event()
    runs: list[int] = []
    group = Group("slow", url_prefix="/slow")

    @group.post("", returns=Done, idempotent=True)
    def work(body: Body) -> Done:
        """Work until told to end."""
        runs.append(body.n)
        entered.set()
        assert leave.wait(30)
        return Done(n=body.n)

    client = client_for(group, Actor.of("a"))
    answers: list[int] = []
    first = threading.Thread(
        target=lambda: answers.append(client.post("/slow", json={"n": 1}, headers=KEY).status_code)
    )
    first.start()
    assert entered.wait(30)
    second = client.post("/slow", json={"n": 1}, headers=KEY)
    leave.set()
    first.join()
    assert (second.status_code, second.json["error"]["code"]) == (409, "idempotency_in_progress")
    assert second.headers["Retry-After"] == "1"
    assert answers == [201]
    assert runs == [1]


class MoodyStore(MemoryIdempotencyStore):
    """Fail as often as asked, as a database does that is busy or full."""

    failures = 0

    def finish(self, scope: KeyScope, response: StoredResponse) -> None:
        self._fail()
        super().finish(scope, response)

    def abandon(self, scope: KeyScope) -> None:
        self._fail()
        super().abandon(scope)

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise DatabaseBusy()


@pytest.fixture
def moody(client: Client, monkeypatch: pytest.MonkeyPatch) -> MoodyStore:
    """Give a store that the client's requests use."""
    monkeypatch.setattr(idempotency, "FINISH_PAUSE_SECONDS", 0.0, raising=False)
    store = MoodyStore()
    client.environ_base["homie.http"] = HttpServices(idempotency=store)  # type: ignore[attr-defined]
    return store


def test_an_answer_that_cannot_be_kept_at_once_is_kept_a_moment_later(
    client: Client, notes: Notes, moody: MoodyStore
) -> None:
    moody.failures = 2
    assert client.post("/notes", json={"title": "a"}, headers=KEY).status_code == 201
    again = client.post("/notes", json={"title": "a"}, headers=KEY)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert notes.made == ["a"]


def test_work_that_is_done_is_answered_though_its_answer_cannot_be_kept(
    client: Client, notes: Notes, moody: MoodyStore
) -> None:
    """An error would have the client ask again, and the work done twice."""
    moody.failures = 100
    answer = client.post("/notes", json={"title": "a"}, headers=KEY)
    assert (answer.status_code, answer.json["title"]) == (201, "a")
    assert notes.made == ["a"]


def test_a_key_that_cannot_be_released_does_not_hide_why_the_work_failed(
    client: Client, notes: Notes, moody: MoodyStore
) -> None:
    moody.failures = 100
    notes.fail_next = True
    answer = client.post("/notes", json={"title": "a"}, headers=KEY)
    assert answer.status_code == 409
