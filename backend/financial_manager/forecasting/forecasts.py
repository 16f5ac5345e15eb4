"""The cash flow of the next months of the space that an actor acts in, for each account and for the household."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backend.financial_manager.construction.projects import Projects
from backend.financial_manager.currencies import minor_text
from backend.financial_manager.forecasting.expecting import (
    Building,
    after_openings,
    building_ones,
    entered_ones,
    everyday,
    openings_of,
    recurring_ones,
    without_doubles,
)
from backend.financial_manager.forecasting.projection import (
    EventKind,
    Expected,
    Projection,
    in_order,
    project,
    together,
)
from backend.financial_manager.ledger.accounts import AccountBalance, Accounts
from backend.financial_manager.recurring.bookings import LOOKED_BACK, load_bookings
from backend.financial_manager.recurring.cadence import add_months
from backend.financial_manager.recurring.recurring_payments import RecurringPayments
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession

LIQUID = ("bank", "card", "cash")
"""Kinds of accounts that one pays from; together they are the household."""
QUIET = dt.timedelta(days=40)
"""After so long without a booking a statement is probably missing."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of an account, or of the household in one currency (`account_id` None).

    `stale`: name and last booking of each account of which nothing was heard for long.
    """

    account_id: str | None
    name: str
    currency: str
    projection: Projection
    expected: tuple[Expected, ...]
    stale: tuple[tuple[str, dt.date], ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """All outlooks: the household's first, then the accounts by name.

    `for_claims`: planned transactions that stand for a claim of building. `come`: what was planned and is booked since.
    """

    today: dt.date
    until: dt.date
    outlooks: tuple[Outlook, ...]
    with_everyday: bool
    for_claims: frozenset[str] = frozenset()
    come: tuple[Expected, ...] = ()

    def one(self, account_id: str | None, currency: str | None) -> Outlook | None:
        """Return the outlook of an account, or of the household in a currency (None: that with most bookings)."""
        fitting = [one for one in self.outlooks if one.account_id == account_id]
        return next((one for one in fitting if currency in (None, one.currency)), None)


class Forecasts:
    """Forecast the cash flow."""

    def __init__(
        self, db: Database, clock: Clock, accounts: Accounts, recurring: RecurringPayments, projects: Projects
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._recurring = recurring
        self._projects = projects

    def forecast(self, actor: Actor, months: int, *, with_everyday: bool = False) -> Forecast:
        """Return what accounts will hold in the next months (1 to 12), each day.

        `with_everyday`: with what is usually spent besides.
        """
        today = local_day(self._clock)
        until = add_months(today, months)
        sites = self._projects.all(actor)
        held = [one for one in self._accounts.all(actor) if _counts(one, today)]

        def work(session: OwnedSession) -> tuple[list[Expected], dict[str, int], Building, tuple[Expected, ...]]:
            found = self._recurring.within(session)
            entered = entered_ones(session, today, until)
            dues = without_doubles(recurring_ones(found, until), entered.expected, found, today)
            usual: dict[str, int] = {}
            if with_everyday:
                usual = everyday(load_bookings(session, today - LOOKED_BACK, today), found, today)
            own = [one.account for one in held]
            moves = [*after_openings([*dues, *entered.expected], own, today), *openings_of(own, today, until)]
            return in_order(moves), usual, building_ones(sites, entered.all, today), entered.come

        expected, usual, asked, come = self._db.read(actor, work)
        building = [one for one in asked.expected if one.day <= until]
        accounts = [_of_account(one, expected, usual, today, until) for one in held]
        whole = _households(held, accounts, building, today, until)
        return Forecast(today, until, (*whole, *accounts), with_everyday, asked.paid_by, come)


def _counts(one: AccountBalance, today: dt.date) -> bool:
    """Tell whether one pays from an account; one that is to be closed on a day to come is open until then."""
    closed_on = one.account.closed_on
    return one.account.kind in LIQUID and (closed_on is None or closed_on > today)


def _of_account(
    one: AccountBalance, expected: Sequence[Expected], usual: dict[str, int], today: dt.date, until: dt.date
) -> Outlook:
    account = one.account
    own = tuple(some for some in expected if some.account_id == account.id)
    found = project(one.balance_minor, own, today, until, usual.get(account.id, 0), account.closed_on)
    quiet = one.last is not None and today - one.last > QUIET
    stale = ((account.name, one.last),) if quiet and one.last is not None else ()
    return Outlook(account.id, account.name, account.currency, found, own, stale)


def _households(
    held: Sequence[AccountBalance],
    accounts: Sequence[Outlook],
    building: Sequence[Expected],
    today: dt.date,
    until: dt.date,
) -> list[Outlook]:
    """Return the household in each currency that it has accounts in, the one with most bookings first."""
    bookings: dict[str, int] = {}
    for one in held:
        bookings[one.account.currency] = bookings.get(one.account.currency, 0) + one.bookings
    found = []
    for currency in sorted(bookings, key=lambda one: (-bookings[one], one)):
        parts = [one for one in accounts if one.currency == currency]
        loose = [one for one in building if one.currency == currency]
        whole = together([one.projection for one in parts], loose, today, until)
        expected = in_order([*loose, *(some for one in parts for some in one.expected)])
        stale = tuple(some for one in parts for some in one.stale)
        found.append(Outlook(None, "", currency, whole, tuple(expected), stale))
    return found


def said(one: Outlook) -> list[str]:
    """Say where the lowest point is, and whether it falls below zero, in sentences."""
    lowest, below = one.projection.lowest, one.projection.below_zero
    least = f"{minor_text(lowest.balance_minor, one.currency)} {one.currency}"
    found = [f"The lowest point is {least} on {lowest.day.isoformat()}."]
    if below is not None:
        found.append(f"From {below.day.isoformat()} on it is less than nothing.")
    return found


def rests_on(forecast: Forecast, one: Outlook) -> list[str]:
    """Say what an outlook rests on, in sentences."""
    count = {kind: sum(some.kind is kind for some in one.expected) for kind in EventKind}
    series = len({some.ref_id for some in one.expected if some.kind is EventKind.RECURRING})
    found = ["What is booked up to today."]
    found += [f"On {name} nothing is booked since {day.isoformat()}." for name, day in one.stale]
    if series:
        found.append(f"Recurring payments: {series}.")
    if entered := count[EventKind.PLANNED] + count[EventKind.BOOKED]:
        found.append(f"Planned and dated transactions: {entered}.")
    own = {some.account_id for some in forecast.outlooks if one.account_id in (None, some.account_id)}
    if come := len({some.ref_id for some in forecast.come if some.account_id in own and some.currency == one.currency}):
        found.append(f"Planned transactions that were booked since, counted once: {come}.")
    if count[EventKind.OPENING]:
        found.append(f"Accounts that begin on a day to come: {count[EventKind.OPENING]}.")
    if met := len({some.ref_id for some in one.expected if some.ref_id in forecast.for_claims}):
        found.append(f"Planned payments that stand for a claim of building, counted once: {met}.")
    if count[EventKind.BUILDING]:
        found.append(f"Payments for building that are due: {count[EventKind.BUILDING]}.")
    if count[EventKind.DRAW]:
        found.append(f"Draws of loans and subsidies: {count[EventKind.DRAW]}.")
    if forecast.with_everyday:
        usual = f"{minor_text(one.projection.everyday_minor, one.currency)} {one.currency}"
        found.append(f"What is usually spent besides in a month: {usual}.")
    else:
        found.append("What is spent besides, such as food, is not in it.")
    return found
