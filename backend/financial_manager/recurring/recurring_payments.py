"""Payments that come again, in the space that an actor acts in: list them, decide about them, enter one by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.financial_manager.days import EARLIEST, LATEST
from backend.financial_manager.errors import RecurringMissing, RowChanged
from backend.financial_manager.ledger.accounts import find_account
from backend.financial_manager.ledger.categories import check_category
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.recurring.bookings import key_of
from backend.financial_manager.recurring.finding import Finder
from backend.financial_manager.recurring.matching import Recurring, recurrings
from backend.financial_manager.recurring.models import RecurringPayment, RecurringState
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.names import plain_name

MOST = 500
"""Decisions and entered ones of one space."""


class RecurringPayments:
    """Find and keep the recurring payments of the space that an actor acts in."""

    def __init__(self, db: Database, log: ChangeLog, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._finder = Finder()

    def all(self, actor: Actor) -> list[Recurring]:
        """Return everything that comes again by name, what was dismissed too."""
        return self._db.read(actor, self.within)

    def within(self, session: OwnedSession) -> list[Recurring]:
        """Do what `all` does inside a session."""
        today = local_day(self._clock)
        query = select(RecurringPayment).where(RecurringPayment.owner_id == session.actor.owner_id)
        rows = list(session.scalars(query))
        return recurrings(self._finder.find(session, rows, today), rows, today)

    def get(self, actor: Actor, recurring_id: str) -> Recurring:
        """Return one; raises `RecurringMissing`."""
        return self._db.read(actor, self._find, recurring_id)

    def _find(self, session: OwnedSession, recurring_id: str) -> Recurring:
        found = next((one for one in self.within(session) if one.id == recurring_id), None)
        if found is None:
            raise RecurringMissing()
        return found

    def enter(self, actor: Actor, values: Mapping[str, Any]) -> Recurring:
        """Enter one by hand. `values`: name, account_id, cadence, amount_minor, due_on; counterparty, ends_on,
        category_id, note where wanted.

        Raises `AccountMissing`, `CategoryMissing`, `InvalidInput`.
        """
        row_id = self._new_id()

        def work(session: OwnedSession) -> Recurring:
            account = find_account(session, values["account_id"], "body.account_id")
            check_category(session, values.get("category_id"), "body.category_id")
            self._bounded(session)
            wanted = {name: value for name, value in values.items() if name != "counterparty"}
            written = key_of(values.get("counterparty") or values["name"]) or values["name"].casefold()[:200]
            row = RecurringPayment(
                id=row_id, **wanted, currency=account.currency, payee_key=written,
                outgoing=values["amount_minor"] < 0, state=RecurringState.CONFIRMED.value,
                seen_minor=values["amount_minor"], seen_on=values["due_on"], created_at=self._clock.now(),
            )  # fmt: skip
            _check(session, row)
            session.add(row)
            session.flush()
            return self._find(session, row.id)

        return self._log.write(actor, "recurring.enter", work)

    def change(
        self, actor: Actor, recurring_id: str, values: Mapping[str, Any], version: int | None = None
    ) -> Recurring:
        """Change some of one, which confirms it: name, cadence, amount_minor, due_on, ends_on, category_id, note.

        None for an amount, a day or a category means: as found. Raises `RecurringMissing`, `RowChanged`,
        `CategoryMissing`, `InvalidInput`.
        """

        def work(session: OwnedSession) -> Recurring:
            check_category(session, values.get("category_id"), "body.category_id")
            row = self._row(session, recurring_id, version)
            for name, value in values.items():
                setattr(row, name, value)
            row.state = RecurringState.CONFIRMED.value
            _check(session, row)
            return self._find(session, row.id)

        return self._log.write(actor, "recurring.change", work)

    def decide(self, actor: Actor, recurring_id: str, state: RecurringState, version: int | None = None) -> Recurring:
        """Confirm one, dismiss it (it is never found again), or take the decision back (FOUND).

        Raises `RecurringMissing`, `RowChanged`; `InvalidInput` for FOUND of one that was entered by hand.
        """

        def work(session: OwnedSession) -> Recurring:
            row = self._row(session, recurring_id, version)
            if state is not RecurringState.FOUND:
                row.state = state.value
            elif not row.found_cadence:
                told = "It was entered by hand, so that it is not found again."
                raise InvalidInput(fields=[FieldProblem("body.state", told, "Delete it, or dismiss it.")])
            else:
                session.delete(row)
            session.flush()
            return self._find(session, recurring_id)

        return self._log.write(actor, f"recurring.{state.value}", work)

    def delete(self, actor: Actor, recurring_id: str) -> None:
        """Delete what was entered or decided; what is found in bookings is shown as found again.

        Raises `RecurringMissing`.
        """

        def work(session: OwnedSession) -> None:
            found = self._find(session, recurring_id)
            step_of(session).title = found.name
            if found.row is not None:
                session.delete(found.row)

        self._log.write(actor, "recurring.delete", work)

    def _row(self, session: OwnedSession, recurring_id: str, version: int | None) -> RecurringPayment:
        """Return the row of one, made where there is none yet; `version` 0 or None: whatever it is."""
        found = self._find(session, recurring_id)
        step_of(session).title = found.name
        if found.row is not None:
            if version is not None and found.row.version != version:
                raise RowChanged()
            found.row.version += 1
            return found.row
        self._bounded(session)
        if version is not None and version != 0:
            raise RowChanged()
        last = found.bookings[-1]
        row = RecurringPayment(
            id=found.id, account_id=found.account_id, currency=found.currency, payee_key=last.text_key,
            outgoing=found.amount_minor < 0, found_cadence=found.cadence.value, state=RecurringState.CONFIRMED.value,
            name="", seen_minor=found.amount_minor, seen_on=found.pattern.after(last.day),
            created_at=self._clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    def _bounded(self, session: OwnedSession) -> None:
        query = select(RecurringPayment.id).where(RecurringPayment.owner_id == session.actor.owner_id).limit(MOST)
        if len(list(session.scalars(query))) >= MOST:
            told = f"There are {MOST} already."
            raise InvalidInput(fields=[FieldProblem("body.name", told, "Delete some that you do not need.")])


def _check(session: OwnedSession, row: RecurringPayment) -> None:
    """Refuse what makes no sense, naming the field; gives the step its title."""
    row.name = plain_name(row.name)
    if not row.found_cadence and not row.name:
        raise InvalidInput(fields=[FieldProblem("body.name", "It has no name.", "Give it one.")])
    for name in ("amount_minor", "cadence", "due_on"):
        if not row.found_cadence and getattr(row, name) in (None, ""):
            told = "It was entered by hand: it cannot be nothing."
            raise InvalidInput(fields=[FieldProblem(f"body.{name}", told, "Give a value, or leave it out.")])
    if row.amount_minor is not None and (row.amount_minor == 0 or (row.amount_minor < 0) != row.outgoing):
        told = "The amount is zero, or has the wrong sign."
        remedy = "Write what is spent with a minus." if row.outgoing else "Write what comes in without a minus."
        raise InvalidInput(fields=[FieldProblem("body.amount_minor", told, remedy)])
    for name in ("due_on", "ends_on"):
        day: dt.date | None = getattr(row, name)
        if day is not None and not EARLIEST <= day <= LATEST:
            problem = FieldProblem(f"body.{name}", "This day is not in any household's time.", "Check the year.")
            raise InvalidInput(fields=[problem])
    step_of(session).title = row.name or step_of(session).title
