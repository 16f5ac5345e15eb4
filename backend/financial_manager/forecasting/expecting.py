"""Gather what is expected: recurring payments, planned and dated bookings, what building a house asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from sqlalchemy import select

from backend.financial_manager.construction.financing import SourceKind
from backend.financial_manager.construction.loading import Site
from backend.financial_manager.construction.settlement import Claim
from backend.financial_manager.forecasting.projection import EventKind, Expected, in_order
from backend.financial_manager.ledger.models import Posting, Transaction, UserAccount
from backend.financial_manager.ledger.text import fold
from backend.financial_manager.recurring.detector import Booking
from backend.financial_manager.recurring.matching import Recurring
from backend.financial_manager.recurring.models import RecurringState
from backend.sdk.db import OwnedSession

LATE = dt.timedelta(days=31)
"""What was planned for longer ago is not expected any more."""
SOON = dt.timedelta(days=7)
"""How far from its day what was planned is booked: weekends, slow banks."""
NEAR = 0.10
NEAR_CLAIM = dt.timedelta(days=14)
"""How far from a claim's own days a planned payment may be that is for it."""
MONTHS = 6


def recurring_ones(found: Iterable[Recurring], until: dt.date) -> list[Expected]:
    """Return what recurring payments ask for up to a day; not those that were dismissed or have ended."""
    return [
        Expected(day, one.amount_minor, one.currency, one.account_id, EventKind.RECURRING, one.name, one.id)
        for one in found
        if one.state is not RecurringState.DISMISSED
        for day in one.dues(until)
    ]


@dataclass(frozen=True, slots=True)
class Entered:
    """Planned transactions, and booked ones of days to come; each side of an account.

    `come`: what was planned for a day that has passed and has been booked since, as a transaction of its own.
    """

    expected: tuple[Expected, ...]
    come: tuple[Expected, ...]

    @property
    def all(self) -> list[Expected]:
        """Return both."""
        return in_order([*self.expected, *self.come])


Made = tuple[tuple[dt.datetime, str], Expected]
"""When a transaction was entered (the id tells apart what is of one moment), and a side of it."""


def entered_ones(session: OwnedSession, today: dt.date, until: dt.date) -> Entered:
    """Return what was entered for days to come, and what was planned for days of which the bank may be late."""
    query = (
        select(
            Posting.date, Posting.amount_minor, Posting.currency, Posting.account_id, Posting.booked,
            Transaction.counterparty, Transaction.purpose, Transaction.note, Transaction.created_at, Transaction.id,
        )
        .join(Transaction, (Transaction.owner_id == Posting.owner_id) & (Transaction.id == Posting.transaction_id))
        .where(
            Posting.owner_id == session.actor.owner_id, Posting.account_id.is_not(None),
            Posting.date > today - LATE, Posting.date <= until,
        )
    )  # fmt: skip
    found: list[Expected] = []
    late: list[Made] = []
    booked_ones: list[Made] = []
    for day, amount, currency, account, booked, *texts, made_at, row_id in session.execute(query):
        kind = EventKind.BOOKED if booked else EventKind.PLANNED
        title = next((text for text in texts if text), "")
        one = Expected(day, int(amount), currency, account, kind, title, row_id)
        if day > today:
            found.append(one)
        else:
            (booked_ones if booked else late).append(((made_at, row_id), one))
    come = _come(late, booked_ones)
    return Entered(tuple(in_order([*found, *(one for _, one in late if one not in come)])), tuple(come))


def _come(late: Iterable[Made], booked: Iterable[Made]) -> list[Expected]:
    """Return what was planned and is there: booked on its account near its day to the cent, entered after the plan."""
    free, found = sorted(booked, key=lambda one: one[1].place), []
    for made, plan in sorted(late, key=lambda one: one[1].place):
        same = next(
            (
                one
                for one in free
                if one[0] > made
                and (one[1].account_id, one[1].amount_minor) == (plan.account_id, plan.amount_minor)
                and abs(one[1].day - plan.day) <= SOON
            ),
            None,
        )
        if same is not None:
            free.remove(same)
            found.append(plan)
    return found


def openings_of(accounts: Iterable[UserAccount], today: dt.date, until: dt.date) -> list[Expected]:
    """Return what accounts hold that begin on a day to come: on that day it is there."""
    return [
        Expected(one.opening_date, one.opening_minor, one.currency, one.id, EventKind.OPENING, one.name, one.id)
        for one in accounts
        if one.opening_date is not None and today < one.opening_date <= until and one.opening_minor
    ]


def after_openings(expected: Iterable[Expected], accounts: Iterable[UserAccount], today: dt.date) -> list[Expected]:
    """Return what is expected of accounts after they begin; what is due up to that day their opening counts already."""
    begins = {one.id: one.opening_date for one in accounts if one.opening_date is not None and one.opening_date > today}
    return [one for one in expected if one.day > begins.get(one.account_id or "", dt.date.min)]


def without_doubles(
    dues: Iterable[Expected], entered: Sequence[Expected], found: Iterable[Recurring], today: dt.date
) -> list[Expected]:
    """Return recurring dues that no planned transaction stands for: one near the day, of the account, of its amount.

    What is late counts tomorrow, be it planned or recurring.
    """
    tomorrow = today + dt.timedelta(days=1)
    near = {one.id: one.cadence.tolerance for one in found}
    free, kept = list(entered), []
    for due in dues:
        same = next(
            (
                one
                for one in free
                if one.account_id == due.account_id
                and abs((max(one.day, tomorrow) - max(due.day, tomorrow)).days) <= near[due.ref_id]
                and abs(one.amount_minor - due.amount_minor) <= NEAR * abs(due.amount_minor)
            ),
            None,
        )
        if same is None:
            kept.append(due)
        else:
            free.remove(same)
    return kept


