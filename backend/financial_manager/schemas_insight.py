"""Wire types of what the ledger tells. Amounts in minor units."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.financial_manager.insight.tables import ReportKind
from backend.financial_manager.schemas import Minor
from backend.sdk.http import In, Out


class NewsQuery(In):
    """Choose a month by any day of it; unset: this one."""

    month: dt.date | None = None


class ToldOut(Out):
    """Show one sentence, and where it leads: a category or words in the month, a transaction, a recurring payment."""

    kind: Literal[
        "total", "category_up", "category_down", "income_up", "income_down", "new_payee", "new_recurring", "price",
        "missing_income", "large",
    ]  # fmt: skip
    text: str
    currency: str
    amount_minor: Minor
    usual_minor: Minor | None
    category_id: str | None
    words: str
    transaction_id: str | None
    recurring_id: str | None


class NewsOut(Out):
    """Tell what changed in a month. `complete`: it is over."""

    month: dt.date
    complete: bool
    items: list[ToldOut]


class SpanQuery(In):
    """Choose some days."""

    since: dt.date
    until: dt.date


class PartySumOut(Out):
    """Say what went to and came from a payee, or what a person entered. `payee_id`: of one that somebody named."""

    key: str
    name: str
    currency: str
    spent_minor: Minor
    received_minor: Minor
    bookings: int
    payee_id: str | None


class PartiesOut(Out):
    """List them, most first."""

    items: list[PartySumOut]


class YearsQuery(In):
    """Choose years; unset: the last three."""

    first: int | None = Field(None, ge=1900, le=2199)
    last: int | None = Field(None, ge=1900, le=2199)
    same_days: bool = Field(False, description="Of each year only up to today's day, so that this one can be compared.")


class YearSumOut(Out):
    """Say what a category came to in a year; positive is money that left the household."""

    year: int
    category_id: str | None
    currency: str
    spent_minor: Minor
    bookings: int


class YearsOut(Out):
    """List year x category; transfers are left out."""

    items: list[YearSumOut]


class TableQuery(In):
    """Choose a report as a table. `since`, `until`: its days, where it has some; unset: this year."""

    report: ReportKind
    format: Literal["csv", "xlsx", "pdf"] = "xlsx"
    since: dt.date | None = None
    until: dt.date | None = None
    language: Literal["en", "de"] = "en"


class ReportTableOut(Out):
    """Hold the table as a file."""

    file_name: str
    content: str = Field(description="The bytes, in base64.")
