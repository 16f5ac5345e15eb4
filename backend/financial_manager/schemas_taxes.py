"""Wire types of tax packs and tax reports."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.financial_manager.depots.tax_facts import LeftOutReason
from backend.financial_manager.schemas import LARGEST, Minor, SaidOut
from backend.sdk.http import In, Out


class PurposeOut(Out):
    """Show what a booking may be for; a category takes it as its `tax_purpose`."""

    key: str
    group: str
    label: SaidOut


class TaxPackOut(Out):
    """Show the rules of a country and year. `status`: how far they were checked; `securities`: they count depots."""

    country: str
    year: int
    currency: str
    status: str
    title: SaidOut
    disclaimer: SaidOut
    securities: bool
    purposes: list[PurposeOut]


class TaxPacksOut(Out):
    """List the rules that there are."""

    items: list[TaxPackOut]


class TaxReportQuery(In):
    """Choose country and year. `income_minor`: of the year, where thresholds need it; `joint`: with the spouse."""

    country: str | None = Field(None, pattern="^[A-Za-z]{2}$", description="Unset: the household's own (settings).")
    year: int = Field(ge=2000, le=2100)
    joint: bool = False
    income_minor: int | None = Field(None, ge=0, le=LARGEST)


class TaxTableQuery(TaxReportQuery):
    """Choose also the language of the table."""

    language: Literal["en", "de"] = "en"


class TrailOut(Out):
    """Show one line of how a figure was made."""

    sign: str
    label: SaidOut
    amount_minor: Minor | None
    rate: str


class RateUsedOut(Out):
    """Say what one unit of `currency` counted for. `of`: the booking's own rate, the ECB's, or both in turn.

    `day`: of the rate; `stale`: it is more than a week older than what it counts.
    """

    currency: str
    rate: str
    day: dt.date
    of: Literal["booking", "ecb", "both"]
    stale: bool


class SourceOut(Out):
    """Show a trade or transaction behind a figure. `rate`: null where it was in the report's own currency."""

    kind: Literal["trade", "transaction"]
    id: str
    date: dt.date
    title: str
    trade_kind: str
    security: str
    rate: RateUsedOut | None


class CheckedOut(Out):
    """Say against which text of the law the rule of a figure was checked; `version`: the day of that text."""

    text: SaidOut
    version: dt.date


class FigureOut(Out):
    """Show one figure. An empty `field`: look at the form. No amount: `needs` says what was not given.

    `checked`: null where its rule was checked against secondary sources only.
    """

    id: str
    section: str
    form: str
    field: str
    label: SaidOut
    note: SaidOut | None
    amount_minor: Minor | None
    needs: str
    trail: list[TrailOut]
    sources: list[SourceOut]
    law: str
    law_de: str
    checked: CheckedOut | None


class LeftOutOut(Out):
    """Show something of the year to look at. `same`: it is the cash side of a trade, which counts.

    These count: `twice` may be the cash side of a trade; of `place` (nobody said where the account is) and `net` (from
    abroad) it is not known whether tax was kept; of `uncredited` tax was kept abroad that is not credited.
    """

    reason: LeftOutReason
    purpose: str
    source: SourceOut


class TaxReportOut(Out):
    """Show every figure of a year. It is no tax advice: `status` and `disclaimer` go wherever figures are shown."""

    country: str
    year: int
    currency: str
    title: SaidOut
    status: str
    status_de: str
    disclaimer: SaidOut
    figures: list[FigureOut]
    left_out: list[LeftOutOut]


class DocumentOut(Out):
    """Give a document. `content`: its bytes in base64."""

    file_name: str
    content: str