@dataclass(frozen=True, slots=True)
class Building:
    """What building asks for. `paid_by`: planned transactions that stand for a claim, which counts once."""

    expected: tuple[Expected, ...]
    paid_by: frozenset[str]


def building_ones(sites: Iterable[Site], entered: Sequence[Expected], today: dt.date) -> Building:
    """Return what building projects ask for, of no account in particular, and what is drawn to pay it.

    Loans and subsidies are drawn when they are needed, from the day on when they can be; own means are on accounts
    already. What is due already counts tomorrow. A claim for which a payment is planned counts as that one.
    """
    free, met = [one for one in entered if one.kind is EventKind.PLANNED], set[str]()
    found = tuple(_of_sites(sites, free, met, today))
    return Building(found, frozenset(met))


def _of_sites(sites: Iterable[Site], free: list[Expected], met: set[str], today: dt.date) -> Iterator[Expected]:
    """Give what is asked for and drawn; takes from `free` the planned payments that stand for a claim, into `met`."""
    for site in sites:
        pool: list[list[Any]] = [
            [one.source.available_on or dt.date.min, one.left_minor, one.source.id]
            for one in site.financing(site.status(), today).sources
            if one.source.kind is not SourceKind.OWN and one.left_minor > 0
        ]
        titles = {row.id: row.title for row in site.sources}
        for need, claim in sorted(_needs(site, today + dt.timedelta(days=1)), key=lambda one: one[0].place):
            planned = next((one for one in free if claim is not None and _pays(one, need, claim)), None)
            if planned is None:
                yield need
            else:
                free.remove(planned)
                met.add(planned.ref_id)
            missing = -(need if planned is None else planned).amount_minor
            for source in sorted(pool, key=lambda one: (one[0], one[2])):
                taken = min(missing, source[1]) if source[0] <= need.day else 0
                if taken > 0:
                    source[1] -= taken
                    missing -= taken
                    yield replace(need, amount_minor=taken, kind=EventKind.DRAW, title=titles[source[2]])


def _pays(planned: Expected, need: Expected, claim: Claim) -> bool:
    """Tell whether a planned payment is for a claim: its amount, Skonto taken or not, near its day, to that company."""
    least = claim.open_minor - claim.skonto_left_minor
    near = claim.date - NEAR_CLAIM <= planned.day <= max(need.day, claim.due_on) + NEAR_CLAIM
    words = {word for word in fold(need.title).split() if len(word) > 2}
    text = fold(planned.title)
    named = bool(words) and sum(word in text for word in words) * 2 >= len(words)
    return planned.currency == need.currency and least <= -planned.amount_minor <= claim.open_minor and near and named


def _needs(site: Site, earliest: dt.date) -> Iterator[tuple[Expected, Claim | None]]:
    """Give open claims, money held back, and what is not invoiced yet; what has no day is left out."""
    status, project = site.status(), site.project
    asked: list[tuple[dt.date | None, int, str, Claim | None]] = [
        (project.finish_on, status.total.to_complete_minor, project.name, None)
    ]
    for contract in site.contracts:
        order = status.orders[contract.id]
        claims, credit = _less_credit(order.claims)
        asked += [(claim.due_on, claim.open_minor, contract.vendor, claim) for claim in claims]
        until = (contract.liability_until or project.finish_on) if order.ended else project.finish_on
        asked.append((until, order.retained_minor - credit, contract.vendor, None))
    for day, amount, title, claim in asked:
        if day is not None and amount > 0:
            when = max(day, earliest)
            yield Expected(when, -amount, project.currency, None, EventKind.BUILDING, title, project.id), claim


def _less_credit(claims: Iterable[Claim]) -> tuple[list[Claim], int]:
    """Return the claims of a contract less what was paid too much for others of it, and what of that is left."""
    some = sorted(claims, key=lambda one: (one.due_on, one.id))
    credit, found = -sum(min(0, one.open_minor) for one in some), []
    for one in some:
        taken = max(0, min(credit, one.open_minor))
        credit -= taken
        found.append(replace(one, paid_minor=one.paid_minor + taken))
    return found, credit


def everyday(bookings: Sequence[Booking], found: Iterable[Recurring], today: dt.date) -> dict[str, int]:
    """Return account -> what usually goes out in a month besides recurring payments and transfers (minor units).

    The median of the last six full months, so that one large purchase does not count; a month without bookings counts
    as nothing spent. Accounts used for less than two months have none.
    """
    regular = {booking.id for one in found if one.state is not RecurringState.DISMISSED for booking in one.bookings}
    months = _full_months(today)
    spent: dict[str, dict[tuple[int, int], int]] = {}
    used: dict[str, set[tuple[int, int]]] = {}
    for one in bookings:
        key = (one.day.year, one.day.month)
        used.setdefault(one.account_id, set()).add(key)
        if key in months:
            of_account = spent.setdefault(one.account_id, {})
            of_account[key] = of_account.get(key, 0) - (0 if one.id in regular else one.counted_minor)
    for account, sums in spent.items():
        for month in months:
            if min(used[account]) <= month <= max(used[account]):
                sums.setdefault(month, 0)  # a quiet month, between others in which the account was used
    return {account: max(0, round(median(sums.values()))) for account, sums in sorted(spent.items()) if len(sums) >= 2}


def _full_months(today: dt.date) -> set[tuple[int, int]]:
    last = today.year * 12 + today.month - 1
    return {((last - n) // 12, (last - n) % 12 + 1) for n in range(1, MONTHS + 1)}
