"""Splits as they happened: once at the exchange, although each bank books them on a day of its own.

From the day on which the first bank booked it, a share that is traded is a new one (the ex-date). So a later booking of
another bank counts from that day too: what was held then is split, what was bought since is not. What a bank's papers
say until it books the split is `late`; what shares become on their way between two depots is `between`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from backend.financial_manager.securities.amounts import EXACT
from backend.financial_manager.securities.lots import shared_quantities
from backend.financial_manager.securities.trades import (
    ONE,
    AnyTrade,
    Moved,
    Opening,
    OrderKey,
    Split,
    TransferIn,
    TransferOut,
    in_order,
    moved,
    order_key,
)

SAME_SPLIT = timedelta(days=30)
"""How far apart two banks book one split at most."""
_FIRST = -(10**9)
"""The sequence of a booking that counts from an earlier day: before all that was traded on that day."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many new shares there are for how many old ones."""

    new: Decimal = ONE
    old: Decimal = ONE

    def times(self, new: Decimal, old: Decimal) -> Ratio:
        """Return this ratio, and then another."""
        return Ratio(EXACT.multiply(self.new, new), EXACT.multiply(self.old, old))

    def of(self, quantity: Decimal) -> Decimal:
        """Return what a number of old shares becomes (ten decimals)."""
        return quantity if self.new == self.old else shared_quantities([quantity], self.new, self.old)[0]

    def back(self, quantity: Decimal) -> Decimal:
        """Return what a number of new shares was."""
        return Ratio(self.old, self.new).of(quantity)


@dataclass(slots=True)
class _Event:
    """One split at the exchange, and the booking of each depot."""

    day: date
    new: Decimal
    old: Decimal
    bookings: dict[str, Split]
    key: OrderKey


class Splits:
    """The splits of some trades. `trades`: those trades in order, each split on the day from which it counts.

    `inner`: the transfers of which both sides are among them.
    """

    def __init__(self, trades: Iterable[AnyTrade]) -> None:
        ordered = in_order(trades)
        self.trades: Sequence[AnyTrade] = ordered
        self._events = _events_of(ordered)
        pairs = _pairs(ordered)
        self.inner: frozenset[Moved] = frozenset(pairs)
        if self._events:
            self._proven_by(pairs)
            self._moved_to_their_day(ordered)
            self._in_new_shares(pairs)

    def happened(self, isin: str) -> list[tuple[date, Ratio]]:
        """Return the splits of a security as they happened at the exchange, by day."""
        return [(one.day, Ratio(one.new, one.old)) for one in self._events.get(isin, ())]

    def between(self, isin: str, left: OrderKey, came: OrderKey) -> Ratio:
        """Return what happened to shares that left a depot and came to another."""
        ratio = Ratio()
        for one in self._events.get(isin, ()):
            if left < one.key < came:
                ratio = ratio.times(one.new, one.old)
        return ratio

    def late(self, depot: str, isin: str, on: date) -> Ratio:
        """Return what happened by a day and stands in the papers of a depot's bank only later."""
        ratio = Ratio()
        for one in self._events.get(isin, ()):
            booking = one.bookings.get(depot)
            if booking is not None and one.day <= on < booking.date:
                ratio = ratio.times(one.new, one.old)
        return ratio

    def _proven_by(self, pairs: dict[Moved, tuple[TransferOut, TransferIn]]) -> None:
        """Let a split count from a transfer on that arrived with its new number before any bank booked it."""
        for out, came in pairs.values():
            for one in self._events.get(came.isin, ()):
                late = came.date < one.day <= came.date + SAME_SPLIT and out.date < came.date
                if late and Ratio(one.new, one.old).of(out.quantity) == came.quantity != out.quantity:
                    one.day = came.date

    def _moved_to_their_day(self, ordered: list[AnyTrade]) -> None:
        """Let each booking count from the day of its split, but not before what the depot began with."""
        opened = [one for one in ordered if isinstance(one, Opening)]
        changed: dict[int, Split] = {}
        for events in self._events.values():
            for event in events:
                keys = []
                for booking in event.bookings.values():
                    counts = _counting(booking, event.day, opened)
                    changed[id(booking)] = counts
                    keys.append(order_key(counts))
                event.key = min(keys)
            events.sort(key=lambda one: one.key)
        self.trades = in_order(changed.get(id(one), one) for one in ordered)

    def _in_new_shares(self, pairs: dict[Moved, tuple[TransferOut, TransferIn]]) -> None:
        """Count a transfer in new shares where a bank that had not booked the split yet named the old number."""
        changed: dict[int, AnyTrade] = {}
        for out, came in pairs.values():
            across = self.between(came.isin, order_key(out), order_key(came))
            sent, arrived = (self.late(one.depot, one.isin, one.date) for one in (out, came))
            ways = ((sent, arrived), (sent, Ratio()), (Ratio(), arrived), (Ratio(), Ratio()))
            for before, after in ways:
                left, there = before.of(out.quantity), after.of(came.quantity)
                if across.of(left) == there:
                    changed[id(out)], changed[id(came)] = replace(out, quantity=left), replace(came, quantity=there)
                    break
        self.trades = [changed.get(id(one), one) for one in self.trades]


def _events_of(ordered: Sequence[AnyTrade]) -> dict[str, list[_Event]]:
    """Return the splits of each security, by day.

    Banks book the same split on different days: of those with the same ratio within `SAME_SPLIT`, at most one of each
    depot is the same event, and the earliest day counts. Two in one depot are two.
    """
    found: dict[str, list[_Event]] = {}
    for one in sorted((one for one in ordered if isinstance(one, Split)), key=lambda split: (split.date, split.id)):
        events = found.setdefault(one.isin, [])
        for event in events:
            same = one.new * event.old == event.new * one.old and one.date - event.day <= SAME_SPLIT
            if same and one.depot not in event.bookings:
                event.bookings[one.depot] = one
                break
        else:
            events.append(_Event(one.date, one.new, one.old, {one.depot: one}, order_key(one)))
    return found


def _pairs(ordered: Sequence[AnyTrade]) -> dict[Moved, tuple[TransferOut, TransferIn]]:
    """Return the transfers of which both sides are there, the arrival not before the departure."""
    gone = {moved(one): one for one in ordered if isinstance(one, TransferOut)}
    return {
        moved(one): (gone[moved(one)], one)
        for one in ordered
        if isinstance(one, TransferIn) and moved(one) in gone and gone[moved(one)].date <= one.date
    }


def _counting(booking: Split, day: date, opened: Sequence[Opening]) -> Split:
    """Return a booking as it counts: from the split's day on, or that of an opening position counted in old shares."""
    began = [
        one for one in opened
        if (one.depot, one.isin) == (booking.depot, booking.isin) and day <= one.date <= booking.date
    ]  # fmt: skip
    if booking.date == day or any(one.date == booking.date for one in began):
        return booking
    if not began:
        return replace(booking, date=day, sequence=_FIRST)
    last = max(one.date for one in began)
    return replace(booking, date=last, sequence=max(one.sequence for one in began if one.date == last))
