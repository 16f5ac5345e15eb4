"""Wire types of recurring payments. Amounts in minor units; what is spent is negative."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.recurring.cadence import Cadence
from backend.financial_manager.recurring.models import NoticeKind, RecurringState
from backend.financial_manager.schemas import LARGEST, Id, Minor
from backend.sdk.http import In, Out


class RecurringIn(In):
    """Enter a payment that comes again."""

    name: str = Field(min_length=1, max_length=200)
    account_id: Id
    cadence: Cadence
    amount_minor: Minor = Field(ge=-LARGEST, le=LARGEST, description="Negative for what is spent.")
    due_on: dt.date = Field(description="A day on which it is due; it comes again from there.")
    ends_on: dt.date | None = Field(None, description="After this day it comes no more.")
    counterparty: str = Field("", max_length=200, description="As the bank writes the payee, where the name differs.")
    category_id: Id | None = None
    note: str = Field("", max_length=4000)


class RecurringPatch(In):
    """Change some of a recurring payment, which confirms it; null for cadence, amount or day: as found."""

    name: str | None = Field(None, min_length=1, max_length=200)
    cadence: Cadence | None = None
    amount_minor: Minor | None = Field(None, ge=-LARGEST, le=LARGEST)
    due_on: dt.date | None = None
    ends_on: dt.date | None = None
    category_id: Id | None = None
    note: str | None = Field(None, max_length=4000)
    version: int | None = Field(None, ge=0, description="What you saw; refused if somebody changed it since.")


class RecurringStateIn(In):
    """Confirm it, dismiss it (it is never found again), or take that back ("found")."""

    state: RecurringState
    version: int | None = Field(None, ge=0, description="What you saw; refused if somebody changed it since.")


class PriceChangeOut(Out):
    """From a day on it cost another amount. `text`: in words."""

    date: dt.date
    before_minor: Minor
    after_minor: Minor
    text: str


class RecurringOut(Out):
    """Show a payment that comes again."""

    id: str
    name: str
    account_id: str
    currency: str
    cadence: Cadence
    amount_minor: Minor = Field(description="What is expected next; negative for what is spent.")
    per_month_minor: Minor
    per_year_minor: Minor
    next_on: dt.date | None = Field(description="When it is due, in the past where it is late; null: it has ended.")
    last_on: dt.date | None
    ends_on: dt.date | None
    ended: bool
    steady: bool = Field(description="The amount mostly stays the same.")
    transfer: bool = Field(description="It only moves money between your accounts; it counts in no sum.")
    by_hand: bool
    state: RecurringState
    category_id: str | None
    note: str
    bookings: int
    last_change: PriceChangeOut | None
    version: int = Field(description="0: nobody decided anything yet.")


class RecurringNoticeOut(Out):
    """Tell once of a recurring payment that was found, or that became dearer, in words."""

    id: str
    kind: NoticeKind
    recurring_id: str
    text: str
    told_at: dt.datetime


class DismissIn(In):
    """Dismiss notices that were seen."""

    ids: list[Id] = Field(min_length=1, max_length=1000)


class RecurringNoticesOut(Out):
    """List what nobody has dismissed yet, the oldest first."""

    items: list[RecurringNoticeOut]


class RecurringBookingOut(Out):
    """Name one of its bookings."""

    transaction_id: str
    date: dt.date
    amount_minor: Minor


class RecurringDetailOut(RecurringOut):
    """Show one with its bookings, the newest first, and why it is taken for one, in words."""

    reasons: list[str]
    price_changes: list[PriceChangeOut]
    paid: list[RecurringBookingOut]


class RecurringSumOut(Out):
    """Say what all that goes on comes to, in one currency; dismissed ones, ended ones and transfers count nowhere."""

    currency: str
    spent_per_month_minor: Minor
    spent_per_year_minor: Minor
    received_per_month_minor: Minor
    received_per_year_minor: Minor


class RecurringListOut(Out):
    """List them by name, with sums."""

    items: list[RecurringOut]
    sums: list[RecurringSumOut]
