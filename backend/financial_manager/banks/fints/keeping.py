"""Keep banks that are connected by FinTS: log in, answer the bank's steps, fetch. What waits is sealed and has an end.

A refused login or TAN ends in the state "needs you": nothing is sent again before a person logs in anew.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from backend.financial_manager.banks.connections import Connected, Connections, find_connection, key_of
from backend.financial_manager.banks.models import BankConnection, BankKey, ConnectionState
from backend.financial_manager.banks.provider import (
    FAILURES,
    BankBusy,
    BankKeyMissing,
    BankNeedsYou,
    BankStepOver,
    ConnectionMissing,
    FintsMissing,
    Opened,
    Step,
    StepKind,
)
from backend.financial_manager.events import BankChanged
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.outgoing import Outgoing

if TYPE_CHECKING:
    from backend.financial_manager.banks.fints.talk import Outcome, Talk, Told

FINTS = "fints"
LONGEST_ANSWER = 99
"""Letters of a PIN or TAN at most (FinTS 3.0, PIN/TAN)."""
ASKING_MINUTES = 5
"""How long a dialogue that a killed process left behind keeps others away."""
_ASKING = "asking:"


@dataclass(frozen=True, slots=True)
class Login:
    """What a person brings. `keep_pin`: seal the PIN, or ask for it each time."""

    bank_code: str
    address: str
    user_name: str
    pin: str
    customer_id: str = ""
    keep_pin: bool = False


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for its answer, by its id."""

    id: str
    step: Step


def installed() -> bool:
    """Tell whether the optional library that speaks FinTS is there."""
    return importlib.util.find_spec("fints") is not None


