"""Wire types of trades. Money is minor units, the rest decimal text."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.financial_manager.depots.models import TradeKind
from backend.financial_manager.schemas import Minor
from backend.financial_manager.schemas_depot_values import (
    Country,
    Currency,
    Day,
    KeptIn,
    MoneyIn,
    Quantity,
    Rate,
    Reference,
)
from backend.sdk.http import In, Out, PageQuery


class TradeIn(In):
    """Book a trade. `amount_minor`: gross, before fees and taxes. Which values a kind takes: its error says so.

    `fx_rate`: units of the depot's currency for one unit of `currency`; needed where they differ.
    """

    kind: TradeKind
    depot_id: Reference
    security_id: Reference | None = None
    date: Day
    sequence: int = Field(0, ge=0, le=1_000_000, description="The broker's order within a day.")
    quantity: Quantity | None = None
    amount_minor: MoneyIn = 0
    currency: Currency | None = Field(None, description="The depot's where it is left out.")
    fx_rate: Rate | None = None
    fees_minor: MoneyIn = 0
    withheld_minor: KeptIn = Field(0, description="Tax that the bank kept, without the surcharge; paid back: below 0.")
    surcharge_minor: KeptIn = Field(0, description="Solidarity surcharge that the bank kept on top (Germany).")
    foreign_withheld_minor: MoneyIn = Field(0, description="Withholding tax of another country.")
    income_minor: MoneyIn = Field(0, description="Reported income of an accumulating fund.")
    sign: Literal[1, -1] = Field(1, description="A cost adjustment raises (1) or lowers (-1) the cost.")
    country: Country = ""
    acquired: Day | None = Field(None, description="When an opening position was bought.")
    split_new: Quantity | None = None
    split_old: Quantity | None = None
    transfer: str = Field("", max_length=64, description="The same word on both sides of a transfer.")
    transaction_id: Reference | None = Field(None, description="The cash booking: it counts for no tax again.")
    note: str = Field("", max_length=2000)


class SharesTransferIn(In):
    """Move shares to another depot of yours, with their cost and days. `arrived`: the same day where left out.

    `quantity`: as they left; what arrives is what the splits that are known between the two days made of them.
    """

    from_depot_id: Reference
    to_depot_id: Reference
    security_id: Reference
    quantity: Quantity
    date: Day
    arrived: Day | None = None
    note: str = Field("", max_length=2000)


class TradePatch(In):
    """Change some of a trade."""

    kind: TradeKind | None = None
    depot_id: Reference | None = None
    security_id: Reference | None = None
    date: Day | None = None
    sequence: int | None = Field(None, ge=0, le=1_000_000)
    quantity: Quantity | None = None
    amount_minor: MoneyIn | None = None
    currency: Currency | None = None
    fx_rate: Rate | None = None
    fees_minor: MoneyIn | None = None
    withheld_minor: KeptIn | None = None
    surcharge_minor: KeptIn | None = None
    foreign_withheld_minor: MoneyIn | None = None
    income_minor: MoneyIn | None = None
    sign: Literal[1, -1] | None = None
    country: Country | None = None
    acquired: Day | None = None
    split_new: Quantity | None = None
    split_old: Quantity | None = None
    transfer: str | None = Field(None, max_length=64)
    transaction_id: Reference | None = None
    note: str | None = Field(None, max_length=2000)
    version: int | None = Field(None, ge=1)


class TradeOut(Out):
    """Show a trade."""

    id: str
    kind: TradeKind
    depot_id: str
    security_id: str | None
    date: dt.date
    sequence: int
    quantity: str | None
    amount_minor: Minor
    currency: str
    fx_rate: str | None
    fees_minor: Minor
    withheld_minor: Minor
    surcharge_minor: Minor
    foreign_withheld_minor: Minor
    income_minor: Minor
    sign: int
    country: str
    acquired: dt.date | None
    split_new: str | None
    split_old: str | None
    transfer: str
    transaction_id: str | None
    note: str
    version: int


class SharesTransferOut(Out):
    """Show both sides of a transfer."""

    left: TradeOut
    arrived: TradeOut


class TradesQuery(PageQuery):
    """Choose trades."""

    depot_id: str | None = Field(None, max_length=64)
    security_id: str | None = Field(None, max_length=64)
    since: Day | None = None
    until: Day | None = None
