"""The rates that came with Homie: every day since 1999, and the fixed rates of currencies that became the euro."""

from __future__ import annotations

import datetime as dt
import lzma
import tomllib
from bisect import bisect_right
from decimal import Decimal
from functools import cache
from importlib.resources import files

_FOLDER = files("backend.financial_manager.rates")


class Shipped:
    """The history as it was shipped: looked up by day and currency, parsed only where it is asked for."""

    def __init__(self, text: str) -> None:
        heading, *lines = text.splitlines()
        self._lines = lines
        self._days = [line[:10] for line in lines]
        self.currencies = tuple(heading.split(",")[1:])

    @property
    def last(self) -> dt.date:
        """Return the last day that has rates."""
        return dt.date.fromisoformat(self._days[-1])

    def rate(self, currency: str, day: dt.date) -> tuple[dt.date, Decimal] | None:
        """Return the day and the units for one euro of the newest rate not after `day`; None where there is none."""
        if currency not in self.currencies:
            return None
        column = self.currencies.index(currency) + 1
        for place in range(bisect_right(self._days, day.isoformat()) - 1, -1, -1):
            cells = self._lines[place].split(",")
            if column < len(cells) and cells[column]:
                return dt.date.fromisoformat(cells[0]), Decimal(cells[column])
        return None


@cache
def shipped() -> Shipped:
    """Return the rates that came with Homie."""
    return Shipped(lzma.decompress((_FOLDER / "eurofxref.csv.xz").read_bytes()).decode("ascii"))


@cache
def fixed() -> dict[str, tuple[dt.date, Decimal]]:
    """Return currency -> (day from which it is fixed, units for one euro) of those that became the euro."""
    told = tomllib.loads((_FOLDER / "fixed.toml").read_text("utf-8"))
    return {code: (one["since"], Decimal(one["rate"])) for code, one in told.items()}
