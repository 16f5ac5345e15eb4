"""What is said to a bank in which order, and where a person is asked: a course that stops at a step and goes on later.

    meet (system id, ways of TANs) -> device -> begin (log in) -> orders -> end

All that is needed to go on is one JSON value: it is sealed where it is kept, and nothing runs while a step waits.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from backend.financial_manager.banks.fints import orders
from backend.financial_manager.banks.fints.library import Access, Challenge, Dialogue, more_from
from backend.financial_manager.banks.fints.lines import entries_of
from backend.financial_manager.banks.fints.orders import BankNumber
from backend.financial_manager.banks.provider import BankUnusable, Fetched, Opened, RemoteAccount, Step, StepKind
from backend.sdk.clock import day_of
from backend.sdk.outgoing import Outgoing

STEP_MINUTES = 10
"""How long a step waits for its answer; banks keep a dialogue about as long."""
MOST_PARTS = 200
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Waiting:
    """A course that waits for a person. `kept`: what it goes on from."""

    step: Step
    kept: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a fetch brought. `client`: what is known of bank and user by now."""

    accounts: tuple[Fetched, ...]
    client: str


Outcome = Waiting | Opened | Told


class Talk:
    """One course. `wanted`: the first day by account for a fetch; None: a login, which only lists the accounts."""

    def __init__(self, outgoing: Outgoing, now: dt.datetime, access: Access, state: dict[str, Any]) -> None:
        self._now = now
        self._access = access
        self._state = state
        self._dialogue = Dialogue(outgoing, access)

    @classmethod
    def begun(
        cls,
        outgoing: Outgoing,
        now: dt.datetime,
        access: Access,
        wanted: Mapping[str, dt.date] | None = None,
        accounts: tuple[BankNumber, ...] = (),
    ) -> Talk:
        """Return a course at its beginning."""
        state: dict[str, Any] = {
            "stage": "meet", "login": wanted is None, "orders": None, "parts": 0,
            "wanted": {name: day.isoformat() for name, day in (wanted or {}).items()},
            "accounts": [one.as_json() for one in accounts], "balances": {}, "mt940": {}, "camt": {}, "seen": [],
        }  # fmt: skip
        return cls(outgoing, now, access, state)

    @classmethod
    def resumed(cls, outgoing: Outgoing, now: dt.datetime, kept: Mapping[str, Any]) -> Talk:
        """Return the course that `kept` was taken from."""
        return cls(outgoing, now, Access(**kept["access"]), dict(kept["state"]))

    def go(self) -> Outcome:
        """Go on until a person is needed or all is told; raises `FAILURES`."""
        state, dialogue = self._state, self._dialogue
        if state["stage"] == "meet":
            dialogue.introduce()
            ways = dialogue.mechanisms()
            known = not state["login"] and dialogue.client.get_current_tan_mechanism() in dict(ways)
            if len(ways) > 1 and not known:
                return self._waits(Step(StepKind.MECHANISM, choices=tuple(ways)))
            if ways and not known:
                self._choose_mechanism(ways[0][0])
            state["stage"] = "device"
        if state["stage"] == "device":
            if dialogue.needs_medium():
                names = dialogue.media()
                if len(names) > 1:
                    dialogue.client.selected_tan_medium = None
                    return self._waits(Step(StepKind.MEDIUM, choices=tuple((one, one) for one in names)))
                dialogue.use_medium(names[0] if names else "")
            state["stage"] = "begin"
        if state["stage"] == "begin":
            challenge = dialogue.begin()
            if challenge is not None:
                return self._wants(challenge)
            state["stage"] = "orders"
        return self._orders()

    def answer(self, kind: StepKind, text: str) -> Outcome:
        """Take what a person answered to the step, and go on; raises `FAILURES`."""
        state, dialogue = self._state, self._dialogue
        if kind is StepKind.MECHANISM:
            self._choose_mechanism(text)
            state["stage"] = "device"
            return self.go()
        if kind is StepKind.MEDIUM:
            dialogue.use_medium(text)
            state["stage"] = "begin"
            return self.go()
        dialogue.resume(state.pop("dialogue"))
        challenge = Challenge(**state.pop("challenge"))
        told, again = dialogue.answer(challenge, text)
        if again is not None:
            return self._wants(again, first=again.reference != challenge.reference)
        if state["stage"] == "orders":
            self._take(state["orders"].pop(0), told)
        state["stage"] = "orders"
        return self._orders()

    def _choose_mechanism(self, code: str) -> None:
        self._dialogue.use_mechanism(code)
        self._dialogue.client.selected_tan_medium = None

    # ------------------------------------------------------------------ orders

    def _orders(self) -> Outcome:
        state, dialogue = self._state, self._dialogue
        if state["orders"] is None:
            state["orders"] = self._planned()
        while state["orders"]:
            segment = self._segment(state["orders"][0])
            told = None
            if segment is not None:
                told, challenge = dialogue.order(segment)
                if challenge is not None:
                    return self._wants(challenge)
            self._take(state["orders"].pop(0), told)
        dialogue.end()
        return self._opened() if state["login"] else self._told()

    def _planned(self) -> list[list[Any]]:
        if self._state["login"]:
            return [["accounts"]]
        return [[what, name, *more] for name in self._state["wanted"] for what, *more in (["balance"], ["lines", None])]

    def _segment(self, order: list[Any]) -> Any:
        if order[0] == "accounts":
            return orders.accounts_order(self._dialogue)
        account = self._numbers()[order[1]]
        if order[0] == "balance":
            return orders.balance_order(self._dialogue, account)
        since = dt.date.fromisoformat(self._state["wanted"][order[1]])
        return orders.lines_order(self._dialogue, account, since, day_of(self._now), order[2])

    def _take(self, order: list[Any], told: Any) -> None:
        """Keep what an answer says; a list of lines that goes on is asked for the rest first."""
        state = self._state
        if order[0] == "accounts":
            state["accounts"] = [one.as_json() for one in orders.told_accounts(self._dialogue, told)]
        elif order[0] == "balance":
            found = orders.told_balance(told) if told is not None else None
            if found is not None:
                minor, currency, day = found
                state["balances"][order[1]] = [minor, currency, day.isoformat() if day else None]
        else:
            booked = orders.told_lines(told)
            state["mt940"].setdefault(order[1], []).append(_kept(booked.mt940))
            state["camt"].setdefault(order[1], []).extend(_kept(one) for one in booked.camt)
            if after := more_from(told):
                self._more(order[1], after)

    def _more(self, name: str, after: str) -> None:
        state = self._state
        state["parts"] += 1
        size = sum(len(part) for kind in ("mt940", "camt") for parts in state[kind].values() for part in parts)
        if [name, after] in state["seen"] or state["parts"] > MOST_PARTS or size > MOST_BYTES:
            raise BankUnusable("The bank told the same lines again and again, or too many of them.")
        state["seen"].append([name, after])
        state["orders"].insert(0, ["lines", name, after])

    # ------------------------------------------------------------------ outcomes

    def _numbers(self) -> dict[str, BankNumber]:
        return {one.id: one for one in (BankNumber(**kept) for kept in self._state["accounts"])}

    def _opened(self) -> Opened:
        title = orders.bank_name(self._dialogue) or f"FinTS {self._access.bank_code}"
        numbers = self._numbers()
        remote = tuple(one.remote(title) for one in numbers.values())
        return Opened(title, {"client": self._dialogue.known, "accounts": json.dumps(self._state["accounts"])}, remote)

    def _told(self) -> Told:
        found = []
        for name, first in self._state["wanted"].items():
            number = self._numbers()[name]
            minor, currency, day = self._state["balances"].get(name, (None, number.currency, None))
            account = RemoteAccount(
                name, name, number.name, currency, number.iban, balance_minor=minor,
                balance_on=dt.date.fromisoformat(day) if day else None,
            )  # fmt: skip
            mt940 = b"".join(base64.b64decode(part) for part in self._state["mt940"].get(name, ()))
            camt = tuple(base64.b64decode(part) for part in self._state["camt"].get(name, ()))
            since = dt.date.fromisoformat(first)
            entries, doubts = entries_of(mt940, camt, number.currency, since, day_of(self._now))
            found.append(Fetched(account, entries, doubts))
        return Told(tuple(found), self._dialogue.known)

    def _wants(self, challenge: Challenge, *, first: bool = True) -> Waiting:
        self._state["challenge"], self._state["dialogue"] = asdict(challenge), self._dialogue.kept()
        if not challenge.app:
            return self._waits(Step(StepKind.TAN, challenge.text, picture=challenge.picture))
        wait = self._dialogue.wait_seconds(first=first)
        return self._waits(Step(StepKind.APPROVAL, challenge.text, wait_seconds=wait))

    def _waits(self, step: Step) -> Waiting:
        until = self._now + dt.timedelta(minutes=STEP_MINUTES)
        access = replace(self._access, client=self._dialogue.known)
        return Waiting(replace(step, until=until), {"access": asdict(access), "state": self._state})


def _kept(part: bytes) -> str:
    return base64.b64encode(part).decode()
