"""Pay invoices and releases: by a booking of the ledger, or by an amount and a day; with a preview in words.

One bank line settles the invoice (net of Skonto and of what is held back), stands with that in its cost group, and may
draw a loan's tranche.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from backend.financial_manager.construction.agreement import check_contract
from backend.financial_manager.construction.bookings import is_booked, paid_by, used_of
from backend.financial_manager.construction.checks import check_row, wrong
from backend.financial_manager.construction.loading import settled_of
from backend.financial_manager.construction.models import BuildingPayment, BuildingProject
from backend.financial_manager.construction.paying import Settlement, settled_by
from backend.financial_manager.construction.rows import add, find, project_of, title_of
from backend.financial_manager.construction.suggesting import (
    Standing,
    SuggestedBooking,
    bookings_for,
    standing_of,
)
from backend.financial_manager.currencies import minor_text
from backend.financial_manager.days import check_day
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.transactions import find_transaction
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.ids import NewId


@dataclass(frozen=True, slots=True)
class Money:
    """What is paid: a booking of the ledger (all of it, or `amount_minor`), or an amount on a day without one.

    Negative: the company gave money back. `skonto_minor`: kept for paying early; None: what the contract allows, where
    it fits. `source_id`: what it draws.
    """

    transaction_id: str | None = None
    amount_minor: int | None = None
    date: dt.date | None = None
    skonto_minor: int | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was entered, what it did, and the step that takes it back."""

    payment: BuildingPayment
    settlement: Settlement
    change_id: str


class Settling:
    """Pay what companies ask for, in the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id

    def preview(self, actor: Actor, kind: str, row_id: str, money: Money) -> Settlement:
        """Return what a payment would do; raises what `settle` raises and changes nothing."""

        def work(session: OwnedSession) -> Settlement:
            return _settlement(session, kind, find(session, kind, row_id), money)

        return self._db.read(actor, work)

    def settle(self, actor: Actor, kind: str, row_id: str, money: Money) -> Paid:
        """Pay an invoice or a release ("invoice", "release"), as one step.

        Raises the kind's own missing error, `TransactionMissing`, `SourceMissing`, and `InvalidInput` for an amount
        that the booking does not have, or a Skonto beyond what is open.
        """

        def work(session: OwnedSession) -> Paid:
            row = find(session, kind, row_id)
            found = _settlement(session, kind, row, money)
            values = {
                "contract_id": row.contract_id,
                f"{kind}_id": row.id,
                "financing_id": money.source_id,
                "transaction_id": money.transaction_id,
                "date": found.date,
                "amount_minor": found.amount_minor,
                "skonto_minor": found.skonto_minor,
            }
            made: BuildingPayment = add(session, "payment", self._new_id(), values)
            check_row(session, "payment", made)
            check_contract(session, row.contract_id, "payment")
            amount = f"{minor_text(found.amount_minor, found.currency)} {found.currency}"
            step_of(session).title = f"{title_of(session, kind, row)}, {amount}"[:300]
            return Paid(made, found, step_of(session).id)

        return self._log.write(actor, f"building.{kind}.pay", work)

    def standing(self, actor: Actor, transaction_id: str) -> Standing:
        """Return what a booking paid, and which open claims it may pay; raises `TransactionMissing`."""
        return self._db.read(actor, standing_of, transaction_id)

    def bookings(self, actor: Actor, kind: str, row_id: str) -> list[SuggestedBooking]:
        """Return the bookings that may pay an invoice or a release, the best first; raises its missing error."""
        return self._db.read(actor, bookings_for, kind, row_id)


def _settlement(session: OwnedSession, kind: str, row: Any, money: Money) -> Settlement:
    """Return what a payment does to the claim of a row."""
    project = project_of(session, kind, row)
    amount, day = _amount(session, project, money)
    if money.source_id is not None:
        source = find(session, "source", money.source_id, "body.financing_id")
        if source.project_id != project.id:
            raise wrong("financing_id", "This money is for another project.", "Choose a source of this project.")
    if (money.skonto_minor or 0) < 0:
        raise wrong("skonto_minor", "It cannot be less than nothing.", "Give what was kept, or leave it out.")
    claim = settled_of(session, find(session, "contract", row.contract_id)).claim(row.id)
    if (money.skonto_minor or 0) > max(0, claim.open_minor):
        told = f"Only {minor_text(max(0, claim.open_minor), project.currency)} is open."
        raise wrong("skonto_minor", told, "Give less, or leave it out.")
    return settled_by(claim, project.currency, amount, day, money.skonto_minor)


def _amount(session: OwnedSession, project: BuildingProject, money: Money) -> tuple[int, dt.date]:
    """Return how much is paid, and on which day; negative where a company gives money back."""
    check_day(money.date)
    if money.transaction_id is None:
        if not money.amount_minor or money.date is None:
            raise wrong("amount_minor", "It is not said what was paid, and when.", "Name a booking, or amount and day.")
        return money.amount_minor, money.date
    row = find_transaction(session, money.transaction_id)
    if not is_booked(row):
        raise wrong("transaction_id", "This booking is only planned.", "Wait until it happened, or choose another.")
    paid, currency = paid_by(session, row)
    if currency != project.currency:
        told = f"The booking is in {currency}, the project in {project.currency}."
        raise wrong("transaction_id", told, "Give amount and day instead.")
    left = paid - used_of(session, row.id)
    amount = left if money.amount_minor is None else money.amount_minor
    if amount == 0 or (amount > 0) != (left > 0) or abs(amount) > abs(left):
        told = f"The booking has {minor_text(left, currency)} that pays for nothing yet."
        field = "transaction_id" if money.amount_minor is None else "amount_minor"
        raise wrong(field, told, "Choose another booking.")
    return amount, money.date or row.date
