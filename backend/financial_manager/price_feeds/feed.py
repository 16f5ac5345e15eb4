"""A feed of prices: an address with places to fill in, and where day and price stand in its answer.

FeedInvalid   the feed itself cannot work (InvalidInput, names the field)
FeedUnusable  the answer is no list of prices
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from backend.financial_manager.price_feeds.paths import check_path
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.outgoing import AnswerUnusable

FeedFormat = Literal["json", "csv"]
DateForm = Literal["iso", "dmy", "mdy", "unix", "unix_ms"]
DecimalSign = Literal[".", ","]
LONGEST_WINDOW = 3660
"""Days that one question may cover where a feed says nothing else: ten years."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_PLACES = ("isin", "symbol", "currency", "currency_lower", "from", "to", "from_compact", "to_compact",
           "from_unix", "to_unix")  # fmt: skip


class FeedInvalid(InvalidInput):
    """What was said about a feed cannot work."""

    code, message = "price_feed_invalid", "This source of prices cannot be asked."


class FeedUnusable(AnswerUnusable):
    """The answer is no list of prices as it was described."""

    code, message = "price_answer_unusable", "The answer of the server is no list of prices."


@dataclass(frozen=True, slots=True)
class Feed:
    """How to ask for prices, and how to read the answer.

    `address`: with the places `{isin}`, `{symbol}`, `{from}`, `{to}` (days as 2026-01-31) and those of `_PLACES`.
    `date_path`, `price_path`, `currency_path`: in JSON a path such as `prices[*][0]`, in CSV the heading of a column or
    its number; a currency that stands nowhere is `currency`, else the security's. `most_days`: of one question.
    """

    format: FeedFormat
    address: str
    date_path: str
    price_path: str
    currency_path: str = ""
    date_form: DateForm = "iso"
    decimal: DecimalSign = "."
    currency: str = ""
    most_days: int = LONGEST_WINDOW

    @property
    def host(self) -> str:
        """Return the server's name: what a price from it calls its source."""
        return self.address.partition("://")[2].partition("/")[0].partition("?")[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a feed: whose prices, in which currency it is quoted, the days from and to, and today."""

    isin: str
    symbol: str
    currency: str
    since: dt.date
    until: dt.date
    today: dt.date


def check_feed(feed: Feed) -> None:
    """Raise `FeedInvalid`, naming the field, where the address or a path cannot work."""
    unknown = [name for name in _PLACE.findall(feed.address) if name not in _PLACES]
    if unknown or "{" in _PLACE.sub("", feed.address) or "}" in _PLACE.sub("", feed.address):
        remedy = "Use {isin}, {symbol}, {currency}, {from} and {to}, also {from_unix}, {from_compact} and so on."
        raise FeedInvalid(fields=[FieldProblem("body.address", "The address has an unknown place in braces.", remedy)])
    if "{" in feed.host:
        told = FieldProblem("body.address", "The server's name cannot be filled in.", "Write the server's whole name.")
        raise FeedInvalid(fields=[told])
    for name in ("date_path", "price_path", "currency_path"):
        path = getattr(feed, name)
        if not path and name != "currency_path":
            told = FieldProblem(f"body.{name}", "It must be said where this stands.", "Give a path or a column.")
            raise FeedInvalid(fields=[told])
        if path and feed.format == "json" and not check_path(path):
            told = FieldProblem(f"body.{name}", "This is no path.", "Write it like prices[*][0] or data[*].close.")
            raise FeedInvalid(fields=[told])


def filled(feed: Feed, asked: Asked) -> str:
    """Return the address that is asked; raises `FeedInvalid` where the security lacks what the feed needs."""
    needs = set(_PLACE.findall(feed.address))
    for name, value in (("isin", asked.isin), ("symbol", asked.symbol)):
        if name in needs and not value:
            told = "The security has no ISIN." if name == "isin" else "It is not said what this source calls it."
            raise FeedInvalid(fields=[FieldProblem(f"body.{name}", told, "Enter it, or choose another source.")])
    words = {
        "isin": asked.isin, "symbol": asked.symbol, "currency": asked.currency,
        "currency_lower": asked.currency.lower(), "from": asked.since.isoformat(), "to": asked.until.isoformat(),
        "from_compact": f"{asked.since:%Y%m%d}", "to_compact": f"{asked.until:%Y%m%d}",
        "from_unix": str(_seconds(asked.since)), "to_unix": str(_seconds(asked.until + dt.timedelta(days=1)) - 1),
    }  # fmt: skip
    return _PLACE.sub(lambda found: quote(words[found.group(1)], safe=""), feed.address)


def _seconds(day: dt.date) -> int:
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
