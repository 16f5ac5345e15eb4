"""Wire types of where prices come from, and of asking there."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from backend.financial_manager.schemas import SaidOut
from backend.financial_manager.schemas_depot_values import Day, Reference
from backend.sdk.http import In, Out

FeedFormat = Literal["json", "csv"]
DateForm = Literal["iso", "dmy", "mdy", "unix", "unix_ms"]
DecimalSign = Literal[".", ","]
Path = Annotated[str, Field(max_length=200)]


class PriceFeedOut(Out):
    """Show a feed that comes with Homie. `symbol`: what it calls a security, null where it needs none.

    `source`: where its description was found; `address`: what is asked, with places in braces.
    """

    id: str
    title: str
    about: SaidOut
    symbol: SaidOut | None
    source: str
    host: str
    address: str


class PriceFeedsOut(Out):
    """List the feeds that come with Homie; none is asked before you choose it for a security."""

    items: list[PriceFeedOut]


class PriceSourceIn(In):
    """Say where a security's prices come from: a preset, or a feed of your own.

    `address`: with the places {isin}, {symbol}, {from} and {to}. In JSON the paths are such as prices[*][0], in CSV
    headings of columns or their numbers. A currency that the answer does not say is `currency`, else the security's.
    """

    preset: str = Field("", max_length=40)
    symbol: str = Field("", max_length=80, description="What the source calls it; the security's symbol if left out.")
    format: FeedFormat = "json"
    address: str = Field("", max_length=1000)
    date_path: Path = ""
    price_path: Path = ""
    currency_path: Path = ""
    date_form: DateForm = "iso"
    decimal: DecimalSign = "."
    currency: str = Field("", pattern="^([A-Z]{3})?$")
    version: int | None = Field(
        None, ge=0, description="What you saw, 0 for no source; refused if somebody changed it since."
    )


class PriceSourceOut(Out):
    """Show where a security's prices come from. `asks`: the address that would be asked now, with all that is sent.

    `problem`: why it cannot be asked; then `asks` is empty.
    """

    security_id: str
    security: str
    title: str
    host: str
    asks: str
    problem: str
    preset: str
    symbol: str
    format: FeedFormat
    address: str
    date_path: str
    price_path: str
    currency_path: str
    date_form: DateForm
    decimal: DecimalSign
    currency: str
    version: int


class PriceSourcesOut(Out):
    """List the sources by the security's name."""

    items: list[PriceSourceOut]


class PriceFetchIn(In):
    """Choose whose prices are asked for (all that have a source where left out), and from which day."""

    security_ids: list[Reference] | None = Field(None, min_length=1, max_length=200)
    since: Day | None = Field(None, description="From the last fetched day where it is left out.")


class RefusedPriceOut(Out):
    """Show a row of an answer that was left out, and why."""

    text: str
    reason: str


class FetchedPricesOut(Out):
    """Say what became of one security. `kept`: days with a price by hand or from a file, which stays.

    `asked`: the address; `problem`: why nothing came; `refused`: the first twenty rows that are no price.
    """

    security_id: str
    security: str
    asked: str
    since: dt.date
    until: dt.date
    added: int
    changed: int
    same: int
    kept: int
    refused: list[RefusedPriceOut]
    refused_count: int
    problem: str


class PriceFetchOut(Out):
    """List what became of each security. `change_id`: the step that undoing takes back; null where nothing changed."""

    items: list[FetchedPricesOut]
    change_id: str | None
