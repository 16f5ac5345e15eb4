"""Read the answer of a feed: JSON or CSV. What is no price on a possible day is left out, with its reason."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import repeat
from typing import Any

from backend.financial_manager.currencies import KNOWN
from backend.financial_manager.price_feeds.feed import Asked, DateForm, Feed, FeedUnusable
from backend.financial_manager.price_feeds.paths import values_at
from backend.financial_manager.statements.delimited import split_text
from backend.financial_manager.statements.encodings import decode
from backend.financial_manager.statements.errors import StatementError

MOST_ROWS = 100_000
"""Rows of one answer; more are no list of daily prices."""
HIGHEST = Decimal(10) ** 12
"""A share that costs more is none."""
_SMALLEST = Decimal("0.0000000001")
_SCALED = {"GBp": ("GBP", 100), "GBX": ("GBP", 100), "ZAc": ("ZAR", 100), "ILA": ("ILS", 100)}
"""Hundredths in which some exchanges quote."""
_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?![\d.])", re.ASCII)
_YEAR = re.compile(r"\d{4}(?!\d)", re.ASCII)
"""A year of two digits could be of either century."""
_ORDERS: dict[DateForm, tuple[int, int, int]] = {"dmy": (2, 1, 0), "mdy": (2, 0, 1)}


@dataclass(frozen=True, slots=True)
class Quoted:
    """What one share cost on a day, in a currency that exists."""

    day: dt.date
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no price, as it was written, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The prices of the days that were asked for, by day, and what was left out."""

    prices: tuple[Quoted, ...]
    refused: tuple[Refused, ...]


def read_answer(feed: Feed, body: bytes, asked: Asked) -> Answered:
    """Return the prices of an answer; of several on one day the latest. Raises `FeedUnusable`.

    Days outside of what was asked for are left out silently: some feeds always tell all they know.
    """
    rows = list(_json(feed, body) if feed.format == "json" else _csv(feed, body))
    if not rows:
        raise FeedUnusable("The answer of the server has no prices where they should stand.")
    found: dict[dt.date, Quoted] = {}
    refused: list[Refused] = []
    order = _moment if feed.date_form.startswith("unix") else _text  # within a day; between days it matters nothing
    for moment, price, currency in sorted(rows, key=order):
        read = _read(feed, asked, moment, price, currency)
        if isinstance(read, Refused):
            refused.append(read)
        elif asked.since <= read.day <= asked.until:
            found[read.day] = read
    if not found and len(refused) == len(rows):
        raise FeedUnusable("No row of the answer is a price.")
    return Answered(tuple(found[day] for day in sorted(found)), tuple(refused))


def _json(feed: Feed, body: bytes) -> Iterator[tuple[Any, Any, Any]]:
    try:
        data = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise FeedUnusable("The answer of the server is no JSON.") from None
    days, prices = values_at(data, feed.date_path), values_at(data, feed.price_path)
    said = values_at(data, feed.currency_path) if feed.currency_path else []
    if len(days) != len(prices):
        raise FeedUnusable("The answer of the server has not as many days as prices.")
    if feed.currency_path and len(said) not in (1, len(days)):
        raise FeedUnusable("The answer of the server does not say the currency where it should.")
    _few(days)
    return zip(days, prices, said if len(said) == len(days) else repeat(said[0] if said else None), strict=False)


def _csv(feed: Feed, body: bytes) -> Iterator[tuple[Any, Any, Any]]:
    if body.lstrip()[:1] in (b"<", b"{", b"["):
        raise FeedUnusable("The answer of the server is no table.")
    try:
        rows, _ = split_text(decode(body)[0])
    except StatementError:
        raise FeedUnusable("The answer of the server is no table.") from None
    _few(rows)
    heading = [cell.strip().casefold() for cell in rows[0].cells] if rows else []
    wanted = (feed.date_path, feed.price_path, feed.currency_path)
    columns = [_column(heading, one) if one else None for one in wanted]
    first = 0 if all(one.isdigit() for one in wanted if one) else 1
    for row in rows[first:]:
        day, price, currency = (None if n is None or n >= len(row.cells) else row.cells[n].strip() for n in columns)
        if day is not None:
            yield day, price, currency


def _column(heading: Sequence[str], wanted: str) -> int:
    """Return the column of a heading, or of a number that counts from 1."""
    if wanted.strip().casefold() in heading:
        return heading.index(wanted.strip().casefold())
    if wanted.isdigit() and 0 < int(wanted) <= max(len(heading), 1):
        return int(wanted) - 1
    raise FeedUnusable("The answer of the server lacks a column that it should have.")


def _few(rows: Sequence[Any]) -> None:
    if len(rows) > MOST_ROWS:
        raise FeedUnusable("The answer of the server has too many rows.")


def _moment(row: tuple[Any, Any, Any]) -> Decimal:
    number = _number(row[0], ".")
    return number if number is not None else Decimal(0)


def _text(row: tuple[Any, Any, Any]) -> str:
    """Return a day as it is written: of one day only the hour behind it differs."""
    return str(row[0]).strip()[:40]


def _read(feed: Feed, asked: Asked, moment: Any, price: Any, said: Any) -> Quoted | Refused:
    text = f"{moment} {price}"[:100]
    day = _day(moment, feed.date_form)
    if day is None:
        return Refused(text, "The day cannot be read.")
    if day > asked.today:
        return Refused(text, "The day lies in the future.")
    number = _number(price, feed.decimal)
    if number is None:
        return Refused(text, "The price is no number.")
    currency, parts = _SCALED.get(str(said).strip(), (str(said).strip().upper(), 1)) if said else ("", 1)
    currency = currency or feed.currency or asked.currency
    if currency not in KNOWN:
        return Refused(text, "The currency does not exist.")
    if not 0 < number < HIGHEST:
        return Refused(text, "A price is above zero, and below what any share costs.")
    exact = (number / parts).quantize(_SMALLEST, ROUND_HALF_UP).normalize()
    return Quoted(day, exact, currency) if exact > 0 else Refused(text, "The price is too small.")


def _day(value: Any, form: DateForm) -> dt.date | None:
    """Return the day that is meant, in universal time; None for what is none."""
    text = str(value).strip()[:40]
    try:
        if form.startswith("unix"):
            number = _number(value, ".")
            seconds = None if number is None or abs(number) > 10**15 else int(number / (1000 if form[4:] else 1))
            return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC).date()
        if form == "iso":
            found = _ISO.match(text)
            return dt.date(*(int(part) for part in found.groups())) if found is not None else None
        year, month, day = (text.replace("/", ".").replace("-", ".").split(".")[n] for n in _ORDERS[form])
        return dt.date(int(year[:4]), int(month), int(day)) if _YEAR.match(year) else None
    except (ValueError, IndexError, OverflowError, OSError):
        return None


def _number(value: Any, sign: str) -> Decimal | None:
    """Return a finite number of a size that can be counted with; None for whatever is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        text = value.strip()[:60] if isinstance(value, str) else value
        if isinstance(text, str) and sign == ",":
            text = text.replace(".", "").replace(",", ".")
        number = Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 30 else None