class FintsConnections:
    """Keep the FinTS connections of the space that an actor writes to."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId, outgoing: Outgoing, connections: Connections) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._outgoing = outgoing
        self._connections = connections

    # ------------------------------------------------------------------ the product id

    def product(self, actor: Actor) -> str | None:
        """Return the household's registered product id, or None where none was entered."""
        row = self._db.read(actor, key_of, FINTS)
        return row.application if row is not None else None

    def put_product(self, actor: Actor, product: str) -> None:
        """Keep the product id that the household registered at the German banking association."""

        def work(session: OwnedSession) -> None:
            row = key_of(session, FINTS)
            if row is None:
                row = BankKey(id=self._new_id(), provider=FINTS, sealed="", created_at=self._clock.now())
                session.add(row)
            row.application = product

        self._db.write(actor, work)

    def drop_product(self, actor: Actor) -> None:
        """Forget the product id; banks that are connected cannot be asked without one."""
        mine = (BankKey.owner_id == actor.owner_id, BankKey.provider == FINTS)
        self._db.write(actor, lambda session: session.execute(delete(BankKey).where(*mine)) and None)

    # ------------------------------------------------------------------ log in

    def connect(self, actor: Actor, login: Login) -> Connected:
        """Log in for the first time; a refusal leaves nothing behind.

        Raises `FintsMissing`, `BankKeyMissing`, `InvalidInput`, and what asking raises.
        """
        self._require()
        self._product(actor)
        self._outgoing.checked(login.address, "body.address")
        _sendable(login.pin, "body.pin")
        row = self._connections.new_connection(FINTS)
        row.title = f"FinTS {login.bank_code}"
        secret = {name: value for name, value in asdict(login).items() if name not in ("pin", "keep_pin")}
        outcome = self._talk(actor, secret, login.pin).go()
        kept = secret | ({"pin": login.pin} if login.keep_pin else {})
        if isinstance(outcome, Opened):
            return self._connections.keep(actor, row, _with(outcome, kept))

        def work(session: OwnedSession) -> None:
            row.owner_id = session.actor.owner_id
            row.sealed = self._connections.seal_secret(row, kept)
            session.add(row)

        self._db.write(actor, work)
        self._settle(actor, row.id, outcome)
        return self._connections.get(actor, row.id)

    def login(self, actor: Actor, connection_id: str, pin: str, *, keep_pin: bool) -> Connected:
        """Log in anew, the one way out of "needs you"; raises what `connect` raises, and `ConnectionMissing`."""
        row = self._mine(actor, connection_id)
        self._require()
        secret = {name: value for name, value in self._connections.secret(actor, row).items() if name != "pin"}
        talk = self._talk(actor, secret, _sendable(pin, "body.pin"))
        self._claim(actor, connection_id)
        outcome = self._asked(actor, connection_id, talk.go)
        kept = secret | ({"pin": pin} if keep_pin else {})
        if isinstance(outcome, Opened):
            return self._connections.keep(actor, row, _with(outcome, kept))

        def work(session: OwnedSession) -> None:
            found = find_connection(session, connection_id)
            found.sealed = self._connections.seal_secret(found, kept)
            found.state, found.problem = ConnectionState.NEW.value, ""

        self._db.write(actor, work)
        self._settle(actor, connection_id, outcome)
        return self._connections.get(actor, connection_id)

    # ------------------------------------------------------------------ fetch, and answer

    def fetch(self, actor: Actor, connection_id: str, wanted: Mapping[str, dt.date]) -> Told | None:
        """Ask for what is booked since a day by account (external ids); None where a step waits for a person."""
        row = self._mine(actor, connection_id)
        self._require()
        secret = self._connections.secret(actor, row)
        if "pin" not in secret:
            until = self._clock.now() + dt.timedelta(minutes=10)
            asked = {name: day.isoformat() for name, day in wanted.items()}
            self._wait(actor, connection_id, Step(StepKind.PIN, until=until), {"wanted": asked})
            return None
        talk = self._talk(actor, secret, secret["pin"], wanted)
        self._claim(actor, connection_id, fetches=True)
        return self._settle(actor, connection_id, self._asked(actor, connection_id, talk.go))

    def answer(self, actor: Actor, connection_id: str, step_id: str, text: str) -> Told | None:
        """Answer a step, once; None where another step waits, or a login is done.

        Raises `ConnectionMissing`, `BankStepOver`, `InvalidInput` for no such answer, and what asking raises.
        """
        row = self._mine(actor, connection_id)
        self._require()
        from backend.financial_manager.banks.fints.talk import Talk

        waiting = self._waiting(actor, row)
        if waiting is None or row.pending != step_id:
            raise BankStepOver()
        step, kept = waiting
        answer = _checked(step, text)
        if self._clock.now() < (early := dt.datetime.fromisoformat(kept["asked"]) + _pause(step)):
            seconds = (early - self._clock.now()).total_seconds()
            raise BankBusy("The bank wants to be asked again a little later.", retry_after=seconds)
        self._claim(actor, connection_id, step_id)
        if step.kind is StepKind.PIN:
            wanted = {name: dt.date.fromisoformat(day) for name, day in kept["wanted"].items()}
            talk = self._talk(actor, self._connections.secret(actor, row), answer, wanted)
            return self._settle(actor, connection_id, self._asked(actor, connection_id, talk.go))
        talk = Talk.resumed(self._outgoing, self._clock.now(), kept)
        outcome = self._asked(actor, connection_id, lambda: talk.answer(step.kind, answer))
        return self._settle(actor, connection_id, outcome)

    def step(self, actor: Actor, row: BankConnection) -> OpenStep | None:
        """Return the step of a connection that waits for its answer, or None."""
        if row.provider != FINTS or (waiting := self._waiting(actor, row)) is None:
            return None
        return OpenStep(row.pending, waiting[0])

    # ------------------------------------------------------------------ inside

    def _require(self) -> None:
        if not installed():
            raise FintsMissing()

    def _mine(self, actor: Actor, connection_id: str) -> BankConnection:
        row = self._connections.get(actor, connection_id).row
        if row.provider != FINTS:
            problem = FieldProblem("path.id", "This bank is not connected by FinTS.", "Use its own way to renew it.")
            raise InvalidInput(fields=[problem])
        return row

    def _product(self, actor: Actor) -> str:
        product = self.product(actor)
        if product is None:
            raise BankKeyMissing("Enter the product id of your household for FinTS first.")
        return product

    def _talk(
        self, actor: Actor, secret: Mapping[str, str], pin: str, wanted: Mapping[str, dt.date] | None = None
    ) -> Talk:
        from backend.financial_manager.banks.fints.library import Access
        from backend.financial_manager.banks.fints.orders import BankNumber
        from backend.financial_manager.banks.fints.talk import Talk

        access = Access(
            secret["bank_code"], secret["address"], secret["user_name"], secret["customer_id"], pin,
            self._product(actor), secret.get("client", ""),
        )  # fmt: skip
        numbers = tuple(BankNumber(**one) for one in json.loads(secret.get("accounts", "[]")))
        known = {one.id for one in numbers}
        asked = {name: day for name, day in wanted.items() if name in known} if wanted is not None else None
        return Talk.begun(self._outgoing, self._clock.now(), access, asked, numbers)

    def _asked(self, actor: Actor, connection_id: str, work: Any) -> Outcome:
        """Talk to the bank; what goes wrong is noted at the connection, and raised."""
        try:
            outcome: Outcome = work()
        except FAILURES as error:
            self._connections.note(actor, connection_id, error)
            raise
        finally:
            self._release(actor, connection_id)
        return outcome

    def _settle(self, actor: Actor, connection_id: str, outcome: Outcome) -> Told | None:
        """Keep what a talk came to: a step that waits, the accounts of a login, what is known after a fetch."""
        from backend.financial_manager.banks.fints.talk import Waiting

        if isinstance(outcome, Waiting):
            self._wait(actor, connection_id, outcome.step, outcome.kept)
            return None
        row = self._connections.get(actor, connection_id).row
        if isinstance(outcome, Opened):
            self._connections.keep(actor, row, _with(outcome, self._connections.secret(actor, row)))
            return None
        secret = {**self._connections.secret(actor, row), "client": outcome.client}

        def work(session: OwnedSession) -> None:
            found = find_connection(session, connection_id)
            found.sealed = self._connections.seal_secret(found, secret)

        self._db.write(actor, work)
        return outcome

    def _wait(self, actor: Actor, connection_id: str, step: Step, kept: dict[str, Any]) -> None:
        plain = asdict(step) | {"until": step.until.isoformat() if step.until else None}
        text = json.dumps({"step": plain, **kept, "asked": self._clock.now().isoformat()})

        def work(session: OwnedSession) -> None:
            row = find_connection(session, connection_id)
            row.dialog = self._connections.seal(text, _purpose(row))
            row.pending, row.dialog_until = self._new_id(), step.until
            session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=connection_id))

        self._db.write(actor, work)

    def _waiting(self, actor: Actor, row: BankConnection) -> tuple[Step, dict[str, Any]] | None:
        if not row.dialog or row.dialog_until is None or row.dialog_until <= self._clock.now():
            return None
        kept: dict[str, Any] = json.loads(self._connections.unseal(row.dialog, _purpose(row)))
        told = kept.pop("step")
        step = Step(
            StepKind(told["kind"]), told["text"], tuple((one, name) for one, name in told["choices"]),
            told["picture"], row.dialog_until, told["wait_seconds"],
        )  # fmt: skip
        return step, kept

    def _claim(self, actor: Actor, connection_id: str, step_id: str = "", *, fetches: bool = False) -> None:
        """Take the step that is answered, or the whole connection: one dialogue at a time, and no answer twice.

        Raises `BankStepOver`, `BankBusy`, and for a fetch `BankNeedsYou`, where another one was refused meanwhile.
        """

        def work(session: OwnedSession) -> None:
            row, now = find_connection(session, connection_id), self._clock.now()
            if step_id and row.pending != step_id:
                raise BankStepOver()
            if row.pending.startswith(_ASKING) and row.dialog_until is not None and row.dialog_until > now:
                raise BankBusy("The bank is being asked right now.")
            if fetches and row.state == ConnectionState.NEEDS_YOU:
                raise BankNeedsYou()
            row.dialog, row.pending = "", f"{_ASKING}{self._new_id()}"
            row.dialog_until = now + dt.timedelta(minutes=ASKING_MINUTES)

        self._db.write(actor, work)

    def _release(self, actor: Actor, connection_id: str) -> None:
        def work(session: OwnedSession) -> None:
            row = find_connection(session, connection_id)
            row.pending, row.dialog_until = "", None

        with suppress(ConnectionMissing):  # it was disconnected meanwhile
            self._db.write(actor, work)


