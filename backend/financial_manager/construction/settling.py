"""Pay invoices and releases: by a booking of the ledger, or by an amount and a day; with a preview in words.

One bank line settles the invoice (net of Skonto and of what is held back), stands with that in its cost group, and may
draw a loan's tranche.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.financial_manager.construction.agreement import check_contract
from backend.financial_manager.construction.bookings import is_booked, paid_by, used_of
from backend.financial_manager.construction.checks import check_row, wrong
from backend.financial_manager.construction.loading import load_site, settled_of
from backend.financial_manager.construction.models import BuildingPayment, BuildingProject
from backend.financial_manager.construction.rows import MOST_ROWS, add, find, project_of, title_of
from backend.financial_manager.construction.settlement import Claim
from backend.financial_manager.currencies import minor_text
from backend.financial_manager.days import check_day
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.models import Transaction
from backend.financial_manager.ledger.text import fold
from backend.financial_manager.ledger.transactions import find_transaction
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.ids import NewId

INVOICE, RELEASE = "invoice", "release"
_BEST = 5


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
class Settlement:
    """What a payment does to a claim. `difference_minor`: still open after it; negative: paid too much.

    `words`: the same for people.
    """

    claim: Claim
    currency: str
    amount_minor: int
    date: dt.date
    skonto_minor: int
    difference_minor: int
    words: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """An open claim that a bank line may pay. `score`: 0 to 1."""

    kind: str
    claim_id: str
    vendor: str
    title: str
    project_id: str
    score: float
    settlement: Settlement


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

    def settle(self, actor: Actor, kind: str, row_id: str, money: Money) -> tuple[BuildingPayment, Settlement]:
        """Pay an invoice or a release ("invoice", "release"), as one step.

        Raises the kind's own missing error, `TransactionMissing`, `SourceMissing`, and `InvalidInput` for an amount
        that the booking does not have, or a Skonto beyond what is open.
        """

        def work(session: OwnedSession) -> tuple[BuildingPayment, Settlement]:
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
            return made, found

        return self._log.write(actor, f"building.{kind}.pay", work)

    def suggest(self, actor: Actor, transaction_id: str) -> list[Suggested]:
        """Return the open claims that a booking may pay, the best first; raises `TransactionMissing`."""

        def work(session: OwnedSession) -> list[Suggested]:
            row = find_transaction(session, transaction_id)
            amount, currency = paid_by(session, row)
            text = fold(f"{row.counterparty} {row.purpose}")
            if amount <= 0 or not is_booked(row):
                return []
            own = BuildingProject.owner_id == session.actor.owner_id
            found: list[Suggested] = []
            for project in session.scalars(select(BuildingProject).where(own).limit(MOST_ROWS)):
                if project.currency == currency:
                    found += _suggested(session, project, row, amount, text)
            return sorted(found, key=lambda one: (-one.score, one.settlement.claim.due_on, one.claim_id))[:_BEST]

        return self._db.read(actor, work)


def _settlement(session: OwnedSession, kind: str, row: Any, money: Money) -> Settlement:
    """Return what a payment does to the claim of a row."""
    project = project_of(session, kind, row)
    amount, day = _amount(session, project, money)
    if money.source_id is not None:
        source = find(session, "source", money.source_id, "body.financing_id")
        if source.project_id != project.id:
            raise wrong("financing_id", "This money is for another project.", "Choose a source of this project.")
    claim = settled_of(session, find(session, "contract", row.contract_id)).claim(row.id)
    skonto = money.skonto_minor
    if skonto is None:  # Skonto is for paying the whole: a part payment keeps none by itself
        allowed = _skonto(claim, day)
        skonto = allowed if amount + allowed == claim.open_minor else 0
    if skonto > max(0, claim.open_minor):
        told = f"Only {minor_text(max(0, claim.open_minor), project.currency)} is open."
        raise wrong("skonto_minor", told, "Give less, or leave it out.")
    return told_of(claim, project.currency, amount, day, skonto)


def _skonto(claim: Claim, day: dt.date) -> int:
    """Return the Skonto that can still be kept on a day."""
    if claim.skonto_until is None or day > claim.skonto_until:
        return 0
    return max(0, min(claim.skonto_minor - claim.taken_minor, claim.open_minor))


def told_of(claim: Claim, currency: str, amount_minor: int, day: dt.date, skonto_minor: int) -> Settlement:
    """Return a settlement with its words."""
    left = claim.open_minor - amount_minor - skonto_minor
    allowed, unit = _skonto(claim, day), currency
    if left < 0:
        words = f"This is {minor_text(-left, unit)} {unit} more than is due."
    elif left == 0 and skonto_minor:
        words = f"This pays all of it, less {minor_text(skonto_minor, unit)} {unit} of Skonto."
    elif left == 0:
        words = "This pays all of it."
    elif not allowed and claim.skonto_until is not None and left == claim.skonto_minor - claim.taken_minor:
        until = claim.skonto_until.isoformat()
        words = f"{minor_text(left, unit)} {unit} stay open: that is the Skonto, and its time ended on {until}."
    else:
        words = f"{minor_text(left, unit)} {unit} stay open."
    return Settlement(claim, currency, amount_minor, day, skonto_minor, left, words)


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


def _suggested(
    session: OwnedSession, project: BuildingProject, row: Transaction, amount: int, text: str
) -> Iterable[Suggested]:
    """Give the open claims of a project that a booking may pay: the amount fits, or the company is named."""
    left = amount - used_of(session, row.id)
    site = load_site(session, project)
    settled = site.status().orders
    vendors = {one.id: one.vendor for one in site.contracts}
    rows = [(INVOICE, one, one.number) for one in site.invoices] + [(RELEASE, one, "") for one in site.releases]
    for kind, one, number in rows:
        claim = settled[one.contract_id].claim(one.id)
        if claim.open_minor <= 0 or left <= 0:
            continue
        exact = left in (claim.open_minor, claim.open_minor - (claim.skonto_minor - claim.taken_minor))
        words = {word for word in fold(vendors[one.contract_id]).split() if len(word) > 2}
        named = bool(words) and sum(word in text for word in words) / len(words) >= 0.5
        numbered = len(number) > 2 and fold(number) in text
        score = 0.6 * exact + 0.25 * named + 0.15 * numbered
        if score > 0:
            allowed = _skonto(claim, row.date)
            skonto = allowed if left + allowed == claim.open_minor else 0
            told = told_of(claim, project.currency, left, row.date, skonto)
            title = number or str(one.date)
            yield Suggested(kind, one.id, vendors[one.contract_id], title, project.id, round(score, 2), told)
