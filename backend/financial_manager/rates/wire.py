"""What the ECB publishes: `eurofxref-hist.zip` (a CSV of all days) and `eurofxref-daily.xml` (the newest day)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from backend.sdk.outgoing import AnswerUnusable
from backend.sdk.zip_parts import DAMAGED, ZipParts

MOST_TEXT = 16 * 1024 * 1024
"""Bytes of the history, unpacked; in 2026 it has 1.9 million."""
_DAY = re.compile(rb"<Cube\s+time=['\"](\d{4}-\d{2}-\d{2})['\"]")
_RATE = re.compile(rb"<Cube\s+currency=['\"]([A-Z]{3})['\"]\s+rate=['\"]([0-9.]{1,20})['\"]\s*/>")

DayRates = dict[str, Decimal]


def read_daily(body: bytes) -> tuple[dt.date, DayRates]:
    """Return the day and the rates of `eurofxref-daily.xml`; raises `AnswerUnusable`.

    The form is so plain that two patterns read it, and nothing in it can make a parser work without end.
    """
    day = _DAY.search(body)
    rates = {code.decode(): rate for code, text in _RATE.findall(body) if (rate := _number(text.decode())) is not None}
    if day is None or not rates:
        raise AnswerUnusable()
    return _day(day.group(1).decode()), rates


def read_history(body: bytes, after: dt.date) -> dict[dt.date, DayRates]:
    """Return day -> rates of `eurofxref-hist.zip` for the days after one; raises `AnswerUnusable`."""
    try:
        parts = ZipParts(body, MOST_TEXT)
        (name,) = parts.names
        data = parts.read(name) or b""
    except DAMAGED:
        raise AnswerUnusable() from None
    rows = csv.reader(io.StringIO(data.decode("ascii", "replace")))
    try:
        heading = [cell.strip() for cell in next(rows, [])]
        if heading[:1] != ["Date"]:
            raise AnswerUnusable()
        return dict(_days(heading, rows, after))
    except csv.Error:
        raise AnswerUnusable() from None


def _days(heading: list[str], rows: Iterator[list[str]], after: dt.date) -> Iterator[tuple[dt.date, DayRates]]:
    for row in rows:
        day = _day(row[0]) if row else after
        if day > after:
            cells = zip(heading[1:], row[1:], strict=False)
            yield day, {code: rate for code, cell in cells if len(code) == 3 and (rate := _number(cell)) is not None}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise AnswerUnusable() from None


def _number(text: str) -> Decimal | None:
    """Return a rate; None for "N/A" and whatever is no rate."""
    try:
        rate = Decimal(text.strip())
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and 0 < rate < 10**9 else None
