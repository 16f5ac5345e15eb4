"""Wire types of exchange rates, sums in the household's own currency, and its settings."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.financial_manager.schemas import LARGEST, Minor
from backend.sdk.http import In, Out

Currency = str
_CODE = "^[A-Z]{3}$"


class MoneySettingsOut(Out):
    """Show the household's own currency, and whose taxes are meant (XX: another country)."""

    currency: Currency
    country: Literal["AT", "DE", "XX"]


class MoneySettingsPatch(In):
    """Change some of the settings."""

    currency: Currency | None = Field(None, pattern=_CODE)
    country: Literal["AT", "DE", "XX"] | None = None


class QuoteOut(Out):
    """Say what one unit of `source` was worth in `target`. `as_of`: the day of the rate; `stale`: over a week older."""

    source: Currency
    target: Currency
    rate: str
    as_of: dt.date
    stale: bool


class RatesQuery(In):
    """Choose the day (today where none is named) and the currency of which one unit is meant."""

    day: dt.date | None = None
    source: Currency = Field("EUR", pattern=_CODE)


class RatesOut(Out):
    """List the ECB's reference rates of a day. `through`: the newest day of which any is known.

    `address`: what is asked when they are brought up to date; nothing of the household is sent there.
    """

    items: list[QuoteOut]
    through: dt.date
    stale: bool = Field(description="The newest rates are more than a week old.")
    address: str


class RatesUpdatedOut(Out):
    """Say how many days came, and which is the newest now."""

    days: int
    through: dt.date


class ExchangeQuery(In):
    """Choose an amount, the two currencies, and the day (today where none is named)."""

    amount_minor: Minor = Field(ge=-LARGEST, le=LARGEST)
    source: Currency = Field(pattern=_CODE)
    target: Currency = Field(pattern=_CODE)
    day: dt.date | None = None


class ExchangeOut(Out):
    """Show an amount in another currency, with the rate by which it was counted."""

    amount_minor: Minor
    quote: QuoteOut


class OwnPointOut(Out):
    """Say what all accounts held at the end of a day."""

    day: dt.date
    worth_minor: Minor


class OwnWorthOut(Out):
    """Show the series in the household's own currency. `quotes`: the rates of the last day.

    `missing`: currencies without a rate; what is held in them is not counted.
    """

    currency: Currency
    points: list[OwnPointOut]
    quotes: list[QuoteOut]
    missing: list[Currency]


class OwnMonthOut(Out):
    """Say what a category came to in a month; positive is money that left the household."""

    month: dt.date
    category_id: str | None
    spent_minor: Minor
    bookings: int


class OwnMonthsOut(Out):
    """List month x category in the household's own currency: each booking by the rate of its own day.

    `through`: the newest day of which rates are known; `stale`: some booking is over a week younger than its rate;
    `foreign`: currencies that were changed; `missing`: those without a rate, whose bookings are not counted.
    """

    currency: Currency
    items: list[OwnMonthOut]
    through: dt.date
    stale: bool
    foreign: list[Currency]
    missing: list[Currency]
