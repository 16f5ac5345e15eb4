"""Wire types of the cash-flow forecast. Amounts in minor units; what leaves is negative."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.forecasting.projection import EventKind
from backend.financial_manager.schemas import Id, Minor
from backend.sdk.http import In, Out


class ForecastQuery(In):
    """Choose how far, and of what the days are shown: of an account, or of the household in a currency."""

    months: int = Field(3, ge=1, le=12)
    account_id: Id | None = None
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="Unset: the one with most bookings.")
    everyday: bool = Field(False, description="With what is usually spent besides recurring payments.")


class OutlookOut(Out):
    """Say how an account, or the household (no account), goes on. `below_zero_on`: the first day with less than 0."""

    account_id: str | None
    name: str
    currency: str
    start_minor: Minor
    end_minor: Minor
    lowest_minor: Minor
    lowest_on: dt.date
    below_zero_on: dt.date | None
    everyday_minor: Minor = Field(description="Counted as spent besides in 30 days.")
    words: list[str]


class DayBalanceOut(Out):
    """Say what is there at the end of a day."""

    day: dt.date
    balance_minor: Minor


class ExpectedOut(Out):
    """Show money that is expected to move. `ref_id`: what is behind it, an account for its opening."""

    day: dt.date
    amount_minor: Minor
    currency: str
    account_id: str | None
    kind: EventKind
    title: str
    ref_id: str


class ForecastOut(Out):
    """Show all outlooks, the household's first; of the chosen one each day, what is expected, what it rests on."""

    today: dt.date
    until: dt.date
    outlooks: list[OutlookOut]
    shown: OutlookOut | None = Field(description="The chosen one; null where there is no account to pay from.")
    days: list[DayBalanceOut]
    expected: list[ExpectedOut]
    rests_on: list[str]
