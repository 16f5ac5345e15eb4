"""A real hub that is killed (SIGKILL) while it asks a bank, and while it books: nothing half, nothing twice."""

from __future__ import annotations

import base64
import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.financial_manager.bank_servers import BankServer, serving, simplefin_account
from tests.hub import Hub

LINES = 3000
PASSWORD = "correct horse staple"
M = "/api/v1/financial_manager"
MOMENTS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0) if os.environ.get("HOMIE_TEST_FULL") else (0.5, 0.95)
"""When it is killed, as shares of the time that the whole takes."""


class House:
    """Anna's household in a real hub, which may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.hub = Hub(folder / "data", {"HOMIE_WORKERS": "1"})
        self.token = ""

    def begin(self) -> None:
        self.hub.start()
        self.token = self.hub.set_up("anna", PASSWORD)
        chosen = {"values": {"allow_local_servers": True}}
        assert self.ask("PUT", "/api/v1/modules/financial_manager/settings", chosen).status == 200

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.hub.request(method, path, body, token=self.token, timeout=60)

    def want(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(method, M + path, body)
        assert answer.status in (200, 201), answer.body
        return answer.json

    def killed_at(self, path: str, body: Any, moment: Callable[[], None]) -> None:
        """Send a request, kill the hub when `moment` returns, and start it again."""

        def send() -> None:
            with suppress(OSError, HTTPException):  # the hub was killed before it answered
                self.ask("POST", M + path, body)

        thread = threading.Thread(target=send)
        thread.start()
        moment()
        self.hub.kill()
        thread.join()
        self.hub.start()
        self.token = self.hub.log_in("anna", PASSWORD)

    def held(self) -> list[tuple[int, int]]:
        """Return (bookings, balance in minor units) of each account."""
        return [(one["bookings"], one["balance_minor"]) for one in self.want("GET", "/accounts")["items"]]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    try:
        found.begin()
        yield found
    finally:
        if found.hub.process is not None:
            found.hub.stop()


@contextmanager
def held_up(bank: BankServer) -> Iterator[threading.Event]:
    """Let the bank not answer what is asked of its lines; gives what is set once it was asked."""
    asked, answer, going_on = threading.Event(), bank.answer, threading.Event()

    def waiting(method: str, target: str, headers: Any, body: bytes) -> Any:
        if "start-date" in target:
            asked.set()
            going_on.wait(30)
        return answer(method, target, headers, body)

    bank.answer = waiting  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        going_on.set()
        bank.answer = answer  # type: ignore[method-assign]


@pytest.mark.slow
def test_a_fetch_that_is_killed_is_whole_or_not_there_and_the_next_one_completes_it(house: House) -> None:
    """Killed while the bank thinks, and while the lines are booked; the turn of the killed one is free at once."""
    days = [(dt.date.today() - dt.timedelta(days=n)).isoformat() for n in range(1, 29)]
    lines = [(f"t{n}", days[n % 28], f"-{n}.00", f"Shop {n}") for n in range(1, LINES + 1)]
    total = -sum(range(1, LINES + 1)) * 100
    with serving() as bank:
        bank.simplefin_accounts = [simplefin_account(f"{total // 100}.00", *lines)]
        bank.simplefin_accounts[0]["balance-date"] = int(time.time())
        made = house.want("POST", "/bank-connections/simplefin", {"setup_token": bank.setup_token})
        (one,) = made["accounts"]
        house.want("POST", f"/bank-accounts/{one['id']}/open")
        fetch = f"/bank-connections/{made['id']}/fetch"
        with held_up(bank) as asked:
            house.killed_at(fetch, None, lambda: wait_for(asked))
        assert [bookings for bookings, _ in house.held()] == [0]
        started = time.monotonic()
        assert house.want("POST", fetch)["items"][0]["added"] == LINES
        whole = time.monotonic() - started
        complete = house.held()
        for share in MOMENTS:
            undo_last(house)
            house.killed_at(fetch, None, lambda share=share: time.sleep(whole * share))
            (bookings, _), before = house.held()[0], len(house.want("GET", "/imports")["items"])
            assert bookings in (0, LINES)
            told = house.want("POST", fetch)["items"][0]
            assert told["added"] == LINES - bookings
            assert house.held() == complete
            assert house.want("POST", fetch)["items"][0]["added"] == 0
            assert len(house.want("GET", "/imports")["items"]) == before + (not bookings)


def wait_for(event: threading.Event) -> None:
    assert event.wait(30)


def undo_last(house: House) -> None:
    change = house.want("GET", "/changes")["items"][0]
    assert change["kind"] == "import"
    house.want("POST", f"/changes/{change['id']}/undo")


@pytest.mark.slow
def test_an_import_that_is_killed_is_whole_or_not_there_and_goes_in_once(house: House) -> None:
    """The same file again is booked whole, or known whole; the list of imports and the balance agree."""
    rows = "".join(f"{n % 28 + 1:02}.02.2026;Shop {n};-{n},00;EUR\n" for n in range(1, LINES + 1))
    data = f"Buchungstag;Auftraggeber;Betrag;Waehrung\n{rows}".encode()
    giro = house.want("POST", "/accounts", {"name": "Giro"})
    body = {"account_id": giro["id"], "name": "bank.csv", "content": base64.b64encode(data).decode()}
    started = time.monotonic()
    assert house.want("POST", "/imports", body)["added"] == LINES
    whole, complete = time.monotonic() - started, house.held()
    for share in MOMENTS:
        undo_last(house)
        house.killed_at("/imports", body, lambda share=share: time.sleep(whole * share))
        ((bookings, _),) = house.held()
        assert bookings in (0, LINES)
        assert house.want("POST", "/imports", body)["added"] == LINES - bookings
        assert house.held() == complete