def _with(opened: Opened, secret: Mapping[str, str]) -> Opened:
    return Opened(opened.title, {**secret, **opened.secret}, opened.accounts)


def _checked(step: Step, text: str) -> str:
    """Return an answer that the step can take; raises `InvalidInput`."""
    answer = text if step.kind is StepKind.PIN else text.strip()
    if step.kind is StepKind.APPROVAL:
        return ""
    if step.choices and answer not in {one for one, _ in step.choices}:
        problem = FieldProblem("body.answer", "The bank offers no such choice.", "Choose one of those that it offers.")
        raise InvalidInput(fields=[problem])
    return _sendable(answer, "body.answer")


def _sendable(text: str, field: str) -> str:
    """Return a PIN or TAN that FinTS can send (ISO 8859-1); raises `InvalidInput`."""
    if not text or len(text) > LONGEST_ANSWER or not text.isprintable() or max(text) > "\xff":
        problem = FieldProblem(field, "This is no PIN and no TAN.", "Type it as the bank shows it.")
        raise InvalidInput(fields=[problem])
    return text


def _pause(step: Step) -> dt.timedelta:
    return dt.timedelta(seconds=step.wait_seconds)


def _purpose(row: BankConnection) -> str:
    return f"bank-dialog:{row.owner_id}:{row.id}"
